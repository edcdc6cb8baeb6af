//! Messages about wrong references.

use super::expander::Use;
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Map, Node, shorten};
use crate::spanned::Spanned;
use crate::suggest::did_you_mean;

/// How many names are listed.
const LISTED: usize = 20;

pub(super) fn reference_in_key(key: &Spanned<String>) -> Diagnostic {
    let message = format!("the key `{}` cannot take a value", shorten(key));
    Diagnostic::error("value", message).at(key.place).help("write the name out; values go to the right of the colon")
}

/// Two keys that are written differently and mean the same.
pub(super) fn key_twice(key: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is there twice", shorten(key));
    Diagnostic::error("duplicate", message).at(key.place).help("put both under one key: `$${` stands for `${`")
}

pub(super) fn malformed(written: &str) -> Diagnostic {
    let message = format!("`{}` is not a reference to a value", shorten(written));
    Diagnostic::error("value", message).help("write `${values.NAME}`, or `$${` for the text `${`")
}

/// A list, map or nothing cannot be a part of a text.
pub(super) fn not_text(wanted: Use<'_>, value: &Node) -> Diagnostic {
    let problem = match value.content {
        Content::List(_) => "is a list",
        Content::Map(_) => "is a map",
        _ => "is empty",
    };
    let message = format!("`values.{}` {problem} and cannot stand within text", wanted.path);
    Diagnostic::error("value", message)
        .at(wanted.place)
        .also(value.place, "defined here")
        .help("let the reference stand alone, or refer to one text or number")
}

pub(super) fn unused(key: &Spanned<String>) -> Diagnostic {
    let name = shorten(key);
    Diagnostic::warning("unused-value", format!("nothing refers to the value `{name}`"))
        .at(key.place)
        .help(format!("write `${{values.{name}}}` where it is meant, or remove it"))
}

/// `map` has not the first name of `rest`, the end of `path`.
pub(super) fn unknown(path: &str, rest: &str, map: &Map) -> Diagnostic {
    let name = rest.split('.').next().unwrap_or(rest);
    let diagnostic = Diagnostic::error("unknown-value", format!("there is no value `{path}`"));
    let diagnostic = match did_you_mean(name, map.keys().map(|key| key.as_str())) {
        Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
        None => diagnostic,
    };
    if map.is_empty() {
        return diagnostic.help("define it under `values:` at the top level of the blueprint");
    }
    let known: Vec<String> = map.keys().take(LISTED).map(|key| shorten(key)).collect();
    let more = if map.len() > LISTED { ", …" } else { "" };
    diagnostic.help(format!("`{}` has: {}{more}", before(path, rest), known.join(", ")))
}

/// What stands before `rest`, the end of `path`, is `found`, which has no names.
pub(super) fn not_a_map(path: &str, rest: &str, found: &Node) -> Diagnostic {
    let holder = before(path, rest);
    let message = format!("there is no value `{path}`: `{holder}` is {}", found.describe());
    Diagnostic::error("unknown-value", message).also(found.place, "defined here")
}

/// The value `path` is needed for itself, or `chain` is too long.
pub(super) fn endless(chain: &[String], path: &str) -> Diagnostic {
    let message = match chain.iter().position(|outer| outer == path) {
        Some(start) => {
            let circle: Vec<&str> = chain[start..].iter().map(String::as_str).chain([path]).collect();
            format!("the value `{path}` contains itself: {}", circle.join(" → "))
        }
        None => format!("more than {} values refer to one another in a row", chain.len()),
    };
    Diagnostic::error("value", message).help("write one of them out")
}

fn before(path: &str, rest: &str) -> String {
    let holder = path.strip_suffix(rest).unwrap_or(path).trim_end_matches('.');
    if holder.is_empty() { "values".to_owned() } else { format!("values.{holder}") }
}
