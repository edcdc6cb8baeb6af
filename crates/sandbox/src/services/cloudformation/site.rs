//! A stack's template in its account and region: what parameters, pseudo parameters and imports stand for there.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::template::evaluate::{Live, Pseudo, Scope};
use super::template::model::Template;
use crate::model::cloudformation::{Regional, Stack, StackOutput, StackResource, Wanted};
use crate::model::resources::Place;
use crate::state::State;

/// What a stack's template is evaluated with.
pub(super) struct Site {
    pub(super) template: Template,
    parameters: BTreeMap<String, Value>,
    pseudo: Pseudo,
    exports: BTreeMap<String, String>,
}

impl Site {
    /// # Errors
    /// When the template is not valid or a parameter in Parameter Store is missing.
    pub(super) fn new(state: &State, place: &Place, stack: &Stack, wanted: &Wanted) -> Result<Self, String> {
        let template = Template::parse(&wanted.template)?;
        let parameters = parameter_values(state, place, &template, &wanted.parameters)?;
        let regional = state.stacks.in_place(place);
        Ok(Self {
            template,
            parameters,
            pseudo: Pseudo {
                account: place.account.clone(),
                region: place.region.clone(),
                partition: state.partition.clone(),
                stack_name: stack.name.clone(),
                stack_id: stack.id.clone(),
            },
            exports: regional.map(Regional::exports).unwrap_or_default(),
        })
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        Scope {
            template: &self.template,
            parameters: &self.parameters,
            pseudo: &self.pseudo,
            exports: &self.exports,
            imports: RefCell::new(BTreeSet::new()),
        }
    }

    /// The properties of a resource, given the others; an object.
    pub(super) fn properties(&self, logical: &str, live: &dyn Live) -> Result<Value, String> {
        let Some(resource) = self.template.resources.get(logical) else {
            return Ok(Value::Object(Map::new()));
        };
        let value = self.scope().value(&resource.properties, live)?;
        Ok(value.unwrap_or_else(|| Value::Object(Map::new())))
    }

    /// The logical ids of the resources whose conditions hold, each after those that it needs.
    pub(super) fn resources(&self) -> Result<Vec<String>, String> {
        let scope = self.scope();
        let mut chosen = Vec::new();
        for (logical, resource) in &self.template.resources {
            if scope.holds(resource.condition.as_deref())? {
                chosen.push(logical.clone());
            }
        }
        Ok(chosen)
    }

    /// The outputs, given the resources.
    pub(super) fn outputs(&self, live: &dyn Live) -> Result<Vec<StackOutput>, String> {
        let scope = self.scope();
        let mut outputs = Vec::new();
        for (key, output) in &self.template.outputs {
            if scope.holds(output.condition.as_deref())? {
                outputs.push(StackOutput {
                    key: key.clone(),
                    value: scope.text(&output.value, live)?,
                    description: output.description.clone(),
                    export: output.export.as_ref().map(|name| scope.text(name, live)).transpose()?,
                });
            }
        }
        Ok(outputs)
    }

    /// The names of the exports that the template imports, given the resources.
    pub(super) fn imports(&self, live: &dyn Live) -> Result<BTreeSet<String>, String> {
        let scope = self.scope();
        for logical in self.resources()? {
            let resource = self.template.resources.get(&logical);
            resource.map(|resource| scope.value(&resource.properties, live)).transpose()?;
        }
        for output in self.template.outputs.values() {
            if scope.holds(output.condition.as_deref())? {
                scope.value(&output.value, live)?;
            }
        }
        Ok(scope.imports.into_inner())
    }
}

/// What `Ref` of each parameter gives: for one from Parameter Store, what is stored there now.
fn parameter_values(
    state: &State,
    place: &Place,
    template: &Template,
    texts: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, Value>, String> {
    let stored = state.parameters.get(&place.account).and_then(|regions| regions.get(&place.region));
    let mut values = BTreeMap::new();
    for (name, parameter) in &template.parameters {
        let text = texts.get(name).map(String::as_str).unwrap_or_default();
        let value = if parameter.is_stored() {
            let found = stored.and_then(|stored| stored.get(text));
            found.map(|found| found.value()).ok_or_else(|| format!("Parameters: [ssm:{text}] cannot be found."))?
        } else {
            text
        };
        values.insert(name.clone(), parameter.value(value));
    }
    Ok(values)
}

/// A stack's resources as they are recorded.
pub(super) struct Records<'a>(pub(super) &'a IndexMap<String, StackResource>);

impl Live for Records<'_> {
    fn id(&self, logical: &str) -> Option<String> {
        self.0.get(logical).map(|record| record.physical.clone())
    }

    fn attribute(&self, logical: &str, name: &str) -> Option<Value> {
        self.0.get(logical)?.attributes.get(name).filter(|value| !value.is_null()).cloned()
    }
}

/// The names of the members in which two objects differ.
pub(super) fn differing(before: &Value, after: &Value) -> Vec<String> {
    let none = Map::new();
    let (before, after) = (before.as_object().unwrap_or(&none), after.as_object().unwrap_or(&none));
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(*value)).map(|(name, _)| name);
    changed.chain(gone).cloned().collect()
}
