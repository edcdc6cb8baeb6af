//! How code is written.

use super::source::{none, read, sources};

#[test]
fn nothing_gives_up_outside_of_tests() {
    let words = [".unwrap()", ".unwrap_err()", "panic!", "todo!", "unimplemented!", "unreachable!"];
    let wrong = sources().iter().flat_map(|source| source.mentions(&words));
    none(wrong, "return an error that says what to do; where it cannot happen, `expect` with the reason why");
}

#[test]
fn whatever_is_expected_is_expected_for_a_reason() {
    let wrong = sources().iter().flat_map(|source| {
        source.lines(|line| {
            line.split(".expect(").skip(1).any(|after| !after.starts_with('"') || after.starts_with("\"\""))
        })
    });
    none(wrong, "say in the message of `expect`, as a literal, why it cannot fail");
}

#[test]
fn every_public_item_says_what_it_is() {
    let lint = "#![warn(missing_docs)]";
    let crates = sources().iter().filter(|source| source.path.ends_with("src/lib.rs"));
    let without = crates.filter(|source| !read(&source.path).contains(lint)).map(|source| source.path.clone());
    none(without, "write #![warn(missing_docs)] into it: clippy then refuses what lacks a comment");
}

#[test]
fn lints_are_expected_and_not_allowed() {
    let wrong = sources().iter().flat_map(|source| source.mentions(&["#[allow(", "#![allow("]));
    none(wrong, "mend it, or write #[expect(…, reason = \"…\")], which ends when the lint has nothing to say any more");
}

#[test]
fn modules_do_not_draw_in_all_of_another() {
    // `use super::*` in a file's own tests is gone from its code.
    let wrong = sources().iter().flat_map(|source| {
        source.lines(|line| line.trim_start().trim_start_matches("pub ").starts_with("use ") && line.contains("::*"))
    });
    none(wrong, "name what is used: who depends on whom must show");
}
