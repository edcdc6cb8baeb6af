//! What a replay counts.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value, json};

use super::event::Event;
use crate::policy::{DecidedBy, Request, Verdict};

/// Why an event does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skipped {
    /// It failed.
    Error,
    /// A service made it.
    Service,
    /// A service-linked role made it, which no SCP binds.
    ServiceLinkedRole,
    /// It is of the management account, which no SCP binds.
    ManagementAccount,
    /// It is of an account of which nothing is known.
    UnknownAccount,
    /// It is no event but a file of hashes.
    Digest,
}

impl Skipped {
    /// The word for it in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Service => "service",
            Self::ServiceLinkedRole => "service_linked_role",
            Self::ManagementAccount => "management_account",
            Self::UnknownAccount => "unknown_account",
            Self::Digest => "digest",
        }
    }
}

/// Calls of one principal that one statement decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Denial {
    /// The principal's account.
    pub account: String,
    /// The principal's ARN, that of the role and not of its session.
    pub principal: String,
    /// The action.
    pub action: String,
    /// What denies it.
    pub decided_by: DecidedBy,
}

/// Calls that cannot be decided about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Undecidable {
    /// The keys that events do not tell.
    pub missing: Vec<String>,
    /// The action.
    pub action: String,
}

/// Events for which no action is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unmapped {
    /// The service, as `signin.amazonaws.com`.
    pub event_source: String,
    /// The event.
    pub event_name: String,
}

/// How often something was seen, and one event of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// How often.
    pub count: u64,
    /// The id of the event with the least id, so that it does not depend on the order of the logs.
    pub example: String,
}

/// Logged denials that name an SCP, against the policies of before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoggedDenials {
    /// How many there are.
    pub total: u64,
    /// How many the policies of before deny.
    pub explained: u64,
    /// How many they allow: they are not the policies under which the log was written.
    pub contradicted: u64,
}

/// What a replay found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that were read.
    pub events: u64,
    /// Events that were decided about.
    pub evaluated: u64,
    /// Events that do not count, by why.
    pub skipped: BTreeMap<Skipped, u64>,
    /// What succeeded and would now be denied.
    pub denied: HashMap<Denial, Seen>,
    /// What the policies of before deny and would now be allowed.
    pub allowed: HashMap<Denial, Seen>,
    /// What depends on what events do not tell.
    pub undecided: HashMap<Undecidable, Seen>,
    /// Events without a known action.
    pub unmapped: HashMap<Unmapped, Seen>,
    /// What became of logged denials.
    pub logged_denials: LoggedDenials,
}

impl Seen {
    fn add(&mut self, other: &Seen) {
        if self.count == 0 || other.example < self.example {
            self.example.clone_from(&other.example);
        }
        self.count += other.count;
    }
}

fn once(event: &Event<'_>) -> Seen {
    Seen { count: 1, example: event.event_id.get().unwrap_or_default().to_owned() }
}

impl Tally {
    pub(super) fn skip(&mut self, why: Skipped) {
        *self.skipped.entry(why).or_default() += 1;
    }

    pub(super) fn unmapped(&mut self, event: &Event<'_>) {
        let (event_source, event_name) = (event.event_source.to_string(), event.event_name.to_string());
        self.unmapped.entry(Unmapped { event_source, event_name }).or_default().add(&once(event));
    }

    pub(super) fn denied(&mut self, event: &Event<'_>, request: &Request, verdict: Verdict) {
        add_denial(&mut self.denied, event, request, verdict);
    }

    pub(super) fn allowed(&mut self, event: &Event<'_>, request: &Request, verdict: Verdict) {
        add_denial(&mut self.allowed, event, request, verdict);
    }

    pub(super) fn undecided(&mut self, event: &Event<'_>, request: &Request, verdict: Verdict) {
        let undecidable = Undecidable { missing: verdict.missing, action: request.action.clone() };
        self.undecided.entry(undecidable).or_default().add(&once(event));
    }

    /// Whether something would be decided otherwise, or could be.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        !(self.denied.is_empty() && self.allowed.is_empty() && self.undecided.is_empty())
    }

    /// The most frequent first, then by what they are.
    #[must_use]
    pub fn sorted<K: Ord>(all: &HashMap<K, Seen>) -> Vec<(&K, &Seen)> {
        let mut sorted: Vec<(&K, &Seen)> = all.iter().collect();
        sorted.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(b.0)));
        sorted
    }

    /// Adds what another replay of the same policies found.
    pub fn add(&mut self, other: &Self) {
        self.events += other.events;
        self.evaluated += other.evaluated;
        for (why, count) in &other.skipped {
            *self.skipped.entry(*why).or_default() += count;
        }
        add_all(&mut self.denied, &other.denied);
        add_all(&mut self.allowed, &other.allowed);
        add_all(&mut self.undecided, &other.undecided);
        add_all(&mut self.unmapped, &other.unmapped);
        self.logged_denials.total += other.logged_denials.total;
        self.logged_denials.explained += other.logged_denials.explained;
        self.logged_denials.contradicted += other.logged_denials.contradicted;
    }

    /// `{"events", "evaluated", "skipped": {WHY: n}, "denied": [{"account", "principal", "action", "decided_by",
    /// "count", "example"}], "allowed", "undecided": [{"missing", "action", "count", "example"}], "unmapped":
    /// [{"event_source", "event_name", "count"}], "logged_denials": {"total", "explained", "contradicted"}}`, most
    /// frequent first.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let skipped: Map<String, Value> =
            self.skipped.iter().map(|(why, count)| (why.name().to_owned(), json!(count))).collect();
        let unmapped = Self::sorted(&self.unmapped).into_iter().map(|(unmapped, seen)| {
            json!({"event_source": unmapped.event_source, "event_name": unmapped.event_name, "count": seen.count})
        });
        let undecided = Self::sorted(&self.undecided).into_iter().map(|(undecided, seen)| {
            json!({"missing": undecided.missing, "action": undecided.action, "count": seen.count,
                   "example": seen.example})
        });
        let logged = self.logged_denials;
        json!({
            "events": self.events,
            "evaluated": self.evaluated,
            "skipped": skipped,
            "denied": denials(&self.denied),
            "allowed": denials(&self.allowed),
            "undecided": undecided.collect::<Value>(),
            "unmapped": unmapped.collect::<Value>(),
            "logged_denials": {"total": logged.total, "explained": logged.explained,
                               "contradicted": logged.contradicted},
        })
    }
}

fn add_denial(all: &mut HashMap<Denial, Seen>, event: &Event<'_>, request: &Request, verdict: Verdict) {
    let Some(decided_by) = verdict.decided_by else { return };
    let denial = Denial {
        account: request.account.clone().unwrap_or_default(),
        principal: request.principal_arn.clone(),
        action: request.action.clone(),
        decided_by,
    };
    all.entry(denial).or_default().add(&once(event));
}

fn add_all<K: Clone + Eq + std::hash::Hash>(all: &mut HashMap<K, Seen>, more: &HashMap<K, Seen>) {
    for (key, seen) in more {
        all.entry(key.clone()).or_default().add(seen);
    }
}

fn denials(all: &HashMap<Denial, Seen>) -> Value {
    let one = |(denial, seen): (&Denial, &Seen)| {
        json!({"account": denial.account, "principal": denial.principal, "action": denial.action,
               "decided_by": denial.decided_by, "count": seen.count, "example": seen.example})
    };
    Tally::sorted(all).into_iter().map(one).collect()
}
