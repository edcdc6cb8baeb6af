//! How much fits into a comment.

use super::escape::{code, escape};

/// In bytes, of which there are never fewer than characters. GitHub refuses a comment of more than 65,536 characters; this leaves
/// room for what posts the report to mark it.
pub(super) const LIMIT: usize = 64_000;

/// Most characters of a sentence.
const SENTENCE: usize = 600;
/// Most characters of a name.
const NAME: usize = 200;

/// As many items as fit, in their order, and how many these are.
pub(super) fn fitting(items: impl IntoIterator<Item = String>, room: usize) -> (String, usize) {
    let (mut text, mut taken) = (String::new(), 0);
    for item in items {
        if text.len() + item.len() > room {
            break;
        }
        text += &item;
        taken += 1;
    }
    (text, taken)
}

/// The lines that fit; of the others their number is said behind `mark`. `where_all_are` says how to see them.
pub(super) fn lines(lines: Vec<String>, room: usize, mark: &str, where_all_are: &str) -> String {
    let all = lines.len();
    let (mut text, taken) = fitting(lines, room);
    if taken < all {
        text += &format!("{mark}and {} more: {where_all_are}\n", all - taken);
    }
    text
}

/// A sentence of tolerable length.
pub(super) fn sentence(text: &str) -> String {
    escape(&cut(text, SENTENCE))
}

/// A name of tolerable length.
pub(super) fn name(text: &str) -> String {
    code(&short(text))
}

/// The same as plain text.
pub(super) fn short(text: &str) -> String {
    cut(text, NAME)
}

/// At most so many characters, and how many there were more.
pub(super) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}… ({} more characters)", &text[..end], text[end..].chars().count()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        let items = || ["- one\n", "- two\n", "- three\n"].map(str::to_owned).to_vec();
        assert_eq!(lines(items(), 100, "- ", "`landing plan`"), "- one\n- two\n- three\n");
        assert_eq!(lines(items(), 12, "- ", "`landing plan`"), "- one\n- two\n- and 1 more: `landing plan`\n");
        assert_eq!(fitting(items(), 5), (String::new(), 0));
    }

    #[test]
    fn a_long_text_says_how_much_is_left_out() {
        assert_eq!(cut("größer", 4), "größ… (2 more characters)");
        assert_eq!(cut("größer", 6), "größer");
    }
}
