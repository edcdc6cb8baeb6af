//! What a template refers to and does not have. CloudFormation refuses such a template, but only when it is sent.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::deployed::{Version, function};
use super::loops::{LOOP, has_loops};

/// A reference that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dangling {
    /// Where it is, as a JSON pointer into the template in its long form.
    pub pointer: String,
    /// The function or attribute that refers: `Ref`, `Fn::GetAtt`, `DependsOn` …
    pub by: &'static str,
    /// What it names.
    pub name: String,
    /// What is missing: `resource or parameter`, `condition` …
    pub missing: &'static str,
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>
const PSEUDO_PARAMETERS: [&str; 8] = [
    "AWS::AccountId",
    "AWS::NotificationARNs",
    "AWS::NoValue",
    "AWS::Partition",
    "AWS::Region",
    "AWS::StackId",
    "AWS::StackName",
    "AWS::URLSuffix",
];

/// The macro that adds nothing to what a template has but what its loops say.
const LANGUAGE_EXTENSIONS: &str = "AWS::LanguageExtensions";

/// The references of a template in its long form that lead nowhere. Where a macro rewrites the template before
/// CloudFormation reads it, nothing is known.
#[must_use]
pub fn dangling(template: &Value) -> Vec<Dangling> {
    if is_rewritten(template) {
        return Vec::new();
    }
    let none = BTreeMap::new();
    let expanded = Version::new(template, &none).expand(template);
    let mut search = Search::of(&expanded);
    search.template(&expanded);
    search.found
}

/// Whether a macro makes something else of the template than what it says.
pub(super) fn is_rewritten(template: &Value) -> bool {
    let transforms = match template.get("Transform") {
        None => return has_key(template, "Fn::Transform"),
        Some(Value::Array(several)) => several.clone(),
        Some(one) => vec![one.clone()],
    };
    transforms.iter().any(|transform| *transform != LANGUAGE_EXTENSIONS) || has_key(template, "Fn::Transform")
}

fn has_key(value: &Value, key: &str) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(own, value)| own == key || has_key(value, key)),
        Value::Array(items) => items.iter().any(|item| has_key(item, key)),
        _ => false,
    }
}

struct Search<'a> {
    parameters: BTreeSet<&'a str>,
    resources: BTreeSet<&'a str>,
    conditions: BTreeSet<&'a str>,
    mappings: Option<&'a Map<String, Value>>,
    /// Whether loops or modules may make resources, or conditions, of names that are not known here.
    is_open: bool,
    found: Vec<Dangling>,
}

impl<'a> Search<'a> {
    fn of(template: &'a Value) -> Search<'a> {
        let names = |section: &str| {
            let section = template.get(section).and_then(Value::as_object);
            section.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
        };
        let modules = template.get("Resources").and_then(Value::as_object).into_iter().flatten();
        let is_module = |resource: &Value| resource["Type"].as_str().is_some_and(|it| it.ends_with("::MODULE"));
        let has_modules = modules.into_iter().any(|(_, resource)| is_module(resource));
        Search {
            parameters: names("Parameters"),
            resources: names("Resources"),
            conditions: names("Conditions"),
            mappings: template.get("Mappings").and_then(Value::as_object),
            is_open: has_modules || has_loops(template),
            found: Vec::new(),
        }
    }

    fn template(&mut self, template: &Value) {
        for section in ["Conditions", "Rules"] {
            self.section(template, section, |search, pointer, value| {
                search.condition_values(pointer, value);
                search.values(pointer, value, false);
            });
        }
        self.section(template, "Resources", Search::resource);
        self.section(template, "Outputs", |search, pointer, output| {
            search.condition_of(pointer, output);
            search.values(pointer, output, true);
        });
    }

    fn section(&mut self, template: &Value, section: &str, mut look: impl FnMut(&mut Self, &str, &Value)) {
        for (name, value) in template.get(section).and_then(Value::as_object).into_iter().flatten() {
            if !name.starts_with(LOOP) {
                look(self, &below(&format!("/{section}"), name), value);
            }
        }
    }

    fn resource(&mut self, pointer: &str, resource: &Value) {
        self.condition_of(pointer, resource);
        match resource.get("DependsOn") {
            Some(Value::Array(needs)) => {
                for (nth, need) in needs.iter().enumerate() {
                    self.depends_on(format!("{pointer}/DependsOn/{nth}"), need);
                }
            }
            Some(need) => self.depends_on(format!("{pointer}/DependsOn"), need),
            None => {}
        }
        for (name, value) in resource.as_object().into_iter().flatten() {
            if !matches!(name.as_str(), "DependsOn" | "Condition" | "Type") {
                self.values(&below(pointer, name), value, true);
            }
        }
    }

    fn depends_on(&mut self, pointer: String, need: &Value) {
        if let Some(name) = need.as_str().filter(|name| !self.has_resource(name)) {
            self.miss(pointer, "DependsOn", name, "resource");
        }
    }

    /// The attribute `Condition` of a resource or an output.
    fn condition_of(&mut self, pointer: &str, whole: &Value) {
        if let Some(Value::String(name)) = whole.get("Condition") {
            self.condition(format!("{pointer}/Condition"), "Condition", name);
        }
    }

    /// `Condition: Name` among conditions, where it is a function.
    fn condition_values(&mut self, pointer: &str, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    match value {
                        Value::String(name) if key == "Condition" => {
                            self.condition(pointer.to_owned(), "Condition", name);
                        }
                        value => self.condition_values(&below(pointer, key), value),
                    }
                }
            }
            Value::Array(items) => {
                for (nth, item) in items.iter().enumerate() {
                    self.condition_values(&format!("{pointer}/{nth}"), item);
                }
            }
            _ => {}
        }
    }

    /// Every function in a value. `resources` says whether it may refer to resources, as conditions may not.
    fn values(&mut self, pointer: &str, value: &Value, resources: bool) {
        if let Some((name, arguments)) = function(value) {
            self.call(pointer, name, arguments, resources);
        }
        match value {
            Value::Object(map) => {
                for (key, value) in map.iter().filter(|(key, _)| !key.starts_with(LOOP)) {
                    self.values(&below(pointer, key), value, resources);
                }
            }
            Value::Array(items) => {
                for (nth, item) in items.iter().enumerate() {
                    self.values(&format!("{pointer}/{nth}"), item, resources);
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, pointer: &str, name: &str, arguments: &Value, resources: bool) {
        match (name, arguments) {
            ("Ref", Value::String(target)) => self.name(pointer, "Ref", target, resources),
            ("Fn::GetAtt", Value::Array(parts)) => {
                if let Some(target) = parts.first().and_then(Value::as_str) {
                    self.attribute(pointer, "Fn::GetAtt", target);
                }
            }
            ("Fn::If", Value::Array(parts)) => {
                if let Some(condition) = parts.first().and_then(Value::as_str) {
                    self.condition(pointer.to_owned(), "Fn::If", condition);
                }
            }
            ("Fn::FindInMap", Value::Array(parts)) => self.find_in_map(pointer, parts),
            ("Fn::Sub", Value::String(text)) => self.substitutes(pointer, text, &Map::new(), resources),
            ("Fn::Sub", Value::Array(parts)) => {
                let none = Map::new();
                let variables = parts.get(1).and_then(Value::as_object).unwrap_or(&none);
                if let Some(text) = parts.first().and_then(Value::as_str) {
                    self.substitutes(pointer, text, variables, resources);
                }
            }
            _ => {}
        }
    }

    fn substitutes(&mut self, pointer: &str, text: &str, variables: &Map<String, Value>, resources: bool) {
        for inside in text.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(inside, _)| inside)) {
            let name = inside.trim();
            // `${!x}` is the text `${x}`, and `${/x}` a reference that rendering put there.
            if name.starts_with(['!', '/']) || variables.contains_key(name) {
                continue;
            }
            match name.split_once('.') {
                Some((resource, _)) => self.attribute(pointer, "Fn::Sub", resource),
                None => self.name(pointer, "Fn::Sub", name, resources),
            }
        }
    }

    fn name(&mut self, pointer: &str, by: &'static str, name: &str, resources: bool) {
        let is_known = PSEUDO_PARAMETERS.contains(&name)
            || self.parameters.contains(name)
            || resources && self.has_resource(name)
            // The name is made by the loop around it.
            || name.contains("${");
        if !is_known {
            let missing = if resources { "resource or parameter" } else { "parameter" };
            self.miss(pointer.to_owned(), by, name, missing);
        }
    }

    fn attribute(&mut self, pointer: &str, by: &'static str, resource: &str) {
        if !self.has_resource(resource) {
            self.miss(pointer.to_owned(), by, resource, "resource");
        }
    }

    fn condition(&mut self, pointer: String, by: &'static str, name: &str) {
        if !self.conditions.contains(name) && !self.is_open {
            self.miss(pointer, by, name, "condition");
        }
    }

    /// A default takes the place of what is missing.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html>
    fn find_in_map(&mut self, pointer: &str, parts: &[Value]) {
        let [map, keys @ ..] = parts else { return };
        let Some(name) = map.as_str().filter(|_| keys.len() <= 2) else { return };
        let Some(mapping) = self.mappings.and_then(|mappings| mappings.get(name)) else {
            return self.miss(pointer.to_owned(), "Fn::FindInMap", name, "mapping");
        };
        let mut at = mapping;
        for key in keys {
            let Some(key) = key.as_str().filter(|_| at.is_object() && !has_loops(at)) else { return };
            match at.get(key) {
                Some(inner) => at = inner,
                None => return self.miss(pointer.to_owned(), "Fn::FindInMap", &format!("{name}.{key}"), "key"),
            }
        }
    }

    fn has_resource(&self, name: &str) -> bool {
        self.is_open || self.resources.contains(name)
    }

    fn miss(&mut self, pointer: String, by: &'static str, name: &str, missing: &'static str) {
        self.found.push(Dangling { pointer, by, name: name.to_owned(), missing });
    }
}

fn below(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests;
