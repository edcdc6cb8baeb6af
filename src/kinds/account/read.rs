use std::collections::BTreeMap;
use std::time::SystemTime;

use aws_sdk_organizations::types::{ActionType, HandshakePartyType, HandshakeState};
use serde::{Deserialize, Serialize};

use super::every::every_account;
use crate::cloud::{AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::kinds::read::{handshakes, text};

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
    /// The ids of the root and of the units that it is in, from the root down; empty where AWS does not say.
    #[serde(default)]
    pub path: Vec<String>,
}

impl Account {
    /// Whether it is closed, or on its way there: such an account stays listed for 90 days.
    pub fn is_closed(&self) -> bool {
        matches!(self.state.as_str(), "SUSPENDED" | "PENDING_CLOSURE" | "CLOSED")
    }

    /// The id of the unit or root that it is in, where AWS says so.
    pub fn parent(&self) -> Option<&str> {
        self.path.last().map(String::as_str)
    }
}

impl Question for Accounts {
    type Answer = Vec<Account>;

    fn key(&self) -> String {
        "organizations/accounts".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<Account>, AwsError> {
        let listed = every_account(cloud).await?;
        listed.iter().for_each(|(account, _)| note_age(cloud, account));
        Ok(listed.iter().map(|(account, path)| facts(account, path)).collect())
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
fn facts(account: &aws_sdk_organizations::types::Account, path: &[String]) -> Account {
    let status = account.status().map(|status| status.as_str().to_owned());
    Account {
        id: text(account.id()),
        name: text(account.name()),
        email: text(account.email()),
        state: account.state().map(|state| state.as_str().to_owned()).or(status).unwrap_or_default(),
        path: account.paths().first().map_or_else(|| path.to_vec(), |path| places_in(path)),
    }
}

/// The root and the units in `o-1/r-2/ou-2-3/012345678901/` or, without the account itself, `o-1/r-2/ou-2-3/`.
fn places_in(path: &str) -> Vec<String> {
    path.split('/').filter(|id| id.starts_with("ou-") || id.starts_with("r-")).map(str::to_owned).collect()
}

/// The ids of the accounts directly in a root or unit: for endpoints that do not show `Paths`.
#[derive(Debug)]
pub struct AccountsOf(pub String);

impl Question for AccountsOf {
    type Answer = Vec<String>;

    fn key(&self) -> String {
        format!("organizations/accounts-of/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        let accounts = accounts_in(cloud, &self.0).await?;
        Ok(accounts.iter().map(|account| text(account.id())).collect())
    }
}

/// The accounts directly in a root or unit, by its id, as AWS lists them.
pub(super) async fn accounts_in(
    cloud: &Cloud,
    parent: &str,
) -> Result<Vec<aws_sdk_organizations::types::Account>, AwsError> {
    let pages = cloud.organizations.list_accounts_for_parent().parent_id(parent).into_paginator().send();
    let pages = pages.collect::<Result<Vec<_>, _>>().await.explain("organizations:ListAccountsForParent")?;
    Ok(pages.into_iter().flat_map(|page| page.accounts.unwrap_or_default()).collect())
}

/// Invitations that no one has answered, by the invited account's id.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_the_root_and_the_units() {
        assert_eq!(places_in("o-1/r-2/ou-2-3/ou-2-4/012345678901/"), ["r-2", "ou-2-3", "ou-2-4"]);
        assert_eq!(places_in("o-1/r-2/012345678901/"), ["r-2"]);
        assert_eq!(places_in("o-1/r-2/"), ["r-2"]);
        assert_eq!(places_in(""), [""; 0]);
    }
}
