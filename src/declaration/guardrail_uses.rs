//! Guardrails as they are used: one or several, each by its name or with its parameters.

use std::borrow::Cow;

use landing_blueprint::{Entries, Spanned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::name_or::NameOr;
use super::shape::Shape;

/// A guardrail by its name, or with its parameters: `{ID: PARAMETERS}`.
type Use = NameOr<Entries<Spanned<Value>>>;

/// One guardrail, or a list of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct GuardrailUses(pub Vec<Use>);

impl<'de> Deserialize<'de> for GuardrailUses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<GuardrailUses, D::Error> {
        let Spanned { value, place } = Spanned::<Written>::deserialize(deserializer)?;
        Ok(GuardrailUses(match value.0 {
            Shape::Text(name) => vec![NameOr::Name(Spanned::new(name, place))],
            Shape::Map(map) => vec![NameOr::Map(Box::new(Spanned::new(map, place)))],
            Shape::List(uses) => uses,
        }))
    }
}

struct Written(Shape<Use, Entries<Spanned<Value>>>);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Written, D::Error> {
        Shape::read(deserializer, "a guardrail, a map with its parameters, or a list of them").map(Written)
    }
}

impl JsonSchema for GuardrailUses {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "GuardrailUses".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [generator.subschema_for::<Use>(), generator.subschema_for::<Vec<Use>>()]})
    }
}
