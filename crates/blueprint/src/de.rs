//! From the checked tree to Rust values.

/// Deserializer methods for types that take a number, to which twelve digits are one.
macro_rules! as_number {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            self.visit_number(visitor)
        })*
    };
}

mod access;
mod span_access;

use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::diagnostic::Diagnostic;
use super::node::{Content, Map, Node};
use super::place::Place;
use super::scalar::{Meaning, Scalar};
use super::spanned::SPANNED;
use access::Entries;
use span_access::visit_spanned;

/// The value that `root`, the top-level map, stands for.
///
/// # Errors
/// The first resource that the type refuses although its schema did not.
pub fn from_map<T: DeserializeOwned>(root: Map) -> Result<T, Box<Diagnostic>> {
    let root = Node::new(Place::NOWHERE, Content::Map(root));
    T::deserialize(&root)
        .map_err(|error| Box::new(Diagnostic::error("invalid", error.message).at(error.place.unwrap_or_default())))
}

/// What a type refuses, and the innermost node in which it did.
#[derive(Debug)]
pub struct Refused {
    message: String,
    place: Option<Place>,
}

impl Refused {
    pub(super) fn at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}

impl de::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Refused { message: message.to_string(), place: None }
    }
}

impl Node {
    /// Shows what it is, where a scalar is what `meaning` finds it to be.
    fn visit<'de, V: Visitor<'de>>(
        &'de self,
        meaning: impl FnOnce(&Scalar) -> Meaning,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let result = match &self.content {
            Content::List(items) => access::visit_items(items, visitor),
            Content::Map(map) => visitor.visit_map(Entries::of(map)),
            Content::Scalar(scalar) => visit_scalar(scalar, meaning(scalar), visitor),
            Content::Unknown => Err(de::Error::custom("nothing is known of this")),
        };
        result.map_err(|error| error.at(self.place))
    }

    fn visit_number<'de, V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, Refused> {
        self.visit(Scalar::as_wanted, visitor)
    }
}

fn visit_scalar<'de, V: Visitor<'de>>(scalar: &Scalar, meaning: Meaning, visitor: V) -> Result<V::Value, Refused> {
    match meaning {
        Meaning::Null => visitor.visit_unit(),
        Meaning::Bool(value) => visitor.visit_bool(value),
        Meaning::Integer(value) => visit_integer(value, visitor),
        Meaning::Float(value) => visitor.visit_f64(value),
        Meaning::Text => visitor.visit_str(&scalar.text),
    }
}

fn visit_integer<'de, V: Visitor<'de>>(value: i128, visitor: V) -> Result<V::Value, Refused> {
    match (u64::try_from(value), i64::try_from(value)) {
        (Ok(value), _) => visitor.visit_u64(value),
        (_, Ok(value)) => visitor.visit_i64(value),
        _ => visitor.visit_i128(value),
    }
}

/// Digits are text where a text is wanted, and twelve digits a number where a number is; see [`Scalar`].
impl<'de> Deserializer<'de> for &'de Node {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.visit(Scalar::meaning, visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let as_text = |scalar: &Scalar| if scalar.is_text() { Meaning::Text } else { scalar.meaning() };
        self.visit(as_text, visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Refused> {
        if name == SPANNED { visit_spanned(self.place, self, visitor) } else { visitor.visit_newtype_struct(self) }
    }

    /// Nothing is an empty list.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        if !self.is_null() {
            return self.deserialize_any(visitor);
        }
        access::visit_items(&[], visitor).map_err(|error| error.at(self.place))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Refused> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.deserialize_seq(visitor)
    }

    /// Nothing is an empty map.
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        if !self.is_null() {
            return self.deserialize_any(visitor);
        }
        visitor.visit_map(Entries::none()).map_err(|error| error.at(self.place))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let result = match &self.content {
            Content::Scalar(scalar) if !self.is_null() => {
                let variant: StrDeserializer<'_, Refused> = scalar.text.as_str().into_deserializer();
                variant.deserialize_enum(name, variants, visitor)
            }
            Content::Map(map) if map.len() == 1 => visitor.visit_enum(MapAccessDeserializer::new(Entries::of(map))),
            _ => {
                let (known, found) = (variants.join(", "), self.describe());
                Err(de::Error::custom(format!("expected one of {known}, found {found}")))
            }
        };
        result.map_err(|error| error.at(self.place))
    }

    as_number! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }
    forward_to_deserialize_any! { bool char bytes byte_buf unit unit_struct identifier ignored_any }
}
