use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::kinds::Step;
use crate::model::Address;

/// Which changes wait for which. What ends looks only at those that waited for it, so that a plan of any size takes a time that
/// grows with its changes and what they wait for.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// What waits for a change, by that change.
    awaiting: HashMap<Address, Vec<Address>>,
    /// How many others each change waits for still.
    open: HashMap<Address, usize>,
    /// Those that wait for nothing any more and have not been taken.
    ready: BTreeSet<Address>,
}

impl Queue {
    /// `steps` wait for those of each other that they need or come after; what is not among them is there already.
    pub fn of(steps: &[Step]) -> Queue {
        let all: BTreeMap<&Address, &Step> = steps.iter().map(|step| (&step.change.address, step)).collect();
        let mut queue = Queue::default();
        for (address, step) in &all {
            let awaited: BTreeSet<&Address> = step.change.needs.iter().chain(&step.change.after).collect();
            let awaited: Vec<&Address> = awaited.into_iter().filter(|other| all.contains_key(*other)).collect();
            if awaited.is_empty() {
                queue.ready.insert((*address).clone());
            }
            queue.open.insert((*address).clone(), awaited.len());
            for other in awaited {
                queue.awaiting.entry(other.clone()).or_default().push((*address).clone());
            }
        }
        queue
    }

    /// The changes that have come to wait for nothing since the last time. What they need and has failed, has skipped them already.
    pub fn take_ready(&mut self) -> BTreeSet<Address> {
        std::mem::take(&mut self.ready)
    }

    /// Nothing waits for a change any more, since it was made, failed or was skipped. Answers what waited for it.
    pub fn ended(&mut self, address: &Address) -> Vec<Address> {
        let waited = self.awaiting.remove(address).unwrap_or_default();
        for waiting in &waited {
            let Some(open) = self.open.get_mut(waiting) else { continue };
            *open -= 1;
            if *open == 0 {
                self.ready.insert(waiting.clone());
            }
        }
        waited
    }
}
