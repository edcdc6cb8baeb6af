//! Texts as YAML reads them back, whichever version of YAML a reader follows.

use serde_json::Value;

/// Words that some version of YAML takes for something other than text.
/// <https://yaml.org/type/bool.html>, <https://yaml.org/type/null.html>, <https://yaml.org/type/float.html>
const WORDS: [&str; 13] = ["y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan", "inf", "none", "~"];

/// A text, in quotation marks unless every reader takes it for that text without them, in flow collections and as a key too.
pub fn text(text: &str) -> String {
    match is_plain(text) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// A key of a map, as it is meant.
pub fn key(key: &str) -> String {
    text(&escaped(key))
}

/// A value that is no map and no list.
pub fn scalar(value: &Value) -> String {
    match value {
        Value::String(value) => text(value),
        other => other.to_string(),
    }
}

/// Texts that begin with a letter and hold nothing that YAML could take for a sign.
fn is_plain(text: &str) -> bool {
    let begins_well = text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '/');
    let is_safe = |c: char| c.is_alphanumeric() || " _-./@+=()".contains(c);
    is_duration(text)
        || begins_well
            && text.chars().all(is_safe)
            && !text.ends_with(' ')
            && !text.contains("  ")
            && !WORDS.contains(&text.to_lowercase().as_str())
}

/// `8h`, `90m`: no version of YAML has numbers like these.
fn is_duration(text: &str) -> bool {
    let digits = text.strip_suffix(['h', 'm']).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// In double quotation marks, with everything escaped that cannot be seen or that YAML does not take.
/// <https://yaml.org/spec/1.2.2/#57-escaped-characters>
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if is_shown(c) => quoted.push(c),
            c if u32::from(c) > 0xffff => quoted.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether a character may stand as it is: YAML takes it, and it is no mark that changes how the text around it is shown.
fn is_shown(c: char) -> bool {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => false,
        c => !c.is_control(),
    }
}

/// A text in which nothing is a reference to a value of the blueprint: `${values.x}` is written `$${values.x}`.
pub fn escaped(text: &str) -> String {
    text.split("${").enumerate().fold(String::new(), |mut escaped, (nth, part)| {
        if nth > 0 {
            // A dollar before `${` would take the next one for its escape.
            let is_reference = part.split('}').next().is_some_and(|inside| inside.trim_start().starts_with("values"));
            let doubled = escaped.ends_with('$');
            escaped.push_str(if is_reference || doubled { "$${" } else { "${" });
        }
        escaped + part
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_as_they_are_and_what_could_be_something_else_is_quoted() {
        for plain in [
            "Deny leaving",
            "a_b-c.d",
            "Entwürfe",
            "x@example.com",
            "aws+x@example.com",
            "no leaving",
            "/team/",
            "8h",
            "A (new)",
        ] {
            assert_eq!(text(plain), plain);
        }
        for other in [
            "",
            " a",
            "a ",
            "a  b",
            "yes",
            "No",
            "NULL",
            "~",
            "0123",
            "1e3",
            "12:30",
            "2026-11-28",
            "-",
            "- a",
            "#a",
            "a #b",
            "a: b",
            "a:",
            "*a",
            "&a",
            "!a",
            "|",
            ">",
            "%a",
            "@a",
            "`a",
            "{a",
            "[a",
            "a, b",
            "a]",
            "'a'",
            ".5",
            ".inf",
            "<<",
            "=",
            "?",
            "${a}",
        ] {
            assert_eq!(text(other), format!("\"{other}\""), "{other}");
        }
        assert_eq!(
            text("a\"b\\c\nd\te\u{7}\u{85}\u{202e}\u{1F600}\u{e0001}"),
            "\"a\\\"b\\\\c\\nd\\te\\u0007\\u0085\\u202e\u{1F600}\u{e0001}\""
        );
    }

    #[test]
    fn references_to_values_become_text_and_policy_variables_stay() {
        for (live, written) in [
            ("${values.x}", "$${values.x}"),
            ("a ${ values.x} b", "a $${ values.x} b"),
            ("${aws:PrincipalTag/a}", "${aws:PrincipalTag/a}"),
            ("$${aws:x}", "$$${aws:x}"),
            ("$${values.x}", "$$${values.x}"),
            ("${a}${values}", "${a}$${values}"),
        ] {
            assert_eq!(escaped(live), written);
        }
    }
}
