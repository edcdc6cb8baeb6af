//! CloudTrail's logs through the policies of two days: what was done and would now be denied, or would now be allowed.
//!
//! Logs come in as bytes and are never held as a whole in parsed form: one event after the other is read, decided and
//! counted.

mod event;
mod log;
mod policies;
mod request;
mod tally;

use std::collections::HashMap;

pub use policies::{ReplayPolicies, Sides, read_replay_policies};
pub use tally::{Denial, LoggedDenials, Seen, Skipped, Tally, Undecidable, Unmapped};

use super::services::services;
use super::{Decision, Request, Verdict, evaluate};
use event::Event;

/// Replays logs, one after the other.
#[derive(Debug)]
pub struct Replay<'a> {
    policies: &'a ReplayPolicies,
    /// Actions by event source and name, `None` for events without one.
    actions: HashMap<String, HashMap<String, Option<String>>>,
    tally: Tally,
}

impl<'a> Replay<'a> {
    /// Begins with nothing counted.
    #[must_use]
    pub fn new(policies: &'a ReplayPolicies) -> Self {
        Self { policies, actions: HashMap::new(), tally: Tally::default() }
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
        let sides = match self.sides_of(event) {
            Ok(sides) => sides,
            Err(why) => return self.tally.skip(why),
        };
        let Some(action) = self.action_of(event) else {
            return self.tally.unmapped(event);
        };
        self.tally.evaluated += 1;
        if !sides.is_same && !PERMISSIONLESS.contains(&action.as_str()) {
            let request = request::of_event(event, &action);
            self.compare(event, sides, &request);
        }
    }

    /// The policies of the account that an event counts for, or why it does not count.
    fn sides_of(&mut self, event: &Event<'_>) -> Result<&'a Sides, Skipped> {
        if event.is_digest() {
            return Err(Skipped::Digest);
        }
        let sides = event.account().map(|account| self.policies.of_account(account));
        if event.error_code.is_some() {
            if let Some(Ok(sides)) = sides {
                self.check_denial(event, sides);
            }
            return Err(Skipped::Error);
        }
        if event.is_of_service() {
            return Err(Skipped::Service);
        }
        if event.principal().is_some_and(|arn| arn.contains(":role/aws-service-role/")) {
            return Err(Skipped::ServiceLinkedRole);
        }
        sides.unwrap_or(Err(Skipped::UnknownAccount))
    }

    /// A logged denial that names an SCP tells whether the policies of before are those of the log.
    fn check_denial(&mut self, event: &Event<'_>, sides: &Sides) {
        if !event.is_denied_by_scp() {
            return;
        }
        let Some(action) = self.action_of(event) else { return };
        let verdict = evaluate(&sides.before, &[], &request::of_event(event, &action));
        self.tally.logged_denials.total += 1;
        match verdict.decision {
            Decision::Deny => self.tally.logged_denials.explained += 1,
            Decision::Allow => self.tally.logged_denials.contradicted += 1,
            Decision::Undecided => {}
        }
    }

    fn action_of(&mut self, event: &Event<'_>) -> Option<String> {
        let (source, name) = (event.event_source.as_ref(), event.event_name.as_ref());
        if let Some(known) = self.actions.get(source).and_then(|names| names.get(name)) {
            return known.clone();
        }
        let action = services().action_of_event(source, name);
        self.actions.entry(source.to_owned()).or_default().insert(name.to_owned(), action.clone());
        action
    }

    /// What succeeded was allowed before, whatever could be known of it; but what the policies of before deny for
    /// certain was not under them.
    fn compare(&mut self, event: &Event<'_>, sides: &Sides, request: &Request) {
        let after = evaluate(&sides.after, &[], request);
        let before = || evaluate(&sides.before, &[], request);
        match after.decision {
            Decision::Deny if before().decision != Decision::Deny => self.tally.denied(event, request, after),
            Decision::Allow => {
                let before = before();
                if before.decision == Decision::Deny {
                    self.tally.allowed(event, request, before);
                }
            }
            Decision::Undecided => self.undecided(event, sides, request, after),
            Decision::Deny => {}
        }
    }

    /// What depends on unknown keys in the same statements as before depends on nothing that changes.
    fn undecided(&mut self, event: &Event<'_>, sides: &Sides, request: &Request, after: Verdict) {
        if evaluate(&sides.changed_after, &[], request).decision != Decision::Allow {
            self.tally.undecided(event, request, after);
        }
    }
}

/// Calls for which nobody needs a permission, and that a denial does not stop
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>).
const PERMISSIONLESS: [&str; 1] = ["sts:GetCallerIdentity"];
