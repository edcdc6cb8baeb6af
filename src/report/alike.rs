//! What a change is about, apart from the account and the region that it is in: changes with the same name are alike.

use super::naming::short_name;
use crate::model::{Address, Change};

/// A resource apart from its account and region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Apart {
    /// `config-recorder` of `stack/audit/config-recorder/eu-west-1`; empty where the kind says all.
    pub name: String,
    /// The account that it is in; none where it is in no single account.
    pub account: Option<Address>,
    /// The region that it is in.
    pub region: Option<String>,
}

/// Takes a change apart.
pub(super) fn apart(change: &Change) -> Apart {
    let address = &change.address;
    let target = address.split_target().map(|(_, target)| target);
    let has_target = target.is_some();
    let account = target.or_else(|| change.parent.clone()).filter(|_| !address.is_any_account());
    let account = account.filter(Address::is_any_account);
    if has_target {
        return Apart { name: short_name(address), account, region: None };
    }
    let mut parts = address.parts();
    let region = parts.last().filter(|last| account.is_some() && is_region(last)).cloned();
    if region.is_some() {
        parts.pop();
    }
    if let Some(account) = &account {
        parts.retain(|part| *part != account.name());
    }
    Apart { name: super::clean::clean(&parts.join("/")), account, region }
}

/// Whether a name has the form of a region's code, such as `eu-west-1` or `us-gov-east-1`.
fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.as_slice() {
        [area, middle @ .., number] => {
            (2..=3).contains(&area.len())
                && is_word(area)
                && !middle.is_empty()
                && middle.iter().all(is_word)
                && matches!(number.as_bytes(), [digit] if digit.is_ascii_digit())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Action;

    fn of(address: &str, kind: &str, parent: &str) -> (String, Option<String>, Option<String>) {
        let mut change = Change::new(Action::Create, kind, Address::parse(address));
        change.parent = Some(Address::parse(parent)).filter(|_| !parent.is_empty());
        let Apart { name, account, region } = apart(&change);
        (name, account.map(|account| account.as_str().to_owned()), region)
    }

    #[test]
    fn the_name_is_what_is_the_same_in_every_account_and_region() {
        let owned = |name: &str, account: &str, region: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            (name.to_owned(), some(account), some(region))
        };
        let stack = of("stack/audit/config-recorder/eu-west-1", "stack", "account/audit");
        assert_eq!(stack, owned("config-recorder", "account/audit", "eu-west-1"));
        let stack = of("stack/management/trail/us-gov-east-1", "stack", "management");
        assert_eq!(stack, owned("trail", "management", "us-gov-east-1"));
        let contact = of("alternate-contact/a/SECURITY", "alternate-contact", "account/a");
        assert_eq!(contact, owned("SECURITY", "account/a", ""));
        assert_eq!(of("password-policy/a", "password-policy", "account/a"), owned("", "account/a", ""));
        let assignment = of("assignment/admin/group/team@account/a", "assignment", "account/a");
        assert_eq!(assignment, owned("admin for team", "account/a", ""));
        assert_eq!(of("scp/guard@ou/A", "attachment", "ou/A"), owned("guard", "", ""));
        assert_eq!(of("account/eu-west-1", "account", "root"), owned("eu-west-1", "", ""));
    }
}
