//! What the bodies of stacks and of stack sets have in common: a template with the values of its parameters. Templates are large
//! and there are many stacks, so that they are read where they lie and moved rather than copied.

use std::collections::BTreeMap;

use landing_cloudformation::Version;
use serde_json::Value;

use super::resource::Resource;
use crate::model::{Address, Body, TEMPLATE, Wanted, body_template};

/// The field of what CloudFormation is given for the parameters that a template declares.
pub(super) const PARAMETERS: &str = "parameters";

/// A template and the values of its parameters.
pub(crate) struct Deployed<'a> {
    /// The template; absent where it was not read.
    pub template: Option<&'a Value>,
    /// The values, by the parameters' names.
    pub parameters: BTreeMap<String, String>,
}

impl<'a> Deployed<'a> {
    /// What the body of a stack or a stack set says.
    pub fn of(body: &'a Body) -> Deployed<'a> {
        let given = body.get(PARAMETERS).and_then(Value::as_object).into_iter().flatten();
        let given = given.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        Deployed { template: body_template(body), parameters: given.collect() }
    }

    /// The template with its parameters; an empty one where it was not read.
    pub fn version(&self) -> Version<'_> {
        Version::new(self.template.unwrap_or(&Value::Null), &self.parameters)
    }
}

/// The resources of the template in the body of a stack or a stack set, as the template writes them.
pub(crate) fn resources(body: &Body) -> impl Iterator<Item = &Value> {
    let resources = body_template(body).and_then(|template| template.get("Resources")?.as_object());
    resources.into_iter().flatten().map(|(_, resource)| resource)
}

/// The properties of those of one type.
pub(crate) fn resources_of<'a>(body: &'a Body, resource_type: &'a str) -> impl Iterator<Item = &'a Value> {
    let of_type = resources(body).filter(move |resource| resource["Type"] == resource_type);
    of_type.map(|resource| &resource["Properties"])
}

/// A resource that has a template.
pub(crate) trait Templated: Resource {
    /// Its template.
    fn template(&mut self) -> &mut Value;

    /// As [`Resource::body`], with the template moved into the fields.
    fn into_body(mut self) -> Body {
        let template = std::mem::take(self.template());
        if template.is_null() {
            return self.body();
        }
        // What stands for it keeps its place among the fields.
        *self.template() = Value::from("");
        let mut body = self.body();
        body.insert(TEMPLATE.into(), template);
        body
    }

    /// As [`Resource::wanted`], with the template moved into the fields.
    fn into_wanted(self, address: Address) -> Wanted {
        Wanted::new(Self::KIND, address, self.into_body())
    }
}
