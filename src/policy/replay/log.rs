//! A log as a stream of events.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::event::Event;

/// Calls `each` with every event: those under `Records`, those of a list, or those that stand one after the other.
///
/// # Errors
/// When the bytes are not JSON of one of these forms.
pub(super) fn for_each_event(log: &[u8], mut each: impl FnMut(Event<'_>)) -> Result<(), serde_json::Error> {
    // Looking once at all of it is faster than at every text in it.
    let log = str::from_utf8(log).map_err(serde_json::Error::custom)?;
    let log = log.trim_start_matches('\u{feff}');
    let mut reader = serde_json::Deserializer::from_str(log);
    if has_records(log) {
        reader.deserialize_map(File(&mut each))?;
    } else if log.trim_ascii_start().starts_with('[') {
        Records(&mut each).deserialize(&mut reader)?;
    } else {
        return reader.into_iter::<Event<'_>>().try_for_each(|event| event.map(&mut each));
    }
    reader.end()
}

/// Whether the file is an object that has `Records`: they are its first key wherever CloudTrail wrote it.
fn has_records(log: &str) -> bool {
    let inside = log.trim_ascii_start().strip_prefix('{');
    inside.is_some_and(|inside| inside.trim_ascii_start().starts_with("\"Records\""))
}

/// The object in a file of CloudTrail.
struct File<'f, F>(&'f mut F);

impl<'de, F: FnMut(Event<'_>)> Visitor<'de> for File<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with `Records`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(name) = access.next_key::<String>()? {
            if name == "Records" {
                access.next_value_seed(Records(self.0))?;
            } else {
                access.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// A list of events.
struct Records<'f, F>(&'f mut F);

impl<'de, F: FnMut(Event<'_>)> DeserializeSeed<'de> for Records<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(Event<'_>)> Visitor<'de> for Records<'_, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<(), A::Error> {
        while let Some(event) = access.next_element::<Event<'de>>()? {
            (self.0)(event);
        }
        Ok(())
    }
}
