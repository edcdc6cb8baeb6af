use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::cloud::{Awaited, WaitEnd};
use crate::engine::event::WaitingFor;
use crate::model::Address;

/// What the changes that were begun wait for.
#[derive(Debug, Default)]
pub(super) struct Activity(Mutex<Waits>);

#[derive(Debug, Default)]
struct Waits {
    of: HashMap<Address, Awaited>,
    /// The changes that wait for the same.
    groups: BTreeMap<String, Group>,
}

#[derive(Debug)]
struct Group {
    comes: WaitEnd,
    waiting: usize,
    /// Since when some change has waited for it.
    since: Instant,
    /// How many have got it since.
    served: u32,
}

/// So many changes must have got their turn before the time that each takes is believed.
const ENOUGH: u32 = 3;

impl Activity {
    /// Notes what a change waits for from now on, or that it waits no more.
    pub fn note(&self, address: &Address, awaited: Option<&Awaited>) {
        let mut waits = self.waits();
        if let Some(before) = waits.of.remove(address) {
            waits.leave(&before.what);
        }
        if let Some(awaited) = awaited {
            waits.join(awaited);
            waits.of.insert(address.clone(), awaited.clone());
        }
    }

    /// How many changes wait.
    pub fn waiting(&self) -> usize {
        self.waits().of.len()
    }

    /// What they wait for, that first for which most do.
    pub fn reasons(&self) -> Vec<WaitingFor> {
        let waits = self.waits();
        let groups = waits.groups.iter().filter(|(_, group)| group.waiting > 0);
        let mut reasons: Vec<WaitingFor> = groups
            .map(|(what, group)| WaitingFor {
                what: what.clone(),
                changes: group.waiting,
                seconds: group.left().map(|left| left.as_secs_f64().ceil() as u64),
            })
            .collect();
        reasons.sort_by(|one, other| other.changes.cmp(&one.changes).then_with(|| one.what.cmp(&other.what)));
        reasons
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        // A panic elsewhere leaves at most a wrong number on the screen.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waits {
    fn join(&mut self, awaited: &Awaited) {
        let new = || Group { comes: awaited.comes, waiting: 0, since: Instant::now(), served: 0 };
        let group = self.groups.entry(awaited.what.clone()).or_insert_with(new);
        if group.waiting == 0 {
            *group = new();
        }
        group.comes = awaited.comes;
        group.waiting += 1;
    }

    fn leave(&mut self, what: &str) {
        if let Some(group) = self.groups.get_mut(what) {
            group.waiting -= 1;
            group.served += 1;
        }
    }
}

impl Group {
    /// How long it is until the last one has its turn: by the rate, or by how fast turns have come so far.
    fn left(&self) -> Option<Duration> {
        let waiting = u32::try_from(self.waiting).unwrap_or(u32::MAX);
        match self.comes {
            WaitEnd::AtRate(interval) => Some(interval.saturating_mul(waiting)),
            WaitEnd::InTurn if self.served >= ENOUGH => {
                Some((self.since.elapsed() / self.served).saturating_mul(waiting))
            }
            WaitEnd::InTurn | WaitEnd::FromAws => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(activity: &Activity, nth: usize, awaited: Option<&Awaited>) {
        activity.note(&Address::parse(&format!("account/a{nth}")), awaited);
    }

    fn reasons(activity: &Activity) -> Vec<(String, usize, Option<u64>)> {
        activity.reasons().into_iter().map(|it| (it.what, it.changes, it.seconds)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn changes_are_counted_by_what_they_wait_for() {
        let activity = Activity::default();
        let at_rate = Awaited { what: "a rate".into(), comes: WaitEnd::AtRate(Duration::from_millis(1500)) };
        for nth in 0..3 {
            note(&activity, nth, Some(&at_rate));
        }
        note(&activity, 3, Some(&Awaited::aws("AWS")));
        assert_eq!(reasons(&activity), [("a rate".into(), 3, Some(5)), ("AWS".into(), 1, None)]);
        note(&activity, 0, Some(&Awaited::aws("AWS")));
        note(&activity, 1, None);
        assert_eq!(reasons(&activity), [("AWS".into(), 2, None), ("a rate".into(), 1, Some(2))]);
        assert_eq!(activity.waiting(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_in_turn_is_estimated_by_the_turns_so_far() {
        let activity = Activity::default();
        for nth in 0..100 {
            note(&activity, nth, Some(&Awaited::turn("five at a time")));
        }
        tokio::time::advance(Duration::from_secs(60)).await;
        for nth in 0..2 {
            note(&activity, nth, None);
        }
        assert_eq!(reasons(&activity), [("five at a time".into(), 98, None)], "two turns say little");
        for nth in 2..5 {
            note(&activity, nth, None);
        }
        // Five a minute: 95 take 19 minutes.
        assert_eq!(reasons(&activity), [("five at a time".into(), 95, Some(19 * 60))]);
    }
}
