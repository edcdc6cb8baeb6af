use proptest::prelude::*;

use super::super::{Diagnostic, Failed, Sources};
use super::{load, load_files};

/// A blueprint that uses everything.
const VALID: &str = "version: 1 # é
name: \"ml\"
values: {r: eu-west-1, list: [a, 'b'], deep: {x: \"${values.r}\"}}
organization:
  home_region: ${values.deep.x}
  regions: [us-east-1, \"${values.r}\"]
  account_email: \"aws+${values.r}@example.com\"
  management_account: 012345678901
  retain_days: 30
organizational_units:
  Workloads:
    accounts: ${values.list}
    organizational_units:
      Dev: {accounts: [ml-dev], lifecycle: active}
guardrails:
  - level: suspended
  - region-restriction: {exempt_roles: [BreakGlass]}
policies:
  text: |
    several
    lines — ü
  statement: {Effect: Deny, Resource: \"${aws:username}\"}
";

fn assert_places_are_within_their_files(failed: &Failed) {
    let places = |found: &Diagnostic| {
        found.place.into_iter().chain(found.also.iter().map(|(place, _)| *place)).collect::<Vec<_>>()
    };
    for place in failed.diagnostics.iter().flat_map(places) {
        let text = failed.sources.text(place.file());
        assert!(text.get(place.range()).is_some(), "{place:?} in {text:?}");
    }
}

/// Loads `text` and shows what is wrong with it; none of this may panic.
fn survive(text: &str) -> Option<Sources> {
    match load(text) {
        Ok(loaded) => Some(loaded.sources),
        Err(failed) => {
            assert_places_are_within_their_files(&failed);
            assert!(failed.diagnostics.has_errors());
            assert!(!failed.diagnostics.render(&failed.sources, false, 80).is_empty());
            assert!(failed.diagnostics.json(&failed.sources).is_array());
            None
        }
    }
}

/// `text` with the characters from `at` (of all its characters) replaced.
fn mutate(text: &str, at: prop::sample::Index, taken: usize, put: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let at = at.index(characters.len());
    let rest = characters.iter().skip(at + taken);
    characters[..at].iter().copied().chain(put.chars()).chain(rest.copied()).collect()
}

/// Words that mean something to YAML or to the blueprint.
fn fragment() -> impl Strategy<Value = String> {
    let words = [
        "",
        " ",
        "\n",
        "\n  ",
        "\t",
        ":",
        ": ",
        "- ",
        "?",
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
        ">",
        "'",
        "\"",
        "<<",
        "---\n",
        "...",
        "%",
        "@",
        "${values.r}",
        "${values.list}",
        "${values.",
        "$${",
        "~",
        "null",
        "1",
        "01",
        "1.5",
        "true",
        "é",
        "𝄞",
        "\u{feff}",
        "\u{0}",
        "\r\n",
        "\r",
        "\u{85}",
        "\u{2028}",
        "version",
        "include: [a]\n",
        "values:",
    ];
    prop_oneof![prop::sample::select(words.to_vec()).prop_map(str::to_owned), any::<String>()]
}

#[test]
fn the_valid_blueprint_is_valid() {
    assert!(survive(VALID).is_some());
}

proptest! {
    #[test]
    fn no_text_whatever_panics(text in any::<String>()) {
        survive(&text);
    }

    #[test]
    fn no_heap_of_yaml_words_panics(parts in prop::collection::vec(fragment(), 0..40)) {
        survive(&parts.concat());
    }

    #[test]
    fn no_damaged_blueprint_panics(
        damages in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize, fragment()), 1..5),
    ) {
        let damage = |text: String, (at, taken, put): (prop::sample::Index, usize, String)| mutate(&text, at, taken, &put);
        survive(&damages.into_iter().fold(VALID.to_owned(), damage));
    }

    #[test]
    fn no_included_file_panics(text in any::<String>(), damage in fragment()) {
        let root = format!("{VALID}include: ['*']\n");
        if let Err(failed) = load_files(&[("landing.yaml", &root), ("a", &text), ("b", &(damage + VALID))]) {
            assert_places_are_within_their_files(&failed);
            assert!(!failed.diagnostics.render(&failed.sources, false, 80).is_empty());
        }
    }

    #[test]
    fn what_is_loaded_says_the_same_places_twice(text in any::<String>()) {
        let once = survive(&text).map(|sources| sources.sha256());
        prop_assert_eq!(once, survive(&text).map(|sources| sources.sha256()));
    }
}
