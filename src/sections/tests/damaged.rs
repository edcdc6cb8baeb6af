//! Blueprints with damage anywhere: what they say may be wrong, and nothing of it makes the program panic or show what is not there.

use proptest::prelude::*;

use crate::sections::{builtin, declare_text};

/// Words that mean something to YAML, to the blueprint or to AWS, and values that fit nowhere.
const WORDS: [&str; 54] = [
    "",
    " ",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    ":",
    ": ",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    "&a ",
    "*a",
    "!t ",
    "|\n",
    ">\n",
    "'",
    "\"",
    "<<: ",
    "---\n",
    "~",
    "null",
    "true",
    "1",
    "-1",
    "0",
    "1.5",
    "1e999",
    "99999999999999999999",
    "é",
    "𝄞",
    "\u{feff}",
    "\u{0}",
    "\r\n",
    "\u{2028}",
    "${values.x}",
    "${account/audit}",
    "${stack/a/b.c}",
    "${",
    "root",
    "management",
    "mandatory",
    "eu-west-1",
    "eusc-de-east-1",
    "*",
    "arn:aws:iam::aws:policy/x",
    "{{name}}",
    "state: absent",
    "except: [root]",
];

/// Keys and values that are put in whole lines.
const LINES: [&str; 14] = [
    "was: Old\n",
    "state: closed\n",
    "guardrails: [mandatory, {trail-stays: {exempt_roles: [x]}}, no-such]\n",
    "guardrails: {set: logging, except: [config-stays]}\n",
    "policies: {p: {template: region-restriction, exempt_roles: [{name: a, until: 2027-13-01}]}}\n",
    "stacks: {s: {template: network, in: [root], parameters: {cidr: 10.0.0.0/33}}}\n",
    "stacks: {s: {template: budget, in: [management], needs: [stack/management/s/eu-west-1]}}\n",
    "identity: {permission_sets: {p: {inline_policy: {Statement: {}}}}}\n",
    "expect: [{deny: 's3:*', as: root, in: root}]\n",
    "account_settings: [{in: root, password_policy: {minimum_length: 300}}]\n",
    "organization: {regions: []}\n",
    "include: ['*.yaml']\n",
    "values: {x: ${values.x}}\n",
    "resource_policy: {Version: 1}\n",
];

fn damaged(text: &str, at: prop::sample::Index, taken: usize, put: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = at.index(characters.len() + 1);
    let rest = characters.iter().skip(at + taken);
    characters[..at].iter().copied().chain(put.chars()).chain(rest.copied()).collect()
}

/// A line put in at the indentation of the line before it.
fn with_line(text: &str, at: prop::sample::Index, put: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let at = at.index(lines.len() + 1);
    let before = at.checked_sub(1).and_then(|nth| lines.get(nth)).copied().unwrap_or_default();
    let indent: String = before.chars().take_while(|c| *c == ' ').collect();
    let head = lines[..at].iter().map(|line| format!("{line}\n")).collect::<String>();
    head + &indent + put + &lines[at..].join("\n")
}

/// Declares `text`, and shows what is wrong with it.
fn survive(text: &str) {
    let Err(failed) = declare_text("landing.yaml", text) else { return };
    assert!(failed.diagnostics.has_errors());
    let places =
        failed.diagnostics.iter().flat_map(|it| it.place.into_iter().chain(it.also.iter().map(|(place, _)| *place)));
    for place in places {
        let file = failed.sources.text(place.file());
        assert!(file.get(place.range()).is_some(), "{place:?} in {file:?}");
    }
    assert!(!failed.diagnostics.render(&failed.sources, false, 80).is_empty());
    assert!(failed.diagnostics.json(&failed.sources).is_array());
}

proptest! {
    // Each case renders a landing zone: `PROPTEST_CASES` asks for more.
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn no_damaged_built_in_blueprint_panics(
        nth in 0..builtin::list().len(),
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, prop::sample::select(&WORDS)), 0..4),
        lines in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&LINES)), 0..3),
    ) {
        let mut text = builtin::list()[nth].files[0].1.to_owned();
        for (at, put) in lines {
            text = with_line(&text, at, put);
        }
        for (at, taken, put) in damages {
            text = damaged(&text, at, taken, put);
        }
        survive(&text);
    }
}

fn cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(24)
}
