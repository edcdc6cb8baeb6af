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
            Told::Open(address.clone(), mark(*action).plain(format!("{} {}", doing(*action), subject(address))))
        }
        Event::Progress { address, message } => Told::At(address.clone(), clean(message)),
        Event::Finished { address, action, milliseconds } => {
            let line = mark(*action).plain(format!("{} {}", done(*action), subject(address)));
            Told::Close(address.clone(), line.with(Paint::Dim, format!(" ({})", seconds(*milliseconds))))
        }
        Event::Failed { address, action, error, .. } => {
            let line = Line::of(Paint::Danger, "✗ ").plain(format!("{} {} failed: ", action.verb(), subject(address)));
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

fn doing(action: Action) -> &'static str {
    match action {
        Action::Create => "creating",
        Action::Update => "updating",
        Action::Delete => "deleting",
        Action::Adopt => "adopting",
        Action::Move => "moving",
    }
}

/// The action as done.
pub(super) fn done(action: Action) -> &'static str {
    match action {
        Action::Create => "created",
        Action::Update => "updated",
        Action::Delete => "deleted",
        Action::Adopt => "adopted",
        Action::Move => "moved",
    }
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
    fn times_are_as_exact_as_people_want_them() {
        assert_eq!([340, 12_345, 245_000].map(seconds), ["0.3 s", "12 s", "4 min 5 s"]);
    }
}
