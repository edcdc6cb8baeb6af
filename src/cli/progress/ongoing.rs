use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::engine::Event;
use crate::model::{Action, Address};

/// The changes that are under way, for whoever leaves at once.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Ongoing(Arc<Mutex<BTreeMap<Address, Action>>>);

impl Ongoing {
    pub fn hear(&self, event: &Event) {
        match event {
            Event::Started { address, action } => drop(self.changes().insert(address.clone(), *action)),
            Event::Finished { address, .. }
            | Event::Failed { address, .. }
            | Event::Waits { address, .. }
            | Event::Left { address, .. }
            | Event::Stopped { address } => drop(self.changes().remove(address)),
            _ => {}
        }
    }

    /// What is under way now.
    pub fn now(&self) -> Vec<(Address, Action)> {
        self.changes().iter().map(|(address, action)| (address.clone(), *action)).collect()
    }

    fn changes(&self) -> MutexGuard<'_, BTreeMap<Address, Action>> {
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
        assert_eq!(ongoing.now(), [(at("e"), action)]);
    }
}
