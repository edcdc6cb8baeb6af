//! What a replay found, for people.

use indexmap::IndexMap;

use super::clean::clean;
use super::line::{Line, text_of};
use super::paint::Paint;
use super::simulate::reason;
use crate::policy::{Denial, Seen, Tally};

/// How many groups of each sort are shown.
const SHOWN: usize = 50;

/// What would be denied, what would be allowed, what cannot be told, and how much was looked at; with ANSI escapes.
#[must_use]
pub fn replay_text(tally: &Tally, width: usize) -> String {
    let sections = [
        listed(Paint::Danger, "Would be denied", denials(&tally.denied), width),
        listed(Paint::Good, "Would be allowed now", denials(&tally.allowed), width),
        listed(Paint::Changed, "Cannot be told", undecided(tally), width),
        listed(Paint::Dim, "Events without a known action", unmapped(tally), width),
    ];
    let summary = summary(tally).into_iter().flat_map(|line| line.wrap(&Line::new(), &indent(2), width));
    text_of(&sections.into_iter().flatten().chain(summary).collect::<Vec<_>>())
}

fn indent(columns: usize) -> Line {
    Line::new().plain(" ".repeat(columns))
}

fn denials(all: &IndexMap<Denial, Seen>) -> Vec<Line> {
    let entry = |(denial, seen): (&Denial, &Seen)| {
        let head = format!("{}× {} in {}", seen.count, clean(&denial.action), clean(&denial.account));
        let what = Line::of(Paint::Strong, head).plain(format!(" by {}", clean(&denial.principal)));
        what.with(Paint::Dim, format!(": {}; event {}", reason(&denial.decided_by), clean(&seen.example)))
    };
    Tally::sorted(all).into_iter().map(entry).collect()
}

fn undecided(tally: &Tally) -> Vec<Line> {
    let entries = Tally::sorted(&tally.undecided).into_iter().map(|(undecided, seen)| {
        let missing = clean(&undecided.missing.join(", "));
        Line::new().plain(format!("{}× {}: depends on {missing}", seen.count, clean(&undecided.action)))
    });
    entries.collect()
}

fn unmapped(tally: &Tally) -> Vec<Line> {
    let entries = Tally::sorted(&tally.unmapped).into_iter().map(|(event, seen)| {
        let (source, name) = (clean(&event.event_source), clean(&event.event_name));
        Line::new().plain(format!("{}× {source} {name}", seen.count))
    });
    entries.collect()
}

fn listed(paint: Paint, title: &str, entries: Vec<Line>, width: usize) -> Vec<Line> {
    if entries.is_empty() {
        return Vec::new();
    }
    let more = entries.len().saturating_sub(SHOWN);
    let mut lines = vec![Line::of(paint, title.to_owned())];
    lines.extend(entries.into_iter().take(SHOWN).flat_map(|entry| entry.wrap(&indent(2), &indent(6), width)));
    if more > 0 {
        lines.push(Line::of(Paint::Dim, format!("  … and {more} more; --format json has all")));
    }
    lines.push(Line::new());
    lines
}

fn summary(tally: &Tally) -> Vec<Line> {
    let skipped: u64 = tally.skipped.values().sum();
    let reasons: Vec<String> =
        tally.skipped.iter().map(|(why, count)| format!("{count} {}", why.name().replace('_', " "))).collect();
    let left_out = if skipped > 0 { format!(", {skipped} left out ({})", reasons.join(", ")) } else { String::new() };
    let mut lines =
        vec![Line::of(Paint::Strong, format!("{} events, {} decided{left_out}", tally.events, tally.evaluated))];
    let logged = tally.logged_denials;
    if logged.total > 0 {
        lines.push(Line::new().plain(format!(
            "{} logged denials name a policy of the organization; the policies before explain {} and contradict {}",
            logged.total, logged.explained, logged.contradicted
        )));
    }
    lines
}
