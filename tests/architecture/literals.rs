//! That kinds are known by what they say of themselves, and not by their names.

use std::collections::BTreeSet;

use landing::kinds::KINDS;

use super::source::{Finding, Source, none, read, sources};
use super::strip::code_of;

/// Where no kind is named.
const NAMELESS: [&str; 6] = ["src/engine", "src/report", "src/hierarchy", "src/cli", "src/cloud", "src/facts"];

/// What tests are made of.
const OF_TESTS: [&str; 1] = ["src/engine/scene.rs"];

/// What addresses begin with that is no name of a kind.
const OTHER_PREFIXES: [&str; 4] = ["ou", "scp", "rcp", "management"];

/// Names of kinds that mean something else where they stand: the file, what is in the line, and what they mean there.
const SOMETHING_ELSE: [(&str, &str, &str); 10] = [
    ("src/cli/command/simulate/check.rs", r#""root""#, "the root user of an account, in the words of IAM"),
    (
        "src/cli/command/simulate/identity.rs",
        r#"principal == "root""#,
        "the root user of an account, in the words of IAM",
    ),
    ("src/cli/help/groups.rs", r#"OUTPUT, "region""#, "an option of commands"),
    ("src/cli/next.rs", r#"("region", &global.region)"#, "an option of commands"),
    ("src/hierarchy/question.rs", r#""account", "budgets""#, "a service: AWS Account Management"),
    ("src/hierarchy/question.rs", r#"principal == "root""#, "the root user of an account, in the words of IAM"),
    ("src/report/accounts/csv.rs", r#""management", "owner""#, "the name of a column"),
    ("src/report/fields.rs", r#""feature_set", "region""#, "a field of resources"),
    ("src/report/graph/svg/boxes.rs", r#""root", "unit1""#, "a class of styles"),
    ("src/report/graph/svg/icons.rs", r#"", "M"#, "the name of an icon"),
];

/// A text in quotes.
struct Literal<'s> {
    source: &'s Source,
    text: String,
    /// The code before and after it, quotes left out.
    before: &'s str,
    after: &'s str,
}

impl Literal<'_> {
    fn place(&self) -> Finding {
        let line = self.before.matches('\n').count() + 1;
        format!("{}:{line}: \"{}\"", self.source.path, self.text)
    }

    /// Whether this is something that a value is compared with, matched with or made of; not what people read, a key of JSON
    /// or an argument of something that takes any text.
    fn is_a_name(&self) -> bool {
        let (before, after) = (self.before.trim_end(), self.after.trim_start());
        let is_key = after.starts_with(':') && !after.starts_with("::");
        let is_result = before.ends_with("=>");
        let is_alternative = before.ends_with('|') && !before.ends_with("||") || after.starts_with('|');
        let is_pattern = after.starts_with("=>") || is_alternative || after.starts_with("if ");
        let is_compared = before.ends_with('=') || after.starts_with("==") || after.starts_with("!=");
        !is_key && (is_pattern || (!is_result && (is_compared || self.is_enclosed_as_a_name())))
    }

    /// Whether what it is an element of names kinds: a list, a tuple, a test or a constructor.
    fn is_enclosed_as_a_name(&self) -> bool {
        let Some((bracket, opener)) = enclosing(self.before) else { return false };
        let called = opener.trim_end().rsplit(|c: char| !c.is_alphanumeric() && !"_:!".contains(c)).next();
        let called = called.unwrap_or_default();
        match bracket {
            '[' => !opener.ends_with(|c: char| c.is_alphanumeric() || "_])?".contains(c)),
            '(' => called.is_empty() || NAMING.contains(&called),
            _ => false,
        }
    }
}

/// What is called with the name of a kind, or with what addresses begin with.
const NAMING: [&str; 10] = [
    "Address::new",
    "Change::new",
    "Some",
    "Wanted::new",
    "kind",
    "matches!",
    "nature",
    "of_kind",
    "starts_with",
    "strip_prefix",
];

/// The bracket that is open at the end of this code, and what stands before it.
fn enclosing(code: &str) -> Option<(char, &str)> {
    let mut depth = 0;
    for (at, c) in code.char_indices().rev() {
        match c {
            ')' | ']' | '}' => depth += 1,
            '(' | '[' | '{' if depth == 0 => return Some((c, &code[..at])),
            '(' | '[' | '{' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Every text in quotes outside of tests.
fn literals<'s>(source: &'s Source, text: &str) -> Vec<Literal<'s>> {
    let quotes: Vec<usize> = source.code.match_indices('"').map(|(at, _)| at).collect();
    let literal = |pair: &[usize]| Literal {
        source,
        text: text[pair[0] + 1..pair[1]].to_owned(),
        before: &source.code[..pair[0]],
        after: &source.code[pair[1] + 1..],
    };
    quotes.chunks_exact(2).map(literal).collect()
}

/// Names that are words of no other meaning stand nowhere; of the others only that is wrong which names a kind.
fn names_a_kind(literal: &Literal<'_>, names: &BTreeSet<&str>) -> bool {
    let word = literal.text.split('/').next().unwrap_or_default();
    names.contains(word) && (word.contains('-') || ["attachment", "assignment"].contains(&word) || literal.is_a_name())
}

fn wrong_in(source: &Source, text: &str) -> Vec<Finding> {
    let names: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name()).chain(OTHER_PREFIXES).collect();
    let line = |literal: &Literal<'_>| {
        text[literal.before.rfind('\n').map_or(0, |at| at + 1)..].lines().next().map(str::to_owned)
    };
    let is_meant = |literal: &Literal<'_>| {
        let line = line(literal).unwrap_or_default();
        SOMETHING_ELSE.iter().any(|(path, part, _)| *path == source.path && line.contains(part))
    };
    let named = literals(source, text).into_iter().filter(|literal| names_a_kind(literal, &names));
    named.filter(|literal| !is_meant(literal)).map(|literal| literal.place()).collect()
}

#[test]
fn no_kind_is_known_by_its_name() {
    let nameless = sources().iter().filter(|source| source.is_in(&NAMELESS) && !source.is_in(&OF_TESTS));
    let wrong = nameless.flat_map(|source| wrong_in(source, &read(&source.path)));
    none(
        wrong,
        "ask `OfKind::kind_info` what the kind says of itself, or the address what it is; where the word means something else, \
         add it to SOMETHING_ELSE in this test with what it means",
    );
}

#[test]
fn whatever_means_something_else_is_still_there() {
    let gone = SOMETHING_ELSE.iter().filter(|(path, part, _)| !read(path).contains(part));
    none(gone.map(|(path, part, _)| format!("{path}: {part}")), "take it out of SOMETHING_ELSE");
}

/// What is found in a file of the engine with this text.
fn found_in(text: &str) -> Vec<String> {
    let source = Source { path: "src/engine/x.rs".into(), code: code_of(text) };
    wrong_in(&source, text)
}

#[test]
fn names_of_kinds_are_found_wherever_they_decide() {
    for wrong in [
        r#"if change.kind == "account" {}"#,
        r#"if "account" != change.kind {}"#,
        r#"match kind { "policy" | "group" => 1, _ => 2 }"#,
        r#"match kind { "stack" if x => 1, _ => 2 }"#,
        r#"match (kind, action) { ("account", Action::Delete) => 1, _ => 2 }"#,
        r#"matches!(kind, "account")"#,
        r#"desired.of_kind("stack")"#,
        r#"Wanted::new("policy", address, body)"#,
        r#"Change::new(Action::Create, "policy", address)"#,
        r#"let Some("root") = x else { return };"#,
        r#"address.as_str().starts_with("account/")"#,
        r#"["account", "ou"].contains(&prefix)"#,
        r#"const KIND: &str = "stack";"#,
        r#"f("permission-set")"#,
        r#"f("attachment")"#,
        r#"address == "scp/FullAWSAccess""#,
    ] {
        assert!(!found_in(wrong).is_empty(), "{wrong}");
    }
}

#[test]
fn words_that_people_read_and_keys_are_no_names() {
    for right in [
        r#"count(number, "account", "accounts")"#,
        r#"json!({"organization": id, "policy": policy})"#,
        r#"value["policy"]["Statement"]"#,
        r#"match sort { Sort::Policy => "policy", Sort::Stack => "stack" }"#,
        r#"id.unwrap_or("organization")"#,
        r#"// change.kind == "account""#,
        "#[cfg(test)]\nmod tests { fn f() { a == \"account\" } }",
        r#"format!("the account {x}")"#,
    ] {
        assert_eq!(found_in(right), [""; 0], "{right}");
    }
}

#[test]
fn what_is_found_is_reported_by_its_line() {
    assert_eq!(found_in("/* é */\n\nx == \"account\";"), ["src/engine/x.rs:3: \"account\""]);
}
