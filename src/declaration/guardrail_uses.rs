//! Guardrails as they are used: one or several, each by its name or with its parameters.

use std::borrow::Cow;
use std::fmt;

use landing_blueprint::{Entries, Spanned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::name_or::NameOr;

/// A guardrail by its name, or with its parameters: `{ID: PARAMETERS}`.
type Use = NameOr<Entries<Spanned<Value>>>;

/// One guardrail, or a list of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct GuardrailUses(pub Vec<Use>);

impl<'de> Deserialize<'de> for GuardrailUses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<GuardrailUses, D::Error> {
        let Spanned { value, place } = Spanned::<Either>::deserialize(deserializer)?;
        Ok(GuardrailUses(match value {
            Either::Name(name) => vec![NameOr::Name(Spanned::new(name, place))],
            Either::Map(map) => vec![NameOr::Map(Box::new(Spanned::new(map, place)))],
            Either::Many(uses) => uses,
        }))
    }
}

enum Either {
    Name(String),
    Map(Entries<Spanned<Value>>),
    Many(Vec<Use>),
}

impl<'de> Deserialize<'de> for Either {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Either, D::Error> {
        deserializer.deserialize_any(EitherVisitor)
    }
}

struct EitherVisitor;

impl<'de> Visitor<'de> for EitherVisitor {
    type Value = Either;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a guardrail, a map with its parameters, or a list of them")
    }

    fn visit_str<E>(self, name: &str) -> Result<Either, E> {
        Ok(Either::Name(name.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Either, A::Error> {
        Entries::deserialize(MapAccessDeserializer::new(map)).map(Either::Map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, uses: A) -> Result<Either, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(uses)).map(Either::Many)
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
