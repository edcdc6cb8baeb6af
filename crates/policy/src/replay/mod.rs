//! CloudTrail's logs through the policies of two days: what was done and would now be denied, or would now be allowed.
//!
//! Logs come in as bytes and are never held as a whole in parsed form: one event after the other is read, decided and
//! counted.

mod call;
mod denials;
mod event;
mod log;
mod needs;
mod policies;
mod request;
mod tally;

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;

use indexmap::IndexMap;

pub(crate) use denials::denials_of_log;
pub use log::{LogError, inflated};
pub use policies::{AccountPolicies, ReplayPolicies, Sides, read_replay_policies};
pub use tally::{Denial, LoggedDenials, Seen, Skipped, Tally, Undecidable, Unmapped, Unread};

use super::Decision;
use super::services::{Need, Needs, services};
use call::{Call, UnknownCall};
use event::{Caller, Event};
use log::{Opened, Record, for_each_record, open};
use request::Source;
use tally::Slot;

/// How many decisions are remembered at most: some megabytes.
const REMEMBERED: usize = 1 << 15;

/// Replays logs, one after the other.
#[derive(Debug)]
pub struct Replay<'a> {
    policies: &'a ReplayPolicies,
    tally: Tally,
    sorts: Vec<Sort<'a>>,
    /// Places in `sorts`, by the principal's and the resource's account, the service, the event's name, and the actions where
    /// the event's parameters decide about them.
    places: HashMap<Box<[u8]>, usize>,
    /// Where calls are counted, by all that decides about them: few principals make most calls, again and again.
    decided: HashMap<Box<[u8]>, Slot>,
    /// Room for making keys of `places` and `decided`.
    key: Vec<u8>,
}

/// A sort of events that are decided about in the same way.
#[derive(Debug)]
enum Sort<'a> {
    Skipped(Skipped),
    /// No action is known for it. Nothing can deny it where it needs none.
    Unmapped(Option<UnknownCall<'a>>),
    /// The actions that it needs, each decided by itself; none for a call that is always allowed.
    Calls(Vec<Call<'a>>),
}

impl<'a> Replay<'a> {
    /// Begins with nothing counted.
    #[must_use]
    pub fn new(policies: &'a ReplayPolicies) -> Self {
        Self {
            policies,
            tally: Tally::default(),
            sorts: Vec::new(),
            places: HashMap::new(),
            decided: HashMap::new(),
            key: Vec::new(),
        }
    }

    /// Replays one log that has no name, as [`Replay::read_log`].
    ///
    /// # Errors
    /// As for [`Replay::read_log`].
    pub fn read(&mut self, log: &[u8]) -> Result<(), LogError> {
        self.read_log("", log)
    }

    /// Replays one log, already inflated: a file as CloudTrail delivers it, or events as other programs keep them. Of a log
    /// that has events, what else it has is counted under its name.
    ///
    /// # Errors
    /// When it has no event or breaks off; what came before counts.
    pub fn read_log(&mut self, name: &str, log: impl Read) -> Result<(), LogError> {
        let (events_before, mut unknown) = (self.tally.events, IndexMap::new());
        let ended = for_each_record(log, &mut |record| self.take(record, &mut unknown));
        if self.tally.events == events_before && ended.is_ok() {
            return Err(unknown.into_keys().next().map_or(LogError::Empty, LogError::Unknown));
        }
        for (looks_like, count) in unknown {
            self.tally.add_unread(name, &looks_like, count);
        }
        ended
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Tally {
        self.tally
    }

    /// Counts the events of a record, and what is none.
    fn take(&mut self, record: Record<'_>, unknown: &mut IndexMap<String, u64>) {
        let text = match record {
            Record::Json(text) => text,
            Record::Unknown(what) => return note(what, unknown),
        };
        if let Some(event) = written_by_cloudtrail(text) {
            return self.count(&event);
        }
        for opened in open(text) {
            match opened {
                Opened::Event(text) => match written_by_cloudtrail(&text) {
                    Some(event) => self.count(&event),
                    None => note("an event whose members are of other types than CloudTrail's".to_owned(), unknown),
                },
                Opened::Skipped(why) => {
                    self.tally.events += 1;
                    self.tally.skip(why);
                }
                Opened::Unknown(what) => note(what, unknown),
            }
        }
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
        match &self.sorts[place] {
            Sort::Skipped(why) => self.tally.skip(*why),
            Sort::Unmapped(call) => {
                let source = Source { event, policies: self.policies };
                let could_be_denied = call.as_ref().is_some_and(|call| call.could_be_denied(source));
                self.tally.unmapped(event, could_be_denied);
            }
            Sort::Calls(calls) => {
                self.tally.evaluated += 1;
                (0..calls.len()).for_each(|index| self.compare(place, index, event));
            }
        }
    }

    /// The place of an event's sort in `sorts`.
    fn place(&mut self, event: &Event<'_>) -> usize {
        let (source, name) = (event.event_source.get().unwrap_or_default(), event.event_name.get().unwrap_or_default());
        let needs = needs_by_parameters(event, &source, &name);
        let sorted = Sorted::of(event, self.policies.have_rcps());
        self.key.clear();
        let resource = sorted.resource.as_deref().unwrap_or_default();
        for part in [sorted.principal.as_ref(), resource, source.as_ref(), name.as_ref()] {
            add_part(&mut self.key, part);
        }
        needs.iter().flatten().for_each(|need| add_part(&mut self.key, &need.action));
        if let Some(place) = self.places.get(self.key.as_slice()) {
            return *place;
        }
        let needs = needs.map_or_else(|| services().needs_of_event(&source, &name), Needs::Actions);
        self.sorts.push(sorted.sort(self.policies, needs, &source, &name));
        let place = self.sorts.len() - 1;
        self.places.insert(self.key.as_slice().into(), place);
        place
    }

    /// Counts one call of an event where those are counted that are decided alike.
    fn compare(&mut self, place: usize, index: usize, event: &Event<'_>) {
        let Sort::Calls(calls) = &self.sorts[place] else { return };
        let call = &calls[index];
        if call.is_same() {
            return;
        }
        let source = Source { event, policies: self.policies };
        self.key.clear();
        self.key.extend_from_slice(&place.to_ne_bytes());
        self.key.extend_from_slice(&index.to_ne_bytes());
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

    /// A logged denial that names an SCP or RCP shows whether the policies of before are those of the log.
    fn check_denial(&mut self, event: &Event<'_>) {
        let place = self.place(event);
        let Sort::Calls(calls) = &self.sorts[place] else { return };
        let source = Source { event, policies: self.policies };
        let decisions: Vec<Decision> = calls.iter().map(|call| call.decision_before(source)).collect();
        let logged = &mut self.tally.logged_denials;
        logged.total += 1;
        if decisions.contains(&Decision::Deny) {
            logged.explained += 1;
        } else if decisions.iter().all(|decision| *decision == Decision::Allow) {
            logged.contradicted += 1;
        }
    }
}

/// How many sorts of unknown parts of one log are distinguished.
const MOST_UNKNOWN: usize = 20;

fn note(what: String, unknown: &mut IndexMap<String, u64>) {
    let is_new = !unknown.contains_key(&what);
    let what = if is_new && unknown.len() >= MOST_UNKNOWN { "something else".to_owned() } else { what };
    *unknown.entry(what).or_default() += 1;
}

/// The event, if the record is one as CloudTrail writes it.
fn written_by_cloudtrail(record: &str) -> Option<Event<'_>> {
    let event = record.starts_with('{').then(|| serde_json::from_str::<Event<'_>>(record).ok())??;
    event.is_of_cloudtrail().then_some(event)
}

fn add_part(key: &mut Vec<u8>, part: &str) {
    key.extend_from_slice(part.as_bytes());
    // No text has this byte.
    key.push(0xff);
}

/// The actions of an event whose parameters decide which it needs.
fn needs_by_parameters(event: &Event<'_>, source: &str, name: &str) -> Option<Vec<Need>> {
    let adjust = needs::by_parameters(event, services().prefix_of_source(source), name)?;
    let Needs::Actions(mut needs) = services().needs_of_event(source, name) else { return None };
    let parameters = serde_json::from_str(event.written_parameters()).ok()?;
    adjust(&parameters, &mut needs);
    Some(needs)
}

/// Why an event does not count, whatever its account.
fn skipped(event: &Event<'_>) -> Option<Skipped> {
    match () {
        () if event.has_failed() => Some(Skipped::Error),
        () if event.event_type.is("AwsServiceEvent") => Some(Skipped::Service),
        () if event.principal().contains(":role/aws-service-role/") => Some(Skipped::ServiceLinkedRole),
        () => None,
    }
}

/// Whose call it is, and whose the resource, as far as policies go by it.
struct Sorted<'e> {
    /// The account, or a word that is none for a service and for callers without an account.
    principal: Cow<'e, str>,
    resource: Option<Cow<'e, str>>,
    /// Why it is left out where nothing binds it.
    otherwise: Option<Skipped>,
}

impl<'e> Sorted<'e> {
    fn of(event: &Event<'e>, have_rcps: bool) -> Self {
        let resource = || event.resource_account().or_else(|| event.recipient_account_id.get());
        let (principal, otherwise) = match event.caller() {
            Caller::Principal => (event.account().unwrap_or_default(), None),
            Caller::Service(_) => (Cow::Borrowed("service"), Some(Skipped::Service)),
            Caller::Anonymous => (Cow::Borrowed("anonymous"), Some(Skipped::NoPrincipal)),
        };
        Self { principal, resource: have_rcps.then(resource).flatten(), otherwise }
    }

    /// What policies say to such calls. RCPs reach only the resources of some services.
    fn sort<'a>(&self, policies: &'a ReplayPolicies, needs: Needs, event_source: &str, event_name: &str) -> Sort<'a> {
        let prefix = services().prefix_of_source(event_source);
        let resource = self.resource.as_deref().filter(|_| services().has_rcps(prefix));
        let bound = match policies.binding(&self.principal, resource) {
            Ok(bound) => bound,
            Err(why) => return Sort::Skipped(self.otherwise.unwrap_or(why)),
        };
        match needs {
            Needs::Actions(needs) => Sort::Calls(needs.into_iter().map(|need| Call::new(bound, need)).collect()),
            Needs::Nothing if services().look_up_action(&format!("{prefix}:{event_name}")).is_found() => {
                Sort::Calls(Vec::new())
            }
            Needs::Nothing => Sort::Unmapped(None),
            Needs::Unknown => Sort::Unmapped(Some(UnknownCall::new(bound, prefix, event_name))),
        }
    }
}
