//! The changes: a summary by risk, a table, and what differs behind a click; as much of each as fits.

use indexmap::IndexMap;

use super::difference::difference;
use super::escape::escape;
use super::room::{fitting, lines, name, sentence, short};
use super::row::{Row, rows};
use super::where_all_are;
use crate::model::{Change, Plan, Risk};
use crate::report::author::author;
use crate::report::marked::Explained;
use crate::report::rows::reach;
use crate::report::sentence::count;
use crate::report::summary::{RiskGroup, RiskItem, RiskSummary, Tally, tallies};
use crate::report::wording::Wording;

/// Room for the summary of one risk, in bytes.
const GROUP: usize = 2_500;
/// So many names are listed of changes that are summed up together.
const NAMED: usize = 6;
/// So many accounts are listed that one change reaches.
const REACHED: usize = 20;
/// So many sorts of changes are listed that are only counted.
const COUNTED: usize = 12;

pub(super) fn changes(wording: Wording, plan: &Plan, summary: &RiskSummary<'_>, room: usize) -> String {
    if plan.is_quiet() {
        return String::new();
    }
    let legend = wording.legend().map(|legend| format!("{legend}\n\n")).unwrap_or_default();
    let summary = by_risk(summary);
    let all = rows(plan);
    let shown = Shown::of(wording, &all, room.saturating_sub(summary.len() + legend.len()));
    [summary, shown.table, legend, shown.details].concat()
}

fn by_risk(summary: &RiskSummary<'_>) -> String {
    let groups: String = summary.groups.iter().map(|group| of_risk(group)).collect();
    if groups.is_empty() || summary.rest.is_empty() {
        return groups;
    }
    format!("{groups}**The rest**: {}\n\n", tallied(&summary.rest))
}

fn of_risk(group: &RiskGroup<'_>) -> String {
    let number = count(group.number(), "change", "changes");
    let items = lines(group.items.iter().map(item).collect(), GROUP, "- ", "below");
    format!("**{}: {number}**\n\n{items}\n", group.risk.word())
}

fn item(item: &RiskItem<'_>) -> String {
    let names = item.names();
    let shown: Vec<String> = names.iter().take(NAMED).map(|it| name(it)).collect();
    let more = names.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let reason = item.why().map(|reason| format!(": {}", sentence(reason))).unwrap_or_default();
    let reaches = item.reach().map(|reach| format!(" · {reach}")).unwrap_or_default();
    format!("- {} {}{more}{reason}{reaches}\n", item.verb, shown.join(", "))
}

/// `create 8 accounts, adopt 1 SCP`.
fn tallied(tallies: &[Tally]) -> String {
    let shown = tallies.iter().take(COUNTED).map(|it| format!("{} {}", it.verb, escape(&short(&it.what()))));
    let more = if tallies.len() > COUNTED { " and others" } else { "" };
    shown.collect::<Vec<_>>().join(", ") + more
}

/// What fits of the table and of what differs.
struct Shown {
    table: String,
    details: String,
}

const HEAD: &str = "| | resource | what | accounts | risk | blueprint |\n|---|---|---|---|---|---|\n";
/// Room for the sentences that say what is left out.
const LEFT_OUT: usize = 2_000;

impl Shown {
    /// What differs in the least risky changes is left out first, then these changes themselves, which are counted; but what is
    /// destroyed is shown with what differs as long as there is half of the room for it.
    fn of(wording: Wording, rows: &[Row<'_>], room: usize) -> Shown {
        let until = |risk: Risk| rows.partition_point(|row| row.risk() >= risk);
        let (grave, risky) = (until(Risk::Destructive), until(Risk::Disruptive));
        let mut room = room.saturating_sub(HEAD.len() + LEFT_OUT);
        let write = |rows: &[Row<'_>], room: usize| fitting(rows.iter().map(|row| row.written(wording)), room);
        let (mut table, mut listed) = write(&rows[..risky], room / 4 * 3);
        room = room.saturating_sub(table.len());
        let (mut details, mut detailed) = detailed_within(&rows[..grave], room / 2);
        room = room.saturating_sub(details.len());
        if listed == risky {
            let (others, number) = write(&rows[risky..], room);
            room = room.saturating_sub(others.len());
            table += &others;
            listed += number;
        }
        if detailed == changes_in(&rows[..grave]) {
            let (others, number) = detailed_within(&rows[grave..], room);
            details += &others;
            detailed += number;
        }
        let table = format!("{HEAD}{table}\n{}", not_listed(wording, &rows[listed..]));
        Shown { table, details: details + &not_detailed(wording, changes_in(rows) - detailed) }
    }
}

fn changes_in(rows: &[Row<'_>]) -> usize {
    rows.iter().map(|row| row.changes.len()).sum()
}

/// Changes that are only counted.
fn not_listed(wording: Wording, rows: &[Row<'_>]) -> String {
    let changes: Vec<&Change> = rows.iter().flat_map(|row| &row.changes).copied().collect();
    if changes.is_empty() {
        return String::new();
    }
    let counts = tallied(&tallies(changes.iter().copied()));
    let number = count(changes.len(), "more change is", "more changes are");
    format!("**{number} not listed here**: {counts}. {}.\n\n", where_all_are(wording))
}

fn not_detailed(wording: Wording, number: usize) -> String {
    if number == 0 {
        return String::new();
    }
    let number = count(number, "change differs in is", "changes differ in is");
    format!("What {number} not shown here: {}.\n\n", where_all_are(wording))
}

/// What differs in as many changes as fit, and how many these are.
fn detailed_within(rows: &[Row<'_>], room: usize) -> (String, usize) {
    let (mut text, mut shown) = (String::new(), 0);
    for row in rows {
        for (about, changes) in alike(row) {
            let block = if about.is_empty() { about } else { folded(row, &changes, &about) };
            if text.len() + block.len() > room {
                return (text, shown);
            }
            text += &block;
            shown += changes.len();
        }
    }
    (text, shown)
}

/// What differs in a row's changes, once for those that differ alike.
fn alike<'p>(row: &Row<'p>) -> IndexMap<String, Vec<&'p Change>> {
    let mut alike: IndexMap<String, Vec<&Change>> = IndexMap::new();
    for change in &row.changes {
        alike.entry(about(change)).or_default().push(change);
    }
    alike
}

fn folded(row: &Row<'_>, changes: &[&Change], about: &str) -> String {
    let glyph = changes.first().map(|change| change.action.glyph().to_string()).unwrap_or_default();
    let (glyph, name) = (escape(&glyph), row.html_name(changes));
    format!("<details><summary>{glyph} {name}</summary>\n\n{about}\n\n</details>\n\n")
}

fn about(change: &Change) -> String {
    let Explained { reason, lines } = Explained::of(change);
    let reason = reason.map(|reason| format!("Reason: {}\n\n", sentence(&reason))).unwrap_or_default();
    let author = author(change, true).map(|author| format!("\nBy: {}\n", sentence(&author.line.to_plain())));
    [reason, difference(lines), author.unwrap_or_default(), reached(change)].concat().trim().to_owned()
}

/// Whom it reaches, where its address does not say it.
fn reached(change: &Change) -> String {
    if reach(change).is_none() || change.accounts.is_empty() {
        return String::new();
    }
    let names: Vec<String> = change.accounts.iter().take(REACHED).map(|it| name(it)).collect();
    let more = change.accounts.len().saturating_sub(REACHED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("\nReaches {}{more}\n", names.join(", "))
}
