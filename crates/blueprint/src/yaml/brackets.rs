//! Brackets that are not closed.

/// What the parser says where it looks for the end of a flow collection.
pub(super) const WORDS: [&str; 4] = ["flow sequence", "flow mapping", "flow construct", "illegal placement of ':'"];

/// Where the scan of a text is.
enum In {
    Plain,
    Quotes(char),
    Comment,
}

/// The innermost bracket that `text` opens and does not close, and its byte.
pub(super) fn open(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut state = In::Plain;
    let mut before = '\n';
    let mut is_escaped = false;
    for (at, c) in text.char_indices() {
        state = match state {
            In::Comment if c == '\n' => In::Plain,
            In::Quotes(quote) if c == quote && !is_escaped => In::Plain,
            In::Plain => plain(&mut open, at, c, before),
            same => same,
        };
        is_escaped = matches!(state, In::Quotes('"')) && c == '\\' && !is_escaped;
        before = c;
    }
    open.pop()
}

/// A quote, bracket or `#` has a meaning only where a value may begin; within brackets, any bracket has.
fn plain(open: &mut Vec<(usize, char)>, at: usize, c: char, before: char) -> In {
    let begins = before.is_whitespace() || "[{,".contains(before);
    match c {
        '"' | '\'' if begins => return In::Quotes(c),
        '#' if before.is_whitespace() => return In::Comment,
        '[' | '{' if begins || !open.is_empty() => open.push((at, c)),
        ']' | '}' => drop(open.pop()),
        _ => {}
    }
    In::Plain
}

#[cfg(test)]
mod tests {
    use super::open;

    #[test]
    fn the_innermost_open_bracket_is_found() {
        assert_eq!(open("a: [b, {c: d\n"), Some((7, '{')));
        assert_eq!(open("a: [b]\nc: [d\n"), Some((10, '[')));
        assert_eq!(open("a: [b]\nc: {d: [e]}\n"), None);
    }

    #[test]
    fn brackets_in_text_and_comments_do_not_count() {
        assert_eq!(open("a: \"[\"\nb: '{' # [\nc: aws+{name}[1\n"), None);
        assert_eq!(open(r#"a: "\"[" "#), None);
    }
}
