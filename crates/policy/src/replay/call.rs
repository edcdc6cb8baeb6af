//! What policies say to one sort of call.

use std::collections::BTreeSet;

use super::policies::Bound;
use super::request::{EventKey, Source};
use super::tally::{Change, Denial, Undecidable};
use crate::evaluate::Candidates;
use crate::{Decision, Need, Request, Verdict};

/// An action, and the statements that are about it where someone of one account uses a resource of one account. Few
/// sorts of calls make up all events, so what policies say to each is looked up once.
#[derive(Debug)]
pub(super) struct Call<'a> {
    action: String,
    /// Whether every such call needs the action.
    is_certain: bool,
    before: Candidates<'a>,
    after: Candidates<'a>,
    /// Of those before, and of those after, what the others do not have.
    gone: Candidates<'a>,
    new: Candidates<'a>,
    /// The condition keys that decide, in lower case.
    keys: Vec<&'a str>,
    heeds_resource: bool,
}

impl<'a> Call<'a> {
    pub fn new(bound: Bound<'a>, need: Need) -> Self {
        let Bound { scps, rcps } = bound;
        let Need { action, is_certain } = need;
        let before = Candidates::new(&scps.before, &rcps.before, &action);
        let after = Candidates::new(&scps.after, &rcps.after, &action);
        let gone = Candidates::new(&scps.gone, &rcps.gone, &action);
        let new = Candidates::new(&scps.new, &rcps.new, &action);
        let keys: BTreeSet<&str> = before.keys().union(&after.keys()).copied().collect();
        let heeds_resource = before.heed_resource() || after.heed_resource();
        Self { action, is_certain, before, after, gone, new, keys: keys.into_iter().collect(), heeds_resource }
    }

    /// Whether no request for the action is decided otherwise. What either side denies the other denies as well, where
    /// nothing is gone and nothing is new.
    pub fn is_same(&self) -> bool {
        self.gone.always_allow() && self.new.always_allow()
    }

    /// Adds to a key of a map all that decides about an event of this sort. Parts end with bytes that no text has.
    pub fn add_to_key(&self, source: Source<'_>, key: &mut Vec<u8>) {
        let mut add = |text: &str, end: u8| {
            key.extend_from_slice(text.as_bytes());
            key.push(end);
        };
        add(&source.event.principal(), 0xff);
        for name in self.keys.iter().filter(|name| **name != "aws:principalarn") {
            match source.held(name) {
                EventKey::Value(value) => add(&value, 0xff),
                EventKey::Foreign(_) => add("", 0xfc),
                EventKey::Absent => add("", 0xfe),
                EventKey::Nothing => add("", 0xfd),
            }
        }
        if self.heeds_resource {
            match source.resource(&self.action) {
                Some(resource) => add(&resource, 0xff),
                None => add("", 0xfd),
            }
        }
    }

    /// What is decided otherwise. What succeeded was allowed before, whatever could be known of it; but what the
    /// policies of before deny for certain was not under them.
    pub fn change(&self, source: Source<'_>) -> Option<Change> {
        let request = self.request(source);
        let allows = |candidates: &Candidates<'_>| candidates.decide(&request).decision == Decision::Allow;
        let is_new_allowed = allows(&self.new);
        if is_new_allowed && allows(&self.gone) {
            return None;
        }
        let (before, after) = (self.before.decide(&request), self.after.decide(&request));
        match (before.decision, after.decision) {
            (Decision::Deny, Decision::Deny) => None,
            // Whether the call needed the action at all depends on its parameters.
            (_, Decision::Deny) if !self.is_certain => {
                Some(Change::Undecided(Undecidable { missing: vec![PARAMETERS.to_owned()], action: request.action }))
            }
            (Decision::Deny, Decision::Allow) if !self.is_certain => None,
            (_, Decision::Deny) => denial(request, after).map(Change::Denied),
            (Decision::Deny, Decision::Allow) => denial(request, before).map(Change::Allowed),
            // What depends on unknown keys in the same statements as before depends on nothing that changes.
            (_, Decision::Undecided) if !is_new_allowed => {
                Some(Change::Undecided(Undecidable { missing: after.missing, action: request.action }))
            }
            _ => None,
        }
    }

    /// What the policies of before decide.
    pub fn decision_before(&self, source: Source<'_>) -> Decision {
        self.before.decide(&self.request(source)).decision
    }

    fn request(&self, source: Source<'_>) -> Request {
        source.request(&self.action, &self.keys)
    }
}

/// What is missing where the parameters that say which actions a call needs are.
const PARAMETERS: &str = "requestParameters";

/// A call of a service for which no action is known.
#[derive(Debug)]
pub(super) struct UnknownCall<'a> {
    action: String,
    /// Of the statements after, what those before do not have.
    new: Candidates<'a>,
    keys: Vec<&'a str>,
}

impl<'a> UnknownCall<'a> {
    /// A call of the service with this prefix and the event's name in place of an action.
    pub fn new(bound: Bound<'a>, prefix: &str, event_name: &str) -> Self {
        let new = Candidates::of_service(&bound.scps.new, &bound.rcps.new, prefix);
        let keys = new.keys().into_iter().collect();
        Self { action: format!("{prefix}:{event_name}"), new, keys }
    }

    /// Whether what is new may deny it.
    pub fn could_be_denied(&self, source: Source<'_>) -> bool {
        !self.new.always_allow()
            && self.new.decide(&source.request(&self.action, &self.keys)).decision != Decision::Allow
    }
}

fn denial(request: Request, verdict: Verdict) -> Option<Denial> {
    let Request { principal_arn, account, action, .. } = request;
    let account = account.unwrap_or_default();
    Some(Denial { account, principal: principal_arn, action, decided_by: verdict.decided_by? })
}

#[cfg(test)]
mod tests;
