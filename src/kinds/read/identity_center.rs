use aws_sdk_ssoadmin::types::{InstanceMetadata, InstanceStatus, ProvisioningStatus, RegionScope};
use serde::{Deserialize, Serialize};

use super::organization::text;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;

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
        // Without it the instance of another region would look as if none were enabled, and anyone who then enables one loses the
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

/// One permission set in one instance, for the questions about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetId {
    /// The instance's ARN.
    pub instance: String,
    /// The permission set's ARN.
    pub set: String,
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

/// The ARNs of the permission sets of which an account has an older version.
#[derive(Debug)]
pub struct OutdatedIn {
    /// The instance's ARN.
    pub instance: String,
    /// The account's id.
    pub account: String,
}

impl Question for OutdatedIn {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        format!("identity-center/outdated-sets-in/{}", self.account)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let request = cloud.sso_admin.list_permission_sets_provisioned_to_account();
        let request = request.instance_arn(&self.instance).account_id(&self.account).max_results(100);
        let request = request.provisioning_status(ProvisioningStatus::LatestPermissionSetNotProvisioned);
        let sets = request.into_paginator().items().send().collect::<Result<_, _>>().await;
        sets.explain("sso:ListPermissionSetsProvisionedToAccount")
    }
}
