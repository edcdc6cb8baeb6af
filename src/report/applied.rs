//! What came of an apply.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::clean::clean;
use super::event::{attempt, done_word, seconds, under_way};
use super::line::{Line, text_of};
use super::naming::subject;
use super::paint::Paint;
use super::plan::{Layout, manual_lines};
use super::sentence::{calls, count, listed};
use super::wording::Wording;
use crate::engine::{Applied, Failure};
use crate::model::{Action, Address, Manual};

/// What is known of an apply beside what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// How long it took.
    pub milliseconds: u128,
    /// Calls that AWS answered with "slow down".
    pub throttled: u64,
    /// The command to go on with.
    pub next: Option<&'a str>,
}

/// What was done, what was not and why, and what to do next; with ANSI escapes.
pub fn applied_text(applied: &Applied, run: Run<'_>, layout: Layout) -> String {
    let mut lines = Vec::new();
    for alike in by_cause(&applied.outcome.failed) {
        lines.extend(failure_lines(&alike, &stopped_by(&alike, applied), layout));
    }
    for (because, skipped) in waiting_for_others(applied) {
        let title = match because {
            Some(because) => format!("Not tried, because {} waits", subject(because)),
            None => "Not tried, because what they need waits".into(),
        };
        lines.extend(list(&title, &skipped, layout));
    }
    if applied.outcome.interrupted || applied.lost_lease {
        lines.extend(asked_lines(applied, layout));
        lines.extend(list("Not begun", &not_begun(applied), layout));
    }
    lines.extend(list("Not done, because the plan did not show it", &applied.unseen, layout));
    let waits = waits(applied);
    if !waits.is_empty() {
        lines.push(Line::of(Paint::Strong, "Waits for a person"));
        lines.extend(waits.iter().flat_map(|item| manual_lines(item, layout.width)));
    }
    if applied.lost_lease {
        let line = Line::of(Paint::Danger, "The lease of this apply was lost")
            .plain(": it was not renewed in time, or another apply took it over. Nothing was started after that.");
        lines.extend(line.wrap(&Line::new(), &Line::new().plain("  "), layout.width));
    }
    if let Some(why) = &applied.unrecorded {
        let line = Line::of(Paint::Changed, "warning").plain(format!(
            ": `landing history` has no record of this apply, which is done all the same: {}",
            clean(why)
        ));
        lines.extend(line.wrap(&Line::new(), &Line::new().plain("  "), layout.width));
    }
    if !lines.is_empty() {
        lines.push(Line::new());
    }
    lines.extend(summary(applied, run).wrap(&Line::new(), &Line::new().plain("  "), layout.width));
    if let Some(next) = run.next {
        lines.push(Line::of(Paint::Dim, "Next: ").with(Paint::Link, next));
    }
    text_of(&lines)
}

/// The same as JSON: `{"format": "landing-applied/1", "blueprint", "organization", "complete", "interrupted",
/// "lost_lease", "done": [{"address", "action"}], "failed": [{"address", "action", "error", "help"}], "skipped":
/// [address], "skipped_because": {address: the change that failed or waits}, "remaining": [address], "asked": [{"address",
/// "action"}] of those remaining that AWS was asked for, "unseen": [address],
/// "waits": [{"address", "what", "link"}], "unrecorded": why `landing history` does not have it, "milliseconds", "throttled",
/// "api_calls"}`.
pub fn applied_json(applied: &Applied, run: Run<'_>) -> Value {
    let outcome = &applied.outcome;
    let done = |(address, action): &(Address, Action)| json!({"address": address, "action": action});
    let failed = |failure: &Failure| json!({"address": failure.address, "action": failure.action, "error": failure.error, "help": failure.help});
    json!({
        "format": "landing-applied/1",
        "blueprint": applied.plan.blueprint,
        "organization": applied.plan.organization,
        "complete": applied.is_complete(),
        "interrupted": outcome.interrupted,
        "lost_lease": applied.lost_lease,
        "done": outcome.done.iter().map(done).collect::<Value>(),
        "failed": outcome.failed.iter().map(failed).collect::<Value>(),
        "skipped": outcome.skipped,
        "skipped_because": outcome.skipped_because,
        "remaining": outcome.remaining,
        "asked": outcome.asked.iter().map(done).collect::<Value>(),
        "unseen": applied.unseen,
        "waits": waits(applied),
        "unrecorded": applied.unrecorded,
        "milliseconds": u64::try_from(run.milliseconds).unwrap_or(u64::MAX),
        "throttled": run.throttled,
        "api_calls": applied.plan.api_calls,
    })
}

/// What changes wait for, and what the plan knew before.
fn waits(applied: &Applied) -> Vec<Manual> {
    let mut waits: Vec<Manual> = applied.plan.manual.iter().chain(&applied.outcome.waits).cloned().collect();
    waits.sort();
    waits.dedup();
    waits
}

/// The failures that have one cause together, such as an outage, in the order in which they came.
fn by_cause(failed: &[Failure]) -> Vec<Vec<&Failure>> {
    let mut groups: Vec<Vec<&Failure>> = Vec::new();
    for failure in failed {
        match groups.iter_mut().find(|group| group[0].cause == failure.cause) {
            Some(group) => group.push(failure),
            None => groups.push(vec![failure]),
        }
    }
    groups
}

/// The changes that were not tried because they need one of these.
fn stopped_by(alike: &[&Failure], applied: &Applied) -> Vec<Address> {
    let outcome = &applied.outcome;
    let needs_one = |address: &&Address| {
        let because = outcome.skipped_because.get(*address);
        because.is_some_and(|because| alike.iter().any(|failure| failure.address == *because))
    };
    outcome.skipped.iter().filter(needs_one).cloned().collect()
}

/// What was skipped because of a change that did not fail, by that change.
fn waiting_for_others(applied: &Applied) -> Vec<(Option<&Address>, Vec<Address>)> {
    let outcome = &applied.outcome;
    let failed: BTreeSet<&Address> = outcome.failed.iter().map(|failure| &failure.address).collect();
    let mut lists: Vec<(Option<&Address>, Vec<Address>)> = Vec::new();
    for address in &outcome.skipped {
        let because = outcome.skipped_because.get(address);
        if because.is_some_and(|because| failed.contains(because)) {
            continue;
        }
        match lists.iter_mut().find(|(cause, _)| *cause == because) {
            Some((_, list)) => list.push(address.clone()),
            None => lists.push((because, vec![address.clone()])),
        }
    }
    lists
}

/// What failed with one cause: the first of it in full, the others by name.
fn failure_lines(alike: &[&Failure], stopped: &[Address], layout: Layout) -> Vec<Line> {
    let Some((failure, others)) = alike.split_first() else { return Vec::new() };
    let width = layout.width;
    let attempt = attempt(failure.action, &failure.address);
    let error = clean(&failure.error);
    let text = match others.len() {
        0 => format!(": {attempt}: {error}"),
        number => format!(": {number_of} changes failed alike, first {attempt}: {error}", number_of = number + 1),
    };
    let title = Line::of(Paint::Danger, "error").with(Paint::Strong, text);
    let mut lines = title.wrap(&Line::new(), &Line::new().plain("  "), width);
    if !others.is_empty() {
        let names = names(others.iter().map(|failure| &failure.address), layout);
        let line = Line::new().plain(format!("also: {names}"));
        lines.extend(line.wrap(&Line::new().plain("  "), &Line::new().plain("    "), width));
    }
    if !stopped.is_empty() {
        let what = count(stopped.len(), "change that needs it", "changes that need it");
        let line = Line::of(Paint::Changed, format!("stopped {what}: ")).plain(names(stopped.iter(), layout));
        lines.extend(line.wrap(&Line::new().plain("  "), &Line::new().plain("    "), width));
    }
    if let Some(help) = &failure.help {
        let help = Line::of(Paint::Good, "help").plain(format!(": {}", clean(help)));
        lines.extend(help.wrap(&Line::new().plain("  "), &Line::new().plain("    "), width));
    }
    lines
}

fn list(title: &str, addresses: &[Address], layout: Layout) -> Vec<Line> {
    if addresses.is_empty() {
        return Vec::new();
    }
    let names = names(addresses.iter(), layout);
    let line = Line::of(Paint::Changed, format!("{title} ({}): ", addresses.len())).plain(names);
    line.wrap(&Line::new(), &Line::new().plain("  "), layout.width)
}

/// All of them where everything is wanted, else the first few.
fn names<'a>(addresses: impl Iterator<Item = &'a Address>, layout: Layout) -> String {
    let names: Vec<String> = addresses.map(subject).collect();
    if layout.verbose { names.join(", ") } else { listed(&names) }
}

/// What remains and AWS was not asked for.
fn not_begun(applied: &Applied) -> Vec<Address> {
    let outcome = &applied.outcome;
    let asked: BTreeSet<&Address> = outcome.asked.iter().map(|(address, _)| address).collect();
    outcome.remaining.iter().filter(|address| !asked.contains(address)).cloned().collect()
}

/// What AWS was asked for and goes on with.
fn asked_lines(applied: &Applied, layout: Layout) -> Vec<Line> {
    let asked = &applied.outcome.asked;
    if asked.is_empty() {
        return Vec::new();
    }
    let changes: Vec<String> = asked.iter().map(|(address, action)| under_way(*action, address)).collect();
    let line = Line::of(Paint::Strong, "Left to AWS, which was asked for it: ").plain(listed(&changes));
    line.plain(". The next apply continues from what AWS has by then.").wrap(
        &Line::new(),
        &Line::new().plain("  "),
        layout.width,
    )
}

fn summary(applied: &Applied, run: Run<'_>) -> Line {
    if applied.plan.is_quiet() {
        let plan = &applied.plan;
        return Wording::Plan.verdict(plan);
    }
    let outcome = &applied.outcome;
    let (paint, word) = match () {
        () if outcome.is_complete() => (Paint::Good, "Applied"),
        () if outcome.interrupted => (Paint::Changed, "Interrupted"),
        () => (Paint::Danger, "Applied in part"),
    };
    let mut parts: Vec<String> = Vec::new();
    for action in [Action::Create, Action::Update, Action::Move, Action::Adopt, Action::Delete] {
        let number = outcome.done.iter().filter(|(_, own)| *own == action).count();
        if number > 0 {
            parts.push(format!("{number} {}", done_word(action)));
        }
    }
    let rest = [
        (outcome.failed.len(), "failed"),
        (outcome.skipped.len() + not_begun(applied).len(), "not tried"),
        (outcome.asked.len(), "left to AWS"),
        (outcome.waits.len(), "waiting"),
    ];
    parts.extend(rest.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")));
    if parts.is_empty() {
        parts.push("nothing done".into());
    }
    let mut numbers = calls(&applied.plan.api_calls);
    if run.throttled > 0 {
        numbers = format!("{}, {} throttled and repeated.", numbers.trim_end_matches('.'), run.throttled);
    }
    Line::of(paint, format!("{word} in {}: ", seconds(run.milliseconds)))
        .plain(format!("{}. ", parts.join(", ")))
        .with(Paint::Dim, numbers)
}
