//! Who made it so: a short line beneath a difference.

use super::clean::clean;
use super::detail::Detail;
use super::line::Line;
use super::paint::Paint;
use crate::model::{Author, Change, ChangedBy};

/// Who made a difference, where that was looked for.
pub(super) fn author(change: &Change, verbose: bool) -> Option<Detail> {
    let text = author_text(change.changed_by.as_ref()?, verbose);
    Some(Detail::new(0, Line::of(Paint::Dim, text)))
}

/// The same as a text.
pub(super) fn author_text(by: &ChangedBy, verbose: bool) -> String {
    match by {
        ChangedBy::Author(author) if author.is_landing => {
            let Author { principal, time, .. } = author;
            let when = format!("written last by landing ({}) at {}", clean(principal), clean(time));
            format!("{when}: the blueprint has changed since{}", id(author, verbose))
        }
        ChangedBy::Author(author) => format!("changed {}", deed(author, verbose)),
        ChangedBy::NotKnown { not_known } => format!("by whom is not known: {}", clean(not_known)),
    }
}

/// Who made what is unmanaged.
pub(super) fn maker(author: &Author, verbose: bool) -> String {
    format!("made {}", deed(author, verbose))
}

/// `by IAM user alice at 2026-11-29T12:00:00Z: UpdatePolicy from 203.0.113.10`.
fn deed(author: &Author, verbose: bool) -> String {
    let Author { principal, time, event, source_ip, .. } = author;
    let from = source_ip.as_ref().map(|ip| format!(" from {}", clean(ip))).unwrap_or_default();
    format!("by {} at {}: {}{from}{}", clean(principal), clean(time), clean(event), id(author, verbose))
}

fn id(author: &Author, verbose: bool) -> String {
    if verbose { format!(", event {}", clean(&author.event_id)) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> Author {
        Author {
            principal: "IAM user alice".into(),
            time: "2026-11-29T12:00:00Z".into(),
            event: "UpdatePolicy".into(),
            event_id: "e-1".into(),
            source_ip: Some("203.0.113.10".into()),
            user_agent: None,
            is_landing: false,
        }
    }

    #[test]
    fn the_line_says_who_when_and_by_which_call() {
        let reported = author_text(&ChangedBy::Author(alice()), false);
        assert_eq!(reported, "changed by IAM user alice at 2026-11-29T12:00:00Z: UpdatePolicy from 203.0.113.10");
        assert_eq!(
            maker(&Author { source_ip: None, ..alice() }, true),
            "made by IAM user alice at 2026-11-29T12:00:00Z: UpdatePolicy, event e-1"
        );
        let landing = Author { is_landing: true, ..alice() };
        assert_eq!(
            author_text(&ChangedBy::Author(landing), false),
            "written last by landing (IAM user alice) at 2026-11-29T12:00:00Z: the blueprint has changed since"
        );
        let not_known = ChangedBy::NotKnown { not_known: "no event in the last 90 days".into() };
        assert_eq!(author_text(&not_known, true), "by whom is not known: no event in the last 90 days");
    }

    #[test]
    fn nothing_in_an_event_reaches_the_terminal_as_it_is() {
        let author = Author { principal: "a\u{1b}[31m".into(), ..alice() };
        assert!(!maker(&author, true).contains('\u{1b}'));
    }
}
