//! The deserializer's half of [`Spanned`](super::Spanned): how a place travels through serde.

use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{Refused, visit_scalar};
use crate::place::Place;
use crate::scalar::Scalar;
use crate::spanned::{SPANNED, Spanned};

/// Shows `visitor` the sequence file, start, end, value.
pub(super) fn visit_spanned<'de, D, V>(place: Place, value: D, visitor: V) -> Result<V::Value, Refused>
where
    D: Deserializer<'de, Error = Refused>,
    V: Visitor<'de>,
{
    visitor.visit_seq(Parts { numbers: place.parts().into_iter(), value: Some(value) })
}

struct Parts<D> {
    numbers: std::array::IntoIter<u32, 3>,
    value: Option<D>,
}

impl<'de, D: Deserializer<'de, Error = Refused>> SeqAccess<'de> for Parts<D> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        match self.numbers.next() {
            Some(number) => seed.deserialize(number.into_deserializer()).map(Some),
            None => self.value.take().map(|value| seed.deserialize(value)).transpose(),
        }
    }
}

/// A map's key: text, unless the type wants a number.
pub(super) struct Key<'de>(pub(super) &'de Spanned<String>);

impl<'de> Key<'de> {
    fn visit_number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        let scalar = Scalar { text: self.0.value.clone(), plain: true };
        visit_scalar(&scalar, scalar.as_wanted(), visitor)
    }
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Refused;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_str(&self.0.value).map_err(|error: Refused| error.at(self.0.place))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Refused> {
        if name == SPANNED { visit_spanned(self.0.place, self, visitor) } else { visitor.visit_newtype_struct(self) }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refused> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refused> {
        let text = self.0.value.as_str().into_deserializer();
        Deserializer::deserialize_enum(text, name, variants, visitor).map_err(|error: Refused| error.at(self.0.place))
    }

    as_number! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }
    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
        ignored_any
    }
}
