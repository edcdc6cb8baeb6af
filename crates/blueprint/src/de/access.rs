//! The parts of lists and maps, handed to serde one by one; what a type refuses gets the place of the part.

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use super::Refused;
use super::span_access::Key;
use crate::node::{Map, Node};
use crate::spanned::Spanned;

/// Shows `visitor` the items of a list, of which it must take all.
pub(super) fn visit_items<'de, V: Visitor<'de>>(items: &'de [Node], visitor: V) -> Result<V::Value, Refused> {
    let mut rest = Items(items.iter());
    let value = visitor.visit_seq(&mut rest)?;
    match rest.0.len() {
        0 => Ok(value),
        _ => Err(Refused::custom(format!("a list of {} items is too long", items.len()))),
    }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for &mut Items<'de> {
    type Error = Refused;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        let item = self.0.next();
        item.map(|item| seed.deserialize(item).map_err(|error| error.at(item.place))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The entries of a map.
pub(super) struct Entries<'de> {
    rest: indexmap::map::Iter<'de, Spanned<String>, Node>,
    /// The value whose key was shown last.
    value: Option<&'de Node>,
}

impl<'de> Entries<'de> {
    pub(super) fn of(map: &'de Map) -> Self {
        Entries { rest: map.iter(), value: None }
    }

    /// Those of an empty map.
    pub(super) fn none() -> Self {
        Entries { rest: indexmap::map::Iter::default(), value: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Refused;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Refused> {
        let Some((key, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(Key(key)).map(Some).map_err(|error| error.at(key.place))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Refused> {
        let value = self.value.take().ok_or_else(|| Refused::custom("a value was asked for before its key"))?;
        seed.deserialize(value).map_err(|error| error.at(value.place))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}
