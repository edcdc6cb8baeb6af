//! Accounts in the units of a stack set that it is not for.

use std::collections::BTreeSet;

use super::super::read::StackInstanceFacts;
use super::resource::{TAG_EXCEPT, Targeting};
use super::targets::Regions;
use crate::model::{Address, Observed, Tags, Wanted, body_tags};

/// The accounts that a stack set which was found leaves out: those of the blueprint's that have no stack of it, and where it
/// left out others when it was last changed, every account in its units that lacks one in a region. Otherwise AWS has yet to
/// follow such an account, or was reported by others to leave it.
pub(super) fn found(
    to_be: &Targeting,
    wanted: Option<&Wanted>,
    (targets, tags): (&Regions<Address>, &Tags),
    instances: &[StackInstanceFacts],
    observed: &Observed,
    surveys: bool,
) -> BTreeSet<Address> {
    let stacks: BTreeSet<(&Address, &String)> = instances
        .iter()
        .filter_map(|instance| Some((observed.bindings.address(&instance.account)?, &instance.region)))
        .collect();
    let with_stacks: BTreeSet<&Address> = stacks.iter().map(|(account, _)| *account).collect();
    let mut left_out: BTreeSet<Address> =
        to_be.except.iter().filter(|account| !with_stacks.contains(account)).cloned().collect();
    let says = wanted.map(|wanted| body_tags(&wanted.body)).unwrap_or_default();
    // Of a set that no blueprint has, nothing says whether an account was left out: a survey takes it for that.
    let is_changed = tags.contains_key(TAG_EXCEPT) && tags.get(TAG_EXCEPT) != says.get(TAG_EXCEPT);
    if is_changed || surveys {
        let management = observed.bindings.id(&Address::management());
        let is_open_member =
            |account: &Address| observed.has_open(account) && observed.bindings.id(account) != management;
        let regions = |parent: &Address| -> BTreeSet<&String> {
            targets.iter().filter(|(unit, _)| parent.is_below(unit)).flat_map(|(_, regions)| regions).collect()
        };
        let lacks_one = |(account, parent): &(&Address, &Address)| match surveys {
            true => !regions(parent).is_empty() && !with_stacks.contains(account),
            false => regions(parent).into_iter().any(|region| !stacks.contains(&(*account, region))),
        };
        let is_asked = |account: &Address| is_open_member(account) && !to_be.except.contains(account);
        let without = observed.accounts.iter().filter(|(account, _)| is_asked(account)).filter(lacks_one);
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
            let (kind, id, owner) = ("account".into(), name.to_owned(), Owner::Unmanaged);
            observed.add(Found { address, kind, id, owner, body, parent: Some(parent), attached_to: Vec::new() });
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
    fn an_account_that_was_taken_in_again_in_one_of_two_regions_counts_as_left_out_until_it_is_in_both() {
        let targets = Regions::from([(Address::parse("ou/A"), BTreeSet::from(["r".to_owned(), "s".to_owned()]))]);
        let tags = Tags::from([(TAG_EXCEPT.to_owned(), "1".to_owned())]);
        let wanted = Wanted::new("stack-set", Address::stack_set("s"), Body::new());
        let in_region = |account: &str, region: &str| StackInstanceFacts { region: region.into(), ..instance(account) };
        let all = [("a", "r"), ("b", "r"), ("b", "s"), ("c", "r"), ("c", "s")];
        let instances: Vec<StackInstanceFacts> =
            all.iter().map(|(account, region)| in_region(account, region)).collect();
        let found_with = |surveys: bool| -> Vec<String> {
            let to_be = Targeting::default();
            let found = found(&to_be, Some(&wanted), (&targets, &tags), &instances, &observed(), surveys);
            found.iter().map(Address::name).collect()
        };
        assert_eq!(found_with(false), ["a"]);
        assert_eq!(found_with(true), [""; 0], "anyone who surveys takes it for one that has stacks");
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
