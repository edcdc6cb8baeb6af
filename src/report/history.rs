//! Who applied what and when.

use serde_json::{Value, json};

use super::clean::clean;
use super::line::{Line, text_of};
use super::markdown::{code, escape};
use super::paint::Paint;
use super::plan::Layout;
use super::sentence::{count, counts};
use crate::engine::{Ended, Record, StoredRecord};

/// Characters of a commit that distinguish it from others.
const SHORT: usize = 10;

/// A line for each apply, the latest first.
pub fn history_text(blueprint: &str, kept: &[StoredRecord], layout: Layout) -> String {
    if kept.is_empty() {
        return format!("No apply of {} has left a record yet.\n", clean(blueprint));
    }
    let lines = kept.iter().flat_map(|kept| {
        let number = Line::of(Paint::Strong, format!("{:>4}  ", kept.number)).plain(format!("{}  ", when(kept)));
        Line::new().plain(in_short(kept)).wrap(&number, &Line::new().plain(" ".repeat(6)), layout.width)
    });
    text_of(&lines.collect::<Vec<_>>())
}

fn when(kept: &StoredRecord) -> String {
    clean(kept.record.as_ref().map_or(&kept.written, |record| &record.at))
}

/// Who did how much of what, and from which commit.
fn in_short(kept: &StoredRecord) -> String {
    let Some(record) = &kept.record else { return "not written by landing, or by another version".into() };
    let commit = record.blueprint.commit.as_deref().map(|commit| format!(" at {}", short(commit)));
    format!("{}: {} ({}){}", who(&record.caller), outcome(record.outcome), changes(record), commit.unwrap_or_default())
}

/// The end of an ARN: `assumed-role/ci/run-1`.
fn who(arn: &str) -> String {
    clean(arn.splitn(6, ':').nth(5).unwrap_or(arn))
}

fn short(commit: &str) -> String {
    clean(commit).chars().take(SHORT).collect()
}

fn outcome(outcome: Ended) -> &'static str {
    match outcome {
        Ended::Complete => "complete",
        Ended::Part => "done in part",
        Ended::Interrupted => "interrupted",
        Ended::LostLease => "lost its lease",
    }
}

/// `3 to create, 1 to update`: what was agreed to.
fn changes(record: &Record) -> String {
    let all = counts(&record.summary);
    let all: Vec<String> = all.into_iter().map(|(number, action)| format!("{number} to {}", action.verb())).collect();
    if all.is_empty() { "no changes".into() } else { all.join(", ") }
}

/// What is said of one apply, by name.
fn facts(kept: &StoredRecord) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let Some(record) = &kept.record else {
        facts.push(("record", in_short(kept)));
        facts.push(("written", clean(&kept.written)));
        facts.extend(kept.written_by.iter().map(|arn| ("written by", clean(arn))));
        return facts;
    };
    facts.push(("begun", clean(&record.at)));
    facts.push(("by", clean(&record.caller)));
    // AWS says it itself; what the record says, its writer did.
    let other = kept.written_by.as_ref().filter(|arn| **arn != record.caller);
    facts.extend(other.map(|arn| ("written by", clean(arn))));
    facts.extend(record.blueprint.commit.iter().map(|commit| ("commit", clean(commit))));
    facts.push(("blueprint", format!("SHA-256 {}", clean(&record.blueprint.sha256))));
    facts.push(("landing", clean(&record.version)));
    let targets: Vec<String> = record.targets.iter().map(|target| clean(target.as_str())).collect();
    facts.extend((!targets.is_empty()).then(|| ("only", targets.join(", "))));
    facts.push(("outcome", format!("{} ({})", outcome(record.outcome), changes(record))));
    facts
}

fn unnamed(record: &Record) -> Option<String> {
    (record.unnamed > 0).then(|| format!("and {} that had no room", count(record.unnamed, "change", "changes")))
}

/// All that is kept of one apply.
pub fn record_text(blueprint: &str, kept: &StoredRecord, layout: Layout) -> String {
    let mut lines = vec![Line::of(Paint::Strong, format!("Apply {} of {}", kept.number, clean(blueprint)))];
    for (name, text) in facts(kept) {
        let line = Line::new().plain(text);
        lines.extend(line.wrap(
            &Line::of(Paint::Dim, format!("  {name:<11} ")),
            &Line::new().plain(" ".repeat(14)),
            layout.width,
        ));
    }
    if let Some(record) = &kept.record {
        lines.extend(record.done.iter().map(|change| Line::new().plain(format!("  {}", clean(change)))));
        let not_done = record.not_done.iter();
        lines.extend(not_done.map(|change| Line::of(Paint::Changed, format!("  not done: {}", clean(change)))));
        lines.extend(unnamed(record).map(|text| Line::of(Paint::Dim, format!("  {text}"))));
    }
    text_of(&lines)
}

/// The list for pages.
pub fn history_markdown(blueprint: &str, kept: &[StoredRecord]) -> String {
    let rows = kept
        .iter()
        .map(|kept| format!("| {} | {} | {} |\n", kept.number, escape(&when(kept)), escape(&in_short(kept))));
    format!("### History of {}\n\n| | when | what |\n|---|---|---|\n{}", code(blueprint), rows.collect::<String>())
}

/// One apply for pages.
pub fn record_markdown(blueprint: &str, kept: &StoredRecord) -> String {
    let mut text = format!("### Apply {} of {}\n\n", kept.number, code(blueprint));
    text.extend(facts(kept).iter().map(|(name, fact)| format!("- {name}: {}\n", escape(fact))));
    if let Some(record) = &kept.record {
        let done = record.done.iter().map(|change| format!("- {}\n", code(change)));
        let not_done = record.not_done.iter().map(|change| format!("- not done: {}\n", code(change)));
        let more = unnamed(record).map(|text| format!("- {text}\n"));
        text.push('\n');
        text.extend(done.chain(not_done).chain(more));
    }
    text
}

/// The list for programs.
pub fn history_json(blueprint: &str, kept: &[StoredRecord]) -> Value {
    json!({"format": "landing-history/1", "blueprint": blueprint, "records": kept.iter().map(entry).collect::<Vec<_>>()})
}

/// One apply for programs.
pub fn record_json(blueprint: &str, kept: &StoredRecord) -> Value {
    json!({"format": "landing-history/1", "blueprint": blueprint, "records": [entry(kept)]})
}

fn entry(kept: &StoredRecord) -> Value {
    json!({
        "number": kept.number,
        "written": kept.written,
        "written_by": kept.written_by,
        "record": kept.record,
    })
}
