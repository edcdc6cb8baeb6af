use std::collections::{BTreeMap, BTreeSet};

use super::names::first_in_circles;
use super::reach::units;
use crate::kinds::OfKind;
use crate::model::{
    Action, Address, Change, Desired, Names, Observed, Refusal, Role, Wanted, body_name, field_references,
};

mod circle;
mod denials;
mod made;
mod sequence;
#[cfg(test)]
mod tests;

use made::PlannedResources;
use sequence::{DependencyReason, Sequence};

/// Says of every change which others come first.
///
/// A change *needs* what it cannot be made without, or what would be unsafe without: where that fails, the change is
/// skipped.
/// - What it refers to, lives in or is attached to exists; what gives it values has them.
/// - What hangs on something has left before that is deleted.
/// - A name is free before it is taken, and so is the place of what there can be only one of.
/// - What denies is attached before what it replaces is detached or overwritten ([`denials`]), and an account moves to where
///   its guardrails are attached already, unless what it is denied now requires otherwise.
///
/// It only comes *after* what must have had its chance, whatever came of it:
/// - A guardrail is attached after accounts are made under it, and what lives in them, which it could stop. One that cannot
///   be made, or waits for a person, must not keep the others unguarded.
/// - A stack set is deployed after accounts are made under it, so that they are waited for as well.
/// - Stacks are deployed in an account after it has moved, since they may use what is shared with its unit; not where the
///   account waits for guardrails that come after these stacks. An account that comes from the root, where an interrupted
///   apply left it, moves before both, as a new one does.
pub(super) fn order(changes: &mut [Change], desired: &Desired, observed: &Observed) -> Option<Refusal> {
    let mut sequence = Sequence::default();
    let first = first_in_circles(changes);
    let made = PlannedResources::of(changes, desired);
    let rules = Rules { changes, desired, observed, by_address: index(changes), first, made };
    rules.fill(&mut sequence);
    denials::keep(changes, desired, observed, &mut sequence);
    rules.await_moves(&mut sequence, |account| rules.is_in_root(account));
    rules.await_guardrails(&mut sequence);
    rules.await_moves(&mut sequence, |_| true);
    for change in changes.iter_mut() {
        (change.needs, change.after) = sequence.of(&change.address);
    }
    circle::refusal(&sequence)
}

struct Rules<'a> {
    changes: &'a [Change],
    desired: &'a Desired,
    observed: &'a Observed,
    by_address: BTreeMap<Address, usize>,
    /// Those that take a name before it is free: see [`super::names`].
    first: BTreeSet<Address>,
    made: PlannedResources<'a>,
}

/// A name where it must be the only one of its kind.
type Slot = (String, Option<Address>, String, String);

fn index(changes: &[Change]) -> BTreeMap<Address, usize> {
    changes.iter().enumerate().map(|(i, change)| (change.address.clone(), i)).collect()
}

impl Rules<'_> {
    fn fill(&self, sequence: &mut Sequence) {
        let freed = self.names_freed();
        let attached = self.attached();
        for change in self.changes {
            let mut need = |others: Vec<Address>, because| {
                others.into_iter().for_each(|other| sequence.need(&change.address, other, because));
            };
            need(self.required(change), DependencyReason::Requirement);
            need(self.givers(change, false), DependencyReason::Requirement);
            need(self.givers(change, true), DependencyReason::Output);
            need(self.leaving(change), DependencyReason::Requirement);
            need(
                self.taken(change).and_then(|slot| freed.get(&slot)).cloned().into_iter().collect(),
                DependencyReason::Name,
            );
            need(self.freeing(change), DependencyReason::Requirement);
            need(self.replacing(change, &attached), DependencyReason::Denial);
            self.made_under(change).into_iter().for_each(|other| sequence.follow(&change.address, other));
        }
    }

    fn change(&self, address: &Address) -> Option<&Change> {
        self.by_address.get(address).map(|i| &self.changes[*i])
    }

    fn wanted(&self, address: &Address) -> Option<&Wanted> {
        self.desired.get(address)
    }

    fn required(&self, change: &Change) -> Vec<Address> {
        let wanted = self.wanted(&change.address);
        let all = wanted.into_iter().flat_map(|wanted| wanted.needs.iter().chain(&wanted.parent));
        all.filter(|need| self.must_come_first(change, need)).cloned().collect()
    }

    /// What is needed must exist; what it becomes later is another matter. Two wait for an update too: what makes a
    /// resource hold somewhere, since a policy says what it should before it is attached anywhere, and what the organization
    /// must have all features for.
    fn must_come_first(&self, change: &Change, need: &Address) -> bool {
        let Some(other) = self.change(need) else { return false };
        let makes_it_hold = change.address.split_target().is_some_and(|(_, target)| target != *need);
        match other.action {
            Action::Create => true,
            Action::Update | Action::Adopt => makes_it_hold || *need == Address::organization(),
            Action::Move | Action::Delete => false,
        }
    }

    /// What gives the values that are known only after apply: outputs of stacks, or ids.
    fn givers(&self, change: &Change, outputs: bool) -> Vec<Address> {
        let awaited = change.fields.iter().flat_map(|field| field_references(&field.path, &field.after));
        let givers = awaited.filter_map(|reference| match reference.output() {
            Some((stack, _)) => outputs.then_some(stack),
            None => (!outputs).then_some(reference),
        });
        givers.filter(|giver| self.by_address.contains_key(giver) && !self.is_deleted(giver)).collect()
    }

    /// The changes of what hangs now on what is deleted.
    fn leaving(&self, change: &Change) -> Vec<Address> {
        if change.action != Action::Delete {
            return Vec::new();
        }
        let address = &change.address;
        let hangs = |other: &&Change| {
            self.observed.get(&other.address).is_some_and(|found| found.attached_to.contains(address))
        };
        let attachments = self.changes.iter().filter(hangs).map(|other| other.address.clone());
        attachments.chain(self.carried_away(address)).collect()
    }

    /// Where what is deleted is a policy and it is attached to a unit that is deleted, the unit's deletion detaches it.
    fn carried_away(&self, policy: &Address) -> impl Iterator<Item = Address> {
        let attached = self.observed.found.keys().filter_map(Address::split_target);
        attached
            .filter(move |(attached, target)| attached == policy && self.is_deleted(target))
            .map(|(_, target)| target)
    }

    fn is_deleted(&self, address: &Address) -> bool {
        self.change(address).is_some_and(|change| change.action == Action::Delete)
    }

    fn names_freed(&self) -> BTreeMap<Slot, Address> {
        self.changes
            .iter()
            .filter_map(|change| {
                let name = match change.action {
                    Action::Delete => body_name(&self.observed.found.get(&change.address)?.body)?,
                    _ => change.field("name")?.before.as_str()?,
                };
                Some((self.slot(change, name)?, change.address.clone()))
            })
            .collect()
    }

    fn taken(&self, change: &Change) -> Option<Slot> {
        if self.first.contains(&change.address) {
            return None;
        }
        let name = &change.field("name").filter(|_| change.action != Action::Delete)?.after;
        self.slot(change, name.as_str()?)
    }

    /// Accounts may share a name; units beside each other and policies of one type may not.
    fn slot(&self, change: &Change, name: &str) -> Option<Slot> {
        if change.kind_info().names == Names::Shared {
            return None;
        }
        Some((change.kind.clone(), change.parent.clone(), change.address.prefix().into(), name.into()))
    }

    /// The changes that remove what this one's stacks would meet.
    fn freeing(&self, change: &Change) -> Vec<Address> {
        let met = self.observed.findings.occupied.iter().filter(|occupied| occupied.address == change.address);
        let freeing = met.flat_map(|occupied| self.changes.iter().filter(|other| occupied.is_freed_by(other)));
        freeing.map(|other| other.address.clone()).collect()
    }

    /// What will be attached or assigned, by where.
    fn attached(&self) -> BTreeMap<Address, Vec<&Change>> {
        let mut attached: BTreeMap<Address, Vec<&Change>> = BTreeMap::new();
        let binding = |change: &&Change| change.kind_info().binds_accounts;
        for change in self.changes.iter().filter(|change| change.action == Action::Create).filter(binding) {
            if let Some((_, target)) = change.address.split_target() {
                attached.entry(target).or_default().push(change);
            }
        }
        attached
    }

    /// What takes the place of a policy that is detached, or of an assignment that is removed: all policies of the type that
    /// are attached there, and whatever else the principal or the permission set gets there.
    fn replacing(&self, change: &Change, attached: &BTreeMap<Address, Vec<&Change>>) -> Vec<Address> {
        let Some((what, target)) = change.address.split_target().filter(|_| change.action == Action::Delete) else {
            return Vec::new();
        };
        let replaces = |other: &&&Change| match (change.address.assigned(), other.address.assigned()) {
            (Some((set, principal, _)), Some((other_set, other_principal, _))) => {
                set == other_set || principal == other_principal
            }
            (None, None) => other.address.prefix() == what.prefix(),
            _ => false,
        };
        let there = attached.get(&target).into_iter().flatten();
        there.filter(replaces).map(|other| other.address.clone()).collect()
    }

    /// An account that moves needs the guardrails that are attached where it goes.
    fn await_guardrails(&self, sequence: &mut Sequence) {
        let attached = self.attached();
        for change in self.changes.iter().filter(|change| denials::is_move(change)) {
            let path = change.parent.as_ref().map(Address::path).unwrap_or_default();
            let there = path.iter().filter_map(|place| attached.get(place)).flatten();
            for other in there.filter(|other| other.is_a(Role::Attachment)) {
                if !sequence.waits_for(&other.address, &change.address) {
                    sequence.need(&change.address, other.address.clone(), DependencyReason::Denial);
                }
            }
        }
    }

    /// What is deployed in an account that moves comes after that, unless the move waits for it.
    fn await_moves(&self, sequence: &mut Sequence, is_due: impl Fn(&Change) -> bool) {
        for account in self.changes.iter().filter(|change| denials::is_move(change) && is_due(change)) {
            for change in self.changes.iter().filter(|change| self.is_deployed_in(change, account)) {
                if !sequence.waits_for(&account.address, &change.address) {
                    sequence.follow(&change.address, account.address.clone());
                }
            }
        }
    }

    fn is_in_root(&self, account: &Change) -> bool {
        let found = self.observed.get(&account.address);
        found.is_some_and(|found| found.parent == Some(Address::root()))
    }

    fn is_deployed_in(&self, change: &Change, account: &Change) -> bool {
        let is_there = match change.kind_info().role {
            Role::Stack => change.parent.as_ref() == Some(&account.address),
            Role::StackSet => self.is_account_of(account, change),
            _ => false,
        };
        is_there && change.action != Action::Delete
    }

    /// What is made under this change, and so must have had its chance before.
    fn made_under(&self, change: &Change) -> Vec<Address> {
        match (change.kind_info().role, change.address.split_target()) {
            _ if change.action == Action::Delete => Vec::new(),
            (Role::Attachment, Some((_, target))) => {
                let sets = self.made.stack_sets.iter();
                let sets = sets.filter(|set| self.units_of(set).any(|unit| self.share_accounts(unit, &target)));
                self.made.at(&target).chain(sets.copied()).map(|other| other.address.clone()).collect()
            }
            (Role::StackSet, _) => {
                let made = self.changes.iter().filter(|other| other.action == Action::Create);
                made.filter(|other| self.is_account_of(other, change)).map(|other| other.address.clone()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The units whose accounts get the stacks of a stack set.
    fn units_of(&self, change: &Change) -> impl Iterator<Item = &Address> {
        self.wanted(&change.address).into_iter().flat_map(|wanted| units(&wanted.needs))
    }

    /// Whether an account could lie in the unit and be, or lie in, the target of a guardrail.
    fn share_accounts(&self, unit: &Address, target: &Address) -> bool {
        let account = self.wanted(target).filter(|wanted| wanted.is_a(Role::Account));
        let target = account.and_then(|account| account.parent.as_ref()).unwrap_or(target);
        unit.is_below(target) || target.is_below(unit)
    }

    /// Whether a change makes an account for the stack set, or opts one of its accounts in to a region.
    fn is_account_of(&self, change: &Change, set: &Change) -> bool {
        let account = match (change.kind_info().role, &change.parent) {
            (Role::Account, place) => place.clone(),
            (Role::OptIn, Some(account)) => self.wanted(account).and_then(|wanted| wanted.parent.clone()),
            _ => return false,
        };
        let place = account.unwrap_or_else(Address::root);
        self.units_of(set).any(|unit| place.is_below(unit))
    }
}
