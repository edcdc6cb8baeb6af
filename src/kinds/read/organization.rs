use aws_sdk_organizations::types::{Handshake, PolicyTypeStatus};
use serde::{Deserialize, Serialize};

use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;

/// Who makes the calls.
#[derive(Debug)]
pub struct Caller;

/// The caller's account and ARN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallerIdentity {
    /// The account's id, 12 digits.
    pub account: String,
    /// The caller's ARN; that of a session where a role was assumed.
    pub arn: String,
}

impl Question for Caller {
    type Answer = CallerIdentity;

    fn key(&self) -> String {
        "sts/caller".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<CallerIdentity, AwsError> {
        let reply = cloud.sts.get_caller_identity().send().await.explain("sts:GetCallerIdentity")?;
        cloud.note_caller(reply.account().unwrap_or_default());
        Ok(CallerIdentity { account: text(reply.account()), arn: text(reply.arn()) })
    }
}

/// The organization that the caller's account is in.
#[derive(Debug)]
pub struct Organization;

/// An organization as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationFacts {
    /// `o-` and 10 to 32 characters.
    pub id: String,
    /// The id of the account that pays and manages.
    pub management_account: String,
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub feature_set: String,
}

/// The feature set with all features.
pub const ALL_FEATURES: &str = "ALL";

impl OrganizationFacts {
    /// Whether it has more than consolidated billing.
    pub fn has_all_features(&self) -> bool {
        self.feature_set == ALL_FEATURES
    }
}

impl Question for Organization {
    type Answer = Option<OrganizationFacts>;

    fn key(&self) -> String {
        "organizations/organization".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let reply =
            cloud.organizations.describe_organization().send().await.explain("organizations:DescribeOrganization");
        match reply {
            Err(error) if error.is("AWSOrganizationsNotInUseException") => Ok(None),
            Err(error) => Err(error),
            Ok(reply) => Ok(reply.organization().map(|organization| OrganizationFacts {
                id: text(organization.id()),
                management_account: text(organization.master_account_id()),
                feature_set: organization.feature_set().map(|set| set.as_str().to_owned()).unwrap_or_default(),
            })),
        }
    }
}

/// The root and the policy types on it.
#[derive(Debug)]
pub struct Root;

/// The root of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootFacts {
    /// `r-` and 4 to 32 characters.
    pub id: String,
    /// The policy types that are enabled, by AWS's names: `SERVICE_CONTROL_POLICY`.
    pub policy_types: Vec<String>,
    /// Those that AWS is still enabling or disabling: policies cannot be attached.
    #[serde(default)]
    pub changing: Vec<String>,
}

impl Question for Root {
    type Answer = RootFacts;

    fn key(&self) -> String {
        "organizations/root".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<RootFacts, AwsError> {
        const OPERATION: &str = "organizations:ListRoots";
        let reply = cloud.organizations.list_roots().send().await.explain(OPERATION)?;
        let root = reply.roots().first().ok_or_else(|| AwsError::odd(OPERATION, "an organization without a root"))?;
        Ok(RootFacts {
            id: text(root.id()),
            policy_types: in_state(root, |status| *status == PolicyTypeStatus::Enabled),
            changing: in_state(root, |status| *status != PolicyTypeStatus::Enabled),
        })
    }
}

/// The policy types of a root in the states of which `is_meant` is true.
fn in_state(root: &aws_sdk_organizations::types::Root, is_meant: fn(&PolicyTypeStatus) -> bool) -> Vec<String> {
    let meant = root.policy_types().iter().filter(|summary| summary.status().is_some_and(is_meant));
    meant.filter_map(|summary| Some(summary.r#type()?.as_str().to_owned())).collect()
}

/// The services that have trusted access, by principal (`cloudtrail.amazonaws.com`).
#[derive(Debug)]
pub struct TrustedAccess;

impl Question for TrustedAccess {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        "organizations/trusted-access".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let pages = cloud
            .organizations
            .list_aws_service_access_for_organization()
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListAWSServiceAccessForOrganization")?;
        Ok(pages
            .iter()
            .flat_map(|page| page.enabled_service_principals())
            .map(|service| text(service.service_principal()))
            .collect())
    }
}

/// The ids of the accounts that are delegated administrators of a service.
#[derive(Debug)]
pub struct DelegatedAdministrators(pub String);

impl Question for DelegatedAdministrators {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        format!("organizations/delegated-administrators/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let accounts = cloud
            .organizations
            .list_delegated_administrators()
            .service_principal(&self.0)
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListDelegatedAdministrators")?;
        Ok(accounts.iter().map(|account| text(account.id())).collect())
    }
}

/// The ids of the accounts that are delegated administrators of any service.
#[derive(Debug)]
pub struct EveryDelegatedAdministrator;

impl Question for EveryDelegatedAdministrator {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        "organizations/every-delegated-administrator".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let request = cloud.organizations.list_delegated_administrators().into_paginator().items().send();
        let accounts = request.collect::<Result<Vec<_>, _>>().await;
        let accounts = accounts.explain("organizations:ListDelegatedAdministrators")?;
        Ok(accounts.iter().map(|account| text(account.id())).collect())
    }
}

/// The principals of the services that an account administers, by the account's id.
#[derive(Debug)]
pub struct DelegatedServices(pub String);

impl Question for DelegatedServices {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        format!("organizations/delegated-services/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let request = cloud.organizations.list_delegated_services_for_account().account_id(&self.0);
        let services = request.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let services = services.explain("organizations:ListDelegatedServicesForAccount")?;
        Ok(services.iter().map(|service| text(service.service_principal())).collect())
    }
}

/// Every handshake of the organization, the closed ones of the last 30 days included.
pub(in crate::kinds) async fn handshakes(cloud: &Cloud) -> Result<Vec<Handshake>, AwsError> {
    let request = cloud.organizations.list_handshakes_for_organization().into_paginator().send();
    let pages = request.collect::<Result<Vec<_>, _>>().await.explain("organizations:ListHandshakesForOrganization")?;
    Ok(pages.into_iter().flat_map(|page| page.handshakes.unwrap_or_default()).collect())
}

/// AWS's answers leave out what is empty.
pub(in crate::kinds) fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}
