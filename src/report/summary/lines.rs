use super::{RiskGroup, RiskItem, RiskSummary, Tally, risk_summary};
use crate::model::{Plan, Risk};
use crate::report::clean::GLUE;
use crate::report::line::Line;
use crate::report::paint::Paint;
use crate::report::plan::Layout;
use crate::report::sentence::count;

/// So many kinds of changes of one risk are shown, and so many names of each; with `-v` all are.
const SHOWN_ITEMS: usize = 10;
const SHOWN_NAMES: usize = 6;

/// The summary as lines under its title; none where there is no change.
pub(in crate::report) fn summary_lines(summary: &RiskSummary<'_>, layout: Layout) -> Vec<Line> {
    if summary.groups.is_empty() && summary.rest.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::of(Paint::Strong, "Summary")];
    for group in &summary.groups {
        lines.extend(group_lines(group, layout));
    }
    lines.extend(rest(&summary.rest, summary.groups.is_empty(), layout.width));
    lines
}

/// The question before an apply, and the word that answers it: another one where something is destroyed.
pub fn consent_text(plan: &Plan) -> (String, &'static str) {
    let changes = count(plan.changes.len(), "change", "changes");
    let (risky, word) = match risk_summary(plan).destroying() {
        None => (String::new(), "yes"),
        Some(risky) => (format!(", {risky}"), "destroy"),
    };
    (format!("Apply {changes}{risky}? Only `{word}` is accepted: "), word)
}

fn group_lines(group: &RiskGroup<'_>, layout: Layout) -> Vec<Line> {
    let title = format!("{}: {}", group.risk.word(), count(group.number(), "change", "changes"));
    let mut lines = vec![Line::new().plain("  ").with(Paint::of_risk(group.risk), title)];
    let shown = if layout.verbose { group.items.len() } else { SHOWN_ITEMS };
    for item in group.items.iter().take(shown) {
        let first = Line::of(Paint::of_action(item.action), format!("  {} ", item.action.glyph()));
        lines.extend(item_line(item, layout).wrap(&first, &Line::new().plain("      "), layout.width));
    }
    let more: usize = group.items.iter().skip(shown).map(|item| item.changes.len()).sum();
    if more > 0 {
        lines.push(Line::of(Paint::Dim, format!("    and {more} more (-v)")));
    }
    lines
}

/// `delete ou/Old, ou/Older: the blueprint does not have it · reaches 3 accounts`.
fn item_line(item: &RiskItem<'_>, layout: Layout) -> Line {
    let names = item.names();
    let shown = if layout.verbose { names.len() } else { SHOWN_NAMES };
    let more = names.len().saturating_sub(shown);
    let mut line = Line::new().plain(format!("{} ", item.verb));
    line = line.with(Paint::Strong, names.iter().take(shown).cloned().collect::<Vec<_>>().join(", "));
    if more > 0 {
        line = line.plain(format!(" and {more} more (-v)"));
    }
    if let Some(reason) = item.why() {
        line = line.plain(format!(": {reason}"));
    }
    match item.reach() {
        None => line,
        Some(reach) => line.with(Paint::Dim, format!("{GLUE}· {}", reach.replace(' ', &GLUE.to_string()))),
    }
}

/// The changes without a risk, by kind: `The rest: create 8 accounts, 9 OUs; adopt 1 SCP`.
fn rest(tallies: &[Tally], is_all: bool, width: usize) -> Vec<Line> {
    if tallies.is_empty() {
        return Vec::new();
    }
    let title = if is_all { "no risk" } else { "the rest" };
    let mut line = Line::of(Paint::of_risk(Risk::None), format!("{title}: "));
    let mut last = "";
    for (nth, tally) in tallies.iter().enumerate() {
        let verb = if tally.verb == last { String::new() } else { format!("{} ", tally.verb) };
        let gap = match nth {
            0 => "",
            _ if verb.is_empty() => ", ",
            _ => "; ",
        };
        line = line.plain(format!("{gap}{verb}{}", tally.what()));
        last = tally.verb;
    }
    line.wrap(&Line::new().plain("  "), &Line::new().plain("    "), width)
}
