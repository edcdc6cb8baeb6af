//! Values that may be written as a text, a list or a map.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// One of the three.
pub(crate) enum Shape<L, M> {
    Text(String),
    List(Vec<L>),
    Map(M),
}

impl<'de, L: Deserialize<'de>, M: Deserialize<'de>> Shape<L, M> {
    /// Reads whichever of the three is there; `expected` is what a mistake says that is taken.
    pub fn read<D: Deserializer<'de>>(deserializer: D, expected: &'static str) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShapeVisitor { expected, shape: PhantomData })
    }
}

struct ShapeVisitor<L, M> {
    expected: &'static str,
    shape: PhantomData<(L, M)>,
}

impl<'de, L: Deserialize<'de>, M: Deserialize<'de>> Visitor<'de> for ShapeVisitor<L, M> {
    type Value = Shape<L, M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Shape::Text(text.to_owned()))
    }

    /// Digits without quotes are a text too.
    fn visit_u64<E>(self, digits: u64) -> Result<Self::Value, E> {
        Ok(Shape::Text(digits.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Self::Value, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(items)).map(Shape::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        M::deserialize(MapAccessDeserializer::new(map)).map(Shape::Map)
    }
}
