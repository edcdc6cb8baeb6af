use std::borrow::Cow;
use std::fmt;

use landing_blueprint::Spanned;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A text, or a list of texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct OneOrMany(pub Vec<Spanned<String>>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OneOrMany, D::Error> {
        let Spanned { value, place } = Spanned::<Either>::deserialize(deserializer)?;
        Ok(OneOrMany(match value {
            Either::One(text) => vec![Spanned::new(text, place)],
            Either::Many(texts) => texts,
        }))
    }
}

enum Either {
    One(String),
    Many(Vec<Spanned<String>>),
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
        f.write_str("a text, or a list of texts")
    }

    fn visit_str<E>(self, text: &str) -> Result<Either, E> {
        Ok(Either::One(text.to_owned()))
    }

    /// Digits without quotes are a text too.
    fn visit_u64<E>(self, digits: u64) -> Result<Either, E> {
        Ok(Either::One(digits.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, texts: A) -> Result<Either, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(texts)).map(Either::Many)
    }
}

impl JsonSchema for OneOrMany {
    fn schema_name() -> Cow<'static, str> {
        "OneOrMany".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "string"}, generator.subschema_for::<Vec<String>>()]})
    }
}
