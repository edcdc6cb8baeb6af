use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The stable name of one resource, readable and free of AWS ids: `ou/Workloads/Dev`, `account/ml-dev`,
/// `scp/region-guard`, and for what hangs on something else `scp/region-guard@ou/Workloads/Dev`.
///
/// AWS allows `/` and `@` inside names; inside an address they are percent-encoded, so that an address
/// always splits the same way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Address(String);

/// What addresses of AWS's own lists of addresses begin with: `prefix-list/REGION/SERVICE`. They are referred to only.
pub const PREFIX_LIST: &str = "prefix-list";

impl Address {
    /// `prefix` is the kind's first word (`ou`), `parts` are names as AWS has them, outermost first.
    pub fn new<S: AsRef<str>>(prefix: &str, parts: impl IntoIterator<Item = S>) -> Address {
        let mut text = String::from(prefix);
        for part in parts {
            text.push('/');
            text.push_str(&escape(part.as_ref()));
        }
        Address(text)
    }

    /// The organization itself.
    pub fn organization() -> Address {
        Address("organization".into())
    }

    /// The root of the tree of organizational units.
    pub fn root() -> Address {
        Address("root".into())
    }

    /// An account by its name in the blueprint.
    pub fn account(name: &str) -> Address {
        Address::new("account", [name])
    }

    /// An organizational unit by the names from the root's child down to it.
    pub fn unit<S: AsRef<str>>(path: impl IntoIterator<Item = S>) -> Address {
        Address::new("ou", path)
    }

    /// The account that the organization is managed from, whatever its name is.
    pub fn management() -> Address {
        Address("management".into())
    }

    /// A stack in an account, by the account's name or `management`.
    pub fn stack(account: &str, name: &str, region: &str) -> Address {
        Address::new("stack", [account, name, region])
    }

    /// A stack set, by its name.
    pub fn stack_set(name: &str) -> Address {
        Address::new("stack-set", [name])
    }

    /// The trust of the organization in a service, by the service's principal.
    pub fn trusted_access(service: &str) -> Address {
        Address::new("trusted-access", [service])
    }

    /// That policies of a type may be attached, by AWS's name for the type.
    pub fn policy_type(api_name: &str) -> Address {
        Address::new("policy-type", [api_name])
    }

    /// The output of this stack that is called `name`: `stack/management/trail/eu-west-1.TrailArn`.
    pub fn output_named(&self, name: &str) -> Address {
        Address(format!("{}.{name}", self.0))
    }

    /// Splits `stack/management/trail/eu-west-1.TrailArn` into the stack and the output's name.
    pub fn output(&self) -> Option<(Address, String)> {
        // Neither regions nor outputs have a dot in their names.
        let (stack, name) = self.0.strip_prefix("stack/").and_then(|rest| rest.rsplit_once('.'))?;
        (stack.split('/').count() == 3).then(|| (Address(format!("stack/{stack}")), name.to_owned()))
    }

    /// An address as the user wrote it, for `--target`; nothing is checked here.
    pub fn parse(text: &str) -> Address {
        Address(text.to_owned())
    }

    /// The address of this resource's attachment to `target`: `scp/region-guard@ou/Workloads`.
    pub fn at(&self, target: &Address) -> Address {
        Address(format!("{}@{}", self.0, target.0))
    }

    /// Splits `scp/region-guard@ou/Workloads` into what hangs and what it hangs on.
    pub fn split_target(&self) -> Option<(Address, Address)> {
        let (what, target) = self.0.split_once('@')?;
        Some((Address(what.into()), Address(target.into())))
    }

    /// The first word: `ou`, `account`, `scp`, `organization` …
    pub fn prefix(&self) -> &str {
        self.0.split('/').next().unwrap_or(&self.0)
    }

    /// The names after the first word, as AWS has them, outermost first.
    pub fn parts(&self) -> Vec<String> {
        self.0.split('/').skip(1).map(unescape).collect()
    }

    /// Whether it is the organization itself.
    pub fn is_organization(&self) -> bool {
        self.prefix() == "organization"
    }

    /// Whether it is the root of the tree of units.
    pub fn is_root(&self) -> bool {
        self.prefix() == "root"
    }

    /// Whether it is an organizational unit.
    pub fn is_unit(&self) -> bool {
        self.prefix() == "ou"
    }

    /// Whether accounts can be in it: the root or a unit.
    pub fn is_root_or_unit(&self) -> bool {
        self.is_root() || self.is_unit()
    }

    /// Whether it is an account by its name.
    pub fn is_account(&self) -> bool {
        self.prefix() == "account"
    }

    /// Whether it is the account that the organization is managed from, whatever its name is.
    pub fn is_management(&self) -> bool {
        self.prefix() == "management"
    }

    /// Whether it is an account, by its name or as the management account.
    pub fn is_any_account(&self) -> bool {
        self.is_account() || self.is_management()
    }

    /// Whether it is a place that policies are attached to: the root, a unit or an account by its name.
    pub fn is_place(&self) -> bool {
        self.is_root_or_unit() || self.is_account()
    }

    /// Whether it is a service control policy, or the attachment of one.
    pub fn is_scp(&self) -> bool {
        self.prefix() == "scp"
    }

    /// Whether it is a service or resource control policy, which decides what accounts other than the management account may
    /// do, or the attachment of one.
    pub fn is_control_policy(&self) -> bool {
        self.is_scp() || self.prefix() == "rcp"
    }

    /// Whether it is a service's trusted access.
    pub fn is_trusted_access(&self) -> bool {
        self.prefix() == "trusted-access"
    }

    /// Whether it is a stack set.
    pub fn is_stack_set(&self) -> bool {
        self.prefix() == "stack-set"
    }

    /// The last name, as AWS has it.
    pub fn name(&self) -> String {
        unescape(self.0.rsplit('/').next().unwrap_or(&self.0))
    }

    /// The address one level up among organizational units: `ou/A` for `ou/A/B`, `root` for `ou/A`.
    pub fn parent_unit(&self) -> Address {
        match self.0.rsplit_once('/') {
            Some(("ou", _)) | None => Address::root(),
            Some((parent, _)) => Address(parent.into()),
        }
    }

    /// This unit, or the root, and what it lies in, from the root down.
    pub fn path(&self) -> Vec<Address> {
        let mut path = vec![self.clone()];
        let mut at = self.clone();
        while at != Address::root() {
            at = at.parent_unit();
            path.push(at.clone());
        }
        path.reverse();
        path
    }

    /// Whether this place is `above` or lies below it in the tree, at whose top is the root.
    pub fn is_below(&self, above: &Address) -> bool {
        above.is_root() || above.is_organization() || self.is_within(above)
    }

    /// A child organizational unit of this one, or of the root.
    pub fn child_unit(&self, name: &str) -> Address {
        let above = if *self == Address::root() { "ou" } else { &self.0 };
        Address(format!("{above}/{}", escape(name)))
    }

    /// Whether this is `other` or lies beneath it by name (`ou/A/B` beneath `ou/A`).
    pub fn is_within(&self, other: &Address) -> bool {
        self == other || self.0.strip_prefix(&other.0).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The address as people write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn escape(name: &str) -> String {
    name.replace('%', "%25").replace('/', "%2F").replace('@', "%40")
}

fn unescape(name: &str) -> String {
    name.replace("%40", "@").replace("%2F", "/").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_a_slash_stays_one_part() {
        let address = Address::unit(["R/D", "a@b"]);
        assert_eq!(address.as_str(), "ou/R%2FD/a%40b");
        assert_eq!(address.name(), "a@b");
        assert_eq!(address.parent_unit().name(), "R/D");
        assert_eq!(address.parent_unit().parent_unit(), Address::root());
    }

    #[test]
    fn an_address_is_what_its_first_word_says() {
        type Is = fn(&Address) -> bool;
        let all: [(&str, Is); 12] = [
            ("organization", Address::is_organization),
            ("root", Address::is_root),
            ("unit", Address::is_unit),
            ("root or unit", Address::is_root_or_unit),
            ("account", Address::is_account),
            ("management", Address::is_management),
            ("any account", Address::is_any_account),
            ("place", Address::is_place),
            ("scp", Address::is_scp),
            ("control policy", Address::is_control_policy),
            ("stack set", Address::is_stack_set),
            ("trusted access", Address::is_trusted_access),
        ];
        for (address, expected) in [
            ("organization", "organization"),
            ("root", "root, root or unit, place"),
            ("ou/A/B", "unit, root or unit, place"),
            ("account/ou", "account, any account, place"),
            ("management", "management, any account"),
            ("scp/a", "scp, control policy"),
            ("scp/a@root", "scp, control policy"),
            ("rcp/a@account/b", "control policy"),
            ("tag-policy/a@root", ""),
            ("stack-set/a", "stack set"),
            ("stack/a/b/c", ""),
            ("trusted-access/ram.amazonaws.com", "trusted access"),
            ("assignment/a/group/b@account/c", ""),
        ] {
            let address = Address::parse(address);
            let is: Vec<&str> = all.iter().filter(|(_, is)| is(&address)).map(|(name, _)| *name).collect();
            assert_eq!(is.join(", "), expected, "{address}");
        }
    }

    #[test]
    fn parts_are_the_names_after_the_first_word() {
        assert_eq!(Address::stack("R/D", "trail", "eu-west-1").parts(), ["R/D", "trail", "eu-west-1"]);
        assert_eq!(Address::root().parts(), [""; 0]);
        assert_eq!(Address::trusted_access("ram.amazonaws.com").as_str(), "trusted-access/ram.amazonaws.com");
        assert_eq!(Address::policy_type("TAG_POLICY").as_str(), "policy-type/TAG_POLICY");
    }

    #[test]
    fn beneath_means_by_whole_names() {
        let a = Address::unit(["A"]);
        assert!(Address::unit(["A", "B"]).is_within(&a));
        assert!(!Address::unit(["AB"]).is_within(&a));
        assert_eq!(Address::root().child_unit("A"), a);
    }
}
