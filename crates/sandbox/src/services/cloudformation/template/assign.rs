//! Which value each parameter of a template gets.

use std::collections::BTreeMap;

use super::model::Template;
use super::parameters::Parameter;

/// What a request says about a parameter.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Value(String),
    /// The value that the stack has now.
    Previous,
}

impl Template {
    /// The text that each parameter gets: what the request gives, the stack's own where the request says so, or the
    /// default.
    ///
    /// # Errors
    /// When a parameter has no value or a wrong one, or the template has no such parameter.
    pub(crate) fn assign(
        &self,
        given: &BTreeMap<String, Given>,
        previous: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, String> {
        let listed = |names: Vec<&String>| names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let unknown: Vec<&String> = given.keys().filter(|name| !self.parameters.contains_key(*name)).collect();
        if !unknown.is_empty() {
            return Err(format!("Parameters: [{}] do not exist in the template", listed(unknown)));
        }
        let value = |name: &String, parameter: &Parameter| match given.get(name) {
            Some(Given::Value(value)) => Some(value.clone()),
            Some(Given::Previous) => previous.get(name).cloned(),
            None => parameter.default.clone(),
        };
        let missing: Vec<&String> = self
            .parameters
            .iter()
            .filter(|(name, parameter)| value(name, parameter).is_none())
            .map(|(name, _)| name)
            .collect();
        if !missing.is_empty() {
            return Err(format!("Parameters: [{}] must have values", listed(missing)));
        }
        let mut assigned = BTreeMap::new();
        for (name, parameter) in &self.parameters {
            let value = value(name, parameter).unwrap_or_default();
            parameter.check(name, &value)?;
            assigned.insert(name.clone(), value);
        }
        Ok(assigned)
    }
}
