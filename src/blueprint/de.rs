//! From the checked tree to Rust values.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::diagnostic::Diagnostic;
use super::node::{Content, Map, Node};
use super::place::Place;
use super::scalar::{Meaning, Scalar};
use super::span_access::{Key, visit_spanned};
use super::spanned::SPANNED;

/// The value that `root`, the top-level map, stands for.
///
/// # Errors
/// The first thing that the type refuses although its schema did not.
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

impl<'de> IntoDeserializer<'de, Refused> for &'de Node {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Node {
    fn scalar(&self) -> Option<&Scalar> {
        match &self.content {
            Content::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    fn visit<'de, V: Visitor<'de>>(&'de self, meaning: Meaning, visitor: V) -> Result<V::Value, Refused> {
        match (meaning, &self.content) {
            (_, Content::List(items)) => SeqDeserializer::new(items.iter()).deserialize_seq(visitor),
            (_, Content::Map(map)) => entries(map).deserialize_map(visitor),
            (Meaning::Null, _) => visitor.visit_unit(),
            (Meaning::Bool(value), _) => visitor.visit_bool(value),
            (Meaning::Integer(value), _) => visit_integer(value, visitor),
            (Meaning::Float(value), _) => visitor.visit_f64(value),
            (Meaning::Text, Content::Scalar(scalar)) => visitor.visit_str(&scalar.text),
            (Meaning::Text, Content::Unknown) => Err(de::Error::custom("nothing is known of this")),
        }
    }

    /// The items of a list, none for nothing.
    fn visit_list<'de, V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, Refused> {
        if self.is_null() {
            return SeqDeserializer::new(std::iter::empty::<&Node>()).deserialize_seq(visitor);
        }
        self.deserialize_any(visitor)
    }

    /// The entries of a map, none for nothing.
    fn visit_map<'de, V: Visitor<'de>>(&'de self, visitor: V) -> Result<V::Value, Refused> {
        if self.is_null() {
            let none = std::iter::empty::<(Key<'_>, &Node)>();
            return MapDeserializer::new(none).deserialize_map(visitor);
        }
        self.deserialize_any(visitor)
    }
}

fn visit_integer<'de, V: Visitor<'de>>(value: i128, visitor: V) -> Result<V::Value, Refused> {
    match (u64::try_from(value), i64::try_from(value)) {
        (Ok(value), _) => visitor.visit_u64(value),
        (_, Ok(value)) => visitor.visit_i64(value),
        _ => visitor.visit_i128(value),
    }
}

/// The entries of a map as serde reads them.
fn entries<'de>(map: &'de Map) -> MapDeserializer<'de, impl Iterator<Item = (Key<'de>, &'de Node)>, Refused> {
    MapDeserializer::new(map.iter().map(|(key, value)| (Key(key), value)))
}

/// Deserializer methods for types that take a number, to which twelve digits are one.
macro_rules! as_number {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
            let meaning = self.scalar().map_or(Meaning::Text, Scalar::as_wanted);
            self.visit(meaning, visitor).map_err(|error| error.at(self.place))
        })*
    };
}

/// Digits are text where a text is wanted, and twelve digits a number where a number is; see [`Scalar`].
impl<'de> Deserializer<'de> for &'de Node {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let meaning = self.scalar().map_or(Meaning::Text, Scalar::meaning);
        self.visit(meaning, visitor).map_err(|error| error.at(self.place))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        match self.scalar() {
            Some(scalar) if scalar.is_text() => {
                visitor.visit_str(&scalar.text).map_err(|error: Refused| error.at(self.place))
            }
            _ => self.deserialize_any(visitor),
        }
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

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.visit_list(visitor).map_err(|error| error.at(self.place))
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

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        self.visit_map(visitor).map_err(|error| error.at(self.place))
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
            Content::Map(map) if map.len() == 1 => visitor.visit_enum(MapAccessDeserializer::new(entries(map))),
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
