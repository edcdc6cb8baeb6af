//! What a template comes to in one place.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use aws_smithy_types::base64;
use serde_json::{Map, Value};

use super::functions::{cidr, join, select, split, zones};
use super::model::Template;
use super::references::{Piece, Reference, WRONG_ATTRIBUTE, attribute, pieces, variable};
use super::values::plain;

/// What pseudo parameters stand for.
#[derive(Clone, Debug)]
pub(crate) struct Pseudo {
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) partition: String,
    pub(crate) stack_name: String,
    pub(crate) stack_id: String,
}

/// The resources that a template's functions can refer to.
pub(crate) trait Live {
    /// What `Ref` gives.
    fn id(&self, logical: &str) -> Option<String>;
    /// What `Fn::GetAtt` gives.
    fn attribute(&self, logical: &str, name: &str) -> Option<Value>;
}

/// Where a template is evaluated.
pub(crate) struct Scope<'a> {
    pub(crate) template: &'a Template,
    /// What `Ref` of each parameter gives.
    pub(crate) parameters: &'a BTreeMap<String, Value>,
    pub(crate) pseudo: &'a Pseudo,
    /// The exports of the account in the region.
    pub(crate) exports: &'a BTreeMap<String, String>,
    /// The exports that were asked for so far.
    pub(crate) imports: RefCell<BTreeSet<String>>,
}

impl Scope<'_> {
    /// Whether a condition holds; none always does.
    pub(crate) fn holds(&self, condition: Option<&str>) -> Result<bool, String> {
        let Some(condition) = condition.and_then(|name| self.template.conditions.get(name)) else {
            return Ok(true);
        };
        self.truth(condition)
    }

    fn truth(&self, condition: &Value) -> Result<bool, String> {
        match self.value(condition, &NoResources)? {
            Some(Value::Bool(flag)) => Ok(flag),
            _ => Err("Template format error: Every Conditions member must be a condition function.".into()),
        }
    }

    /// What a value comes to; `None` is `AWS::NoValue`.
    ///
    /// # Errors
    /// When a function gets what it cannot take, in CloudFormation's words.
    pub(crate) fn value(&self, value: &Value, live: &dyn Live) -> Result<Option<Value>, String> {
        match value {
            Value::Object(members) => match single(members) {
                Some((name, argument)) if is_function(name, argument) => self.call(name, argument, live),
                _ => self.object(members, live).map(Some),
            },
            Value::Array(rows) => self.list(rows, live).map(|rows| Some(Value::Array(rows))),
            other => Ok(Some(other.clone())),
        }
    }

    /// The same as text; a list is no text.
    pub(crate) fn text(&self, value: &Value, live: &dyn Live) -> Result<String, String> {
        let found = self.value(value, live)?;
        found.as_ref().and_then(plain).ok_or_else(|| "Template format error: The value must be a string.".to_owned())
    }

    fn object(&self, members: &Map<String, Value>, live: &dyn Live) -> Result<Value, String> {
        let mut out = Map::new();
        for (name, member) in members {
            if let Some(value) = self.value(member, live)? {
                out.insert(name.clone(), value);
            }
        }
        Ok(Value::Object(out))
    }

    fn list(&self, rows: &[Value], live: &dyn Live) -> Result<Vec<Value>, String> {
        let values = rows.iter().map(|row| self.value(row, live));
        values.filter_map(Result::transpose).collect()
    }

    fn call(&self, name: &str, argument: &Value, live: &dyn Live) -> Result<Option<Value>, String> {
        match name {
            "Ref" => self.reference(argument.as_str().unwrap_or_default(), live),
            "Condition" => self.holds(argument.as_str()).map(|flag| Some(Value::Bool(flag))),
            "Fn::If" => self.choose(argument, live),
            "Fn::GetAtt" => self.attribute(argument, live).map(Some),
            "Fn::Sub" => self.substitute(argument, live).map(Some),
            "Fn::FindInMap" => self.find_in_map(argument, live).map(Some),
            "Fn::ImportValue" => self.import(argument, live).map(Some),
            "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals" => self.logic(name, argument, live).map(Some),
            "Fn::Base64" => Ok(Some(base64::encode(self.text(argument, live)?).into())),
            "Fn::GetAZs" => self.zones(argument, live).map(Some),
            _ => {
                let arguments = self.arguments(argument, live)?;
                match name {
                    "Fn::Join" => join(&arguments),
                    "Fn::Select" => select(&arguments),
                    "Fn::Split" => split(&arguments),
                    "Fn::Cidr" => cidr(&arguments),
                    _ => Err(format!("not simulated: the intrinsic function {name}")),
                }
                .map(Some)
            }
        }
    }

    fn arguments(&self, argument: &Value, live: &dyn Live) -> Result<Vec<Value>, String> {
        self.list(argument.as_array().map_or(&[], Vec::as_slice), live)
    }

    fn reference(&self, name: &str, live: &dyn Live) -> Result<Option<Value>, String> {
        let pseudo = self.pseudo;
        let text = match name {
            "AWS::NoValue" => return Ok(None),
            "AWS::NotificationARNs" => return Ok(Some(Value::Array(Vec::new()))),
            "AWS::AccountId" => &pseudo.account,
            "AWS::Region" => &pseudo.region,
            "AWS::Partition" => &pseudo.partition,
            "AWS::StackName" => &pseudo.stack_name,
            "AWS::StackId" => &pseudo.stack_id,
            "AWS::URLSuffix" => url_suffix(&pseudo.partition),
            _ => {
                let value = self.parameters.get(name).cloned();
                let value = value.or_else(|| live.id(name).map(Value::from));
                let unresolved =
                    || format!("Unresolved resource dependencies [{name}] in the Resources block of the template");
                return value.map(Some).ok_or_else(unresolved);
            }
        };
        Ok(Some(Value::from(text)))
    }

    fn attribute(&self, argument: &Value, live: &dyn Live) -> Result<Value, String> {
        let (resource, name) = attribute(argument).ok_or_else(|| WRONG_ATTRIBUTE.to_owned())?;
        let name = self.text(&name, live)?;
        let missing =
            || format!("Template error: resource {resource} does not support attribute type {name} in Fn::GetAtt");
        live.attribute(&resource, &name).ok_or_else(missing)
    }

    fn choose(&self, argument: &Value, live: &dyn Live) -> Result<Option<Value>, String> {
        match argument.as_array().map(Vec::as_slice) {
            Some([Value::String(condition), then, otherwise]) => {
                self.value(if self.holds(Some(condition))? { then } else { otherwise }, live)
            }
            _ => Err("Template error: Fn::If requires a list argument with three elements".into()),
        }
    }

    fn substitute(&self, argument: &Value, live: &dyn Live) -> Result<Value, String> {
        let (text, own) = match argument.as_array().map(Vec::as_slice) {
            Some([Value::String(text), own]) => (text.as_str(), Some(own)),
            _ => (argument.as_str().unwrap_or_default(), None),
        };
        let mut out = String::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Variable(name) => match own.and_then(|own| own.get(name)) {
                    Some(value) => out.push_str(&self.text(value, live)?),
                    None => out.push_str(&self.variable(name, live)?),
                },
            }
        }
        Ok(out.into())
    }

    fn variable(&self, name: &str, live: &dyn Live) -> Result<String, String> {
        let value = match variable(name) {
            Reference::Name(name) => self.reference(&name, live)?,
            Reference::Attribute(resource, name) => live.attribute(&resource, &name),
        };
        value.as_ref().and_then(plain).ok_or_else(|| {
            format!("Template error: variable {name} in Fn::Sub expression does not resolve to a string")
        })
    }

    fn find_in_map(&self, argument: &Value, live: &dyn Live) -> Result<Value, String> {
        let arguments = self.arguments(argument, live)?;
        let keys: Vec<String> = arguments.iter().take(3).filter_map(plain).collect();
        let [map, first, second] = keys.as_slice() else {
            return Err("Template error: every Fn::FindInMap object requires three parameters, the map name, map key \
                and the attribute for return value"
                .into());
        };
        let found = self.template.mappings.get(map).and_then(|map| map.get(first)).and_then(|row| row.get(second));
        let default = arguments.get(3).and_then(|options| options.get("DefaultValue"));
        found
            .or(default)
            .cloned()
            .ok_or_else(|| format!("Template error: Unable to get mapping for {map}::{first}::{second}"))
    }

    fn import(&self, argument: &Value, live: &dyn Live) -> Result<Value, String> {
        let name = self.text(argument, live)?;
        self.imports.borrow_mut().insert(name.clone());
        let found = self.exports.get(&name).map(|value| Value::from(value.as_str()));
        found.ok_or_else(|| format!("No export named {name} found."))
    }

    fn logic(&self, name: &str, argument: &Value, live: &dyn Live) -> Result<Value, String> {
        let arguments = self.arguments(argument, live)?;
        let flags = || arguments.iter().map(|flag| flag == true);
        Ok(Value::Bool(match (name, arguments.as_slice()) {
            ("Fn::Equals", [left, right]) => plain(left) == plain(right) && (plain(left).is_some() || left == right),
            ("Fn::Not", [flag]) => flag != true,
            ("Fn::And", [_, _, ..]) => flags().all(|flag| flag),
            ("Fn::Or", [_, _, ..]) => flags().any(|flag| flag),
            _ => return Err(format!("Template validation error: {name} has a wrong number of arguments")),
        }))
    }

    fn zones(&self, argument: &Value, live: &dyn Live) -> Result<Value, String> {
        let region = self.text(argument, live)?;
        Ok(zones(if region.is_empty() { &self.pseudo.region } else { &region }))
    }
}

/// The one member of an object that has just one.
fn single(members: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut all = members.iter();
    match (all.next(), all.next()) {
        (Some((name, argument)), None) => Some((name, argument)),
        _ => None,
    }
}

/// `Condition` with a text is a condition's name; in policy documents it is an object.
fn is_function(name: &str, argument: &Value) -> bool {
    name == "Ref" || name.starts_with("Fn::") || (name == "Condition" && argument.is_string())
}

/// The domain of a partition's services.
fn url_suffix(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        _ => "amazonaws.com",
    }
}

/// Conditions may refer to parameters alone.
struct NoResources;

impl Live for NoResources {
    fn id(&self, _: &str) -> Option<String> {
        None
    }

    fn attribute(&self, _: &str, _: &str) -> Option<Value> {
        None
    }
}
