//! Rust text without what is not code of the program.

/// The text with comments and what is inside quotes blanked out, and the items under `#[cfg(test)]`. Every byte
/// stays where it is, and so does every line.
pub fn code_of(text: &str) -> String {
    without_test_items(&without_comments_and_quoted(text))
}

/// What a blank takes the place of: lines keep their numbers, and what follows its place.
fn blank(text: &str) -> String {
    let blank = |c: char| if c == '\n' { "\n".to_owned() } else { " ".repeat(c.len_utf8()) };
    text.chars().map(blank).collect()
}

fn without_comments_and_quoted(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let hashes = raw_hashes(rest).filter(|_| !ends_in_word(&code));
        let (open, inside, close) = match (first, hashes) {
            ('/', _) if rest.starts_with("//") => (0, rest.find('\n').unwrap_or(rest.len()), 0),
            ('/', _) if rest.starts_with("/*") => (0, block_comment(rest), 0),
            ('"', _) => (1, quoted(&rest[1..]), 1),
            ('\'', _) => character(rest),
            (_, Some(hashes)) => raw(rest, hashes),
            _ => (first.len_utf8(), 0, 0),
        };
        let (opened, rest_of_it) = rest.split_at(open);
        let (inside, after) = rest_of_it.split_at(inside);
        code.push_str(opened);
        code.push_str(&blank(inside));
        code.push_str(&after[..close.min(after.len())]);
        rest = &after[close.min(after.len())..];
    }
    code
}

fn ends_in_word(code: &str) -> bool {
    code.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// How many hashes a raw string that starts here has, if one does.
fn raw_hashes(text: &str) -> Option<usize> {
    let after = text.strip_prefix('r')?;
    let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
    after[hashes..].starts_with('"').then_some(hashes)
}

/// The lengths of a raw string's opening, inside and closing.
fn raw(text: &str, hashes: usize) -> (usize, usize, usize) {
    let open = hashes + 2;
    let close = format!("\"{}", "#".repeat(hashes));
    (open, text[open..].find(&close).unwrap_or(text.len() - open), close.len())
}

/// The length of what is inside the quotes that have just been opened.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    text.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })
    .unwrap_or(text.len())
}

/// The lengths of a character's opening, inside and closing; of a lifetime only its quote.
fn character(text: &str) -> (usize, usize, usize) {
    let after = &text[1..];
    if let Some(escaped) = after.strip_prefix('\\') {
        let skipped = escaped.chars().next().map_or(0, char::len_utf8);
        return (1, escaped[skipped..].find('\'').map_or(0, |at| at + skipped + 1), 1);
    }
    let first = after.chars().next().map_or(0, char::len_utf8);
    if after[first..].starts_with('\'') { (1, first, 1) } else { (1, 0, 0) }
}

fn block_comment(text: &str) -> usize {
    text.find("*/").map_or(text.len(), |at| at + 2)
}

const TEST_ONLY: &str = "#[cfg(test)]";

fn without_test_items(code: &str) -> String {
    let mut left = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(start) = rest.find(TEST_ONLY) {
        let end = start + item(&rest[start..]);
        left.push_str(&rest[..start]);
        left.push_str(&blank(&rest[start..end]));
        rest = &rest[end..];
    }
    left + rest
}

/// The length of the item that starts here: up to its semicolon or the end of its braces.
fn item(code: &str) -> usize {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 && matches!(c, ';' | '}') {
            return at + 1;
        }
    }
    code.len()
}

#[test]
fn comments_strings_and_tests_are_not_code() {
    let text = r##"
        /// panic!
        fn a<'a>(b: &'a str) { b.find('"'); c("panic! \" panic!"); d(r#"panic!""#, '\'', "") } // panic!
        #[cfg(test)]
        mod tests { fn b() { panic!() } }
        fn e() { real() }"##;
    let code = code_of(text);
    assert!(!code.contains("panic"), "{code}");
    for kept in ["fn a<'a>(b: &'a str)", "b.find('", "c(\"", "d(r#\"", "fn e() { real() }"] {
        assert!(code.contains(kept), "{kept}: {code}");
    }
    assert_eq!(code.lines().count(), text.lines().count());
}

#[test]
fn what_is_left_stands_where_it_stood() {
    let text = "/* é */ a(\"ü → b\"); // …\n#[cfg(test)]\nfn c() { \"é\" }\nd";
    let code = code_of(text);
    assert_eq!(code.len(), text.len(), "{code}");
    assert_eq!(code.find('d'), text.rfind('d'));
}
