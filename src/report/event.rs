//! What happens during an apply, in words.

use std::collections::BTreeSet;

use super::clean::clean;
use super::line::Line;
use super::naming::subject;
use super::paint::Paint;
use super::sentence::{count, listed};
use crate::engine::{Counts, Event};
use crate::model::{Action, Address};

/// What an event means for the caller that shows progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventMessage {
    /// So many changes will be made.
    Begin(usize),
    /// This change is under way; say so while it is.
    Open(Address, Line),
    /// What the change under way is at.
    At(Address, String),
    /// This change has ended, well or not; without a line where there is nothing new to say of it.
    Close(Address, Option<Line>),
    /// How far the apply is.
    Count(Counts),
    /// Something to know beside the changes.
    Note(Line),
}

/// Turns events into words. An outage that stops many changes is reported once: the end of the apply counts them.
#[derive(Debug, Default)]
pub struct EventMessages {
    /// Whether to show what repeats as well.
    all: bool,
    causes: BTreeSet<String>,
}

impl EventMessages {
    /// One that shows `all`, or what is new alone.
    pub fn new(all: bool) -> EventMessages {
        EventMessages { all, ..EventMessages::default() }
    }

    /// An event as it is reported.
    pub fn message(&mut self, event: &Event) -> EventMessage {
        let is_new = match event {
            Event::Failed { cause, .. } => self.causes.insert(cause.clone()),
            Event::Skipped { .. } | Event::Stopped { .. } => false,
            _ => true,
        };
        match message(event) {
            EventMessage::Close(address, _) if !is_new && !self.all => EventMessage::Close(address, None),
            message => message,
        }
    }
}

fn message(event: &Event) -> EventMessage {
    let close = |address: &Address, line: Line| EventMessage::Close(address.clone(), Some(line));
    match event {
        Event::Began { changes } => EventMessage::Begin(*changes),
        Event::Started { address, action } => {
            EventMessage::Open(address.clone(), mark(*action).plain(phrase(doing(*action), address)))
        }
        Event::Progress { address, message } => EventMessage::At(address.clone(), clean(message)),
        Event::Finished { address, action, milliseconds } => {
            let line = mark(*action).plain(phrase(done(*action), address));
            close(address, line.with(Paint::Dim, format!(" ({})", seconds(*milliseconds))))
        }
        Event::Failed { address, action, error, .. } => {
            let line = Line::of(Paint::Danger, "✗ ").plain(format!("{} failed: ", attempt(*action, address)));
            close(address, line.plain(clean(error)))
        }
        Event::Skipped { address, because } => {
            let line = Line::of(Paint::Changed, "· ").plain(format!("{} not tried: it needs ", subject(address)));
            close(address, line.plain(subject(because)))
        }
        Event::Stopped { address } => close(
            address,
            Line::of(Paint::Changed, "· ").plain(format!("{} stopped before it began", subject(address))),
        ),
        Event::Left { address, action } => {
            let line = Line::of(Paint::Changed, "! ").plain(under_way(*action, address));
            close(address, line.plain(" is left to AWS, which was asked for it"))
        }
        Event::Counts(counts) => EventMessage::Count(counts.clone()),
        Event::Waits { address, what } => {
            let line = Line::of(Paint::Changed, "! ").plain(format!("{} waits: {}", subject(address), clean(what)));
            close(address, line)
        }
        Event::LeaseWatched { holder, seconds } => EventMessage::Note(Line::of(Paint::Changed, "! ").plain(format!(
            "{} applies something or was cut off: watching for {seconds} s whether it is alive",
            clean(holder)
        ))),
        Event::LeaseTaken { holder } => EventMessage::Note(
            Line::of(Paint::Changed, "! ").plain(format!("{} gave no sign of life: its place is taken", clean(holder))),
        ),
        Event::Interrupted { under_way, remaining, changes } => {
            let changes: Vec<_> = changes.iter().map(|change| (change.address.clone(), change.action)).collect();
            let awaited = match changes.is_empty() {
                true => String::new(),
                false => format!("waiting up to 5 s for {under_way} under way ({}); ", under_way_words(&changes)),
            };
            EventMessage::Note(
                Line::of(Paint::Changed, "! ")
                    .plain(format!("stopping: {awaited}{remaining} not begun; press Ctrl-C again to leave at once")),
            )
        }
    }
}

/// Accounts that AWS was asked for are made, whatever becomes of this program, so they are named first.
fn under_way_words(changes: &[(Address, Action)]) -> String {
    let (accounts, others): (Vec<_>, Vec<_>) =
        changes.iter().partition(|(address, action)| address.is_account() && *action == Action::Create);
    let accounts: Vec<String> = accounts.iter().map(|(address, _)| subject(address)).collect();
    let asked = (!accounts.is_empty()).then(|| format!("AWS was asked for {}", listed(&accounts)));
    let others: Vec<String> = others.iter().map(|(address, action)| phrase(doing(*action), address)).collect();
    asked.into_iter().chain((!others.is_empty()).then(|| listed(&others))).collect::<Vec<_>>().join("; ")
}

/// What is written when the program is asked to leave at once: the changes that are under way, how many have not begun, and until
/// when the lease keeps other applies out: `2026-11-30T23:59:12Z`.
pub fn left_text(under_way: &[(Address, Action)], remaining: usize, lease_until: &str) -> String {
    let open = match under_way.len() {
        0 => "no change was under way".to_owned(),
        number => {
            let changes = count(number, "change was", "changes were");
            format!("{changes} under way, which AWS may still carry out ({})", under_way_words(under_way))
        }
    };
    let remaining = match remaining {
        0 => String::new(),
        number => format!("; {} not begun", count(number, "change has", "changes have")),
    };
    format!(
        "stopped at once: {open}{remaining}\n  help: run apply again: it continues from what AWS has by then. The lease of this \
         apply runs out by itself: no apply has to wait for it after {lease_until}\n"
    )
}

fn mark(action: Action) -> Line {
    Line::of(Paint::of_action(action), format!("{} ", action.glyph()))
}

/// What an action is called for what stands for itself, and for what hangs on something else.
type Verbs = (&'static str, &'static str);

fn doing(action: Action) -> Verbs {
    match action {
        Action::Create => ("creating", "attaching"),
        Action::Update => ("updating", "updating"),
        Action::Delete => ("deleting", "detaching"),
        Action::Adopt => ("adopting", "adopting"),
        Action::Move => ("moving", "moving"),
    }
}

fn done(action: Action) -> Verbs {
    match action {
        Action::Create => ("created", "attached"),
        Action::Update => ("updated", "updated"),
        Action::Delete => ("deleted", "detached"),
        Action::Adopt => ("adopted", "adopted"),
        Action::Move => ("moved", "moved"),
    }
}

fn to_do(action: Action) -> Verbs {
    match action {
        Action::Create => ("create", "attach"),
        Action::Delete => ("delete", "detach"),
        other => (other.verb(), other.verb()),
    }
}

/// The action as done, of anything.
pub(super) fn done_word(action: Action) -> &'static str {
    done(action).0
}

/// `created ou/Workloads`, `attached scp/region-guard to root`, `assigned administrator to group/team in account/a`.
fn phrase((verb, attached): Verbs, address: &Address) -> String {
    if let Some((permission_set, principal, account)) = address.assigned() {
        let (assign, word) = match attached.strip_prefix("detach") {
            Some(ending) => (format!("unassign{ending}"), "from"),
            None => (attached.replace("attach", "assign"), "to"),
        };
        let set = clean(&permission_set.name());
        return format!("{assign} {set} {word} {} in {}", subject(&principal), subject(&account));
    }
    match address.split_target() {
        Some((what, target)) => {
            let word = if attached.starts_with("detach") { "from" } else { "to" };
            format!("{attached} {} {word} {}", subject(&what), subject(&target))
        }
        None => format!("{verb} {}", subject(address)),
    }
}

/// The change that is under way: `creating account/a`.
pub(super) fn under_way(action: Action, address: &Address) -> String {
    phrase(doing(action), address)
}

/// The change that failed, as what was to be done.
pub(super) fn attempt(action: Action, address: &Address) -> String {
    phrase(to_do(action), address)
}

/// `0.3 s`, `12 s`, `4 min 5 s`.
pub(super) fn seconds(milliseconds: u128) -> String {
    match milliseconds {
        0..10_000 => format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100),
        10_000..120_000 => format!("{} s", milliseconds / 1000),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::UnderWay;

    fn failed(address: &str, cause: &str) -> Event {
        let (address, cause) = (Address::parse(address), cause.to_owned());
        Event::Failed { address, action: Action::Create, error: cause.clone(), cause, help: None }
    }

    fn line(message: EventMessage) -> Option<String> {
        match message {
            EventMessage::Close(_, line) => line.map(|line| line.to_plain()),
            EventMessage::Note(line) => Some(line.to_plain()),
            _ => None,
        }
    }

    #[test]
    fn an_outage_is_reported_once() {
        let mut messages = EventMessages::new(false);
        let mut message = |event: Event| line(messages.message(&event));
        assert_eq!(message(failed("ou/A", "no network")).as_deref(), Some("✗ create ou/A failed: no network"));
        assert_eq!(message(failed("ou/B", "no network")), None);
        assert_eq!(message(failed("ou/C", "no right")).as_deref(), Some("✗ create ou/C failed: no right"));
        let skipped = Event::Skipped { address: Address::parse("ou/A/B"), because: Address::parse("ou/A") };
        assert_eq!(message(skipped.clone()), None);
        assert_eq!(
            line(EventMessages::new(true).message(&skipped)).as_deref(),
            Some("· ou/A/B not tried: it needs ou/A")
        );
    }

    #[test]
    fn an_interruption_names_the_accounts_that_aws_was_asked_for() {
        let change = |address: &str, action| UnderWay { address: Address::parse(address), action };
        let changes = vec![change("account/a", Action::Create), change("account/b", Action::Move)];
        let event = Event::Interrupted { under_way: 2, remaining: 7, changes };
        assert_eq!(
            line(EventMessages::new(false).message(&event)).as_deref(),
            Some(
                "! stopping: waiting up to 5 s for 2 under way (AWS was asked for account/a; moving account/b); 7 not begun; \
                 press Ctrl-C again to leave at once"
            )
        );
        let event = Event::Interrupted { under_way: 0, remaining: 7, changes: Vec::new() };
        assert_eq!(
            line(EventMessages::new(false).message(&event)).as_deref(),
            Some("! stopping: 7 not begun; press Ctrl-C again to leave at once")
        );
    }

    #[test]
    fn what_is_left_to_aws_is_reported_with_what_it_was_asked_for() {
        let event = Event::Left { address: Address::parse("account/a"), action: Action::Create };
        let message = line(EventMessages::new(false).message(&event));
        assert_eq!(message.as_deref(), Some("! creating account/a is left to AWS, which was asked for it"));
    }

    #[test]
    fn anyone_who_leaves_at_once_learns_what_is_under_way() {
        let nothing = left_text(&[], 0, "2026-11-30T12:00:30Z");
        assert!(nothing.starts_with("stopped at once: no change was under way\n"), "{nothing}");
        let text = left_text(&[(Address::parse("account/a"), Action::Create)], 7, "2026-11-30T12:00:30Z");
        assert!(text.starts_with("stopped at once: 1 change was under way"), "{text}");
        assert!(text.contains("(AWS was asked for account/a); 7 changes have not begun\n"), "{text}");
        assert!(text.ends_with("no apply has to wait for it after 2026-11-30T12:00:30Z\n"), "{text}");
    }

    #[test]
    fn assignments_are_reported_as_what_they_do() {
        let address = Address::parse("assignment/admin/group/team@account/a");
        let message =
            [doing, done, to_do].map(|verbs| [Action::Create, Action::Delete].map(|it| phrase(verbs(it), &address)));
        assert_eq!(
            message[0],
            ["assigning admin to group/team in account/a", "unassigning admin from group/team in account/a"]
        );
        assert_eq!(
            message[1],
            ["assigned admin to group/team in account/a", "unassigned admin from group/team in account/a"]
        );
        assert_eq!(
            message[2],
            ["assign admin to group/team in account/a", "unassign admin from group/team in account/a"]
        );
    }

    #[test]
    fn times_are_as_exact_as_people_want_them() {
        assert_eq!([340, 12_345, 245_000].map(seconds), ["0.3 s", "12 s", "4 min 5 s"]);
    }
}
