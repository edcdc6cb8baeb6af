//! Checks texts and numbers.

use regex_lite::Regex;
use serde_json::Value;

use super::{Checker, array, description};
use crate::diagnostic::Diagnostic;
use crate::node::shorten;
use crate::place::Place;
use crate::scalar::{Meaning, Scalar};
use crate::suggest::did_you_mean;

/// The least and greatest of the integer formats that `schemars` writes for Rust's integers
/// (<https://graham.cool/schemars/>).
const INTEGER_FORMATS: [(&str, i128, i128); 8] = [
    ("int8", i8::MIN as i128, i8::MAX as i128),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("uint8", 0, u8::MAX as i128),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
];

impl<'s> Checker<'s> {
    pub(super) fn check_scalar(&mut self, scalar: &Scalar, place: Place, schema: &'s Value) {
        if is_closed(schema) {
            return self.check_allowed(scalar, place, &allowed(schema));
        }
        match scalar.as_wanted() {
            Meaning::Integer(number) => {
                self.check_format(number, place, schema);
                self.check_bounds(number as f64, place, schema);
            }
            Meaning::Float(number) => self.check_bounds(number, place, schema),
            _ => {}
        }
        if scalar.is_text() {
            let length = scalar.text.chars().count();
            self.check_length(length, schema, ["minLength", "maxLength"], "characters", place);
            self.check_pattern(&scalar.text, place, schema);
        }
    }

    /// Checks that `scalar` is one of `allowed`.
    pub(super) fn check_allowed(&mut self, scalar: &Scalar, place: Place, allowed: &[&Value]) {
        if allowed.iter().any(|value| equals(scalar, value)) {
            return;
        }
        let names: Vec<String> = allowed.iter().map(|value| as_written(value)).collect();
        let message = format!("{} cannot be `{}`", self.subject(), shorten(&scalar.text));
        let diagnostic = Diagnostic::error("unknown-name", message).at(place);
        let diagnostic = match did_you_mean(&scalar.text, names.iter().map(String::as_str)) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic,
        };
        self.report(match &names[..] {
            [only] => diagnostic.help(format!("it must be {only}")),
            _ => diagnostic.help(format!("one of: {}", names.join(", "))),
        });
    }

    fn check_format(&mut self, number: i128, place: Place, schema: &Value) {
        let format = schema.get("format").and_then(Value::as_str);
        let Some((_, least, most)) = INTEGER_FORMATS.iter().find(|(name, ..)| Some(*name) == format) else {
            return;
        };
        if !(*least..=*most).contains(&number) && self.bounds_hold(number as f64, schema) {
            let message = format!("{} must be from {least} to {most}", self.subject());
            self.report(Diagnostic::error("range", message).at(place));
        }
    }

    fn bounds_hold(&self, number: f64, schema: &Value) -> bool {
        broken_bound(number, schema).is_none()
    }

    fn check_bounds(&mut self, number: f64, place: Place, schema: &Value) {
        if let Some((words, limit)) = broken_bound(number, schema) {
            let message = format!("{} must be {words} {limit}", self.subject());
            self.report(Diagnostic::error("range", message).at(place));
        }
    }

    fn check_pattern(&mut self, text: &str, place: Place, schema: &'s Value) {
        let Some(pattern) = schema.get("pattern").and_then(Value::as_str) else {
            return;
        };
        if self.pattern(pattern).is_some_and(|compiled| !compiled.is_match(text)) {
            let message = format!("{} does not have the form that it needs", self.subject());
            let form = format!("it must match `{pattern}`");
            let help = description(schema).map_or(form.clone(), |about| format!("{about}\n{form}"));
            self.report(Diagnostic::error("pattern", message).at(place).help(help));
        }
    }

    /// The compiled pattern; `None` if it uses what this program's patterns lack, such as look-ahead.
    pub(super) fn pattern(&mut self, pattern: &'s str) -> Option<&Regex> {
        self.patterns.entry(pattern).or_insert_with(|| Regex::new(pattern).ok()).as_ref()
    }
}

/// The bound that `number` breaks: the words that stand before it, and the bound.
fn broken_bound(number: f64, schema: &Value) -> Option<(&'static str, &Value)> {
    type Breaks = fn(f64, f64) -> bool;
    let bounds: [(&str, &str, Breaks); 4] = [
        ("minimum", "at least", |number, limit| number < limit),
        ("maximum", "at most", |number, limit| number > limit),
        ("exclusiveMinimum", "greater than", |number, limit| number <= limit),
        ("exclusiveMaximum", "less than", |number, limit| number >= limit),
    ];
    bounds.into_iter().find_map(|(keyword, words, breaks)| {
        let limit = schema.get(keyword)?;
        breaks(number, limit.as_f64()?).then_some((words, limit))
    })
}

/// Whether only certain values are allowed.
pub(super) fn is_closed(schema: &Value) -> bool {
    schema.get("const").is_some() || schema.get("enum").is_some()
}

/// The values that `schema` allows.
pub(super) fn allowed(schema: &Value) -> Vec<&Value> {
    schema.get("const").into_iter().chain(array(schema, "enum")).collect()
}

/// Whether `scalar` is `value`.
pub(super) fn equals(scalar: &Scalar, value: &Value) -> bool {
    match (value, scalar.as_wanted()) {
        (Value::String(text), _) => scalar.is_text() && *text == scalar.text,
        (Value::Null, Meaning::Null) => true,
        (Value::Bool(wanted), Meaning::Bool(found)) => *wanted == found,
        (Value::Number(wanted), Meaning::Integer(found)) => wanted.as_i128() == Some(found),
        (Value::Number(wanted), Meaning::Float(found)) => wanted.as_f64() == Some(found),
        _ => false,
    }
}

/// A length that `schema` sets.
pub(super) fn limit(schema: &Value, keyword: &str) -> Option<usize> {
    usize::try_from(schema.get(keyword)?.as_u64()?).ok()
}

fn as_written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
