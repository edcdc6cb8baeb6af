use std::collections::BTreeMap;
use std::time::SystemTime;

use aws_sdk_organizations::types::{ActionType, Handshake, HandshakePartyType, HandshakeState, PolicyTypeStatus};
use serde::{Deserialize, Serialize};

use crate::cloud::{AwsError, Cloud, Entrance, Explain};
use crate::facts::Question;
use crate::model::global_region;

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

/// The organizational units directly under a root or unit, by its id.
#[derive(Debug)]
pub struct UnitsOf(pub String);

/// One organizational unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// `ou-`, the root's part and its own.
    pub id: String,
    /// Its name, which no sibling has.
    pub name: String,
}

impl Question for UnitsOf {
    type Answer = Vec<Unit>;

    fn key(&self) -> String {
        format!("organizations/units-of/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<Unit>, AwsError> {
        let pages = cloud
            .organizations
            .list_organizational_units_for_parent()
            .parent_id(&self.0)
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListOrganizationalUnitsForParent")?;
        Ok(pages
            .iter()
            .flat_map(|page| page.organizational_units())
            .map(|unit| Unit { id: text(unit.id()), name: text(unit.name()) })
            .collect())
    }
}

/// Every account of the organization, closed ones included.
#[derive(Debug)]
pub struct Accounts;

/// One account of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// 12 digits.
    pub id: String,
    /// Its name, which others may have too.
    pub name: String,
    /// The root user's email, which no other account has.
    pub email: String,
    /// `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE` …
    pub state: String,
    /// The id of the unit or root that it is in, where AWS says so.
    pub parent: Option<String>,
}

impl Account {
    /// Whether it is closed, or on its way there: such an account stays listed for 90 days.
    pub fn is_closed(&self) -> bool {
        matches!(self.state.as_str(), "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED")
    }
}

impl Question for Accounts {
    type Answer = Vec<Account>;

    fn key(&self) -> String {
        "organizations/accounts".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<Account>, AwsError> {
        let pages = cloud
            .organizations
            .list_accounts()
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListAccounts")?;
        let accounts = || pages.iter().flat_map(|page| page.accounts());
        accounts().for_each(|account| note_age(cloud, account));
        Ok(accounts().map(account).collect())
    }
}

/// Notes how old an account is that AWS created: one that was invited was in use before.
fn note_age(cloud: &Cloud, account: &aws_sdk_organizations::types::Account) {
    let is_created = account.joined_method().is_some_and(|method| method.as_str() == "CREATED");
    let joined = account.joined_timestamp().and_then(|joined| SystemTime::try_from(*joined).ok());
    let (Some(id), Some(joined)) = (account.id(), joined) else { return };
    // A time that lies ahead comes of clocks that differ.
    let age = SystemTime::now().duration_since(joined).unwrap_or_default();
    if is_created {
        cloud.new_accounts.note(id, age);
    }
    // The management account joined when it made the organization.
    if cloud.is_caller(id) {
        cloud.new_accounts.note_organization(age);
    }
}

/// AWS says `State` and `Paths`; emulators may still say `Status` and nothing of the place.
fn account(account: &aws_sdk_organizations::types::Account) -> Account {
    let status = account.status().map(|status| status.as_str().to_owned());
    Account {
        id: text(account.id()),
        name: text(account.name()),
        email: text(account.email()),
        state: account.state().map(|state| state.as_str().to_owned()).or(status).unwrap_or_default(),
        parent: account.paths().first().and_then(|path| parent_in(path)),
    }
}

/// `o-1/r-2/ou-2-3/012345678901/` or, without the account itself, `o-1/r-2/ou-2-3/`: the unit or root in it.
fn parent_in(path: &str) -> Option<String> {
    path.split('/').rev().find(|id| id.starts_with("ou-") || id.starts_with("r-")).map(str::to_owned)
}

/// The ids of the accounts directly in a root or unit: for endpoints that do not tell `Paths`.
#[derive(Debug)]
pub struct AccountsOf(pub String);

impl Question for AccountsOf {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        format!("organizations/accounts-of/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let pages = cloud
            .organizations
            .list_accounts_for_parent()
            .parent_id(&self.0)
            .into_paginator()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("organizations:ListAccountsForParent")?;
        Ok(pages.iter().flat_map(|page| page.accounts()).map(|account| text(account.id())).collect())
    }
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

/// Whether stack sets have been activated for the organization, which trusted access alone does not say.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeOrganizationsAccess.html>
#[derive(Debug)]
pub struct StackSetsAccess;

impl Question for StackSetsAccess {
    type Answer = bool;

    fn key(&self) -> String {
        "cloudformation/organizations-access".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<bool, AwsError> {
        let cloudformation = cloud.cloudformation(&Entrance::own(), global_region(cloud.partition)).await?;
        let reply = cloudformation.describe_organizations_access().send().await;
        match reply.explain("cloudformation:DescribeOrganizationsAccess") {
            // An emulator: what Organizations lists is all that can be known.
            Err(error) if error.is_unknown_operation() => Ok(true),
            reply => Ok(reply?.status().is_some_and(|status| status.as_str() == "ENABLED")),
        }
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

/// Every handshake of the organization, the closed ones of the last 30 days included.
async fn handshakes(cloud: &Cloud) -> Result<Vec<Handshake>, AwsError> {
    let request = cloud.organizations.list_handshakes_for_organization().into_paginator().send();
    let pages = request.collect::<Result<Vec<_>, _>>().await.explain("organizations:ListHandshakesForOrganization")?;
    Ok(pages.into_iter().flat_map(|page| page.handshakes.unwrap_or_default()).collect())
}

/// Invitations that nobody has answered, by the invited account's id.
#[derive(Debug)]
pub struct OpenInvitations;

impl Question for OpenInvitations {
    type Answer = BTreeMap<String, String>;

    fn key(&self) -> String {
        "organizations/open-invitations".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let handshakes = handshakes(cloud).await?;
        Ok(handshakes
            .iter()
            .filter(|handshake| handshake.action() == Some(&ActionType::InviteAccountToOrganization))
            .filter(|handshake| matches!(handshake.state(), Some(HandshakeState::Open | HandshakeState::Requested)))
            .filter_map(|handshake| {
                let invited =
                    handshake.parties().iter().find(|party| *party.r#type() == HandshakePartyType::Account)?;
                Some((invited.id().to_owned(), text(handshake.id())))
            })
            .collect())
    }
}

/// What is asked of accounts before the organization has all features.
#[derive(Debug)]
pub struct FeatureHandshakes;

/// One request to agree to all features, or to finalize them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureHandshake {
    /// `h-` and 8 to 32 characters.
    pub id: String,
    /// `REQUESTED`, `OPEN`, `ACCEPTED`, `DECLINED` …
    pub state: String,
    /// The accounts that it is sent to; none where it is the organization's own.
    pub accounts: Vec<String>,
}

impl Question for FeatureHandshakes {
    type Answer = Vec<FeatureHandshake>;

    fn key(&self) -> String {
        "organizations/feature-handshakes".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let handshakes = handshakes(cloud).await?;
        Ok(handshakes.iter().filter(|handshake| is_about_features(handshake.action())).map(feature_handshake).collect())
    }
}

/// AWS's pages name both for the management account's own.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAllFeatures.html>
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html>
fn is_about_features(action: Option<&ActionType>) -> bool {
    matches!(action, Some(ActionType::EnableAllFeatures | ActionType::ApproveAllFeatures))
}

fn feature_handshake(handshake: &Handshake) -> FeatureHandshake {
    let sent_to = handshake.parties().iter().filter(|party| *party.r#type() != HandshakePartyType::Organization);
    FeatureHandshake {
        id: text(handshake.id()),
        state: handshake.state().map(|state| state.as_str().to_owned()).unwrap_or_default(),
        accounts: sent_to.map(|party| party.id().to_owned()).collect(),
    }
}

/// AWS's answers leave out what is empty.
pub(in crate::kinds) fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_unit_or_root_of_a_path_is_the_parent() {
        assert_eq!(parent_in("o-1/r-2/ou-2-3/ou-2-4/012345678901/").as_deref(), Some("ou-2-4"));
        assert_eq!(parent_in("o-1/r-2/012345678901/").as_deref(), Some("r-2"));
        assert_eq!(parent_in("o-1/r-2/").as_deref(), Some("r-2"));
        assert_eq!(parent_in(""), None);
    }
}
