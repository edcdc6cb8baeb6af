//! Which sorts of values a schema takes, and the message for another one.

use serde_json::Value;

use super::{Checker, array};
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Node, shorten};
use crate::scalar::{Meaning, Scalar};

/// JSON's sorts of values as schemas name them, and how they are called here.
const KINDS: [(&str, &str); 7] = [
    ("string", "text"),
    ("integer", "a whole number"),
    ("number", "a number"),
    ("boolean", "`true` or `false`"),
    ("array", "a list"),
    ("object", "a map"),
    ("null", "nothing"),
];

impl<'s> Checker<'s> {
    /// The mistake that `node` is of a sort that `schema` does not take.
    pub(super) fn wrong_type(&self, node: &Node, schema: &'s Value) -> Option<Diagnostic> {
        if self.fits(node, schema) {
            return None;
        }
        let kinds = self.kinds(schema);
        let named = KINDS.iter().filter(|(kind, _)| kinds.contains(kind) && (*kind != "null" || kinds.len() == 1));
        let expected = named.map(|(_, name)| *name).collect::<Vec<_>>().join(" or ");
        let message = format!("{} must be {expected}, found {}", self.subject(), node.describe());
        let diagnostic = Diagnostic::error("type", message).at(node.place).label(format!("expected {expected}"));
        Some(match help(node, &kinds) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        })
    }

    /// Whether `node` is of a sort that `schema` takes.
    pub(super) fn fits(&self, node: &Node, schema: &'s Value) -> bool {
        let kinds = self.kinds(schema);
        kinds.is_empty() || kinds.iter().any(|kind| is_of_kind(node, kind))
    }

    /// Whether an empty value counts as an empty list or map.
    pub(super) fn takes_empty(&self, schema: &'s Value) -> bool {
        let kinds = self.kinds(schema);
        !kinds.contains(&"null") && (kinds.contains(&"array") || kinds.contains(&"object"))
    }

    /// The sorts that `schema` takes, none if it takes all.
    pub(super) fn kinds(&self, schema: &'s Value) -> Vec<&'s str> {
        let schema = self.follow(schema);
        match schema.get("type") {
            Some(Value::String(kind)) => return vec![kind],
            Some(Value::Array(kinds)) => return kinds.iter().filter_map(Value::as_str).collect(),
            _ => {}
        }
        let values = schema.get("const").into_iter().chain(array(schema, "enum"));
        let of_values: Vec<&str> = values.map(kind_of_value).collect();
        if !of_values.is_empty() {
            return of_values;
        }
        if schema.get("properties").is_some() {
            return vec!["object"];
        }
        let branches: Vec<_> = self.branches(schema).iter().map(|branch| self.kinds(branch)).collect();
        if branches.iter().any(Vec::is_empty) { Vec::new() } else { branches.concat() }
    }
}

fn is_of_kind(node: &Node, kind: &str) -> bool {
    match (&node.content, kind) {
        (Content::Unknown, _) | (Content::List(_), "array") | (Content::Map(_), "object") => true,
        (Content::Scalar(_), "null" | "array" | "object") => node.is_null(),
        (Content::Scalar(scalar), "string") => scalar.is_text(),
        (Content::Scalar(scalar), "integer") => matches!(scalar.as_wanted(), Meaning::Integer(_)),
        (Content::Scalar(scalar), "number") => {
            matches!(scalar.as_wanted(), Meaning::Integer(_) | Meaning::Float(_))
        }
        (Content::Scalar(scalar), "boolean") => matches!(scalar.as_wanted(), Meaning::Bool(_)),
        _ => false,
    }
}

fn kind_of_value(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// How to write what was probably meant.
fn help(node: &Node, wanted: &[&str]) -> Option<String> {
    let wants = |kind| wanted.contains(&kind);
    let Content::Scalar(scalar) = &node.content else {
        return (wants("array") && matches!(node.content, Content::Map(_)))
            .then(|| "begin each item of the list with `- `".to_owned());
    };
    let text = shorten(&scalar.text);
    if node.is_null() {
        None
    } else if wants("boolean") {
        truth(&scalar.text).map(|truth| format!("write `{truth}`, without quotes"))
    } else if wants("string") {
        Some(format!("write it in quotes: \"{text}\""))
    } else if wants("array") {
        Some(format!("write a list, even of one: `[{text}]`"))
    } else if wants("integer") || wants("number") {
        as_number(scalar).map(|number| format!("write `{number}`"))
    } else {
        None
    }
}

/// The boolean that other languages, YAML 1.1 among them, take a word for.
fn truth(word: &str) -> Option<bool> {
    match word.to_ascii_lowercase().as_str() {
        "yes" | "on" | "y" | "true" | "1" | "enabled" => Some(true),
        "no" | "off" | "n" | "false" | "0" | "disabled" => Some(false),
        _ => None,
    }
}

/// The number that stands in quotes or after needless zeros.
fn as_number(scalar: &Scalar) -> Option<String> {
    let bare = scalar.text.trim().trim_start_matches('0');
    let plain = Scalar { text: if bare.is_empty() { "0" } else { bare }.to_owned(), plain: true };
    matches!(plain.as_wanted(), Meaning::Integer(_) | Meaning::Float(_)).then_some(plain.text)
}
