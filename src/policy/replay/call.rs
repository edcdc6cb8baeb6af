//! What the policies of one account say to one sort of call.

use std::collections::{BTreeSet, HashMap};

use super::event::Event;
use super::policies::Sides;
use super::request;
use super::tally::Tally;
use crate::policy::evaluate::Candidates;
use crate::policy::services::services;
use crate::policy::{Decision, Request};

/// Calls for which nobody needs a permission, and that a denial does not stop
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>).
const PERMISSIONLESS: [&str; 1] = ["sts:GetCallerIdentity"];

/// Where the events of one account are decided. Few sorts of calls make up all events, so what policies say to each is
/// looked up once.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    pub sides: &'a Sides,
    /// By event source and name; `None` for events without an action.
    pub calls: HashMap<String, HashMap<String, Option<Call<'a>>>>,
}

/// An action, and the statements that are about it.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub action: String,
    pub before: Candidates<'a>,
    after: Candidates<'a>,
    changed_after: Candidates<'a>,
    /// The condition keys that decide, in lower case.
    keys: BTreeSet<&'a str>,
    /// Whether no request for the action is decided otherwise.
    is_same: bool,
}

impl<'a> Desk<'a> {
    /// The sort of call of an event; `None` if no action is known for it.
    pub fn call(&mut self, event: &Event<'_>) -> Option<&Call<'a>> {
        let (source, name) = (event.event_source.as_ref(), event.event_name.as_ref());
        let is_known = self.calls.get(source).is_some_and(|names| names.contains_key(name));
        if !is_known {
            let action = services().action_of_event(source, name);
            let call = action.map(|action| Call::new(self.sides, action));
            self.calls.entry(source.to_owned()).or_default().insert(name.to_owned(), call);
        }
        self.calls.get(source)?.get(name)?.as_ref()
    }
}

impl<'a> Call<'a> {
    fn new(sides: &'a Sides, action: String) -> Self {
        let about = |levels| Candidates::new(levels, &[], &action);
        let (before, after) = (about(&sides.before), about(&sides.after));
        let stays_allowed = before.always_allow() && after.always_allow();
        let is_same = sides.is_same || stays_allowed || PERMISSIONLESS.contains(&action.as_str());
        let changed_after = about(&sides.changed_after);
        let keys = [&before, &after, &changed_after].into_iter().flat_map(Candidates::keys).collect();
        Self { changed_after, before, after, keys, is_same, action }
    }

    /// The request of an event of this sort.
    pub fn request(&self, event: &Event<'_>) -> Request {
        request::of_event(event, &self.action, self.keys.iter().copied())
    }

    /// Counts what is decided otherwise. What succeeded was allowed before, whatever could be known of it; but what the
    /// policies of before deny for certain was not under them.
    pub fn compare(&self, event: &Event<'_>, tally: &mut Tally) {
        if self.is_same {
            return;
        }
        let request = self.request(event);
        let after = self.after.decide(&request);
        match after.decision {
            Decision::Deny => {
                if self.before.decide(&request).decision != Decision::Deny {
                    tally.denied(event, &request, after);
                }
            }
            Decision::Allow => {
                let before = self.before.decide(&request);
                if before.decision == Decision::Deny {
                    tally.allowed(event, &request, before);
                }
            }
            // What depends on unknown keys in the same statements as before depends on nothing that changes.
            Decision::Undecided => {
                if self.changed_after.decide(&request).decision != Decision::Allow {
                    tally.undecided(event, &request, after);
                }
            }
        }
    }
}
