//! What a plain word of YAML means.

/// A scalar as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// Its text, without quotes and escapes.
    pub text: String,
    /// Whether it stands without quotes, so that it may be something other than text.
    pub plain: bool,
}

/// What a scalar means by the core schema of YAML 1.2 (<https://yaml.org/spec/1.2.2/#103-core-schema>), with three
/// differences that keep AWS's ids whole: digits that begin with a needless zero, exactly twelve digits (an account
/// id), and numbers that JSON or 64 bits cannot hold are text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// Nothing: empty, `~` or `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number; from `i64`'s least to `u64`'s greatest.
    Integer(i128),
    /// A number with a fraction or exponent; finite.
    Float(f64),
    /// Anything else.
    Text,
}

impl Scalar {
    /// Text that means only itself.
    pub fn quoted(text: impl Into<String>) -> Self {
        Scalar { text: text.into(), plain: false }
    }

    /// What it means where nothing says what is wanted.
    pub fn meaning(&self) -> Meaning {
        match self.as_wanted() {
            Meaning::Integer(_) if self.text.len() == 12 && self.is_digits() => Meaning::Text,
            meaning => meaning,
        }
    }

    /// What it means where a number would do: twelve digits may be one.
    pub fn as_wanted(&self) -> Meaning {
        if !self.plain {
            return Meaning::Text;
        }
        match self.text.as_str() {
            "" | "~" | "null" | "Null" | "NULL" => Meaning::Null,
            "true" | "True" | "TRUE" => Meaning::Bool(true),
            "false" | "False" | "FALSE" => Meaning::Bool(false),
            text => number(text).unwrap_or(Meaning::Text),
        }
    }

    /// Whether it can be taken for text: anything that means text, and plain digits, since ids are made of them.
    pub fn is_text(&self) -> bool {
        self.as_wanted() == Meaning::Text || self.is_digits()
    }

    fn is_digits(&self) -> bool {
        !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit())
    }
}

fn number(text: &str) -> Option<Meaning> {
    if let Some(digits) = text.strip_prefix("0x") {
        return integer(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return integer(digits, 8);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        let needless_zero = unsigned.len() > 1 && unsigned.starts_with('0');
        return if needless_zero { None } else { integer(text, 10) };
    }
    let shape = |c: char| c.is_ascii_digit() || ".eE+-".contains(c);
    let starts_well = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if !starts_well || !unsigned.contains(|c: char| c.is_ascii_digit()) || !unsigned.chars().all(shape) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite()).map(Meaning::Float)
}

fn integer(digits: &str, radix: u32) -> Option<Meaning> {
    if radix != 10 && digits.starts_with(['+', '-']) {
        return None;
    }
    let number = i128::from_str_radix(digits, radix).ok()?;
    (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number).then_some(Meaning::Integer(number))
}

#[cfg(test)]
mod tests {
    use super::{Meaning, Scalar};

    fn plain(text: &str) -> Scalar {
        Scalar { text: text.to_owned(), plain: true }
    }

    #[test]
    fn plain_words_mean_what_the_core_schema_says() {
        for (text, meaning) in [
            ("", Meaning::Null),
            ("~", Meaning::Null),
            ("True", Meaning::Bool(true)),
            ("-12", Meaning::Integer(-12)),
            ("0x1F", Meaning::Integer(31)),
            ("0o17", Meaning::Integer(15)),
            ("18446744073709551615", Meaning::Integer(i128::from(u64::MAX))),
            ("1.50", Meaning::Float(1.5)),
            ("1e3", Meaning::Float(1000.0)),
            (".5", Meaning::Float(0.5)),
        ] {
            assert_eq!(plain(text).meaning(), meaning, "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_number_is_text() {
        for text in [
            "2012-10-17",
            "10.20.0.0/16",
            "yes",
            "off",
            "1_000",
            "12:30",
            "0x",
            "0x-1",
            "+",
            "-",
            ".",
            "e3",
            ".inf",
            ".nan",
            "1e999",
            "18446744073709551616",
            "é",
            "1-2",
            "infinity",
        ] {
            assert_eq!(plain(text).meaning(), Meaning::Text, "{text}");
        }
    }

    #[test]
    fn an_account_id_is_text_even_without_quotes() {
        assert_eq!(plain("012345678901").meaning(), Meaning::Text);
        assert_eq!(plain("123456789012").meaning(), Meaning::Text);
        assert_eq!(plain("123456789012").as_wanted(), Meaning::Integer(123_456_789_012));
        assert!(plain("5").is_text());
        assert!(!plain("1.10").is_text());
        assert!(!plain("true").is_text());
    }

    #[test]
    fn quotes_make_anything_text() {
        assert_eq!(Scalar::quoted("true").meaning(), Meaning::Text);
        assert!(Scalar::quoted("").is_text());
    }
}
