use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::names::first_in_circles;
use super::reach::{STACK_SET, units};
use crate::kinds::kind;
use crate::model::{Action, Address, Change, Desired, Observed, Refusal, Wanted, field_references};

/// Says of every change which others come first.
///
/// Two rules order everything: wait for what you need; leave before what you hang on is deleted. Three more
/// keep it safe on the way: a name is free before it is taken, what binds accounts is replaced before it is
/// taken away, and a guardrail comes after the accounts and stacks that are made under it but before those that move
/// there. Stack sets come after the accounts that are made under them, so that they are waited for as well.
pub(super) fn order(changes: &mut [Change], desired: &Desired, observed: &Observed) -> Option<Refusal> {
    let needs: Vec<BTreeSet<Address>> = {
        let first = first_in_circles(changes);
        let plan = Plan { changes, desired, observed, by_address: index(changes), first };
        let freed = plan.names_freed();
        let binding = plan.binding();
        changes.iter().map(|change| plan.needs(change, &freed, &binding)).collect()
    };
    for (change, needs) in changes.iter_mut().zip(needs) {
        change.needs = needs.into_iter().filter(|need| *need != change.address).collect();
    }
    circle(changes)
}

struct Plan<'a> {
    changes: &'a [Change],
    desired: &'a Desired,
    observed: &'a Observed,
    by_address: BTreeMap<Address, usize>,
    /// Those that take a name before it is free: see [`super::names`].
    first: BTreeSet<Address>,
}

/// A name where it must be the only one of its kind.
type Slot = (String, Option<Address>, String, String);

/// The changes of what binds accounts, by what they hang on.
type Binding<'a> = BTreeMap<Address, Vec<&'a Change>>;

fn index(changes: &[Change]) -> BTreeMap<Address, usize> {
    changes.iter().enumerate().map(|(i, change)| (change.address.clone(), i)).collect()
}

impl<'a> Plan<'a> {
    fn needs(&self, change: &Change, freed: &BTreeMap<Slot, Address>, binding: &Binding<'a>) -> BTreeSet<Address> {
        let mut needs = BTreeSet::new();
        if let Some(wanted) = self.wanted(&change.address) {
            let all = wanted.needs.iter().chain(&wanted.parent);
            needs.extend(all.filter(|need| self.must_come_first(change, need)).cloned());
        }
        needs.extend(self.awaited(change));
        if change.action == Action::Delete {
            needs.extend(self.hanging_on(&change.address));
        }
        if let Some(slot) = self.taken(change).filter(|_| !self.first.contains(&change.address))
            && let Some(freer) = freed.get(&slot)
        {
            needs.insert(freer.clone());
        }
        needs.extend(self.freeing(change));
        needs.extend(self.binding_first(change, binding));
        if change.kind == STACK_SET && change.action != Action::Delete {
            needs.extend(self.accounts_made_for(change));
        }
        needs
    }

    fn wanted(&self, address: &Address) -> Option<&Wanted> {
        crate::kinds::wanted(self.desired, self.observed, address)
    }

    /// What is needed must exist; what it becomes later is another matter. Only what makes a thing hold somewhere waits
    /// for the thing's update too: a policy says what it should before it is attached anywhere.
    fn must_come_first(&self, change: &Change, need: &Address) -> bool {
        let Some(other) = self.by_address.get(need).map(|i| &self.changes[*i]) else { return false };
        let makes_it_hold = change.address.hanging().is_some_and(|(_, target)| target != *need);
        match other.action {
            Action::Create => true,
            Action::Update | Action::Adopt => makes_it_hold,
            Action::Move | Action::Delete => false,
        }
    }

    /// What gives the values that are known only after apply.
    fn awaited<'b>(&'b self, change: &'b Change) -> impl Iterator<Item = Address> + 'b {
        let awaited = change.fields.iter().flat_map(|field| field_references(&field.path, &field.after));
        let givers = awaited.map(|reference| reference.output().map_or(reference, |(stack, _)| stack));
        givers.filter(|giver| self.by_address.contains_key(giver) && !self.is_deleted(giver))
    }

    /// The changes of what hangs on `address` now.
    fn hanging_on<'b>(&'b self, address: &'b Address) -> impl Iterator<Item = Address> + 'b {
        self.changes
            .iter()
            .filter(move |change| {
                self.observed.get(&change.address).is_some_and(|found| found.hangs_on.contains(address))
            })
            .map(|change| change.address.clone())
            // Where what it hangs on is a policy that goes, and it hangs on a unit that goes, the unit takes it along.
            .chain(self.carried_away(address))
    }

    fn carried_away(&self, policy: &Address) -> Vec<Address> {
        self.observed
            .found
            .keys()
            .filter_map(Address::hanging)
            .filter(|(hanging, target)| hanging == policy && self.is_deleted(target))
            .map(|(_, target)| target)
            .collect()
    }

    fn is_deleted(&self, address: &Address) -> bool {
        self.by_address.get(address).is_some_and(|i| self.changes[*i].action == Action::Delete)
    }

    fn names_freed(&self) -> BTreeMap<Slot, Address> {
        self.changes
            .iter()
            .filter_map(|change| {
                let name = match change.action {
                    Action::Delete => self.observed.found.get(&change.address)?.body.get("name")?.clone(),
                    _ => change.field("name").map(|field| field.before.clone()).filter(Value::is_string)?,
                };
                Some((self.slot(change, &name)?, change.address.clone()))
            })
            .collect()
    }

    fn taken(&self, change: &Change) -> Option<Slot> {
        let name = &change.field("name").filter(|_| change.action != Action::Delete)?.after;
        self.slot(change, name)
    }

    /// Accounts may share a name; units beside each other and policies of one type may not.
    fn slot(&self, change: &Change, name: &Value) -> Option<Slot> {
        let name = name.as_str().filter(|_| change.kind != "account")?;
        Some((change.kind.clone(), change.parent.clone(), change.address.prefix().into(), name.into()))
    }

    /// The changes that take away what this one's stacks would meet.
    fn freeing<'b>(&'b self, change: &'b Change) -> impl Iterator<Item = Address> + 'b {
        let met = self.observed.occupied.iter().filter(|occupied| occupied.address == change.address);
        let freeing = met.flat_map(|occupied| self.changes.iter().filter(|other| occupied.is_freed_by(other)));
        freeing.map(|other| other.address.clone())
    }

    fn binding(&self) -> Binding<'a> {
        let mut binding: Binding<'a> = BTreeMap::new();
        for change in self.changes.iter().filter(|change| kind(&change.kind).is_some_and(|kind| kind.binds_accounts()))
        {
            if let Some((_, target)) = change.address.hanging() {
                binding.entry(target).or_default().push(change);
            }
        }
        binding
    }

    fn binding_first(&self, change: &Change, binding: &Binding<'a>) -> Vec<Address> {
        let made =
            |target: &Address| binding.get(target).into_iter().flatten().filter(|other| other.action == Action::Create);
        if let Some((policy, target)) = change.address.hanging() {
            return match change.action {
                Action::Delete => made(&target)
                    .filter(|other| other.address.prefix() == policy.prefix())
                    .map(|other| other.address.clone())
                    .collect(),
                _ => self.made_under(&target),
            };
        }
        match (&change.kind[..], change.field("parent").and(change.parent.as_ref())) {
            ("account", Some(parent)) => parent
                .path()
                .iter()
                .flat_map(|place| made(place).map(|other| other.address.clone()).collect::<Vec<_>>())
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Accounts, and stacks in accounts: a guardrail could stop either.
    fn is_made_under(&self, change: &Change, target: &Address) -> bool {
        match (&change.kind[..], &change.parent) {
            ("account", Some(place)) => place.is_below(target),
            ("stack", Some(account)) => {
                let place = self.wanted(account).and_then(|wanted| wanted.parent.as_ref());
                account == target || place.is_some_and(|place| place.is_below(target))
            }
            (STACK_SET, _) => self.units_of(change).any(|unit| self.share_accounts(unit, target)),
            _ => false,
        }
    }

    /// The units whose accounts get the stacks of a stack set.
    fn units_of<'b>(&'b self, change: &Change) -> impl Iterator<Item = &'b Address> {
        self.wanted(&change.address).into_iter().flat_map(|wanted| units(&wanted.needs))
    }

    /// Whether an account could lie in the unit and be, or lie in, the target of a guardrail.
    fn share_accounts(&self, unit: &Address, target: &Address) -> bool {
        let account = self.wanted(target).filter(|wanted| wanted.kind == "account");
        let target = account.and_then(|account| account.parent.as_ref()).unwrap_or(target);
        unit.is_below(target) || target.is_below(unit)
    }

    fn accounts_made_for(&self, set: &Change) -> Vec<Address> {
        let units: Vec<&Address> = self.units_of(set).collect();
        let made = self.changes.iter().filter(|change| change.kind == "account" && change.action == Action::Create);
        let place = |account: &Change| account.parent.clone().unwrap_or_else(Address::root);
        let inside = made.filter(|account| units.iter().any(|unit| place(account).is_below(unit)));
        inside.map(|account| account.address.clone()).collect()
    }

    fn made_under(&self, target: &Address) -> Vec<Address> {
        self.changes
            .iter()
            .filter(|change| change.action == Action::Create && self.is_made_under(change, target))
            .map(|change| change.address.clone())
            .collect()
    }
}

/// The changes that wait for each other, if any do: such a plan cannot be done in any order.
fn circle(changes: &[Change]) -> Option<Refusal> {
    let mut left: BTreeMap<&Address, BTreeSet<&Address>> =
        changes.iter().map(|change| (&change.address, change.needs.iter().collect())).collect();
    loop {
        let free: Vec<&Address> = left
            .iter()
            .filter(|(_, needs)| !needs.iter().any(|need| left.contains_key(need)))
            .map(|(a, _)| *a)
            .collect();
        if free.is_empty() {
            break;
        }
        for address in free {
            left.remove(address);
        }
    }
    if left.is_empty() {
        return None;
    }
    let names: Vec<&str> = left.keys().map(|address| address.as_str()).collect();
    Some(Refusal {
        code: "circle".into(),
        address: left.keys().next().map(|address| (*address).clone()),
        message: format!("these changes wait for each other: {}", names.join(", ")),
        help: "do it in two steps: give one of them another name first, apply, then the names that you want".into(),
    })
}
