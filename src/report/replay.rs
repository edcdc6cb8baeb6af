//! What a replay found, for people.

use std::collections::HashMap;

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
    let mut lines = Vec::new();
    lines.extend(denials(Paint::Danger, "Would be denied", &tally.denied));
    lines.extend(denials(Paint::Good, "Would be allowed now", &tally.allowed));
    lines.extend(undecided(tally));
    lines.extend(unmapped(tally));
    let indent = Line::new().plain("  ");
    let mut text: Vec<Line> = lines.iter().flat_map(|line| line.clone().wrap(&Line::new(), &indent, width)).collect();
    text.extend(summary(tally));
    text_of(&text)
}

fn denials(paint: Paint, title: &str, all: &HashMap<Denial, Seen>) -> Vec<Line> {
    let entry = |(denial, seen): (&Denial, &Seen)| {
        let head = format!("  {}× {} in {}", seen.count, clean(&denial.action), clean(&denial.account));
        let what = Line::of(Paint::Strong, head).plain(format!(" by {}", clean(&denial.principal)));
        what.with(Paint::Dim, format!(": {}; event {}", reason(&denial.decided_by), clean(&seen.example)))
    };
    listed(paint, title, Tally::sorted(all).into_iter().map(entry).collect())
}

fn undecided(tally: &Tally) -> Vec<Line> {
    let entries = Tally::sorted(&tally.undecided).into_iter().map(|(undecided, seen)| {
        let missing = clean(&undecided.missing.join(", "));
        Line::new().plain(format!("  {}× {}: depends on {missing}", seen.count, clean(&undecided.action)))
    });
    listed(Paint::Changed, "Cannot be told", entries.collect())
}

fn unmapped(tally: &Tally) -> Vec<Line> {
    let entries = Tally::sorted(&tally.unmapped).into_iter().map(|(event, seen)| {
        let (source, name) = (clean(&event.event_source), clean(&event.event_name));
        Line::new().plain(format!("  {}× {source} {name}", seen.count))
    });
    listed(Paint::Dim, "Events without a known action", entries.collect())
}

fn listed(paint: Paint, title: &str, mut entries: Vec<Line>) -> Vec<Line> {
    if entries.is_empty() {
        return Vec::new();
    }
    let more = entries.len().saturating_sub(SHOWN);
    entries.truncate(SHOWN);
    if more > 0 {
        entries.push(Line::of(Paint::Dim, format!("  … and {more} more; --format json has all")));
    }
    entries.insert(0, Line::of(paint, title.to_owned()));
    entries.push(Line::new());
    entries
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
            "{} logged denials name a service control policy; the policies before explain {} and contradict {}",
            logged.total, logged.explained, logged.contradicted
        )));
    }
    lines
}
