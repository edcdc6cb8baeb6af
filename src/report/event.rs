//! What happens during an apply, in words.

use super::clean::clean;
use super::line::Line;
use super::naming::subject;
use super::paint::Paint;
use crate::engine::Event;
use crate::model::{Action, Address};

/// What an event means for whoever shows progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// So many changes will be made.
    Begin(usize),
    /// This change is under way; say so while it is.
    Open(Address, Line),
    /// What the change under way is at.
    At(Address, String),
    /// This change has ended, well or not.
    Close(Address, Line),
    /// Something to know beside the changes.
    Note(Line),
}

/// An event as it is told.
pub fn tell(event: &Event) -> Told {
    match event {
        Event::Began { changes } => Told::Begin(*changes),
        Event::Started { address, action } => {
            Told::Open(address.clone(), mark(*action).plain(phrase(doing(*action), address)))
        }
        Event::Progress { address, message } => Told::At(address.clone(), clean(message)),
        Event::Finished { address, action, milliseconds } => {
            let line = mark(*action).plain(phrase(done(*action), address));
            Told::Close(address.clone(), line.with(Paint::Dim, format!(" ({})", seconds(*milliseconds))))
        }
        Event::Failed { address, action, error, .. } => {
            let line = Line::of(Paint::Danger, "✗ ").plain(format!("{} failed: ", attempt(*action, address)));
            Told::Close(address.clone(), line.plain(clean(error)))
        }
        Event::Skipped { address, because } => {
            let line = Line::of(Paint::Changed, "· ").plain(format!("{} not tried: it needs ", subject(address)));
            Told::Close(address.clone(), line.plain(subject(because)))
        }
        Event::Waits { address, what } => {
            let line = Line::of(Paint::Changed, "! ").plain(format!("{} waits: {}", subject(address), clean(what)));
            Told::Close(address.clone(), line)
        }
        Event::LeaseWatched { holder, seconds } => Told::Note(Line::of(Paint::Changed, "! ").plain(format!(
            "{} applies something or was cut off: watching for {seconds} s whether it is alive",
            clean(holder)
        ))),
        Event::LeaseTaken { holder } => Told::Note(
            Line::of(Paint::Changed, "! ").plain(format!("{} gave no sign of life: its place is taken", clean(holder))),
        ),
        Event::Interrupted { under_way, remaining } => Told::Note(Line::of(Paint::Changed, "! ").plain(format!(
            "stopping: finishing {under_way} under way, {remaining} not begun; once more to leave at once"
        ))),
    }
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
fn phrase((verb, hanging): Verbs, address: &Address) -> String {
    if let Some((permission_set, principal, account)) = address.assigned() {
        let (assign, word) = match hanging.strip_prefix("detach") {
            Some(ending) => (format!("unassign{ending}"), "from"),
            None => (hanging.replace("attach", "assign"), "to"),
        };
        let set = clean(&permission_set.name());
        return format!("{assign} {set} {word} {} in {}", subject(&principal), subject(&account));
    }
    match address.hanging() {
        Some((what, target)) => {
            let word = if hanging.starts_with("detach") { "from" } else { "to" };
            format!("{hanging} {} {word} {}", subject(&what), subject(&target))
        }
        None => format!("{verb} {}", subject(address)),
    }
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

    #[test]
    fn assignments_are_told_as_what_they_do() {
        let address = Address::parse("assignment/admin/group/team@account/a");
        let told =
            [doing, done, to_do].map(|verbs| [Action::Create, Action::Delete].map(|it| phrase(verbs(it), &address)));
        assert_eq!(
            told[0],
            ["assigning admin to group/team in account/a", "unassigning admin from group/team in account/a"]
        );
        assert_eq!(
            told[1],
            ["assigned admin to group/team in account/a", "unassigned admin from group/team in account/a"]
        );
        assert_eq!(told[2], ["assign admin to group/team in account/a", "unassign admin from group/team in account/a"]);
    }

    #[test]
    fn times_are_as_exact_as_people_want_them() {
        assert_eq!([340, 12_345, 245_000].map(seconds), ["0.3 s", "12 s", "4 min 5 s"]);
    }
}
