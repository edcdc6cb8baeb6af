//! Checks a tree against the JSON Schema of the type that it is to become, and reports everything that is wrong.
//!
//! The schemas are those that `schemars` derives; of JSON Schema 2020-12
//! (<https://json-schema.org/draft/2020-12/json-schema-validation>) these keywords are understood: `$ref`, `type`,
//! `const`, `enum`, `properties`, `required`, `additionalProperties`, `patternProperties`, `items`, `prefixItems`,
//! `minItems`, `maxItems`, `uniqueItems`, `minLength`, `maxLength`, `pattern`, `minimum`, `maximum`,
//! `exclusiveMinimum`, `exclusiveMaximum`, `format` of integers, `allOf`, `anyOf` and `oneOf`. An empty value counts as
//! an empty list or map where no null is allowed.

mod alternatives;
mod collections;
mod editors;
mod kinds;
mod published;
mod scalars;
mod subschemas;

use std::collections::HashMap;

use regex_lite::Regex;
use serde_json::Value;

use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Content, Map, Node};
use super::place::Place;
pub use editors::for_editors;
pub use published::{json_schema, of};
pub use subschemas::{Keywords, each_subschema};

/// Checks `root`, the top-level map of a blueprint that begins at `start`, against `schema`.
pub fn check(root: &Map, start: Place, schema: &Value, diagnostics: &mut Diagnostics) {
    let mut checker =
        Checker { root: schema, path: Vec::new(), patterns: HashMap::new(), brought_in: None, found: Vec::new() };
    checker.check_map(root, checker.follow(schema), start);
    diagnostics.extend(checker.found);
}

/// How many unknown keys of one map are reported one by one.
const UNKNOWN_KEYS: usize = 100;

struct Checker<'s> {
    /// The whole schema, into which `$ref` points.
    root: &'s Value,
    /// The way from the top of the blueprint, as it is shown: `accounts`, `[2]` …
    path: Vec<String>,
    /// Compiled patterns; `None` for one that cannot be compiled.
    patterns: HashMap<&'s str, Option<Regex>>,
    /// The reference that brought in what is being checked.
    brought_in: Option<Reference>,
    found: Vec<Diagnostic>,
}

#[derive(Clone, Copy)]
struct Reference {
    used: Place,
    defined: Place,
}

impl<'s> Checker<'s> {
    /// Checks `node`; what concerns all of it is reported at `named`, the key or item that it belongs to.
    fn check(&mut self, node: &Node, schema: &'s Value, named: Place) {
        let schema = self.follow(schema);
        if *schema == Value::Bool(false) {
            return self
                .report(Diagnostic::error("unknown-key", format!("{} is not allowed", self.subject())).at(named));
        }
        let outer = self.brought_in;
        if let Some(defined) = node.defined {
            self.brought_in = Some(Reference { used: node.place, defined });
        }
        match self.wrong_type(node, schema) {
            Some(diagnostic) => self.report(diagnostic),
            None => self.check_content(node, schema, named),
        }
        self.brought_in = outer;
    }

    fn check_content(&mut self, node: &Node, schema: &'s Value, named: Place) {
        for part in array(schema, "allOf") {
            self.check(node, part, named);
        }
        for keyword in ["anyOf", "oneOf"] {
            if schema.get(keyword).is_some() {
                self.check_alternatives(node, schema, named);
                break;
            }
        }
        match &node.content {
            Content::Scalar(_) if node.is_null() && self.takes_empty(schema) => self.check_empty(schema, named),
            Content::Scalar(scalar) => self.check_scalar(scalar, node.place, schema),
            Content::List(items) => self.check_list(items, schema, named),
            Content::Map(map) => self.check_map(map, schema, named),
            Content::Unknown => {}
        }
    }

    /// The schema that `schema` stands for. One that adds properties to what it refers to stands for itself, see
    /// [`Self::layers`].
    fn follow(&self, schema: &'s Value) -> &'s Value {
        if schema.get("properties").is_some() {
            return schema;
        }
        self.target(schema).map_or(schema, |target| self.follow(target))
    }

    /// The schemas that together say what a map holds: `schema` itself and the one that it adds to.
    fn layers(&self, schema: &'s Value) -> Vec<&'s Value> {
        std::iter::once(schema).chain(self.target(schema).map(|target| self.follow(target))).collect()
    }

    fn target(&self, schema: &'s Value) -> Option<&'s Value> {
        self.root.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?)
    }

    /// What is being checked, for the beginning of a message.
    fn subject(&self) -> String {
        if self.path.is_empty() { "the blueprint".to_owned() } else { format!("`{}`", self.shown_path()) }
    }

    fn shown_path(&self) -> String {
        let mut shown = String::new();
        for part in &self.path {
            if !shown.is_empty() && !part.starts_with('[') {
                shown.push('.');
            }
            shown += part;
        }
        shown
    }

    /// Runs `check` one step further down.
    fn below(&mut self, step: String, check: impl FnOnce(&mut Self)) {
        self.path.push(step);
        check(self);
        self.path.pop();
    }

    /// Adds a mistake; of what came in through a reference, both where it is used and where it is defined are shown.
    fn report(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.place.unwrap_or_default();
        let diagnostic = match self.brought_in {
            Some(Reference { used, defined }) if defined.holds(place) => diagnostic.also(used, "used here"),
            Some(Reference { defined, .. }) => diagnostic.also(defined, "the value is defined here"),
            None => diagnostic,
        };
        self.found.push(diagnostic);
    }
}

/// The items of the array `keyword`, none if there is no such array.
fn array<'s>(schema: &'s Value, keyword: &str) -> &'s [Value] {
    schema.get(keyword).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// What the schema says about itself in one line, with a full stop.
fn description(schema: &Value) -> Option<&str> {
    schema.get("description")?.as_str()?.lines().next()
}
