use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use landing_blueprint::Spanned;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};

/// A name, or a map with more to say.
#[derive(Clone, Debug)]
pub(crate) enum NameOr<M> {
    Name(Spanned<String>),
    Map(Box<Spanned<M>>),
}

impl<'de, M: Deserialize<'de>> Deserialize<'de> for NameOr<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<NameOr<M>, D::Error> {
        let Spanned { value, place } = Spanned::<Either<M>>::deserialize(deserializer)?;
        Ok(match value {
            Either::Name(name) => NameOr::Name(Spanned::new(name, place)),
            Either::Map(map) => NameOr::Map(Box::new(Spanned::new(map, place))),
        })
    }
}

enum Either<M> {
    Name(String),
    Map(M),
}

impl<'de, M: Deserialize<'de>> Deserialize<'de> for Either<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Either<M>, D::Error> {
        deserializer.deserialize_any(EitherVisitor(PhantomData))
    }
}

struct EitherVisitor<M>(PhantomData<M>);

impl<'de, M: Deserialize<'de>> Visitor<'de> for EitherVisitor<M> {
    type Value = Either<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or a map with more to say")
    }

    fn visit_str<E>(self, name: &str) -> Result<Either<M>, E> {
        Ok(Either::Name(name.to_owned()))
    }

    /// Digits without quotes are a name too.
    fn visit_u64<E>(self, digits: u64) -> Result<Either<M>, E> {
        Ok(Either::Name(digits.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Either<M>, A::Error> {
        M::deserialize(MapAccessDeserializer::new(map)).map(Either::Map)
    }
}

impl<M: JsonSchema> JsonSchema for NameOr<M> {
    fn schema_name() -> Cow<'static, str> {
        format!("NameOr{}", M::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "string"}, generator.subschema_for::<M>()]})
    }
}
