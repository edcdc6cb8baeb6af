//! What a replay counts.

use std::collections::BTreeMap;
use std::hash::Hash;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::event::{Event, Text};
use crate::DecidedBy;

/// Why an event does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Skipped {
    /// It failed.
    Error,
    /// A service made it.
    Service,
    /// A service-linked role made it, which no SCP binds.
    ServiceLinkedRole,
    /// It is of the management account, which no SCP binds, and concerns no resource that an RCP binds.
    ManagementAccount,
    /// It is of an account of which nothing is known, and concerns no resource that an RCP binds.
    UnknownAccount,
    /// No principal of an account made it: an anonymous request, or a sign-in by SAML or OpenID Connect. It concerns no
    /// resource that an RCP binds.
    NoPrincipal,
    /// It is no call but says that the rate of calls is unusual.
    Insight,
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
            Self::NoPrincipal => "no_principal",
            Self::Insight => "insight",
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
    /// The keys that events do not show.
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
    /// Whether what is new may deny some action of the service.
    pub could_be_denied: bool,
}

/// A part of a log that is no event of CloudTrail.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unread {
    /// The log.
    pub log: String,
    /// What the part looks like.
    pub looks_like: String,
}

/// How often something was seen, and one event of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// How often.
    pub count: u64,
    /// The id of the event with the least id, so that it does not depend on the order of the logs.
    pub example: String,
}

/// What the policies of after change for a call.
#[derive(Debug)]
pub(super) enum Change {
    Denied(Denial),
    Allowed(Denial),
    Undecided(Undecidable),
}

/// Where calls are counted that are decided alike.
#[derive(Debug, Clone, Copy)]
pub(super) enum Slot {
    /// Nothing changes for them.
    Unchanged,
    Denied(usize),
    Allowed(usize),
    Undecided(usize),
}

/// Logged denials that name an SCP or RCP, against the policies of before.
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
    pub denied: IndexMap<Denial, Seen>,
    /// What the policies of before deny and would now be allowed.
    pub allowed: IndexMap<Denial, Seen>,
    /// What depends on what events do not show.
    pub undecided: IndexMap<Undecidable, Seen>,
    /// Events without a known action.
    pub unmapped: IndexMap<Unmapped, Seen>,
    /// Parts of logs, or logs, that are no events.
    pub unread: IndexMap<Unread, Seen>,
    /// What became of logged denials.
    pub logged_denials: LoggedDenials,
}

impl Seen {
    fn add(&mut self, count: u64, example: &str) {
        if self.count == 0 || example < self.example.as_str() {
            example.clone_into(&mut self.example);
        }
        self.count += count;
    }
}

impl Tally {
    pub(super) fn skip(&mut self, why: Skipped) {
        *self.skipped.entry(why).or_default() += 1;
    }

    /// Counts parts of a log that are no events, by what they look like.
    pub fn add_unread(&mut self, log: &str, looks_like: &str, count: u64) {
        let unread = Unread { log: log.to_owned(), looks_like: looks_like.to_owned() };
        self.unread.entry(unread).or_default().add(count, "");
    }

    pub(super) fn unmapped(&mut self, event: &Event<'_>, could_be_denied: bool) {
        let text = |text: Text<'_>| text.get().unwrap_or_default().into_owned();
        let (event_source, event_name) = (text(event.event_source), text(event.event_name));
        let unmapped = Unmapped { event_source, event_name, could_be_denied };
        self.unmapped.entry(unmapped).or_default().add(1, &text(event.event_id));
    }

    /// Where calls with this change are counted, from now on.
    pub(super) fn slot(&mut self, change: Option<Change>) -> Slot {
        fn place<K: Hash + Eq>(all: &mut IndexMap<K, Seen>, key: K) -> usize {
            let entry = all.entry(key);
            let place = entry.index();
            entry.or_default();
            place
        }
        match change {
            None => Slot::Unchanged,
            Some(Change::Denied(denial)) => Slot::Denied(place(&mut self.denied, denial)),
            Some(Change::Allowed(denial)) => Slot::Allowed(place(&mut self.allowed, denial)),
            Some(Change::Undecided(undecidable)) => Slot::Undecided(place(&mut self.undecided, undecidable)),
        }
    }

    /// Counts an event where it belongs.
    pub(super) fn count(&mut self, slot: Slot, event: &Event<'_>) {
        let seen = match slot {
            Slot::Unchanged => return,
            Slot::Denied(place) => self.denied.get_index_mut(place).map(|(_, seen)| seen),
            Slot::Allowed(place) => self.allowed.get_index_mut(place).map(|(_, seen)| seen),
            Slot::Undecided(place) => self.undecided.get_index_mut(place).map(|(_, seen)| seen),
        };
        if let Some(seen) = seen {
            seen.add(1, &event.event_id.get().unwrap_or_default());
        }
    }

    /// Whether something would be decided otherwise, or could be: what depends on what events do not show, what no action is
    /// known for while something new denies actions of its service, and what could not be read.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        let is_decided_otherwise = !(self.denied.is_empty() && self.allowed.is_empty());
        let is_uncertain = !self.undecided.is_empty() || self.unmapped.keys().any(|unmapped| unmapped.could_be_denied);
        is_decided_otherwise || is_uncertain || !self.unread.is_empty()
    }

    /// The most frequent first, then by what they are.
    #[must_use]
    pub fn sorted<K: Ord>(all: &IndexMap<K, Seen>) -> Vec<(&K, &Seen)> {
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
        add_all(&mut self.unread, &other.unread);
        self.logged_denials.total += other.logged_denials.total;
        self.logged_denials.explained += other.logged_denials.explained;
        self.logged_denials.contradicted += other.logged_denials.contradicted;
    }

    /// `{"events", "evaluated", "skipped": {WHY: n}, "denied": [{"account", "principal", "action", "decided_by",
    /// "count", "example"}], "allowed", "undecided": [{"missing", "action", "count", "example"}], "unmapped":
    /// [{"event_source", "event_name", "could_be_denied", "count"}], "unread": [{"log", "looks_like", "count"}], "logged_denials": {"total", "explained", "contradicted"}}`, most
    /// frequent first.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let skipped: Map<String, Value> =
            self.skipped.iter().map(|(why, count)| (why.name().to_owned(), json!(count))).collect();
        let unmapped = Self::sorted(&self.unmapped).into_iter().map(|(unmapped, seen)| {
            json!({"event_source": unmapped.event_source, "event_name": unmapped.event_name,
                   "could_be_denied": unmapped.could_be_denied, "count": seen.count})
        });
        let unread = Self::sorted(&self.unread)
            .into_iter()
            .map(|(unread, seen)| json!({"log": unread.log, "looks_like": unread.looks_like, "count": seen.count}));
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
            "unread": unread.collect::<Value>(),
            "logged_denials": {"total": logged.total, "explained": logged.explained,
                               "contradicted": logged.contradicted},
        })
    }
}

fn add_all<K: Clone + Eq + Hash>(all: &mut IndexMap<K, Seen>, more: &IndexMap<K, Seen>) {
    for (key, seen) in more {
        all.entry(key.clone()).or_default().add(seen.count, &seen.example);
    }
}

fn denials(all: &IndexMap<Denial, Seen>) -> Value {
    let one = |(denial, seen): (&Denial, &Seen)| {
        json!({"account": denial.account, "principal": denial.principal, "action": denial.action,
               "decided_by": denial.decided_by, "count": seen.count, "example": seen.example})
    };
    Tally::sorted(all).into_iter().map(one).collect()
}

#[cfg(test)]
mod tests;
