//! Accounts in the units of a stack set that it is not for.

use std::collections::BTreeSet;

use super::super::read::StackInstanceFacts;
use super::resource::{TAG_EXCEPT, Targeting};
use super::targets::Regions;
use crate::model::{Address, Observed, Tags, Wanted, body_tags};

/// The accounts that a stack set which was found leaves out: those of the blueprint's that have no stack of it, and where it
/// left out others when it was last changed, every account in its units without one. Otherwise AWS has yet to follow such an
/// account, or was told by others to leave it.
pub(super) fn found(
    to_be: &Targeting,
    wanted: Option<&Wanted>,
    (targets, tags): (&Regions<Address>, &Tags),
    instances: &[StackInstanceFacts],
    observed: &Observed,
    surveys: bool,
) -> BTreeSet<Address> {
    let with_stacks: BTreeSet<&Address> =
        instances.iter().filter_map(|instance| observed.bindings.address(&instance.account)).collect();
    let mut left_out: BTreeSet<Address> =
        to_be.except.iter().filter(|account| !with_stacks.contains(account)).cloned().collect();
    let says = wanted.map(|wanted| body_tags(&wanted.body)).unwrap_or_default();
    // Nobody says of a set that no blueprint has whether an account was left out: whoever surveys takes it for that.
    let is_changed = tags.contains_key(TAG_EXCEPT) && tags.get(TAG_EXCEPT) != says.get(TAG_EXCEPT);
    if is_changed || surveys {
        let management = observed.bindings.id(&Address::management());
        let is_open_member =
            |account: &Address| observed.has_open(account) && observed.bindings.id(account) != management;
        let within = observed.accounts.iter().filter(|(_, parent)| targets.keys().any(|unit| parent.is_below(unit)));
        let without = within.filter(|(account, _)| is_open_member(account) && !with_stacks.contains(account));
        left_out.extend(without.map(|(account, _)| account.clone()));
    }
    left_out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Found, Owner};

    fn observed() -> Observed {
        let mut observed = Observed::default();
        for (name, parent) in [("a", "ou/A"), ("b", "ou/A"), ("c", "ou/A/Deep"), ("d", "ou/B"), ("payer", "ou/A")] {
            let (address, parent) = (Address::account(name), Address::parse(parent));
            observed.accounts.insert(address.clone(), parent.clone());
            let body = Body::new();
            let (kind, id, owner) = ("account".into(), name.to_owned(), Owner::Nobody);
            observed.add(Found { address, kind, id, owner, body, parent: Some(parent), hangs_on: Vec::new() });
        }
        observed.bindings.bind(Address::management(), "payer");
        observed.bindings.bind(Address::account("payer"), "payer");
        observed
    }

    fn instance(account: &str) -> StackInstanceFacts {
        StackInstanceFacts {
            account: account.into(),
            region: "r".into(),
            unit: "ou-1".into(),
            status: "CURRENT".into(),
            detailed_status: "SUCCEEDED".into(),
            reason: None,
            stack: "arn".into(),
            drifted: false,
        }
    }

    /// What is left out of a stack set for A with stacks in these accounts, by the tags that it is to have and has.
    fn left_out(except: &[&str], to_have: Option<&str>, has: Option<&str>, stacks: &[&str]) -> Vec<String> {
        let tags = |value: Option<&str>| -> Tags {
            value.map(|it| (TAG_EXCEPT.to_owned(), it.to_owned())).into_iter().collect()
        };
        let except: BTreeSet<Address> = except.iter().map(|name| Address::account(name)).collect();
        let targets = Regions::from([(Address::parse("ou/A"), BTreeSet::from(["r".to_owned()]))]);
        let to_be = Targeting { targets: targets.clone(), except, auto: None };
        let body = Body::from_iter([("tags".to_owned(), serde_json::json!(tags(to_have)))]);
        let wanted = Wanted::new("stack-set", Address::stack_set("s"), body);
        let instances: Vec<StackInstanceFacts> = stacks.iter().map(|account| instance(account)).collect();
        let found = found(&to_be, Some(&wanted), (&targets, &tags(has)), &instances, &observed(), false);
        found.iter().map(Address::name).collect()
    }

    #[test]
    fn the_accounts_that_are_left_out_have_no_stack() {
        assert_eq!(left_out(&["a"], Some("1"), Some("1"), &["b", "c"]), ["a"]);
        assert_eq!(left_out(&["a"], Some("1"), Some("1"), &["a", "b", "c"]), [""; 0]);
    }

    #[test]
    fn only_where_others_were_left_out_every_account_without_a_stack_counts() {
        assert_eq!(left_out(&[], None, None, &["b"]), [""; 0]);
        assert_eq!(left_out(&["a"], Some("1"), Some("1"), &["b"]), ["a"]);
        assert_eq!(left_out(&[], None, Some("1"), &["b"]), ["a", "c"]);
        assert_eq!(left_out(&["b"], Some("2"), Some("1"), &["c"]), ["a", "b"]);
        assert_eq!(left_out(&["b"], Some("2"), None, &["c"]), ["b"]);
    }
}
