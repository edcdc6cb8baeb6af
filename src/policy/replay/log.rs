//! A log as a stream of events.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::event::Event;

/// Calls `each` with every event: those under `Records`, those of a list, or those that stand one after the other.
///
/// # Errors
/// When the bytes are not JSON of one of these forms.
pub(super) fn for_each_event(log: &[u8], mut each: impl FnMut(Event<'_>)) -> Result<(), serde_json::Error> {
    let log = log.strip_prefix(b"\xef\xbb\xbf").unwrap_or(log);
    if has_records(log) {
        let mut reader = serde_json::Deserializer::from_slice(log);
        reader.deserialize_map(File(&mut each))?;
        return reader.end();
    }
    if log.trim_ascii_start().starts_with(b"[") {
        let mut reader = serde_json::Deserializer::from_slice(log);
        Records(&mut each).deserialize(&mut reader)?;
        return reader.end();
    }
    serde_json::Deserializer::from_slice(log).into_iter::<Event<'_>>().try_for_each(|event| event.map(&mut each))
}

/// Whether the file is an object that has `Records`: they are its first key wherever CloudTrail wrote it.
fn has_records(log: &[u8]) -> bool {
    let Some(inside) = log.trim_ascii_start().strip_prefix(b"{") else { return false };
    inside.trim_ascii_start().starts_with(b"\"Records\"")
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
