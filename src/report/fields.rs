use serde_json::Value;

use super::clean::{GLUE, clean};
use super::content::content;
use super::detail::Detail;
use super::line::Line;
use super::naming::{held, short_name};
use super::paint::Paint;
use super::resources::{is_of_template, resources};
use super::values::{differing, has_parts};
use crate::model::{Action, Address, Change, FieldChange, TAG_GUARDRAIL};

/// Why it is changed, where neither the mark nor the fields say it.
pub(super) fn reason(change: &Change) -> Option<&str> {
    let is_new = change.action == Action::Create && !change.unseen;
    Some(change.reason.as_str()).filter(|reason| !is_new && !reason.is_empty() && !is_said_by_fields(change))
}

/// How much is written of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Of what is new only what is chosen: the plan is long.
    Brief,
    /// All that is worth reading first.
    Usual,
    /// Everything.
    Whole,
}

impl Extent {
    fn is_whole(self) -> bool {
        self == Extent::Whole
    }
}

/// The same without the reason.
pub(super) fn facts(change: &Change, extent: Extent) -> Vec<Detail> {
    let verbose = extent.is_whole();
    let mut details = Vec::new();
    match change.action {
        Action::Create if !verbose => return created(change, extent).into_iter().collect(),
        Action::Create => details.extend(compact(change, extent).map(|line| Detail::new(0, line))),
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

/// What is new, in as few lines as it takes: fields, what it makes, and the names of a policy's statements.
fn created(change: &Change, extent: Extent) -> Vec<Detail> {
    let mut details: Vec<Detail> = compact(change, extent).map(|line| Detail::new(0, line)).into_iter().collect();
    if extent == Extent::Usual {
        details.extend(resources(&change.fields, false));
    }
    let is_named = extent == Extent::Brief && change.fields.iter().any(names_guardrails);
    for field in change.fields.iter().filter(|field| is_content(field) && !is_named) {
        details.extend(content(change.address.prefix(), &field.before, &field.after, false));
    }
    details.extend(passage("gains", Paint::Added, &change.gains));
    details
}

/// Whether the tags of a policy say what is in it.
fn names_guardrails(field: &FieldChange) -> bool {
    let tags = field.after.as_object().filter(|_| field.path == "tags");
    tags.is_some_and(|tags| tags.keys().any(|key| key.starts_with(TAG_GUARDRAIL)))
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
fn compact(change: &Change, extent: Extent) -> Option<Line> {
    let verbose = extent.is_whole();
    let is_named = !verbose && change.fields.iter().any(names_guardrails);
    let name = short_name(&change.address);
    let shown = change.fields.iter().filter(|field| {
        // What the blueprint calls an account may begin with the name that AWS has for it, and be another.
        let is_name = |after: &str| if change.address.is_account() { name == after } else { name.starts_with(after) };
        let is_said = match field.path.as_str() {
            "name" => is_name(&text(&field.after)),
            "description" => is_named,
            // Where a name says two of its values: `config.amazonaws.com: audit`.
            _ => name.split_once(": ").is_some_and(|parts| [parts.0, parts.1].contains(&text(&field.after).as_str())),
        };
        is_line(field) && !is_said && field.after != false && (verbose || !is_hardly_chosen(field))
    });
    let mut line = Line::new();
    for field in shown {
        let (path, after) = (shown_path(field), text(&field.after));
        let shortened = (!verbose).then(|| shortened(field, extent)).flatten();
        for (path, after) in shortened.unwrap_or_else(|| vec![(path, after)]) {
            if !line.is_empty() {
                line = line.with(Paint::Dim, format!("{GLUE}· "));
            }
            line = line.with(Paint::Dim, format!("{path}{GLUE}")).plain(after);
        }
    }
    (!line.is_empty()).then_some(line)
}

fn is_hardly_chosen(field: &FieldChange) -> bool {
    // Stacks that are deleted with an account's move are worth a word.
    let retains = field.after.get("retain_stacks_on_account_removal").is_some_and(|retains| *retains == true);
    HARDLY_CHOSEN.contains(&field.path.as_str()) || field.path == "auto_deployment" && retains
}

/// So many guardrails of a new policy are named, and so many characters may a parameter have that is shown.
const SHOWN_GUARDRAILS: usize = 4;
const SHORT_VALUE: usize = 30;

/// The same of fields with many values, as far as it is worth reading first: parameters that are plain values, guardrails by
/// their names in place of the tags that say them.
fn shortened(field: &FieldChange, extent: Extent) -> Option<Vec<(String, String)>> {
    let map = field.after.as_object()?;
    let mut shown: Vec<(String, String)> = Vec::new();
    match field.path.as_str() {
        "parameters" => {
            let is_plain = |value: &Value| {
                value.as_str().is_none_or(|text| !text.is_empty() && text.len() <= SHORT_VALUE && !text.contains("${"))
            };
            let plain = map.iter().filter(|(_, value)| is_plain(value) && extent == Extent::Usual);
            let plain: Vec<String> = plain.map(|(key, value)| format!("{}={}", clean(key), text(value))).collect();
            if !plain.is_empty() {
                shown.push(("parameters".into(), plain.join(", ")));
            }
        }
        "tags" => {
            let (guardrails, others): (Vec<_>, Vec<_>) =
                map.iter().partition(|(key, _)| key.starts_with(TAG_GUARDRAIL));
            let ids: Vec<String> =
                guardrails.iter().filter_map(|(key, _)| key.strip_prefix(TAG_GUARDRAIL)).map(clean).collect();
            let more = ids.len().saturating_sub(SHOWN_GUARDRAILS);
            let more = if more > 0 { format!(" and {more} more (-v)") } else { String::new() };
            if !ids.is_empty() {
                let ids: Vec<String> = ids.into_iter().take(SHOWN_GUARDRAILS).collect();
                shown.push(("guardrails".into(), ids.join(", ") + &more));
            }
            let tags: Vec<String> =
                others.iter().map(|(key, value)| format!("{}={}", clean(key), text(value))).collect();
            if !tags.is_empty() {
                shown.push(("tags".into(), tags.join(", ")));
            }
        }
        _ => return None,
    }
    Some(shown)
}

/// Plain values behind each other, and whatever has parts, part by part.
fn before_and_after(change: &Change) -> Vec<Detail> {
    let fields = change.fields.iter().filter(|field| is_line(field));
    let (parted, plain): (Vec<&FieldChange>, Vec<&FieldChange>) =
        fields.partition(|field| has_parts(&field.before, &field.after));
    let widest = plain.iter().map(|field| shown_path(field).chars().count()).max().unwrap_or(0);
    let mut details: Vec<Detail> = plain
        .into_iter()
        .map(|field| {
            let path = shown_path(field);
            let pad = GLUE.to_string().repeat(widest.saturating_sub(path.chars().count()));
            let line = Line::of(Paint::Dim, path).plain(format!("{pad}{GLUE} "));
            Detail::new(0, line.join(transition(&field.before, &field.after)))
        })
        .collect();
    details.extend(parted.into_iter().flat_map(|field| differing(&shown_path(field), &field.before, &field.after)));
    details
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
