use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::Event;
use crate::model::{Action, Address};

/// The changes that are under way, and how many have not begun, for anyone who leaves at once.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Ongoing(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    open: BTreeMap<Address, Action>,
    of: usize,
    ended: usize,
}

impl Ongoing {
    pub fn hear(&self, event: &Event) {
        let mut state = self.state();
        match event {
            Event::Began { changes } => (state.of, state.ended) = (*changes, 0),
            Event::Started { address, action } => drop(state.open.insert(address.clone(), *action)),
            Event::Finished { address, .. }
            | Event::Failed { address, .. }
            | Event::Waits { address, .. }
            | Event::Skipped { address, .. }
            | Event::Left { address, .. } => {
                state.open.remove(address);
                state.ended += 1;
            }
            Event::Stopped { address } => drop(state.open.remove(address)),
            _ => {}
        }
    }

    /// What is under way now, and how many changes have not begun.
    pub fn now(&self) -> (Vec<(Address, Action)>, usize) {
        let state = self.state();
        let remaining = state.of.saturating_sub(state.ended + state.open.len());
        (state.open.iter().map(|(address, action)| (address.clone(), *action)).collect(), remaining)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere cannot leave a map half-written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(address: &str) -> Event {
        Event::Started { address: Address::parse(address), action: Action::Create }
    }

    #[test]
    fn what_has_begun_and_not_ended_is_under_way() {
        let ongoing = Ongoing::default();
        ongoing.hear(&Event::Began { changes: 10 });
        for address in ["a", "b", "c", "d", "e"] {
            ongoing.hear(&started(address));
        }
        let (action, at) = (Action::Create, Address::parse);
        ongoing.hear(&Event::Finished { address: at("a"), action, milliseconds: 1 });
        let failed = Event::Failed { address: at("b"), action, error: String::new(), cause: String::new(), help: None };
        ongoing.hear(&failed);
        ongoing.hear(&Event::Waits { address: at("c"), what: String::new() });
        ongoing.hear(&Event::Stopped { address: at("d") });
        ongoing.hear(&started("g"));
        ongoing.hear(&Event::Left { address: at("g"), action });
        ongoing.hear(&Event::Skipped { address: at("f"), because: at("b") });
        assert_eq!(ongoing.now(), (vec![(at("e"), action)], 4));
    }
}
