//! Who has which permission set, by the widest places that say it.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Action, Address, AssignmentRule, Body, Change, Desired, Observed, Thing};

/// Whether this is an assignment, which is told by places and not account by account.
pub(super) fn is_one(address: &Address) -> bool {
    address.prefix() == "assignment"
}

/// What the blueprint's rules say.
pub(super) fn declared(desired: &Desired) -> impl Iterator<Item = (Address, Thing)> {
    rules(desired).iter().map(|rule| assigned(&rule.permission_set, &rule.principal, &rule.target, None))
}

/// The blueprint's rules, and what others have assigned, once the changes are made. A rule is new where none of what it
/// comes to is there yet, and changes where an account that was in its place lacks it; one that comes there makes no other
/// rule of it.
pub(super) fn after(observed: &Observed, desired: &Desired, changes: &[Change]) -> Vec<(Address, Thing)> {
    let mut parents = observed.accounts_after(desired);
    parents.retain(|account, _| observed.has_open(account) || !observed.accounts.contains_key(account));
    let changes: BTreeMap<&Address, Action> =
        changes.iter().filter(|it| is_one(&it.address)).map(|it| (&it.address, it.action)).collect();
    let stays = |address: &&Address| is_one(address) && changes.get(*address) != Some(&Action::Delete);
    let found: BTreeSet<&Address> = observed.found.keys().filter(stays).collect();
    let held = |rule: &AssignmentRule, address: &Address| {
        address.assigned().is_some_and(|(set, principal, account)| {
            set == rule.permission_set
                && principal == rule.principal
                && is_for(&rule.target, &account, observed, &parents)
        })
    };
    let mark = |rule: &AssignmentRule| {
        let comes: Vec<&Address> = changes
            .iter()
            .filter(|it| *it.1 == Action::Create && held(rule, it.0))
            .map(|(address, _)| *address)
            .collect();
        let was_there = |address: &Address| {
            let account = address.assigned().map(|(_, _, account)| account);
            account.is_some_and(|account| {
                observed.accounts.contains_key(&account) && is_for(&rule.target, &account, observed, &observed.accounts)
            })
        };
        match found.iter().any(|address| held(rule, address)) {
            false => (!comes.is_empty()).then_some(Action::Create),
            true => comes.into_iter().any(was_there).then_some(Action::Update),
        }
    };
    let rules = rules(desired);
    let mut all: Vec<(Address, Thing)> =
        rules.iter().map(|rule| assigned(&rule.permission_set, &rule.principal, &rule.target, mark(rule))).collect();
    let mut others: BTreeMap<(Address, Address), BTreeSet<Address>> = BTreeMap::new();
    for address in found.into_iter().filter(|address| !rules.iter().any(|rule| held(rule, address))) {
        if let Some((set, principal, account)) = address.assigned() {
            others.entry((set, principal)).or_default().insert(account);
        }
    }
    for ((set, principal), accounts) in others {
        let places = widest(accounts, &parents);
        all.extend(places.iter().map(|place| assigned(&set, &principal, place, None)));
    }
    all
}

fn rules(desired: &Desired) -> &[AssignmentRule] {
    desired.settings.identity.as_ref().map(|identity| identity.assignments.as_slice()).unwrap_or_default()
}

fn is_for(target: &Address, account: &Address, observed: &Observed, parents: &BTreeMap<Address, Address>) -> bool {
    let management = || observed.bindings.id(target).and_then(|id| observed.bindings.address(id));
    *target == *account
        || (*target == Address::management() && management() == Some(account))
        || parents.get(account).map_or(*target == Address::root(), |parent| parent.is_below(target))
}

fn assigned(set: &Address, principal: &Address, place: &Address, mark: Option<Action>) -> (Address, Thing) {
    let thing = Thing {
        kind: "assignment".into(),
        id: None,
        body: Body::new(),
        parent: None,
        covers: BTreeSet::from([place.clone()]),
        mark,
        before: None,
    };
    (Address::assignment(set, principal, place), thing)
}

/// The units that stand for these accounts: all in one have it, and they are several. The accounts that are left stand for
/// themselves.
fn widest(mut accounts: BTreeSet<Address>, parents: &BTreeMap<Address, Address>) -> BTreeSet<Address> {
    let mut units: Vec<Address> =
        parents.values().flat_map(Address::path).collect::<BTreeSet<_>>().into_iter().collect();
    units.sort_by_key(|unit| unit.path().len());
    let mut places = BTreeSet::new();
    for unit in units {
        let within: BTreeSet<&Address> =
            parents.iter().filter(|(_, parent)| parent.is_below(&unit)).map(|(account, _)| account).collect();
        if within.len() > 1 && within.iter().all(|account| accounts.contains(*account)) {
            accounts.retain(|account| !within.contains(account));
            places.insert(unit);
        }
    }
    places.extend(accounts);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Found, IdentitySettings, Owner, Risk};

    fn found(address: &str, kind: &str) -> Found {
        Found {
            address: Address::parse(address),
            kind: kind.into(),
            id: address.into(),
            owner: Owner::Nobody,
            body: Body::new(),
            parent: None,
            hangs_on: Vec::new(),
        }
    }

    fn creates(address: &str) -> Change {
        Change {
            address: Address::parse(address),
            kind: "assignment".into(),
            action: Action::Create,
            fields: Vec::new(),
            risk: Risk::None,
            reason: String::new(),
            source: None,
            reaches: 0,
            accounts: Vec::new(),
            gains: Vec::new(),
            loses: Vec::new(),
            needs: Vec::new(),
            parent: None,
        }
    }

    fn rule(principal: &str) -> AssignmentRule {
        AssignmentRule {
            permission_set: Address::permission_set("s"),
            principal: Address::group(principal),
            target: Address::unit(["W"]),
            source: None,
        }
    }

    /// In W are the accounts a and b; `old` has the set in both, `half` in a, `hand` has it in both by somebody else.
    #[test]
    fn a_rule_is_new_or_changes_by_what_it_comes_to_and_others_are_told_too() {
        let mut observed = Observed::default();
        for account in ["a", "b"] {
            observed.accounts.insert(Address::account(account), Address::unit(["W"]));
            observed.add(found(&format!("account/{account}"), "account"));
        }
        for held in ["old@account/a", "old@account/b", "half@account/a", "hand@account/a", "hand@account/b"] {
            observed.add(found(&format!("assignment/s/group/{held}"), "assignment"));
        }
        let mut desired = Desired::default();
        let assignments = ["old", "half", "new"].map(rule).to_vec();
        desired.settings.identity = Some(IdentitySettings { assignments, ..IdentitySettings::default() });
        let comes = ["half@account/b", "new@account/a", "old@account/later", "new@account/b"];
        let changes = comes.map(|held| creates(&format!("assignment/s/group/{held}")));
        let all = after(&observed, &desired, &changes);
        let marks: Vec<String> = all.iter().map(|(address, thing)| format!("{address} {:?}", thing.mark)).collect();
        assert_eq!(
            marks,
            [
                "assignment/s/group/old@ou/W None",
                "assignment/s/group/half@ou/W Some(Update)",
                "assignment/s/group/new@ou/W Some(Create)",
                "assignment/s/group/hand@ou/W None",
            ]
        );
    }

    #[test]
    fn a_unit_stands_for_its_accounts_where_all_of_several_have_it() {
        let parents = [("a", "ou/W/D"), ("b", "ou/W/D"), ("c", "ou/W/P"), ("d", "root"), ("e", "ou/S")];
        let parents: BTreeMap<Address, Address> =
            parents.into_iter().map(|(name, parent)| (Address::account(name), Address::parse(parent))).collect();
        for (accounts, expected) in [
            (&["a", "b", "c", "d", "e"][..], &["root"][..]),
            (&["a", "b", "c"], &["ou/W"]),
            (&["a", "b", "e"], &["account/e", "ou/W/D"]),
            (&["a", "d"], &["account/a", "account/d"]),
        ] {
            let accounts = accounts.iter().map(|name| Address::account(name)).collect();
            let expected: BTreeSet<Address> = expected.iter().map(|text| Address::parse(text)).collect();
            assert_eq!(widest(accounts, &parents), expected);
        }
    }
}
