use aws_sdk_ssoadmin::types::CustomerManagedPolicyReference;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::resource::{Boundary, CustomerManagedPolicy};
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::{SetId, text};
use crate::model::Tags;

/// The ARNs of the permission sets of an instance, by the instance's ARN.
#[derive(Debug)]
pub struct PermissionSets(pub String);

impl Question for PermissionSets {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        "identity-center/permission-sets".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let request = cloud.sso_admin.list_permission_sets().instance_arn(&self.0).max_results(100);
        request.into_paginator().items().send().collect::<Result<_, _>>().await.explain("sso:ListPermissionSets")
    }
}

/// A permission set without its policies.
#[derive(Debug)]
pub struct PermissionSetOf(pub SetId);

/// What a permission set is called and how its sessions are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PermissionSetFacts {
    /// Its name, which no other set has.
    pub name: String,
    /// What it says about itself, maybe nothing.
    pub description: String,
    /// How long a session lasts, in ISO 8601.
    pub session: String,
    /// Where the console opens, maybe nowhere in particular.
    pub relay_state: String,
    /// Its tags, those of ownership included.
    pub tags: Tags,
}

impl Question for PermissionSetOf {
    type Answer = PermissionSetFacts;

    fn key(&self) -> String {
        format!("identity-center/permission-set/{}", self.0.set)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<PermissionSetFacts, AwsError> {
        let SetId { instance, set } = &self.0;
        let request = cloud.sso_admin.describe_permission_set().instance_arn(instance).permission_set_arn(set);
        let described = async { request.send().await.explain("sso:DescribePermissionSet") };
        let (reply, tags) = tokio::try_join!(described, tags(cloud, &self.0))?;
        let set = reply.permission_set();
        let field = |value: Option<&str>| text(value);
        Ok(PermissionSetFacts {
            name: field(set.and_then(|set| set.name())),
            description: field(set.and_then(|set| set.description())),
            session: field(set.and_then(|set| set.session_duration())),
            relay_state: field(set.and_then(|set| set.relay_state())),
            tags,
        })
    }
}

async fn tags(cloud: &Cloud, id: &SetId) -> Result<Tags, AwsError> {
    let request = cloud.sso_admin.list_tags_for_resource().instance_arn(&id.instance).resource_arn(&id.set);
    let tags = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
    let tags = tags.explain("sso:ListTagsForResource")?;
    Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

/// What a permission set lets people do.
#[derive(Debug)]
pub struct PoliciesIn(pub SetId);

/// The policies of a permission set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetPolicies {
    /// ARNs of AWS's managed policies.
    pub managed: Vec<String>,
    /// The accounts' own policies.
    pub customer_managed: Vec<CustomerManagedPolicy>,
    /// The inline policy's document, the text itself where it is not JSON.
    pub inline: Option<Value>,
    /// The permissions boundary, where there is one.
    pub boundary: Option<Boundary>,
}

impl Question for PoliciesIn {
    type Answer = SetPolicies;

    fn key(&self) -> String {
        format!("identity-center/policies/{}", self.0.set)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<SetPolicies, AwsError> {
        let id = &self.0;
        let (managed, customer_managed, inline, boundary) =
            tokio::try_join!(managed(cloud, id), customer_managed(cloud, id), inline(cloud, id), boundary(cloud, id))?;
        Ok(SetPolicies { managed, customer_managed, inline, boundary })
    }
}

async fn managed(cloud: &Cloud, id: &SetId) -> Result<Vec<String>, AwsError> {
    let request = cloud.sso_admin.list_managed_policies_in_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set).max_results(100);
    let policies = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
    let policies = policies.explain("sso:ListManagedPoliciesInPermissionSet")?;
    Ok(policies.iter().map(|policy| text(policy.arn())).collect())
}

async fn customer_managed(cloud: &Cloud, id: &SetId) -> Result<Vec<CustomerManagedPolicy>, AwsError> {
    let request = cloud.sso_admin.list_customer_managed_policy_references_in_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set).max_results(100);
    let policies = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
    let policies = policies.explain("sso:ListCustomerManagedPolicyReferencesInPermissionSet")?;
    Ok(policies.iter().map(reference).collect())
}

fn reference(policy: &CustomerManagedPolicyReference) -> CustomerManagedPolicy {
    CustomerManagedPolicy { name: policy.name().to_owned(), path: policy.path().unwrap_or("/").to_owned() }
}

async fn inline(cloud: &Cloud, id: &SetId) -> Result<Option<Value>, AwsError> {
    let request = cloud.sso_admin.get_inline_policy_for_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set);
    let reply = request.send().await.explain("sso:GetInlinePolicyForPermissionSet")?;
    Ok(match reply.inline_policy().unwrap_or_default() {
        "" => None,
        document => Some(serde_json::from_str(document).unwrap_or_else(|_| Value::from(document))),
    })
}

async fn boundary(cloud: &Cloud, id: &SetId) -> Result<Option<Boundary>, AwsError> {
    let request = cloud.sso_admin.get_permissions_boundary_for_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set);
    let reply = request.send().await.explain("sso:GetPermissionsBoundaryForPermissionSet");
    let reply = match reply {
        Err(error) if error.is("ResourceNotFoundException") => return Ok(None),
        other => other?,
    };
    let Some(boundary) = reply.permissions_boundary() else { return Ok(None) };
    Ok(match (boundary.managed_policy_arn(), boundary.customer_managed_policy_reference()) {
        (Some(arn), _) => Some(Boundary::Managed(arn.to_owned())),
        (_, Some(policy)) => Some(Boundary::CustomerManaged(reference(policy))),
        _ => None,
    })
}
