use serde_json::Value;

use super::clean::{GLUE, clean};
use super::content::content;
use super::detail::Detail;
use super::line::Line;
use super::naming::{held, short_name};
use super::paint::Paint;
use super::resources::{is_of_template, resources};
use crate::model::{Action, Address, Change, FieldChange, TAG_GUARDRAIL};

/// What is said beneath a change: its reason where the mark does not say it, its fields, its policy.
pub(super) fn details(change: &Change, verbose: bool) -> Vec<Detail> {
    let mut details = Vec::new();
    if (change.action != Action::Create || change.unseen) && !change.reason.is_empty() && !is_said_by_fields(change) {
        details.push(Detail::new(0, Line::of(Paint::Dim, clean(&change.reason))));
    }
    match change.action {
        Action::Create => details.extend(compact(change, verbose)),
        _ => details.extend(before_and_after(change)),
    }
    details.extend(resources(&change.fields, verbose));
    details.extend(passage("gains", Paint::Added, &change.gains));
    details.extend(passage("loses", Paint::Removed, &change.loses));
    for field in change.fields.iter().filter(|field| is_content(field)) {
        details.extend(content(change.address.prefix(), &field.before, &field.after, verbose));
    }
    details
}

/// What an account that moves gains or loses, in as few lines as it takes.
fn passage(verb: &str, paint: Paint, items: &[Address]) -> Option<Detail> {
    let mut line = Line::of(Paint::Dim, verb).plain(GLUE.to_string());
    for (nth, item) in items.iter().enumerate() {
        let dot = if nth > 0 { format!("{GLUE}· ") } else { String::new() };
        line = line.with(Paint::Dim, dot).with(paint, held(item).replace(' ', &GLUE.to_string()));
    }
    (!items.is_empty()).then(|| Detail::new(0, line))
}

fn is_content(field: &FieldChange) -> bool {
    matches!(field.path.as_str(), "content" | "inline_policy")
}

/// Whether a field is a line of its own, and not a document.
fn is_line(field: &FieldChange) -> bool {
    !is_content(field) && !is_of_template(field)
}

/// An update whose fields are shown needs no words to say that they differ.
fn is_said_by_fields(change: &Change) -> bool {
    matches!(change.action, Action::Update | Action::Move) && !change.fields.is_empty()
}

/// Fields of new resources that are hardly ever chosen.
const HARDLY_CHOSEN: [&str; 3] = ["type", "feature_set", "region"];

/// A new resource's fields in as few lines as they take; what its line says already is left out.
fn compact(change: &Change, verbose: bool) -> Option<Detail> {
    let name = short_name(&change.address);
    let shown = change.fields.iter().filter(|field| {
        // What the blueprint calls an account may begin with the name that AWS has for it, and be another.
        let is_name = |after: &str| if change.address.is_account() { name == after } else { name.starts_with(after) };
        let is_said = field.path == "name" && is_name(&text(&field.after));
        is_line(field) && !is_said && field.after != false && (verbose || !HARDLY_CHOSEN.contains(&field.path.as_str()))
    });
    let mut line = Line::new();
    for field in shown {
        if !line.is_empty() {
            line = line.with(Paint::Dim, format!("{GLUE}· "));
        }
        line = line.with(Paint::Dim, format!("{}{GLUE}", shown_path(field))).plain(text(&field.after));
    }
    (!line.is_empty()).then(|| Detail::new(0, line))
}

fn before_and_after(change: &Change) -> Vec<Detail> {
    let fields: Vec<&FieldChange> = change.fields.iter().filter(|field| is_line(field)).collect();
    let widest = fields.iter().map(|field| shown_path(field).chars().count()).max().unwrap_or(0);
    fields
        .into_iter()
        .map(|field| {
            let path = shown_path(field);
            let pad = GLUE.to_string().repeat(widest.saturating_sub(path.chars().count()));
            let line = Line::of(Paint::Dim, path).plain(format!("{pad}{GLUE} "));
            Detail::new(0, line.join(transition(&field.before, &field.after)))
        })
        .collect()
}

/// `before → after`, each with its meaning.
pub(super) fn transition(before: &Value, after: &Value) -> Line {
    Line::of(Paint::Removed, text(before)).with(Paint::Dim, " → ").with(Paint::Added, text(after))
}

/// A value in one line. Maps show as `key=value`, absence as `(none)`.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::Null => "(none)".into(),
        Value::String(text) if text.is_empty() => "\"\"".into(),
        Value::String(text) => clean(text),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(map) => {
            map.iter().map(|(key, value)| format!("{}={}", clean(key), text(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}
/// A field's path; a guardrail's tag as what it means.
fn shown_path(field: &FieldChange) -> String {
    let guardrail = field.path.strip_prefix("tags.").and_then(|key| key.strip_prefix(TAG_GUARDRAIL));
    guardrail.map_or_else(|| clean(&field.path), |id| clean(&format!("guardrail{GLUE}{id}")))
}
