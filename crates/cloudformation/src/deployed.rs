use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::claims::DeploymentTarget;
use super::declared::{Declared, declared_parameters, text_of};
use super::loops::has_loops;

/// A template with the parameters that it is deployed with.
#[derive(Debug)]
pub struct Version<'a> {
    pub(super) template: &'a Value,
    values: BTreeMap<String, Value>,
}

impl<'a> Version<'a> {
    /// A template in its long form, and what is given for its parameters; the others have their defaults.
    #[must_use]
    pub fn new(template: &'a Value, given: &BTreeMap<String, String>) -> Version<'a> {
        let value = |parameter: Declared| {
            let text = given.get(&parameter.name).cloned().or_else(|| parameter.default.clone())?;
            let value = if parameter.is_list() { text.split(',').map(str::trim).collect() } else { Value::from(text) };
            Some((parameter.name, value))
        };
        Version { template, values: declared_parameters(template).into_iter().filter_map(value).collect() }
    }

    /// The same in an account and region, which its pseudo parameters name then.
    #[must_use]
    pub fn at(mut self, place: &DeploymentTarget<'_>) -> Version<'a> {
        let pseudo = place.pseudo_parameters().map(|(name, value)| (name.to_owned(), Value::from(value)));
        self.values.extend(pseudo);
        self
    }

    /// What the resources of a type say for one of their properties.
    #[must_use]
    pub fn properties(&self, resource_type: &str, property: &str) -> Vec<Value> {
        let resources = self.resources().into_iter().map(|(_, resource)| resource);
        let of_type = resources.filter(|resource| resource["Type"] == resource_type);
        of_type.filter_map(|resource| resource["Properties"].get(property).cloned()).collect()
    }

    /// The resources that are made, by logical id, with all filled in that parameters decide.
    pub(super) fn resources(&self) -> Map<String, Value> {
        self.resources_where(|_, holds| holds() != Some(false))
    }

    /// Of these resources those that are made for certain: where not only CloudFormation can determine.
    pub(super) fn certain_resources(&self, meant: impl Fn(&Value) -> bool) -> Map<String, Value> {
        self.resources_where(|resource, holds| meant(resource) && holds() == Some(true))
    }

    /// The resources that `made` takes, knowing of each what is known of its condition; one without has one that holds.
    fn resources_where(&self, made: impl Fn(&Value, &dyn Fn() -> Option<bool>) -> bool) -> Map<String, Value> {
        let expanded = self.section("Resources");
        let resources = expanded.as_object();
        let is_made = |resource: &Value| {
            let condition = resource.get("Condition").and_then(Value::as_str);
            made(resource, &|| condition.map_or(Some(true), |name| self.holds(name)))
        };
        let resources = resources.into_iter().flatten().filter(|(_, resource)| is_made(resource));
        resources.filter_map(|(id, resource)| Some((id.clone(), self.resolve(resource)?))).collect()
    }

    /// The values of the outputs, by name, with all filled in that parameters decide.
    #[must_use]
    pub fn outputs(&self) -> Map<String, Value> {
        let expanded = self.section("Outputs");
        let outputs = expanded.as_object();
        let value = |(name, output): (&String, &Value)| Some((name.clone(), self.resolve(output.get("Value")?)?));
        outputs.into_iter().flatten().filter_map(value).collect()
    }

    /// A section of the template, its loops replaced by what they make.
    fn section(&self, name: &str) -> Cow<'_, Value> {
        match self.template.get(name) {
            None => Cow::Owned(Value::Null),
            Some(section) if has_loops(section) => Cow::Owned(self.expand(section)),
            Some(section) => Cow::Borrowed(section),
        }
    }

    /// The resources under their names, as the template says them, its loops replaced by what they make as far as parameters
    /// say what they go through.
    #[must_use]
    pub fn declared_resources(&self) -> Map<String, Value> {
        self.section("Resources").as_object().cloned().unwrap_or_default()
    }

    /// A value with what parameters, mappings and conditions decide; `None` for `AWS::NoValue`.
    pub(super) fn resolve(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Object(map) => match function(value) {
                Some((name, arguments)) => self.call(name, arguments, value),
                None => Some(map.iter().filter_map(|(key, value)| Some((key.clone(), self.resolve(value)?))).collect()),
            },
            Value::Array(items) => Some(items.iter().filter_map(|item| self.resolve(item)).collect()),
            plain => Some(plain.clone()),
        }
    }

    fn call(&self, name: &str, arguments: &Value, whole: &Value) -> Option<Value> {
        if name == "Ref" {
            let id = arguments.as_str().unwrap_or_default();
            return if id == "AWS::NoValue" { None } else { Some(self.values.get(id).unwrap_or(whole).clone()) };
        }
        if name == "Fn::If" {
            return self.choose(arguments);
        }
        let arguments = self.resolve(arguments)?;
        let computed = match name {
            "Fn::Sub" => Some(self.substitute(&arguments)),
            "Fn::Join" => join(&arguments),
            "Fn::Split" => split(&arguments),
            "Fn::Select" => select(&arguments),
            "Fn::FindInMap" => self.find_in_map(&arguments),
            _ => None,
        };
        Some(computed.unwrap_or_else(|| called(name, arguments)))
    }

    fn choose(&self, arguments: &Value) -> Option<Value> {
        let branches = arguments.as_array().filter(|arguments| arguments.len() == 3)?;
        match branches[0].as_str().and_then(|condition| self.holds(condition)) {
            Some(holds) => self.resolve(&branches[if holds { 1 } else { 2 }]),
            None => {
                let branch = |value: &Value| self.resolve(value).unwrap_or_else(|| value.clone());
                Some(called(
                    "Fn::If",
                    Value::Array(vec![branches[0].clone(), branch(&branches[1]), branch(&branches[2])]),
                ))
            }
        }
    }

    /// `${Name}` becomes what the parameter, or the function's own variable, is.
    fn substitute(&self, arguments: &Value) -> Value {
        let none = Map::new();
        let (text, variables) = match arguments {
            Value::Array(items) => (items.first(), items.get(1).and_then(Value::as_object).unwrap_or(&none)),
            text => (Some(text), &none),
        };
        let mut text = text.and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut left = Map::new();
        for (name, value) in variables {
            if value.is_object() || value.is_array() {
                left.insert(name.clone(), value.clone());
            } else {
                text = text.replace(&format!("${{{name}}}"), &text_of(value));
            }
        }
        for (name, value) in self.values.iter().filter(|(name, _)| !left.contains_key(*name)) {
            let value = value.as_array().map_or_else(|| text_of(value), |items| joined(items, ","));
            text = text.replace(&format!("${{{name}}}"), &value);
        }
        if !left.is_empty() {
            return called("Fn::Sub", Value::Array(vec![text.into(), left.into()]));
        }
        if text.contains("${") { called("Fn::Sub", text.into()) } else { text.into() }
    }

    fn find_in_map(&self, arguments: &Value) -> Option<Value> {
        let mut value = self.template.get("Mappings")?;
        for key in arguments.as_array()?.iter().take(3) {
            value = value.get(key.as_str()?)?;
        }
        Some(value.clone())
    }
}

/// The function that a value calls, and its arguments.
pub(super) fn function(value: &Value) -> Option<(&str, &Value)> {
    let map = value.as_object().filter(|map| map.len() == 1)?;
    let (name, arguments) = map.iter().next()?;
    (name == "Ref" || name.starts_with("Fn::")).then_some((name.as_str(), arguments))
}

fn called(name: &str, arguments: Value) -> Value {
    Value::Object(Map::from_iter([(name.to_owned(), arguments)]))
}

fn is_plain(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn joined(items: &[Value], delimiter: &str) -> String {
    items.iter().map(text_of).collect::<Vec<_>>().join(delimiter)
}

fn join(arguments: &Value) -> Option<Value> {
    let items = arguments.get(1)?.as_array().filter(|items| items.iter().all(is_plain))?;
    Some(joined(items, arguments.get(0)?.as_str()?).into())
}

fn split(arguments: &Value) -> Option<Value> {
    Some(arguments.get(1)?.as_str()?.split(arguments.get(0)?.as_str()?).collect())
}

fn select(arguments: &Value) -> Option<Value> {
    let index: usize = text_of(arguments.get(0)?).parse().ok()?;
    arguments.get(1)?.as_array()?.get(index).cloned()
}
