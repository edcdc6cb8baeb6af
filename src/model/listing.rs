use serde::Serialize;

use super::Tags;

/// The accounts of an organization, as data for other programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountListing {
    /// `o-…`; absent where there is no organization.
    pub organization: Option<String>,
    /// The accounts, by their keys.
    pub accounts: Vec<ListedAccount>,
    /// The keys of accounts that the blueprint has and the organization not yet.
    pub missing: Vec<String>,
    /// Where people sign in; absent where IAM Identity Center is not enabled, or was not asked about.
    pub portal: Option<AccessPortal>,
    /// Who may work where, by account and permission set.
    pub access: Vec<Access>,
}

/// One account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ListedAccount {
    /// The blueprint's name for it, else AWS's; no two accounts have the same.
    pub key: String,
    /// AWS's name, which others may have too.
    pub name: String,
    /// 12 digits.
    pub id: String,
    /// The root user's email.
    pub email: String,
    /// The units that it is in, from the top: `Workloads/Dev`; `root` where it is in none.
    pub path: String,
    /// AWS's word: `ACTIVE`, `SUSPENDED` …
    pub status: String,
    /// Whether it manages the organization.
    pub management: bool,
    /// The blueprint that owns it, or `AWS Control Tower`; absent where none does.
    pub owner: Option<String>,
    /// The role by which landing enters it; absent where no blueprint says so.
    pub access_role: Option<String>,
    /// Its tags, those of ownership not among them.
    pub tags: Tags,
}

impl ListedAccount {
    /// Whether it can be used: one that is closed is listed for 90 days.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == "ACTIVE"
    }
}

/// Where people sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessPortal {
    /// The id of Identity Center's directory: `d-…`.
    pub directory: String,
    /// The primary region of Identity Center, where AWS says so.
    pub region: Option<String>,
}

/// That principals have a permission set in an account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Access {
    /// The account's key.
    pub account: String,
    /// The permission set's name.
    pub permission_set: String,
    /// The names of the groups that have it.
    pub groups: Vec<String>,
    /// The names of the users that have it themselves.
    pub users: Vec<String>,
}
