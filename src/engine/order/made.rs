use std::collections::BTreeMap;

use crate::kinds::OfKind;
use crate::model::{Action, Address, Change, Desired, Role};

/// What a plan makes, by where it is: what a guardrail could stop.
#[derive(Default)]
pub(super) struct PlannedResources<'a> {
    /// Accounts by the unit or root that they are made in; what is made in an account, by that account and by what it is in.
    places: BTreeMap<Address, Vec<&'a Change>>,
    /// Stack sets, which are in several units.
    pub stack_sets: Vec<&'a Change>,
}

impl<'a> PlannedResources<'a> {
    pub fn of(changes: &'a [Change], desired: &'a Desired) -> PlannedResources<'a> {
        let mut made = PlannedResources::default();
        for change in changes.iter().filter(|change| change.action == Action::Create) {
            match (change.kind_info().role, &change.parent) {
                (Role::StackSet, _) => made.stack_sets.push(change),
                (Role::Account, Some(place)) => made.put(place, change),
                (Role::Attachment | Role::Assignment, _) => {}
                (_, Some(account)) if account.is_account() => {
                    made.put(account, change);
                    let place = desired.get(account).and_then(|wanted| wanted.parent.as_ref());
                    place.iter().for_each(|place| made.put(place, change));
                }
                _ => {}
            }
        }
        made
    }

    fn put(&mut self, place: &Address, change: &'a Change) {
        self.places.entry(place.clone()).or_default().push(change);
    }

    /// What is made at or below a place, stack sets apart.
    pub fn at(&self, place: &Address) -> impl Iterator<Item = &'a Change> {
        let below = format!("{place}/");
        let is_all = place.is_root();
        let all = self.places.iter().filter(move |_| is_all).filter(|(place, _)| !place.is_account());
        let there = (!is_all).then(|| self.places.get(place)).flatten();
        let first = Address::parse(&below);
        let units = self.places.range(first..).take_while(move |(unit, _)| unit.as_str().starts_with(&below));
        let units = units.filter(move |_| !is_all);
        all.map(|(_, made)| made).chain(there).chain(units.map(|(_, made)| made)).flatten().copied()
    }
}
