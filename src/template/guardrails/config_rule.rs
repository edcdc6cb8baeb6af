use landing_cloudformation::Unreadable;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Guardrail, render};

/// A managed rule of AWS Config.
/// <https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html>
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfigRule {
    /// AWS's identifier, such as `S3_BUCKET_VERSIONING_ENABLED`.
    identifier: String,
    /// Its own parameters; texts may be parameters of the guardrail, `{{json days}}`.
    #[serde(default)]
    input_parameters: Map<String, Value>,
    /// The types of resources that it evaluates, where it accepts them.
    #[serde(default)]
    resource_types: Vec<String>,
    /// Whether it evaluates global resources, so that one region is enough.
    #[serde(default)]
    pub global: bool,
}

impl ConfigRule {
    /// The rule of this guardrail, as the template `config-rules` accepts it.
    ///
    /// # Errors
    /// When a parameter of it cannot be rendered.
    pub fn row(&self, guardrail: &Guardrail, values: &Map<String, Value>) -> Result<Value, Unreadable> {
        let mut row = Map::from_iter([
            ("name".to_owned(), guardrail.id.clone().into()),
            ("identifier".to_owned(), self.identifier.clone().into()),
            ("description".to_owned(), guardrail.title.clone().into()),
        ]);
        if !self.input_parameters.is_empty() {
            let filled = |(name, value): (&String, &Value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                Ok((name.clone(), Value::from(render(&text, values)?)))
            };
            let parameters: Map<String, Value> =
                self.input_parameters.iter().map(filled).collect::<Result<_, Unreadable>>()?;
            row.insert("input_parameters".to_owned(), parameters.into());
        }
        if !self.resource_types.is_empty() {
            row.insert("resource_types".to_owned(), self.resource_types.clone().into());
        }
        Ok(row.into())
    }
}
