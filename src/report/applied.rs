//! What came of an apply.

use serde_json::{Value, json};

use super::clean::clean;
use super::event::{attempt, done_word, seconds};
use super::line::{Line, text_of};
use super::naming::subject;
use super::paint::Paint;
use super::plan::{Layout, manual_lines};
use super::sentence::calls;
use super::voice::Voice;
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
    for failure in &applied.outcome.failed {
        lines.extend(failure_lines(failure, layout.width));
    }
    lines.extend(list("Not tried, because what they need failed or waits", &applied.outcome.skipped, layout));
    if applied.outcome.interrupted || applied.lost_lease {
        lines.extend(list("Not begun", &applied.outcome.remaining, layout));
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
/// [address], "remaining": [address], "unseen": [address], "waits": [{"address", "what", "link"}], "milliseconds", "throttled",
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
        "remaining": outcome.remaining,
        "unseen": applied.unseen,
        "waits": waits(applied),
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

fn failure_lines(failure: &Failure, width: usize) -> Vec<Line> {
    let attempt = attempt(failure.action, &failure.address);
    let title = Line::of(Paint::Danger, "error").with(Paint::Strong, format!(": {attempt}: {}", clean(&failure.error)));
    let mut lines = title.wrap(&Line::new(), &Line::new().plain("  "), width);
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
    let names = addresses.iter().map(subject).collect::<Vec<_>>().join(", ");
    let line = Line::of(Paint::Changed, format!("{title} ({}): ", addresses.len())).plain(names);
    line.wrap(&Line::new(), &Line::new().plain("  "), layout.width)
}

fn summary(applied: &Applied, run: Run<'_>) -> Line {
    if applied.plan.is_quiet() {
        let plan = &applied.plan;
        return if plan.agrees() { Voice::Plan.agreement(plan) } else { Voice::Plan.summary(plan) };
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
        (outcome.skipped.len() + outcome.remaining.len(), "not tried"),
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
