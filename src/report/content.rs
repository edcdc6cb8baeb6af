//! How a policy's document differs, statement by statement.

use std::collections::BTreeMap;

use landing_policy::{ElementChange, Language, PolicyType, StatementChange, element_diff, statement_diff};
use serde_json::Value;

use super::clean::clean;
use super::detail::Detail;
use super::fields::{text, transition};
use super::line::Line;
use super::paint::Paint;

/// So many values of one element are shown of a statement that is new or goes away as a whole.
const SHOWN_VALUES: usize = 6;

/// Stands between a path and its values: the paths' own spaces are narrower.
const GAP: &str = "\u{a0} ";

/// The difference between two documents of the policy type with this address prefix. `verbose` shows all values
/// of new statements; those that differ are always all shown.
pub(super) fn content(prefix: &str, before: &Value, after: &Value, verbose: bool) -> Vec<Detail> {
    let language = PolicyType::from_address_prefix(prefix).map(PolicyType::language);
    if let Some(Language::Management { .. }) = language {
        return settings(before, after);
    }
    let mut details: Vec<Detail> = Vec::new();
    if !before.is_null() && !after.is_null() {
        details.extend(element_diff(before, after).iter().flat_map(|element| differing(0, element)));
    }
    for change in statement_diff(before, after) {
        details.extend(statement(&change, verbose));
    }
    details
}

fn statement(change: &StatementChange, verbose: bool) -> Vec<Detail> {
    match change {
        StatementChange::Added { index, statement } => whole('+', Paint::Added, *index, statement, verbose),
        StatementChange::Removed { index, statement } => whole('-', Paint::Removed, *index, statement, verbose),
        StatementChange::Changed { index, sid, elements, .. } => {
            let mut details = vec![Detail::new(0, headline('~', Paint::Changed, *index, sid.as_deref(), None))];
            details.extend(elements.iter().flat_map(|element| differing(2, element)));
            details
        }
    }
}

/// `+ statement 1 DenyOutsideRegions: Deny`. People count from 1.
fn headline(glyph: char, paint: Paint, index: usize, sid: Option<&str>, effect: Option<&str>) -> Line {
    let mut line = Line::of(paint, format!("{glyph} statement {}", index + 1));
    if let Some(sid) = sid.filter(|sid| !sid.is_empty()) {
        line = line.plain(format!(" {}", clean(sid)));
    }
    match effect {
        Some(effect) => line.with(Paint::Dim, format!(" ({})", clean(effect))),
        None => line,
    }
}

/// A statement that is new or goes away.
fn whole(glyph: char, paint: Paint, index: usize, statement: &Value, verbose: bool) -> Vec<Detail> {
    let member = |name: &str| statement.get(name).and_then(Value::as_str);
    let mut details = vec![Detail::new(0, headline(glyph, paint, index, member("Sid"), member("Effect")))];
    let members = statement.as_object().into_iter().flatten();
    for (name, value) in members.filter(|(name, _)| !matches!(name.as_str(), "Sid" | "Effect")) {
        match (name.as_str(), value) {
            ("Condition", Value::Object(operators)) => {
                details.extend(operators.iter().flat_map(|(operator, keys)| condition(operator, keys, verbose)));
            }
            _ => details.push(element(&[name], value, verbose)),
        }
    }
    details
}

fn condition(operator: &str, keys: &Value, verbose: bool) -> Vec<Detail> {
    let keys = keys.as_object().into_iter().flatten();
    keys.map(|(key, value)| element(&["Condition", operator, key], value, verbose)).collect()
}

fn element(path: &[&str], value: &Value, verbose: bool) -> Detail {
    let values: Vec<String> = match value {
        Value::Array(values) => values.iter().map(text).collect(),
        one => vec![text(one)],
    };
    let shown = if verbose { values.len() } else { SHOWN_VALUES };
    let mut line = Line::of(Paint::Dim, clean(&path.join(" ")))
        .plain(GAP)
        .plain(values.iter().take(shown).cloned().collect::<Vec<_>>().join(", "));
    if values.len() > shown {
        line = line.with(Paint::Dim, format!(" … and {} more", values.len() - shown));
    }
    Detail::new(2, line)
}

/// An element that differs, all values that come and go.
fn differing(indent: usize, element: &ElementChange) -> Vec<Detail> {
    let path = clean(&element.path.join(" "));
    let mut details = Vec::new();
    if let ([before], [after]) = (element.removed.as_slice(), element.added.as_slice()) {
        let values = transition(&Value::from(before.as_str()), &Value::from(after.as_str()));
        return vec![Detail::new(indent, Line::of(Paint::Dim, path).plain(GAP).join(values))];
    }
    details.push(Detail::new(indent, Line::of(Paint::Dim, path)));
    for (glyph, paint, values) in [('-', Paint::Removed, &element.removed), ('+', Paint::Added, &element.added)] {
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|value| clean(value)).collect();
            let line = Line::of(paint, format!("{glyph} {}", values.join(", ")));
            details.push(Detail::new(indent + 2, line));
        }
    }
    details
}

/// Documents that are trees of settings: every leaf that comes, goes or changes.
pub(super) fn settings(before: &Value, after: &Value) -> Vec<Detail> {
    let (before, after) = (leaves(before), leaves(after));
    let mut details = Vec::new();
    for (path, value) in &before {
        match after.get(path) {
            Some(new) if new == value => {}
            Some(new) => {
                let line = Line::of(Paint::Changed, "~ ").with(Paint::Dim, clean(path)).plain(GAP);
                details.push(Detail::new(0, line.join(transition(value, new))));
            }
            None => details.push(leaf('-', Paint::Removed, path, value)),
        }
    }
    details.extend(
        after
            .iter()
            .filter(|(path, _)| !before.contains_key(*path))
            .map(|(path, value)| leaf('+', Paint::Added, path, value)),
    );
    details
}

fn leaf(glyph: char, paint: Paint, path: &str, value: &Value) -> Detail {
    let line = Line::of(paint, format!("{glyph} ")).with(Paint::Dim, clean(path)).plain(GAP);
    Detail::new(0, line.plain(text(value)))
}

/// Everything that is not a map, by its dotted path.
fn leaves(value: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(map) => open.extend(map.iter().map(|(key, value)| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                (path, value)
            })),
            Value::Null => {}
            other => drop(found.insert(path, other.clone())),
        }
    }
    found
}
