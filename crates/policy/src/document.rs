//! Policy documents as text: reading, the form that is sent, and its size.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Why a text is no policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// Line in the text, from 1; 0 when the place is not known.
    pub line: usize,
    /// Column in the line, in bytes from 1; 0 when the place is not known.
    pub column: usize,
    /// What is wrong, without the place.
    pub message: String,
}

impl ParseError {
    /// The byte of the text at which it could not be read on.
    #[must_use]
    pub fn byte_in(&self, text: &str) -> usize {
        let start: usize = text.split_inclusive('\n').take(self.line.saturating_sub(1)).map(str::len).sum();
        let at = (start + self.column.saturating_sub(1)).min(text.len());
        text.floor_char_boundary(at)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ParseError {}

impl From<serde_json::Error> for ParseError {
    fn from(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let full = error.to_string();
        let message = full.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&full).to_owned();
        Self { line, column, message }
    }
}

/// Reads a policy document from JSON text, keeping the author's order of keys.
///
/// # Errors
/// When the text is not JSON, or an object names the same key twice: of two `Condition` blocks, only
/// one would count.
pub fn parse(text: &str) -> Result<Value, ParseError> {
    Ok(serde_json::from_str::<UniqueKeys>(text)?.0)
}

/// The document as it is sent: JSON without white space outside strings, keys in the author's order.
/// White space counts against the size quota of whatever is sent through the API
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>).
#[must_use]
pub fn minified(document: &Value) -> String {
    document.to_string()
}

/// The size of the minified document in characters (Unicode scalar values), the unit of AWS's quotas.
#[must_use]
pub fn size(document: &Value) -> usize {
    minified(document).chars().count()
}

/// A JSON value in which no object has the same key twice.
struct UniqueKeys(Value);

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueKeysVisitor).map(Self)
    }
}

struct UniqueKeysVisitor;

impl<'de> Visitor<'de> for UniqueKeysVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(UniqueKeys(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("the key `{key}` appears twice")));
            }
            object.insert(key, access.next_value::<UniqueKeys>()?.0);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minifying_keeps_order_and_drops_white_space() {
        let document = parse("{ \"b\" : [ 1 , \"x y\" ],\n \"a\" : true }").unwrap();
        assert_eq!(minified(&document), r#"{"b":[1,"x y"],"a":true}"#);
    }

    #[test]
    fn minifying_shortens_escapes_that_need_not_be() {
        let document = parse(r#"{"a":"\u00e9\/"}"#).unwrap();
        assert_eq!(minified(&document), r#"{"a":"é/"}"#);
        assert_eq!(size(&document), 10);
    }

    #[test]
    fn a_key_given_twice_is_refused_with_its_place() {
        let error = parse("{\"a\": {\n  \"b\": 1,\n  \"b\": 2}}").unwrap_err();
        assert_eq!((error.line, error.message.as_str()), (3, "the key `b` appears twice"));
    }

    #[test]
    fn a_comment_is_refused_with_its_place() {
        let error = parse("{\n  \"a\": 1 // no\n}").unwrap_err();
        assert_eq!(error.line, 2);
        assert!(!error.message.contains("line"), "{}", error.message);
    }

    #[test]
    fn every_value_of_json_is_read_as_it_is() {
        let document = parse(r#"{"a": [null, true, -5, 7, 1.5, "x", {}]}"#).unwrap();
        assert_eq!(document, serde_json::json!({"a": [null, true, -5, 7, 1.5, "x", {}]}));
    }

    #[test]
    fn the_byte_of_an_error_is_counted_from_the_start_of_the_text() {
        let at = |line, column| ParseError { line, column, message: String::new() }.byte_in("ab\ncdé\nf");
        assert_eq!([at(0, 0), at(1, 1), at(1, 2), at(2, 1), at(2, 3), at(3, 1)], [0, 0, 1, 3, 5, 8]);
        assert_eq!(at(2, 4), 5, "a character of two bytes is not cut");
        assert_eq!(at(9, 9), 9, "the end of the text");
    }
}
