use std::fmt::Write as _;
use std::io;

/// `text` without what could move the cursor, hide something or reorder what is read: control characters, the marks that
/// switch the direction of writing, and characters that are not seen. Line breaks and tabs become spaces.
///
/// Names, descriptions and tags come from AWS and may have been written by anyone.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\t' | '\r' | '\u{2028}' | '\u{2029}' | GLUE => Some(' '),
            c if is_hidden(c) => None,
            c => Some(c),
        })
        .collect()
}

/// A space at which no line is broken, for the layout's own use.
pub(super) const GLUE: char = '\u{a0}';

/// What a report is printed as, its colours included: whatever in it did not go through [`clean`] loses the same
/// characters, but for line breaks, tabs and the escapes that colour text.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = color(rest).unwrap_or(c.len_utf8());
        if taken > c.len_utf8() || matches!(c, '\n' | '\t') || !is_hidden(c) {
            out.push_str(&rest[..taken]);
        }
        rest = &rest[taken..];
    }
    out
}

/// The length of the escape that colours what follows (`ESC [ … m`), where `text` begins with one.
/// <https://www.ecma-international.org/publications-and-standards/standards/ecma-48/>
fn color(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let end = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    parameters[end..].starts_with('m').then_some("\u{1b}[".len() + end + "m".len())
}

/// JSON in which hidden characters are escapes: the same value to every reader, and safe to print. `json` has none outside
/// of strings but line breaks.
pub fn escaped_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_hidden(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Memory takes it.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

/// Writes JSON on as [`escaped_json`] gives it. Each piece that it is given has whole characters, as serde_json's have.
#[derive(Debug)]
pub struct EscapedJson<W>(pub W);

impl<W: io::Write> io::Write for EscapedJson<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let is_plain = piece.iter().all(|byte| matches!(byte, b'\n' | b' '..=b'~'));
        if is_plain {
            self.0.write_all(piece)?;
        } else {
            let text = str::from_utf8(piece).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            self.0.write_all(escaped_json(text).as_bytes())?;
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Whether a character is not seen, or changes how others are: control characters, those that switch the direction of
/// writing, and what Unicode has displays ignore (`Default_Ignorable_Code_Point`), such as zero-width spaces and tags.
/// <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>,
/// <https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt>
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One of every range: controls of both sets, directions, zero widths, separators, selectors, tags.
    const HIDDEN: &str = "\u{0}\u{1b}\u{7f}\u{85}\u{9b}\u{ad}\u{61c}\u{200b}\u{200d}\u{200e}\u{202e}\u{2060}\u{2066}\
                          \u{2069}\u{3164}\u{fe0f}\u{feff}\u{fffb}\u{1d173}\u{e0001}\u{e0041}\u{e007f}";

    #[test]
    fn a_name_cannot_move_the_cursor_or_turn_the_text_around() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\u{202e}c\r\nd"), "a[31mbc  d");
    }

    #[test]
    fn a_name_has_nothing_that_is_not_seen() {
        assert_eq!(clean(&format!("a{HIDDEN}b")), "ab");
        assert_eq!(clean("a\u{2028}b\u{2029}c"), "a b c");
        assert_eq!(clean("Größe 漢字 🚀 a-b_c"), "Größe 漢字 🚀 a-b_c");
    }

    #[test]
    fn a_report_keeps_its_colours_and_lines_and_nothing_else_that_is_not_seen() {
        let report = "\u{1b}[1;31merror\u{1b}[0m: x\n\ty\u{a0}z\n";
        assert_eq!(printable(report), report);
        assert_eq!(printable(&format!("a{HIDDEN}b")), "ab");
        // A title, a cursor, a colour without its end.
        assert_eq!(printable("\u{1b}]0;x\u{7}\u{1b}[2J\u{1b}[31"), "]0;x[2J[31");
        assert_eq!(printable("a\rb"), "ab");
    }

    #[test]
    fn json_says_the_same_with_hidden_characters_as_escapes() {
        let value = serde_json::json!({ (format!("k{HIDDEN}")): format!("v{HIDDEN}\u{2028}\n\t\"\\ü🚀") });
        let text = escaped_json(&serde_json::to_string_pretty(&value).unwrap());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert!(!text.chars().any(|c| c != '\n' && is_hidden(c)), "{text:?}");
        assert!(text.contains(r"\u202e") && text.contains(r"\udb40\udc41") && text.contains("ü🚀"), "{text}");
        assert_eq!(escaped_json("{\n  \"a\": \"\u{9b}\"\n}"), "{\n  \"a\": \"\\u009b\"\n}");
    }
}
