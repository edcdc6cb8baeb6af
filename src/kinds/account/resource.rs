use serde::{Deserialize, Serialize};

use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Body, Desired, Tags};

/// An account. What only says how it comes into the organization is not found of one that is there.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html>
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// Its name, which others may have too.
    pub name: String,
    /// The root user's email, which no other account has; empty where an invited account keeps the one that it has.
    pub email: String,
    /// Its tags, those of ownership not among them.
    pub tags: Tags,
    /// The id of an existing account that is invited instead of making one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invite: Option<String>,
    /// The role by which it is entered, where that is not the one that Organizations makes by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_role: Option<String>,
    /// Whether its IAM users may see bills: `ALLOW` or `DENY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iam_user_access_to_billing: Option<String>,
}

impl Resource for Account {
    const KIND: &'static str = "account";
}

impl Account {
    /// What of it can be changed once it is there.
    pub(super) fn changeable(&self) -> Body {
        Account { name: self.name.clone(), tags: self.tags.clone(), ..Account::default() }.body()
    }
}

/// The role that the blueprint gives for an account of its own.
pub(crate) fn own_access_role(desired: &Desired, account: &Address) -> Option<String> {
    Account::of(&desired.get(account)?.body)?.access_role
}

/// The role by which an account is entered: its own, or that of all.
pub(crate) fn access_role(desired: &Desired, account: &Address) -> String {
    own_access_role(desired, account).unwrap_or_else(|| desired.settings.access_role.clone())
}

/// An account that is closed, or on its way there: AWS keeps it for 90 days, and nothing of it can be changed but its place.
/// <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-closing.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ClosedAccount {
    /// `SUSPENDED`, `PENDING_CLOSURE` or `CLOSED`.
    pub state: String,
}

impl Resource for ClosedAccount {
    const KIND: &'static str = Account::KIND;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::shared::resource::assert_same_fields;
    use crate::model::{Settings, Wanted};

    #[test]
    fn an_account_has_its_fields_as_they_are_shown() {
        let found = r#"{"name":"dev","email":"dev@example.com","tags":{"owner":"ml","team":"x"}}"#;
        assert_eq!(assert_same_fields::<Account>(found).tags["team"], "x");
        let wanted = concat!(
            r#"{"name":"dev","email":"","tags":{},"invite":"111111111111","access_role":"${stack/x/y/z.Role}","#,
            r#""iam_user_access_to_billing":"DENY"}"#
        );
        assert_eq!(assert_same_fields::<Account>(wanted).invite.as_deref(), Some("111111111111"));
        assert_eq!(assert_same_fields::<ClosedAccount>(r#"{"state":"SUSPENDED"}"#).state, "SUSPENDED");
    }

    #[test]
    fn an_open_account_is_no_closed_one() {
        assert_eq!(ClosedAccount::of(&Account::default().body()), None);
    }

    #[test]
    fn an_account_is_entered_by_its_own_role_and_else_by_that_of_all() {
        let account = |role: Option<&str>| Account { access_role: role.map(str::to_owned), ..Account::default() };
        let mut desired = Desired {
            settings: Settings { access_role: "Common".into(), ..Settings::default() },
            ..Desired::default()
        };
        desired.add(account(Some("Own")).wanted(Address::account("a")));
        desired.add(account(None).wanted(Address::account("b")));
        desired.add(Wanted::new("account", Address::account("c"), Body::new()));
        let role = |name: &str| access_role(&desired, &Address::account(name));
        assert_eq!(["a", "b", "c", "not there"].map(role), ["Own", "Common", "Common", "Common"]);
        assert_eq!(own_access_role(&desired, &Address::account("b")), None);
    }
}
