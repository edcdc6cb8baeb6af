//! Finds `${values.NAME}` in a text.

/// A stretch of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// To be taken as it is.
    Text(&'t str),
    /// A reference, with what stands for it in the text and the dotted path after `values.`.
    Reference {
        /// The whole of it, `${` and `}` included.
        written: &'t str,
        /// The names, joined by dots; none of them is empty.
        path: &'t str,
    },
    /// Something that begins like a reference but is none.
    Malformed(&'t str),
}

/// The pieces of `text`, of which none is empty. `$${` is the text `${`; any other `${…}` that does not begin with
/// `values` is text as well, since the policy variables of IAM look like that
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut plain, mut at) = (0, 0);
    while let Some(dollar) = text[at..].find("${").map(|found| at + found) {
        let is_escaped = text[plain..dollar].ends_with('$');
        let (piece, next) = if is_escaped {
            (None, dollar + 2)
        } else {
            match reference(&text[dollar..]) {
                Some((piece, length)) => (Some(piece), dollar + length),
                None => {
                    at = dollar + 2;
                    continue;
                }
            }
        };
        push_text(&mut pieces, &text[plain..if is_escaped { dollar - 1 } else { dollar }]);
        plain = if is_escaped { dollar } else { next };
        at = next;
        pieces.extend(piece);
    }
    push_text(&mut pieces, &text[plain..]);
    pieces
}

fn push_text<'t>(pieces: &mut Vec<Piece<'t>>, text: &'t str) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
}

/// The reference that `text`, which begins with `${`, begins with, and its length in bytes.
fn reference(text: &str) -> Option<(Piece<'_>, usize)> {
    let inside = text[2..].split('}').next().unwrap_or("");
    let name = inside.trim();
    let path = name.strip_prefix("values").filter(|rest| !rest.starts_with(is_name_char))?;
    let length = 2 + inside.len();
    if length == text.len() {
        let word = text.find(char::is_whitespace).unwrap_or(text.len());
        return Some((Piece::Malformed(&text[..word]), word));
    }
    let written = &text[..=length];
    let piece = match path.strip_prefix('.') {
        Some(path) if path.split('.').all(is_name) => Piece::Reference { written, path },
        _ => Piece::Malformed(written),
    };
    Some((piece, written.len()))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_name_char)
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '-'
}

#[cfg(test)]
mod tests {
    use super::Piece::{Malformed, Reference, Text};
    use super::pieces;

    #[test]
    fn references_are_found_within_text() {
        assert_eq!(
            pieces("a ${values.b.c-d} e"),
            [Text("a "), Reference { written: "${values.b.c-d}", path: "b.c-d" }, Text(" e"),]
        );
        assert_eq!(pieces("${ values.é }"), [Reference { written: "${ values.é }", path: "é" }]);
        assert_eq!(pieces(""), []);
    }

    #[test]
    fn what_is_not_ours_is_text() {
        for text in [
            "${aws:username}",
            "$",
            "${",
            "${}",
            "${values_of.x}",
            "${Values.x}",
            "${!x}",
            "{values.x}",
            "${valuesé.x}",
        ] {
            assert_eq!(pieces(text), [Text(text)], "{text}");
        }
    }

    #[test]
    fn a_doubled_dollar_keeps_a_reference_as_text() {
        assert_eq!(pieces("a$${values.b}"), [Text("a"), Text("${values.b}")]);
        assert_eq!(pieces("$${$${"), [Text("${"), Text("${")]);
        assert_eq!(pieces("$${a}${values.b}"), [Text("${a}"), Reference { written: "${values.b}", path: "b" }]);
    }

    #[test]
    fn a_broken_reference_is_reported_from_text() {
        assert_eq!(pieces("${values}"), [Malformed("${values}")]);
        assert_eq!(pieces("x${values.}"), [Text("x"), Malformed("${values.}")]);
        assert_eq!(pieces("${values.a b}"), [Malformed("${values.a b}")]);
        assert_eq!(pieces("${values.a of"), [Malformed("${values.a"), Text(" of")]);
        assert_eq!(pieces("${values.a..b}"), [Malformed("${values.a..b}")]);
    }
}
