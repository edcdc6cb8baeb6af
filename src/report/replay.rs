//! What a replay found, for people.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use landing_policy::{Denial, Seen, Tally};

use super::clean::clean;
use super::line::{Line, text_of};
use super::markdown::{code, escape};
use super::paint::Paint;
use super::simulate::reason;

/// Names of accounts by their ids, as far as they are known.
pub type AccountNames = BTreeMap<String, String>;

/// How many groups of each sort are shown.
const SHOWN: usize = 50;

/// What would be denied, what would be allowed, what stays undecided, and how much was looked at; with ANSI escapes.
#[must_use]
pub fn replay_text(tally: &Tally, names: &AccountNames, width: usize) -> String {
    let sections = [
        listed(Paint::Danger, "Would be denied", denials(&tally.denied, names), width),
        listed(Paint::Good, "Would be allowed now", denials(&tally.allowed, names), width),
        listed(Paint::Changed, "Undecided", undecided(tally), width),
        listed(Paint::Dim, "Events without a known action", unmapped(tally), width),
        listed(Paint::Changed, "Not read", unread(tally), width),
    ];
    let summary = replay_summary(tally).into_iter().flat_map(|line| line.wrap(&Line::new(), &indent(2), width));
    text_of(&sections.into_iter().flatten().chain(summary).collect::<Vec<_>>())
}

/// The same for comments on pull requests: a headline, and a table of what would be decided otherwise.
#[must_use]
pub fn replay_markdown(tally: &Tally, names: &AccountNames) -> String {
    markdown(tally, names, SHOWN)
}

/// The same in so many bytes, with as many groups as fit.
pub(super) fn replay_markdown_within(room: usize, tally: &Tally, names: &AccountNames) -> String {
    let pages = [SHOWN, SHOWN / 2, 10, 3, 0].into_iter().map(|shown| markdown(tally, names, shown));
    pages.into_iter().find(|page| page.len() <= room).unwrap_or_default()
}

fn markdown(tally: &Tally, names: &AccountNames, shown: usize) -> String {
    let changed = tally.denied.len() + tally.allowed.len();
    let lines = replay_summary(tally).iter().map(Line::to_plain).collect::<Vec<_>>();
    let mut page = format!("\n#### CloudTrail's logs through this plan\n\n{}\n\n", lines.join("; "));
    if changed > 0 {
        page += "| | calls | action | account | principal | because |\n|---|---:|---|---|---|---|\n";
        page += &rows("would be denied", &tally.denied, names, shown);
        page += &rows("would be allowed", &tally.allowed, names, shown);
        let more =
            [tally.denied.len(), tally.allowed.len()].iter().map(|number| number.saturating_sub(shown)).sum::<usize>();
        page += &if more > 0 { format!("\n… and {more} more\n") } else { String::new() };
        page += "\n";
    }
    if !tally.undecided.is_empty() {
        let kinds = undecided(tally)
            .iter()
            .map(Line::to_plain)
            .take(shown)
            .map(|line| format!("- {}\n", escape(&line)))
            .collect::<String>();
        page += &format!("<details><summary>Undecided</summary>\n\n{kinds}\n</details>\n\n");
    }
    page
}

fn rows(word: &str, all: &IndexMap<Denial, Seen>, names: &AccountNames, shown: usize) -> String {
    let row = |(denial, seen): (&Denial, &Seen)| {
        let because = reason(&denial.decided_by);
        let cells = [denial.action.as_str(), account(denial, names), denial.principal.as_str()].map(code);
        format!("| {word} | {} | {} | {} |\n", seen.count, cells.join(" | "), escape(&because))
    };
    Tally::sorted(all).into_iter().take(shown).map(row).collect()
}

fn indent(columns: usize) -> Line {
    Line::new().plain(" ".repeat(columns))
}

fn account<'a>(denial: &'a Denial, names: &'a AccountNames) -> &'a str {
    names.get(&denial.account).unwrap_or(&denial.account)
}

fn denials(all: &IndexMap<Denial, Seen>, names: &AccountNames) -> Vec<Line> {
    let entry = |(denial, seen): (&Denial, &Seen)| {
        let head = format!("{}× {} in {}", seen.count, clean(&denial.action), clean(account(denial, names)));
        let what = Line::of(Paint::Strong, head).plain(format!(" by {}", clean(&denial.principal)));
        what.with(Paint::Dim, format!(": {}; event {}", reason(&denial.decided_by), clean(&seen.example)))
    };
    Tally::sorted(all).into_iter().map(entry).collect()
}

pub(super) fn undecided(tally: &Tally) -> Vec<Line> {
    let entries = Tally::sorted(&tally.undecided).into_iter().map(|(undecided, seen)| {
        let missing = clean(&undecided.missing.join(", "));
        Line::new().plain(format!("{}× {}: depends on {missing}", seen.count, clean(&undecided.action)))
    });
    entries.collect()
}

fn unmapped(tally: &Tally) -> Vec<Line> {
    let entries = Tally::sorted(&tally.unmapped).into_iter().map(|(event, seen)| {
        let (source, name) = (clean(&event.event_source), clean(&event.event_name));
        let could = if event.could_be_denied { ": could be denied" } else { "" };
        Line::new().plain(format!("{}× {source} {name}{could}", seen.count))
    });
    entries.collect()
}

fn unread(tally: &Tally) -> Vec<Line> {
    let entries = Tally::sorted(&tally.unread).into_iter().map(|(unread, seen)| {
        let (log, what) = (clean(&unread.log), clean(&unread.looks_like));
        Line::new().plain(format!("{}× in {log}: it looks like {what}", seen.count))
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

/// How much is not decided for want of knowledge.
fn uncertain(tally: &Tally) -> [(u64, &'static str); 2] {
    let unmapped = tally.unmapped.iter().filter(|(event, _)| event.could_be_denied);
    let (unmapped, unread) =
        (unmapped.map(|(_, seen)| seen.count).sum(), tally.unread.values().map(|seen| seen.count).sum());
    [
        (unmapped, "events have no known action and could be denied"),
        (unread, "parts of the logs were not read as events"),
    ]
}

pub(super) fn replay_summary(tally: &Tally) -> Vec<Line> {
    let skipped: u64 = tally.skipped.values().sum();
    let reasons: Vec<String> =
        tally.skipped.iter().map(|(why, count)| format!("{count} {}", why.name().replace('_', " "))).collect();
    let left_out = if skipped > 0 { format!(", {skipped} left out ({})", reasons.join(", ")) } else { String::new() };
    let mut lines = vec![Line::of(
        Paint::Strong,
        format!(
            "{} {}, {} decided{left_out}",
            tally.events,
            if tally.events == 1 { "event" } else { "events" },
            tally.evaluated
        ),
    )];
    for (count, what) in uncertain(tally).into_iter().filter(|(count, _)| *count > 0) {
        lines.push(Line::of(Paint::Changed, format!("{count} {what}")));
    }
    let logged = tally.logged_denials;
    if logged.total > 0 {
        lines.push(Line::new().plain(format!(
            "{} logged denials name a policy of the organization; the policies before explain {} and contradict {}",
            logged.total, logged.explained, logged.contradicted
        )));
    }
    lines
}
