//! CloudTrail's logs through the policies of two days: what was done and would now be denied, or would now be allowed.
//!
//! Logs come in as bytes and are never held as a whole in parsed form: one event after the other is read, decided and
//! counted.

mod call;
mod event;
mod log;
mod policies;
mod request;
mod tally;

use std::collections::HashMap;

pub use policies::{AccountPolicies, ReplayPolicies, Sides, read_replay_policies};
pub use tally::{Denial, LoggedDenials, Seen, Skipped, Tally, Undecidable, Unmapped};

use super::Decision;
use super::services::services;
use call::Call;
use event::Event;
use request::Source;
use tally::Slot;

/// How many decisions are remembered at most: some megabytes.
const REMEMBERED: usize = 1 << 15;

/// Replays logs, one after the other.
#[derive(Debug)]
pub struct Replay<'a> {
    policies: &'a ReplayPolicies,
    tally: Tally,
    calls: Vec<Result<Call<'a>, Uncounted>>,
    /// Places in `calls`, by the principal's and the resource's account, the service and the event's name.
    sorts: HashMap<Box<[u8]>, usize>,
    /// Where calls are counted, by all that decides about them: few principals make most calls, again and again.
    decided: HashMap<Box<[u8]>, Slot>,
    /// Room for making keys of `sorts` and `decided`.
    key: Vec<u8>,
}

/// Why a sort of call is not decided about.
#[derive(Debug, Clone, Copy)]
enum Uncounted {
    Skipped(Skipped),
    /// No action is known for it.
    Unmapped,
}

impl<'a> Replay<'a> {
    /// Begins with nothing counted.
    #[must_use]
    pub fn new(policies: &'a ReplayPolicies) -> Self {
        Self {
            policies,
            tally: Tally::default(),
            calls: Vec::new(),
            sorts: HashMap::new(),
            decided: HashMap::new(),
            key: Vec::new(),
        }
    }

    /// Replays one log: a file as CloudTrail delivers it, already inflated, a list of events, or one event after the
    /// other.
    ///
    /// # Errors
    /// When it is not JSON of one of these forms; what came before counts.
    pub fn read(&mut self, log: &[u8]) -> Result<(), serde_json::Error> {
        log::for_each_event(log, |event| self.count(&event))
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Tally {
        self.tally
    }

    fn count(&mut self, event: &Event<'_>) {
        self.tally.events += 1;
        if let Some(why) = skipped(event) {
            if why == Skipped::Error && event.is_denied_by_policy() {
                self.check_denial(event);
            }
            return self.tally.skip(why);
        }
        let place = self.place(event);
        match &self.calls[place] {
            Err(Uncounted::Skipped(why)) => self.tally.skip(*why),
            Err(Uncounted::Unmapped) => self.tally.unmapped(event),
            Ok(call) => {
                self.tally.evaluated += 1;
                if !call.is_same() {
                    self.compare(place, event);
                }
            }
        }
    }

    /// The place of an event's sort in `calls`.
    fn place(&mut self, event: &Event<'_>) -> usize {
        let principal = event.account().unwrap_or_default();
        let resource = if self.policies.have_rcps() {
            event.resource_account().or_else(|| event.recipient_account_id.get())
        } else {
            None
        };
        let (source, name) = (event.event_source.get().unwrap_or_default(), event.event_name.get().unwrap_or_default());
        self.key.clear();
        for part in [principal.as_ref(), resource.as_deref().unwrap_or_default(), source.as_ref(), name.as_ref()] {
            self.key.extend_from_slice(part.as_bytes());
            // No text has this byte.
            self.key.push(0xff);
        }
        if let Some(place) = self.sorts.get(self.key.as_slice()) {
            return *place;
        }
        self.calls.push(call(self.policies, &principal, resource.as_deref(), &source, &name));
        let place = self.calls.len() - 1;
        self.sorts.insert(self.key.as_slice().into(), place);
        place
    }

    /// Counts an event where those are counted that are decided alike.
    fn compare(&mut self, place: usize, event: &Event<'_>) {
        let Ok(call) = &self.calls[place] else { return };
        let source = Source { event, policies: self.policies };
        self.key.clear();
        self.key.extend_from_slice(&place.to_ne_bytes());
        call.add_to_key(source, &mut self.key);
        let known = self.decided.get(self.key.as_slice()).copied();
        let slot = known.unwrap_or_else(|| {
            let slot = self.tally.slot(call.change(source));
            if self.decided.len() == REMEMBERED {
                self.decided.clear();
            }
            self.decided.insert(self.key.as_slice().into(), slot);
            slot
        });
        self.tally.count(slot, event);
    }

    /// A logged denial that names an SCP or RCP tells whether the policies of before are those of the log.
    fn check_denial(&mut self, event: &Event<'_>) {
        let place = self.place(event);
        let Ok(call) = &self.calls[place] else { return };
        let logged = &mut self.tally.logged_denials;
        logged.total += 1;
        match call.decision_before(Source { event, policies: self.policies }) {
            Decision::Deny => logged.explained += 1,
            Decision::Allow => logged.contradicted += 1,
            Decision::Undecided => {}
        }
    }
}

/// Why an event does not count, whatever its account.
fn skipped(event: &Event<'_>) -> Option<Skipped> {
    match () {
        () if event.is_digest() => Some(Skipped::Digest),
        () if event.error_code.is_some() => Some(Skipped::Error),
        () if event.is_of_service() => Some(Skipped::Service),
        () if event.principal().is_some_and(|arn| arn.contains(":role/aws-service-role/")) => {
            Some(Skipped::ServiceLinkedRole)
        }
        () => None,
    }
}

/// What policies say to a sort of call. RCPs reach only the resources of some services.
fn call<'a>(
    policies: &'a ReplayPolicies,
    principal: &str,
    resource: Option<&str>,
    event_source: &str,
    event_name: &str,
) -> Result<Call<'a>, Uncounted> {
    let action = services().action_of_event(event_source, event_name);
    let has_rcps = |action: &String| services().has_rcps(action);
    let resource = resource.filter(|_| action.as_ref().is_some_and(has_rcps));
    let bound = policies.binding(principal, resource).map_err(Uncounted::Skipped)?;
    action.map(|action| Call::new(bound, action)).ok_or(Uncounted::Unmapped)
}
