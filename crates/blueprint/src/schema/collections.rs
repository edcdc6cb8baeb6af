//! Checks the keys of maps and the items of lists.

use std::collections::HashMap;

use serde_json::Value;

use super::{Checker, UNKNOWN_KEYS, array, description, scalars};
use crate::diagnostic::Diagnostic;
use crate::node::{Content, Map, Node, shorten};
use crate::place::Place;
use crate::spanned::Spanned;
use crate::suggest::did_you_mean;

impl<'s> Checker<'s> {
    /// Checks an empty value as the map that it stands for; an empty list has no mistakes but its length.
    pub(super) fn check_empty(&mut self, schema: &'s Value, named: Place) {
        match self.kinds(schema)[..] {
            ["object"] => self.check_map(&Map::new(), schema, named),
            ["array"] => self.check_list(&[], schema, named),
            _ => {}
        }
    }

    pub(super) fn check_map(&mut self, map: &Map, schema: &'s Value, named: Place) {
        let mut unknown = 0_usize;
        for (key, value) in map {
            match self.property(key, schema) {
                Property::Known(schema) => {
                    self.below(key.value.clone(), |checker| checker.check(value, schema, key.place));
                }
                Property::Free => {}
                Property::Unknown => {
                    unknown += 1;
                    if unknown <= UNKNOWN_KEYS {
                        self.report_unknown_key(key, &self.known(schema));
                    }
                }
            }
        }
        if unknown > UNKNOWN_KEYS {
            let message = format!("{} more unknown keys in {}", unknown - UNKNOWN_KEYS, self.subject());
            self.report(Diagnostic::error("unknown-key", message).at(named));
        }
        for layer in self.layers(schema) {
            for required in array(layer, "required").iter().filter_map(Value::as_str) {
                if !map.contains_key(required) {
                    self.report_missing_key(required, layer, named);
                }
            }
        }
    }

    fn property(&mut self, key: &str, schema: &'s Value) -> Property<'s> {
        let layers = self.layers(schema);
        let known = layers.iter().find_map(|layer| layer.get("properties")?.get(key));
        if let Some(known) = known {
            return Property::Known(known);
        }
        let patterns = layers.iter().filter_map(|layer| layer.get("patternProperties")?.as_object());
        for (pattern, known) in patterns.flatten() {
            if self.pattern(pattern).is_some_and(|pattern| pattern.is_match(key)) {
                return Property::Known(known);
            }
        }
        match layers.iter().find_map(|layer| layer.get("additionalProperties")) {
            Some(Value::Bool(false)) => Property::Unknown,
            Some(schema @ Value::Object(_)) => Property::Known(schema),
            _ => Property::Free,
        }
    }

    /// The names of the keys that `schema` knows.
    pub(super) fn known(&self, schema: &'s Value) -> Vec<&'s str> {
        let properties = self.layers(schema).into_iter().filter_map(|layer| layer.get("properties")?.as_object());
        properties.flat_map(|properties| properties.keys().map(String::as_str)).collect()
    }

    pub(super) fn report_unknown_key(&mut self, key: &Spanned<String>, known: &[&str]) {
        let message = format!("unknown key `{}` in {}", shorten(key), self.subject());
        let diagnostic = Diagnostic::error("unknown-key", message).at(key.place);
        let diagnostic = match did_you_mean(key, known.iter().copied()) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")),
            None => diagnostic.label("not known here"),
        };
        let mut known = known.to_vec();
        known.sort_unstable();
        known.dedup();
        self.report(match known[..] {
            [] => diagnostic.help("no keys are known here"),
            _ => diagnostic.help(format!("known keys: {}", known.join(", "))),
        });
    }

    fn report_missing_key(&mut self, key: &str, schema: &'s Value, named: Place) {
        let message = format!("{} lacks the key `{key}`", self.subject());
        let diagnostic = Diagnostic::error("missing-key", message).at(named).label(format!("`{key}` is missing"));
        let property = schema.get("properties").and_then(|properties| properties.get(key));
        let about = property.and_then(|property| description(property).or_else(|| description(self.follow(property))));
        self.report(match about {
            Some(about) => diagnostic.help(format!("`{key}`: {about}")),
            None => diagnostic,
        });
    }

    pub(super) fn check_list(&mut self, items: &[Node], schema: &'s Value, named: Place) {
        let prefix = array(schema, "prefixItems");
        for (index, item) in items.iter().enumerate() {
            if let Some(schema) = prefix.get(index).or_else(|| schema.get("items")) {
                self.below(format!("[{index}]"), |checker| checker.check(item, schema, item.place));
            }
        }
        self.check_length(items.len(), schema, ["minItems", "maxItems"], "items", named);
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            self.check_unique(items);
        }
    }

    fn check_unique(&mut self, items: &[Node]) {
        let mut seen: HashMap<&str, Place> = HashMap::new();
        for item in items {
            let Content::Scalar(scalar) = &item.content else {
                continue;
            };
            if let Some(first) = seen.insert(&scalar.text, item.place) {
                let message = format!("`{}` is there twice in {}", shorten(&scalar.text), self.subject());
                self.report(Diagnostic::error("duplicate-item", message).at(item.place).also(first, "first here"));
            }
        }
    }

    /// Checks a number of characters or items, called `unit`, against the limits that are named by two keywords.
    pub(super) fn check_length(&mut self, length: usize, schema: &Value, limits: [&str; 2], unit: &str, place: Place) {
        let [least, most] = limits.map(|limit| scalars::limit(schema, limit));
        let problem = match (least, most) {
            (Some(least), _) if length < least => format!("at least {least}"),
            (_, Some(most)) if length > most => format!("at most {most}"),
            _ => return,
        };
        let message = format!("{} must have {problem} {unit}, it has {length}", self.subject());
        self.report(Diagnostic::error("length", message).at(place));
    }
}

/// What a schema says about one key.
enum Property<'s> {
    /// Its value must be this.
    Known(&'s Value),
    /// Nothing.
    Free,
    /// It must not be there.
    Unknown,
}
