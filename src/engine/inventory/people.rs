//! Who has which permission set, by the widest places that say it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::kinds::name_of;
use crate::model::{
    Action, Address, AssignmentRule, Body, Change, Desired, InventoryItem, Observed, Role, Tags, body_tags,
};

/// Whether this is an assignment, which is reported by places and not account by account.
pub(super) fn is_one(address: &Address) -> bool {
    address.assigned().is_some()
}

/// What the blueprint's rules say.
pub(super) fn declared(desired: &Desired) -> impl Iterator<Item = (Address, InventoryItem)> {
    let parents = Observed::default().accounts_after(desired);
    desired.lasting_assignment_rules().map(move |rule| {
        let tags = |account: &Address| desired.get(account).map(|wanted| body_tags(&wanted.body)).unwrap_or_default();
        let excluded =
            |(account, parent): &(&Address, &Address)| rule.except.has(account, parent, false, &tags(account));
        let except = parents.iter().filter(excluded).map(|(account, _)| account.clone()).collect();
        by_rule(rule, except, None)
    })
}

/// The blueprint's rules, and what others have assigned, once the changes are made.
pub(super) fn after(observed: &Observed, desired: &Desired, changes: &[Change]) -> Vec<(Address, InventoryItem)> {
    let people = People::new(observed, desired, changes);
    let reported =
        desired.lasting_assignment_rules().map(|rule| by_rule(rule, people.excluded(rule), people.mark(rule)));
    let mut all: Vec<(Address, InventoryItem)> = reported.collect();
    for ((set, principal), accounts) in people.of_others(desired) {
        let places = widest(accounts, &people.parents);
        all.extend(places.iter().map(|place| assigned(&set, &principal, place, None)));
    }
    all
}

/// The assignments in an organization that stay and that come.
struct People<'a> {
    observed: &'a Observed,
    /// Every open account's unit, or the root, once the changes are made.
    parents: BTreeMap<Address, Address>,
    stay: BTreeSet<&'a Address>,
    come: BTreeSet<&'a Address>,
}

impl<'a> People<'a> {
    fn new(observed: &'a Observed, desired: &Desired, changes: &'a [Change]) -> People<'a> {
        let mut parents = observed.accounts_after(desired);
        parents.retain(|account, _| observed.has_open(account) || !observed.accounts.contains_key(account));
        let of = |action| {
            let of_people = changes.iter().filter(move |it| it.action == action && is_one(&it.address));
            of_people.map(|it| &it.address).collect::<BTreeSet<_>>()
        };
        let go = of(Action::Delete);
        let stay = observed.found.keys().filter(|address| is_one(address) && !go.contains(address)).collect();
        People { observed, parents, stay, come: of(Action::Create) }
    }

    /// A rule is new where none of what it comes to is there yet, and changes where an account that was in its place lacks
    /// it; one that comes there makes no other rule of it.
    fn mark(&self, rule: &AssignmentRule) -> Option<Action> {
        let mut come = self.come.iter().filter(|address| self.is_of(address, rule, &self.parents));
        if self.stay.iter().any(|address| self.is_of(address, rule, &self.parents)) {
            let was_there = |address: &&Address| self.is_of(address, rule, &self.observed.accounts);
            return come.copied().any(|address| was_there(&address)).then_some(Action::Update);
        }
        come.next().map(|_| Action::Create)
    }

    /// The accounts by what no rule gives someone in them.
    fn of_others(&self, desired: &Desired) -> BTreeMap<(Address, Address), BTreeSet<Address>> {
        let of_rules =
            |address: &Address| desired.lasting_assignment_rules().any(|rule| self.is_of(address, rule, &self.parents));
        let mut others: BTreeMap<(Address, Address), BTreeSet<Address>> = BTreeMap::new();
        let held = self.stay.iter().filter(|address| !of_rules(address)).filter_map(|address| address.assigned());
        for (set, principal, account) in held {
            others.entry((set, principal)).or_default().insert(account);
        }
        others
    }

    /// Whether an assignment is one that a rule comes to where accounts have these parents.
    fn is_of(&self, assignment: &Address, rule: &AssignmentRule, parents: &BTreeMap<Address, Address>) -> bool {
        let Some((set, principal, account)) = assignment.assigned() else { return false };
        let is_same = set == rule.permission_set && principal == rule.principal;
        is_same && self.is_for(&rule.target, &account, parents) && !self.is_excluded(rule, &account, parents)
    }

    /// Whether a rule excludes an account by its name or its place.
    fn is_excluded(&self, rule: &AssignmentRule, account: &Address, parents: &BTreeMap<Address, Address>) -> bool {
        let root = Address::root();
        let management = self.observed.bindings.id(&Address::management());
        let is_management = account.is_management() || self.observed.bindings.id(account) == management;
        let none = Tags::new();
        let tags = self.observed.account_tags.get(account).unwrap_or(&none);
        rule.except.has(account, parents.get(account).unwrap_or(&root), is_management, tags)
    }

    /// The accounts at its place that a rule is not for.
    fn excluded(&self, rule: &AssignmentRule) -> BTreeSet<Address> {
        let all = self.parents.keys().filter(|account| self.is_for(&rule.target, account, &self.parents));
        all.filter(|account| self.is_excluded(rule, account, &self.parents)).cloned().collect()
    }

    fn is_for(&self, target: &Address, account: &Address, parents: &BTreeMap<Address, Address>) -> bool {
        let bindings = &self.observed.bindings;
        let named = || bindings.id(target).and_then(|id| bindings.address(id));
        *target == *account
            || (*target == Address::management() && named() == Some(account))
            || parents.get(account).is_some_and(|parent| parent.is_below(target))
            || (*account == Address::management() && *target == Address::root())
    }
}

/// What the blueprint says that someone has.
fn by_rule(rule: &AssignmentRule, except: BTreeSet<Address>, mark: Option<Action>) -> (Address, InventoryItem) {
    let (address, item) = assigned(&rule.permission_set, &rule.principal, &rule.target, mark);
    let mut body = Body::new();
    body.extend(rule.until.map(|until| ("until".to_owned(), Value::from(until.to_string()))));
    (address, InventoryItem { except, body, source: rule.source.clone(), ..item })
}

fn assigned(set: &Address, principal: &Address, place: &Address, mark: Option<Action>) -> (Address, InventoryItem) {
    let item = InventoryItem {
        kind: name_of(Role::Assignment).into(),
        covers: BTreeSet::from([place.clone()]),
        mark,
        ..InventoryItem::default()
    };
    (Address::assignment(set, principal, place), item)
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
    use crate::model::Exclusion;
    use crate::model::{Found, IdentitySettings, Owner};

    fn found(address: &str, kind: &str) -> Found {
        Found {
            address: Address::parse(address),
            kind: kind.into(),
            id: address.into(),
            owner: Owner::Unmanaged,
            body: Body::new(),
            parent: None,
            attached_to: Vec::new(),
        }
    }

    fn creates(address: &str) -> Change {
        Change::new(Action::Create, "assignment", Address::parse(address))
    }

    fn rule(principal: &str) -> AssignmentRule {
        AssignmentRule {
            permission_set: Address::permission_set("s"),
            principal: Address::group(principal),
            target: Address::unit(["W"]),
            except: Exclusion::default(),
            until: None,
            source: None,
        }
    }

    /// In W are the accounts a and b; `old` has the set in both, `half` in a, `hand` has it in both by someone else.
    #[test]
    fn a_rule_is_new_or_changes_by_what_it_comes_to_and_others_are_reported_too() {
        let mut observed = Observed::default();
        for (account, parent) in [("a", "ou/W"), ("b", "ou/W"), ("outside", "root")] {
            observed.accounts.insert(Address::account(account), Address::parse(parent));
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
        let marks: Vec<String> = all.iter().map(|(address, item)| format!("{address} {:?}", item.mark)).collect();
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
