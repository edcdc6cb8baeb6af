//! Wildcards and policy variables
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).

use super::request::{Context, Held};

/// A text in which `*` stands for any characters and `?` for any one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Vec<Token>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    AnyOne,
    AnyMany,
}

/// A pattern after its variables were replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resolved {
    Pattern(Pattern),
    /// The request does not have the variable's key, or it has several values, and there is no default.
    NoValue(String),
    /// Nobody knows the value of this key.
    Unknown(String),
}

impl Pattern {
    /// The pattern of a text whose `${…}` stand for themselves.
    pub fn literal(text: &str) -> Self {
        Self(tokens(text).collect())
    }

    /// The pattern of a text with its variables replaced by what `variables` holds, or standing for
    /// themselves without it; values that come from the request have no wildcards.
    pub fn resolve(text: &str, variables: Option<&Context>) -> Resolved {
        let Some(context) = variables else {
            return Resolved::Pattern(Self::literal(text));
        };
        let mut pattern = Vec::new();
        let mut rest = text;
        while let Some((before, inside, after)) = next_variable(rest) {
            pattern.extend(tokens(before));
            match value_of(inside, context) {
                Ok(value) => pattern.extend(value.chars().map(Token::Char)),
                Err(unresolved) => return unresolved,
            }
            rest = after;
        }
        pattern.extend(tokens(rest));
        Resolved::Pattern(Self(pattern))
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut token, mut place) = (0, 0);
        // Where to go on when the part after the last `*` does not match: that `*` takes one more character.
        let mut retry: Option<(usize, usize)> = None;
        while place < text.len() {
            match self.0.get(token) {
                Some(Token::AnyMany) => {
                    retry = Some((token + 1, place));
                    token += 1;
                }
                Some(Token::AnyOne) => (token, place) = (token + 1, place + 1),
                Some(Token::Char(expected)) if *expected == text[place] => (token, place) = (token + 1, place + 1),
                _ => match &mut retry {
                    Some((after_star, taken)) => {
                        *taken += 1;
                        (token, place) = (*after_star, *taken);
                    }
                    None => return false,
                },
            }
        }
        self.0[token..].iter().all(|token| *token == Token::AnyMany)
    }

    /// Whether there is no text that does not match.
    pub fn matches_anything(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|token| *token == Token::AnyMany)
    }

    /// The text, its wildcards standing for themselves.
    pub fn text(&self) -> String {
        let text = self.0.iter().map(|token| match token {
            Token::Char(character) => *character,
            Token::AnyOne => '?',
            Token::AnyMany => '*',
        });
        text.collect()
    }

    /// The first parts between colons, `count` of them at most, the last one with all that follows.
    pub fn parts(&self, count: usize) -> Vec<Self> {
        self.0.splitn(count, |token| *token == Token::Char(':')).map(|part| Self(part.to_vec())).collect()
    }
}

fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    text.chars().map(|character| match character {
        '*' => Token::AnyMany,
        '?' => Token::AnyOne,
        other => Token::Char(other),
    })
}

/// What stands before the first `${…}`, inside it, and after it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, inside, after))
}

fn value_of(variable: &str, context: &Context) -> Result<String, Resolved> {
    if ["*", "?", "$"].contains(&variable) {
        return Ok(variable.to_owned());
    }
    let (key, default) = match variable.split_once(',') {
        Some((key, default)) => (key.trim(), Some(default.trim().trim_matches('\''))),
        None => (variable.trim(), None),
    };
    match (context.get(key), default) {
        (Held::Values([value]), _) => Ok(value.clone()),
        (Held::Absent, Some(default)) => Ok(default.to_owned()),
        (Held::Values(_) | Held::Absent, _) => Err(Resolved::NoValue(key.to_owned())),
        (Held::Unknown, _) => Err(Resolved::Unknown(key.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wildcards_match_as_documented() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*", "a", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*b*d", "abcbcd", true),
            ("*b*d", "abcbc", false),
            ("a*?", "a", false),
            ("**", "x", true),
            ("é?", "éö", true),
        ] {
            assert_eq!(Pattern::literal(pattern).matches(text), expected, "{pattern} {text}");
        }
    }

    fn resolve(text: &str) -> Resolved {
        let context = Context::default()
            .with("aws:username", ["al*ice"])
            .with("aws:TagKeys", ["a", "b"])
            .with_unknown("aws:userid");
        Pattern::resolve(text, Some(&context))
    }

    fn matches(pattern: &str, text: &str) -> bool {
        matches!(resolve(pattern), Resolved::Pattern(pattern) if pattern.matches(text))
    }

    #[test]
    fn variables_are_replaced_whatever_their_case() {
        assert!(matches("home/${AWS:UserName}/*", "home/al*ice/x"));
        assert!(matches("${aws:PrincipalTag/team, 'a b'}-?", "a b-1"));
    }

    #[test]
    fn a_value_from_the_request_has_no_wildcards() {
        assert!(!matches("${aws:username}", "alXice"));
    }

    #[test]
    fn special_characters_can_be_written_as_variables() {
        assert!(matches("a${*}${?}${$}", "a*?$"));
        assert!(!matches("a${*}", "ab"));
    }

    #[test]
    fn an_unfinished_variable_stands_for_itself() {
        assert!(matches("a${b", "a${b"));
    }

    #[test]
    fn variables_without_one_value_are_told_apart() {
        assert_eq!(resolve("${aws:PrincipalTag/x}"), Resolved::NoValue("aws:PrincipalTag/x".into()));
        assert_eq!(resolve("${aws:TagKeys}"), Resolved::NoValue("aws:TagKeys".into()));
        assert_eq!(resolve("${aws:userid, 'x'}"), Resolved::Unknown("aws:userid".into()));
    }

    /// The plainest way to say what wildcards mean.
    fn obviously(pattern: &[char], text: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['*', rest @ ..] => (0..=text.len()).any(|taken| obviously(rest, &text[taken..])),
            ['?', rest @ ..] => !text.is_empty() && obviously(rest, &text[1..]),
            [first, rest @ ..] => text.first() == Some(first) && obviously(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn matching_agrees_with_the_plain_definition(pattern in "[ab*?]{0,7}", text in "[ab]{0,8}") {
            let chars = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(Pattern::literal(&pattern).matches(&text), obviously(&chars(&pattern), &chars(&text)));
        }
    }
}
