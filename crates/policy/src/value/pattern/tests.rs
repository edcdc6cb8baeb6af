use proptest::prelude::*;

use super::*;

fn literal(text: &str) -> Pattern {
    Pattern::new(text, false)
}

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
        ("*?ö", "éö", true),
    ] {
        assert_eq!(literal(pattern).matches(text), expected, "{pattern} {text}");
    }
}

fn context() -> Context {
    Context::default().with("aws:username", ["al*ice"]).with("aws:TagKeys", ["a", "b"]).with_unknown("aws:userid")
}

fn matches(pattern: &str, text: &str) -> bool {
    Pattern::new(pattern, true).resolve(&context()).is_ok_and(|pattern| pattern.matches(text))
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
fn variables_without_one_value_are_distinguished() {
    for (text, expected) in [
        ("${aws:PrincipalTag/x}", Unresolved::NoValue("aws:PrincipalTag/x")),
        ("${aws:TagKeys}", Unresolved::NoValue("aws:TagKeys")),
        ("${aws:userid, 'x'}", Unresolved::Unknown("aws:userid")),
    ] {
        assert_eq!(Pattern::new(text, true).resolve(&context()), Err(expected));
    }
}

#[test]
fn parts_of_arns_end_at_colons_and_the_last_keeps_its_own() {
    let parts: Vec<String> = literal("arn:*:s3::?:a:b*").parts(6).iter().map(|part| part.text().into_owned()).collect();
    assert_eq!(parts, ["arn", "*", "s3", "", "?", "a:b*"]);
    assert_eq!(literal("arn:aws").parts(6).len(), 2);
}

#[test]
fn a_variable_is_covered_by_itself_and_by_a_star() {
    let covers = |wide, narrow| Pattern::new(wide, true).covers(&Pattern::new(narrow, true));
    assert!(covers("a/${aws:username}/*", "a/${aws:username}/b"));
    assert!(covers("a/*", "a/${aws:username}"));
    assert!(!covers("a/?", "a/${aws:username}"));
    assert!(!covers("a/${aws:username}", "a/*"));
}

#[test]
fn a_character_that_is_written_as_a_variable_is_that_character() {
    let covers = |wide, narrow| Pattern::new(wide, true).covers(&Pattern::new(narrow, true));
    assert!(covers("x$y", "x${$}y") && covers("x${$}y", "x$y"));
    assert!(covers("x$y*", "x${$}yz") && covers("x${$}y*", "x$yz"));
    assert!(!covers("x$y", "x${*}y"));
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

/// Every text of up to five letters, one of which is in no pattern.
fn texts() -> Vec<String> {
    let mut all = vec![String::new()];
    let mut longest = all.clone();
    for _ in 0..5 {
        longest = longest.iter().flat_map(|text| ["a", "b", "z"].map(|letter| format!("{text}{letter}"))).collect();
        all.extend(longest.clone());
    }
    all
}

proptest! {
    #[test]
    fn matching_agrees_with_the_plain_definition(pattern in "[abé*?]{0,7}", text in "[abé]{0,8}") {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        prop_assert_eq!(literal(&pattern).matches(&text), obviously(&chars(&pattern), &chars(&text)));
    }

    #[test]
    fn what_is_covered_never_matches_more(wide in "[ab*?]{0,4}", narrow in "[ab*?]{0,4}") {
        let (wide, narrow) = (literal(&wide), literal(&narrow));
        if wide.covers(&narrow) {
            for text in texts() {
                prop_assert!(!narrow.matches(&text) || wide.matches(&text), "{text}");
            }
        }
    }

    #[test]
    fn patterns_meet_where_a_text_matches_both(a in "[ab*?]{0,3}", b in "[ab*?]{0,3}") {
        let (a, b) = (literal(&a), literal(&b));
        let together = texts().iter().any(|text| a.matches(text) && b.matches(text));
        prop_assert_eq!(a.meets(&b), together);
    }
}
