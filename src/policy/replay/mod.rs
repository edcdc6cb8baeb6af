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

pub use policies::{ReplayPolicies, Sides, read_replay_policies};
pub use tally::{Denial, LoggedDenials, Seen, Skipped, Tally, Undecidable, Unmapped};

use super::Decision;
use call::Desk;
use event::Event;

/// Replays logs, one after the other.
#[derive(Debug)]
pub struct Replay<'a> {
    policies: &'a ReplayPolicies,
    accounts: HashMap<String, Desk<'a>>,
    tally: Tally,
}

impl<'a> Replay<'a> {
    /// Begins with nothing counted.
    #[must_use]
    pub fn new(policies: &'a ReplayPolicies) -> Self {
        Self { policies, accounts: HashMap::new(), tally: Tally::default() }
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
            if why == Skipped::Error && event.is_denied_by_scp() {
                self.check_denial(event);
            }
            return self.tally.skip(why);
        }
        let account = event.account().unwrap_or_default();
        let desk = match desk(&mut self.accounts, self.policies, account) {
            Ok(desk) => desk,
            Err(why) => return self.tally.skip(why),
        };
        match desk.call(event) {
            None => self.tally.unmapped(event),
            Some(call) => {
                self.tally.evaluated += 1;
                call.compare(event, &mut self.tally);
            }
        }
    }

    /// A logged denial that names an SCP tells whether the policies of before are those of the log.
    fn check_denial(&mut self, event: &Event<'_>) {
        let desk = event.account().and_then(|account| desk(&mut self.accounts, self.policies, account).ok());
        let Some(call) = desk.and_then(|desk| desk.call(event)) else { return };
        let logged = &mut self.tally.logged_denials;
        logged.total += 1;
        match call.before.decide(&call.request(event)).decision {
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

/// The desk at which an account's events are decided, set up when the first comes.
fn desk<'d, 'a>(
    desks: &'d mut HashMap<String, Desk<'a>>,
    policies: &'a ReplayPolicies,
    account: &str,
) -> Result<&'d mut Desk<'a>, Skipped> {
    let sides = policies.of_account(account)?;
    if !desks.contains_key(account) {
        desks.insert(account.to_owned(), Desk { sides, calls: HashMap::new() });
    }
    desks.get_mut(account).ok_or(Skipped::UnknownAccount)
}
