//! Text from elsewhere in Markdown: no name is a format, a link, a mention, the end of a cell or of a block.

use super::super::clean::clean;

/// Text in a fixed font that nothing in it ends, and that mentions no person.
pub(in crate::report) fn code(text: &str) -> String {
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || " /._:@%+=~>-".contains(c);
    if !text.trim().is_empty() && text.chars().all(is_harmless) { format!("`{text}`") } else { html_code(text) }
}

/// The same where Markdown is not read. Neither mentions nor numbers of issues are looked for in it; addresses of the web are, so
/// that they are written apart.
/// <https://github.github.com/gfm/#autolinks-extension->
pub(super) fn html_code(text: &str) -> String {
    let mut escaped = String::new();
    for c in clean(text).chars() {
        match c {
            ':' => escaped += "&#58;",
            '.' if ends_with(&escaped, "www") => escaped += "&#46;",
            c => push_escaped(&mut escaped, c),
        }
    }
    format!("<code>{escaped}</code>")
}

/// Text in which nothing is Markdown or HTML. Hosts look for mentions and numbers of issues in what the page shows, whatever it
/// is written as: a comment takes them apart.
/// <https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls>
pub(in crate::report) fn escape(text: &str) -> String {
    let text = clean(text);
    let mut escaped = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let is_reference = match c {
            // After a letter or digit it is part of an email address.
            '@' => !escaped.ends_with(char::is_alphanumeric),
            '-' => ends_with(&escaped, "gh"),
            c => matches!(c, '#' | '!' | '%' | '&' | '~' | '$'),
        };
        push_escaped(&mut escaped, c);
        if is_reference && chars.peek().is_some_and(|next| next.is_alphanumeric()) {
            escaped += "<!-- -->";
        }
    }
    escaped
}

fn push_escaped(escaped: &mut String, c: char) {
    match c {
        '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '#' | '@' | '!' | '$' => {
            *escaped += &format!("&#{};", u32::from(c));
        }
        c => escaped.push(c),
    }
}

fn ends_with(text: &str, word: &str) -> bool {
    text.get(text.len().saturating_sub(word.len())..).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// An address of the web as a link; anything else as text.
pub(super) fn link(url: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() && !"<>\"\\^`{|}".contains(c);
    if url.starts_with("https://") && url.chars().all(is_plain) { format!("<{url}>") } else { escape(url) }
}

/// Longer than any run of backticks in `body`, so that nothing in it ends the block.
pub(super) fn fence(body: &str) -> String {
    let longest = body.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_neither_a_mention_nor_a_reference_nor_a_link() {
        assert_eq!(escape("@all #12 a@b GH-7"), "&#64;<!-- -->all &#35;<!-- -->12 a&#64;b GH-<!-- -->7");
        assert_eq!(escape("50 % of A & B!"), "50 % of A &#38; B&#33;");
        assert_eq!(code("ou/R&D"), "<code>ou/R&#38;D</code>");
        assert_eq!(code("https://x|www.y"), "<code>https&#58;//x&#124;www&#46;y</code>");
        assert_eq!(code("scp/a@root"), "`scp/a@root`");
        assert_eq!(link("https://docs.aws.amazon.com/#a"), "<https://docs.aws.amazon.com/#a>");
        assert_eq!([link("javascript:a"), link("https://a>b")], ["javascript:a", "https://a&#62;b"]);
    }

    #[test]
    fn a_fence_is_longer_than_every_run_of_backticks() {
        assert_eq!([fence("a"), fence("``` ````")], ["```".to_owned(), "`````".to_owned()]);
    }
}
