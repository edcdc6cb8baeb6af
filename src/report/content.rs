//! How a policy's document differs, statement by statement.

use landing_policy::{ElementChange, Language, PolicyType, StatementChange, element_diff, statement_diff};
use serde_json::Value;

use super::clean::clean;
use super::detail::Detail;
use super::fields::{text, transition};
use super::line::Line;
use super::paint::Paint;
use super::sentence::count;
use super::values::differing as differing_values;

/// So many values of one element are shown of a statement that is new or goes away as a whole.
const SHOWN_VALUES: usize = 6;

/// So many statements of a policy that is new or goes away are named, and so many settings are shown.
const SHOWN_STATEMENTS: usize = 4;
const SHOWN_SETTINGS: usize = 2;

/// Stands between a path and its values: the paths' own spaces are narrower.
const GAP: &str = "\u{a0} ";

/// The difference between two documents of the policy type with this address prefix. `verbose` shows all values
/// of new statements; those that differ are always all shown.
pub(super) fn content(prefix: &str, before: &Value, after: &Value, verbose: bool) -> Vec<Detail> {
    let language = PolicyType::from_address_prefix(prefix).map(PolicyType::language);
    let is_whole = before.is_null() || after.is_null();
    if let Some(Language::Management { .. }) = language {
        let settings = differing_values("", before, after);
        return if is_whole && !verbose && settings.len() > SHOWN_SETTINGS { counted(&settings) } else { settings };
    }
    if is_whole && !verbose {
        return outlined(before, after).into_iter().collect();
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

/// So many settings, which only `-v` shows one by one.
fn counted(settings: &[Detail]) -> Vec<Detail> {
    vec![Detail::new(0, Line::of(Paint::Dim, format!("{} settings", settings.len())))]
}

/// A whole document as the names of its statements: `denies, in 17 statements: RegionRestriction, TrailStays …`.
fn outlined(before: &Value, after: &Value) -> Option<Detail> {
    let statements = statement_diff(before, after);
    let whole: Vec<(usize, &Value)> = statements.iter().filter_map(whole_statement).collect();
    let allows = whole.iter().filter(|(_, it)| it.get("Effect").is_some_and(|effect| effect == "Allow")).count();
    let effect = match allows {
        0 => "denies",
        allows if allows == whole.len() => "allows",
        _ => "allows and denies",
    };
    let name = |(index, it): &(usize, &Value)| match it.get("Sid").and_then(Value::as_str).filter(|sid| !sid.is_empty())
    {
        Some(sid) => clean(sid),
        None => format!("statement {}", index + 1),
    };
    let names: Vec<String> = whole.iter().take(SHOWN_STATEMENTS).map(name).collect();
    let more = whole.len().saturating_sub(SHOWN_STATEMENTS);
    let more = if more > 0 { format!(" and {more} more (-v)") } else { String::new() };
    let is_named = whole.iter().any(|(_, it)| it.get("Sid").is_some());
    let gap = if is_named { ": " } else { "" };
    let names = if is_named { names.join(", ") + &more } else { String::new() };
    let what = format!("{effect}, in {}{gap}", count(whole.len(), "statement", "statements"));
    (!whole.is_empty()).then(|| Detail::new(0, Line::of(Paint::Dim, what).plain(names)))
}

fn whole_statement(change: &StatementChange) -> Option<(usize, &Value)> {
    match change {
        StatementChange::Added { index, statement } | StatementChange::Removed { index, statement } => {
            Some((*index, statement))
        }
        StatementChange::Changed { .. } => None,
    }
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
