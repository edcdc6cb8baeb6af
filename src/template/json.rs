use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

/// A value as JSON on one line that is YAML as well, whatever it holds.
///
/// YAML takes JSON with two exceptions: it breaks lines at characters that JSON leaves as they are, and refuses some
/// that do not print (<https://yaml.org/spec/1.1/current.html>, Characters). These are escaped.
pub(super) fn inline(value: &Value) -> String {
    let mut written = Vec::new();
    let wrote = value.serialize(&mut Serializer::with_formatter(&mut written, OneLine));
    wrote.expect("a JSON value can be written into memory");
    String::from_utf8(written).expect("JSON is written from texts, which are UTF-8")
}

struct OneLine;

impl Formatter for OneLine {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    /// Without the blank, some YAML readers take the colon for a part of the value.
    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_special_in_yaml) {
            let special = rest[at..].chars().next().map_or(0, u32::from);
            write!(writer, "{}\\u{special:04x}", &rest[..at])?;
            rest = rest[at..].split_at(char::from_u32(special).map_or(0, char::len_utf8)).1;
        }
        writer.write_all(rest.as_bytes())
    }
}

/// All of them have at most four hexadecimal digits.
fn is_special_in_yaml(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_on_one_line_and_means_the_same_in_yaml() {
        let values = [
            json!({"a": [1, -2.5, true, null, {}], "b: c": "d # e", "": []}),
            json!("quotes \" ' \\ and\nlines\r\n\ttabs \u{0} \u{7f} \u{85} \u{2028}\u{2029} \u{feff}x \u{ffff}"),
            json!("{{no}} {% no %} ]]> <!-- --> \u{1F600} é 漢 !Ref &a *a"),
            json!(u64::MAX),
        ];
        for value in values {
            let text = inline(&value);
            assert_eq!(text.lines().count(), 1, "{text}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
            assert_eq!(serde_yaml::from_str::<Value>(&text).unwrap(), value, "{text}");
        }
    }
}
