/// `text` without what could move the cursor, hide something or reorder what is read: control characters, and the
/// marks that switch the direction of writing. Line breaks and tabs become spaces.
///
/// Names, descriptions and tags come from AWS and may have been written by anybody.
pub fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\n' | '\t' | '\r' | GLUE => Some(' '),
            c if c.is_control() || switches_direction(c) => None,
            c => Some(c),
        })
        .collect()
}

/// A space at which no line is broken, for the layout's own use.
pub(super) const GLUE: char = '\u{a0}';

/// <https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters>
fn switches_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_move_the_cursor_or_turn_the_text_around() {
        assert_eq!(clean("a\u{1b}[31mb\u{7}\u{202e}c\r\nd"), "a[31mbc  d");
    }
}
