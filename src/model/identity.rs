use serde::{Deserialize, Serialize};

use super::{Address, Date, Exclusion, Until};

/// What the blueprint says about IAM Identity Center as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct IdentitySettings {
    /// Whether people and groups come from elsewhere: groups are then only looked up.
    pub external: bool,
    /// Permission sets (`permission-set/…`) whose assignments others may add to.
    pub shared: Vec<Address>,
    /// Whether what is assigned to users and groups that were deleted is to be unassigned.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unassigns_deleted: bool,
    /// Who gets which permission set where.
    pub assignments: Vec<AssignmentRule>,
}

/// A permission set for a group or user in an account, or in every account of a unit or of the whole organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignmentRule {
    /// `permission-set/…`.
    pub permission_set: Address,
    /// `group/…` or `user/…`.
    pub principal: Address,
    /// `root`, `management`, `ou/…` or `account/…`.
    pub target: Address,
    /// The accounts there that it is not for.
    #[serde(default, skip_serializing_if = "Exclusion::is_empty")]
    pub except: Exclusion,
    /// The day with which it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Until>,
    /// The blueprint's line: `landing.yaml:12`.
    pub source: Option<String>,
}

impl AssignmentRule {
    /// Whether its end has come.
    #[must_use]
    pub fn has_ended(&self, today: Option<Date>) -> bool {
        self.until.is_some_and(|until| until.has_passed(today))
    }
}

/// The permission set whose role a principal stands for that is written `permission-set/NAME`.
#[must_use]
pub fn named_permission_set(principal: &str) -> Option<&str> {
    principal.strip_prefix("permission-set/")
}

/// The principal that stands for the role of a permission set.
#[must_use]
pub fn permission_set_principal(set: &str) -> String {
    format!("permission-set/{set}")
}

impl Address {
    /// Identity Center's instance; its AWS id is the instance's ARN.
    pub fn identity_center() -> Address {
        Address::parse("identity-center")
    }

    /// The directory that Identity Center knows people by; its AWS id is that of the identity store.
    pub fn identity_store() -> Address {
        Address::parse("identity-store")
    }

    /// A permission set by its name.
    pub fn permission_set(name: &str) -> Address {
        Address::new("permission-set", [name])
    }

    /// Whether it is a permission set.
    pub fn is_permission_set(&self) -> bool {
        self.prefix() == "permission-set"
    }

    /// A group by its display name.
    pub fn group(name: &str) -> Address {
        Address::new("group", [name])
    }

    /// A user by its user name.
    pub fn user(name: &str) -> Address {
        Address::new("user", [name])
    }

    /// The address of a permission set's assignment to a group or user in an account:
    /// `assignment/administrator/group/platform-team@account/audit`.
    pub fn assignment(permission_set: &Address, principal: &Address, account: &Address) -> Address {
        let set = permission_set.as_str().split_once('/').map_or(permission_set.as_str(), |(_, name)| name);
        Address::parse(&format!("assignment/{set}/{principal}")).at(account)
    }

    /// The permission set, the group or user and the account of an assignment's address.
    pub fn assigned(&self) -> Option<(Address, Address, Address)> {
        let (what, account) = self.split_target()?;
        let (set, principal) = what.as_str().strip_prefix("assignment/")?.split_once('/')?;
        Some((Address::parse(&format!("permission-set/{set}")), Address::parse(principal), account))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_set_stands_for_its_role_by_its_own_name() {
        assert_eq!(permission_set_principal("a@b"), "permission-set/a@b");
        assert_eq!(named_permission_set("permission-set/a@b"), Some("a@b"));
        assert_eq!(named_permission_set("role/a"), None);
    }

    #[test]
    fn an_assignment_shows_what_it_assigns_to_whom_and_where() {
        let (set, user, account) =
            (Address::permission_set("ad@min"), Address::user("a/b@example.com"), Address::account("x@y"));
        let address = Address::assignment(&set, &user, &account);
        assert_eq!(address.as_str(), "assignment/ad%40min/user/a%2Fb%40example.com@account/x%40y");
        assert_eq!(address.assigned(), Some((set, user, account)));
        assert_eq!(Address::parse("scp/a@root").assigned(), None);
    }
}
