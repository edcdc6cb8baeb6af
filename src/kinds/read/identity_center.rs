use aws_sdk_ssoadmin::types::{
    CustomerManagedPolicyReference, InstanceMetadata, InstanceStatus, PrincipalType, ProvisioningStatus, RegionScope,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::organization::text;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::model::Tags;

/// The organization's instance of Identity Center, in whichever region one is enabled.
#[derive(Debug)]
pub struct IdentityCenter;

/// An instance of Identity Center.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CenterFacts {
    /// `arn:aws:sso:::instance/ssoins-…`.
    pub instance: String,
    /// The id of its directory: `d-` and ten characters.
    pub identity_store: String,
    /// Where permission sets and assignments are managed; unknown where AWS does not say.
    pub region: Option<String>,
    /// Further regions where people can sign in.
    pub replicas: Vec<String>,
}

impl Question for IdentityCenter {
    type Answer = Option<CenterFacts>;

    fn key(&self) -> String {
        "identity-center/instance".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        // Without it the instance of another region would look as if none were enabled, and whoever then enables one loses the
        // first with all of its permission sets.
        // https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListInstances.html
        let request = cloud.sso_admin.list_instances().region_scope(RegionScope::AllRegions).into_paginator().items();
        let instances = request.send().collect::<Result<Vec<_>, _>>().await.explain("sso:ListInstances")?;
        let gone = [InstanceStatus::CreateFailed, InstanceStatus::DeleteInProgress];
        let there = |status: Option<&InstanceStatus>| status.is_none_or(|status| !gone.contains(status));
        let facts = instances.iter().find(|instance| there(instance.status())).map(center_facts);
        if let Some(region) = facts.as_ref().and_then(|facts| facts.region.as_ref()) {
            cloud.move_identity_center(region);
        }
        Ok(facts)
    }
}

fn center_facts(instance: &InstanceMetadata) -> CenterFacts {
    let regions = instance.regions().iter().filter_map(|region| region.region_name());
    CenterFacts {
        instance: text(instance.instance_arn()),
        identity_store: text(instance.identity_store_id()),
        region: instance.primary_region().map(str::to_owned),
        replicas: regions.filter(|region| instance.primary_region() != Some(region)).map(str::to_owned).collect(),
    }
}

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

/// One permission set in one instance, for the questions about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetId {
    /// The instance's ARN.
    pub instance: String,
    /// The permission set's ARN.
    pub set: String,
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
    /// The accounts' own policies: maps of `name` and `path`.
    pub customer_managed: Vec<Value>,
    /// The inline policy's document, the text itself where it is not JSON; null where there is none.
    pub inline: Value,
    /// `{"managed": ARN}` or `{"customer_managed": {"name", "path"}}`; null where there is none.
    pub boundary: Value,
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

async fn customer_managed(cloud: &Cloud, id: &SetId) -> Result<Vec<Value>, AwsError> {
    let request = cloud.sso_admin.list_customer_managed_policy_references_in_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set).max_results(100);
    let policies = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
    let policies = policies.explain("sso:ListCustomerManagedPolicyReferencesInPermissionSet")?;
    Ok(policies.iter().map(reference).collect())
}

fn reference(policy: &CustomerManagedPolicyReference) -> Value {
    json!({"name": policy.name(), "path": policy.path().unwrap_or("/")})
}

async fn inline(cloud: &Cloud, id: &SetId) -> Result<Value, AwsError> {
    let request = cloud.sso_admin.get_inline_policy_for_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set);
    let reply = request.send().await.explain("sso:GetInlinePolicyForPermissionSet")?;
    Ok(match reply.inline_policy().unwrap_or_default() {
        "" => Value::Null,
        document => serde_json::from_str(document).unwrap_or_else(|_| Value::from(document)),
    })
}

async fn boundary(cloud: &Cloud, id: &SetId) -> Result<Value, AwsError> {
    let request = cloud.sso_admin.get_permissions_boundary_for_permission_set();
    let request = request.instance_arn(&id.instance).permission_set_arn(&id.set);
    let reply = request.send().await.explain("sso:GetPermissionsBoundaryForPermissionSet");
    let reply = match reply {
        Err(error) if error.is("ResourceNotFoundException") => return Ok(Value::Null),
        other => other?,
    };
    let Some(boundary) = reply.permissions_boundary() else { return Ok(Value::Null) };
    Ok(match (boundary.managed_policy_arn(), boundary.customer_managed_policy_reference()) {
        (Some(arn), _) => json!({"managed": arn}),
        (_, Some(policy)) => json!({"customer_managed": reference(policy)}),
        _ => Value::Null,
    })
}

/// The ids of the accounts that a permission set has been provisioned to.
#[derive(Debug)]
pub struct ProvisionedTo {
    /// The set.
    pub id: SetId,
    /// Only those where an older version of the set is.
    pub outdated: bool,
}

impl Question for ProvisionedTo {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        let which = if self.outdated { "outdated-in" } else { "provisioned-to" };
        format!("identity-center/{which}/{}", self.id.set)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let status = self.outdated.then_some(ProvisioningStatus::LatestPermissionSetNotProvisioned);
        let request = cloud.sso_admin.list_accounts_for_provisioned_permission_set();
        let request = request.instance_arn(&self.id.instance).permission_set_arn(&self.id.set).max_results(100);
        let accounts = request.set_provisioning_status(status).into_paginator().items().send();
        accounts.collect::<Result<_, _>>().await.explain("sso:ListAccountsForProvisionedPermissionSet")
    }
}

/// Everything that a group or user is assigned itself, as pairs of a permission set's ARN and an account's id.
#[derive(Debug)]
pub struct AssignmentsOf {
    /// The instance's ARN.
    pub instance: String,
    /// `GROUP` or `USER`.
    pub principal_type: &'static str,
    /// Its id in the directory.
    pub principal: String,
}

impl Question for AssignmentsOf {
    type Answer = Vec<(String, String)>;

    fn key(&self) -> String {
        format!("identity-center/assignments-of/{}/{}", self.principal_type, self.principal)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let principal_type = PrincipalType::from(self.principal_type);
        let request = cloud.sso_admin.list_account_assignments_for_principal();
        let request = request.instance_arn(&self.instance).principal_id(&self.principal).max_results(100);
        let pages = request.principal_type(principal_type.clone()).into_paginator().items().send();
        let assignments = pages.collect::<Result<Vec<_>, _>>().await.explain("sso:ListAccountAssignmentsForPrincipal");
        let assignments = match assignments {
            // A user or group that has just been deleted has nothing any more.
            Err(error) if error.is("ResourceNotFoundException") => return Ok(Vec::new()),
            other => other?,
        };
        // Of a user AWS also tells what the user's groups have.
        let own = assignments.iter().filter(|it| it.principal_type() == Some(&principal_type));
        Ok(own.map(|it| (text(it.permission_set_arn()), text(it.account_id()))).collect())
    }
}

/// Who has a permission set in one account, as pairs of `GROUP` or `USER` and an id of the directory.
#[derive(Debug)]
pub struct AssignmentsIn {
    /// The set.
    pub id: SetId,
    /// The account's id.
    pub account: String,
}

impl Question for AssignmentsIn {
    type Answer = Vec<(String, String)>;

    fn key(&self) -> String {
        format!("identity-center/assignments-in/{}/{}", self.account, self.id.set)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = cloud.sso_admin.list_account_assignments().instance_arn(&self.id.instance);
        let request = request.permission_set_arn(&self.id.set).account_id(&self.account).max_results(100);
        let assignments = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let assignments = assignments.explain("sso:ListAccountAssignments")?;
        let kind = |kind: Option<&PrincipalType>| kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
        Ok(assignments.iter().map(|it| (kind(it.principal_type()), text(it.principal_id()))).collect())
    }
}
