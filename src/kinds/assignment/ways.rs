use std::collections::{BTreeMap, BTreeSet};

use super::rules::{self, Ruled};
use crate::model::{Address, Desired};

/// AWS's longest page of assignments.
const PAGE: usize = 100;

/// So many calls are to be saved at least.
const WORTH: usize = 10;

/// The two ways to read who has a permission set where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By group and user, `ListAccountAssignmentsForPrincipal`: all that each has in all accounts.
    Principals,
    /// By permission set and account, `ListAccountAssignments`: everyone who has the set there.
    Pairs,
}

/// The way with fewer calls where everything is as the blueprint says. It depends on the blueprint and the accounts alone, so
/// that an apply, which changes assignments, looks in the same way as the plan did.
///
/// Pairs that no rule explains are read either way. By pairs, each pair that rules come to costs a call; by principals, each
/// group and user costs one for every hundred assignments. Pairs rest on the list of accounts that a set is provisioned to, which
/// emulators do not know: they are read where that is worth it.
pub(super) fn fewest_calls(desired: &Desired, ruled: &BTreeMap<Address, Ruled<'_>>) -> Way {
    let mut of_principals: BTreeMap<&Address, usize> = named(desired).map(|principal| (principal, 0)).collect();
    let mut pairs = BTreeSet::new();
    for it in ruled.values() {
        *of_principals.entry(&it.rule.principal).or_default() += 1;
        pairs.insert((&it.rule.permission_set, &it.account));
    }
    let pages: usize = of_principals.into_values().map(|assignments| assignments.div_ceil(PAGE).max(1)).sum();
    if pairs.len() + WORTH <= pages { Way::Pairs } else { Way::Principals }
}

/// The groups and users of the blueprint.
fn named(desired: &Desired) -> impl Iterator<Item = &Address> {
    let groups = desired.of_kind("group").map(|wanted| &wanted.address);
    rules::principals(desired).chain(groups)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AssignmentRule, Exclusion, IdentitySettings};

    fn rule(set: &str, group: &str, account: &str) -> AssignmentRule {
        AssignmentRule {
            permission_set: Address::permission_set(set),
            principal: Address::group(group),
            target: Address::account(account),
            except: Exclusion::default(),
            until: None,
            source: None,
        }
    }

    /// The way for so many groups, sets and accounts, each group with each set in each account.
    fn way(groups: usize, sets: usize, accounts: usize) -> Way {
        let mut desired = Desired::default();
        let mut rules = Vec::new();
        for group in 0..groups {
            for set in 0..sets {
                let of_account = |account| rule(&format!("s{set}"), &format!("g{group}"), &format!("a{account}"));
                rules.extend((0..accounts).map(of_account));
            }
        }
        desired.settings.identity = Some(IdentitySettings { assignments: rules, ..IdentitySettings::default() });
        let ruled = desired.assignment_rules().iter().map(|rule| {
            let account = rule.target.clone();
            (Address::assignment(&rule.permission_set, &rule.principal, &account), Ruled { rule, account })
        });
        fewest_calls(&desired, &ruled.collect())
    }

    #[test]
    fn many_groups_in_few_accounts_are_read_by_set_and_account() {
        // 40 groups: 40 calls. 2 sets in 10 accounts: 20.
        assert_eq!(way(40, 2, 10), Way::Pairs);
        // One more account: 22 pairs; 19 groups: 19 calls.
        assert_eq!(way(19, 2, 11), Way::Principals);
        // 3 groups in 64 accounts: 3 calls, where there are 64 pairs.
        assert_eq!(way(3, 1, 64), Way::Principals);
    }

    #[test]
    fn pairs_are_read_where_that_saves_ten_calls() {
        // 16 groups: 16 calls; 2 sets in 3 accounts: 6.
        assert_eq!(way(16, 2, 3), Way::Pairs);
        assert_eq!(way(15, 2, 3), Way::Principals);
        assert_eq!(way(1, 1, 1), Way::Principals);
        assert_eq!(way(0, 0, 0), Way::Principals);
    }

    #[test]
    fn what_one_group_has_fills_pages_of_a_hundred() {
        // 2 groups with 201 assignments each: 3 pages each; 201 pairs all the same.
        assert_eq!(way(2, 1, 201), Way::Principals);
        // 101 groups with 101 assignments each: 202 pages, 101 pairs.
        assert_eq!(way(101, 1, 101), Way::Pairs);
        // 60 groups with 101 assignments: 120 pages, though there are only 60 groups; 101 pairs.
        assert_eq!(way(60, 1, 101), Way::Pairs);
        // With 100 assignments a page is enough: 60 calls, 100 pairs.
        assert_eq!(way(60, 1, 100), Way::Principals);
    }
}
