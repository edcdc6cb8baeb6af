//! How code is written, where no lint of the compiler or of clippy says it: Cargo.toml has those.

use super::source::{none, sources};

#[test]
fn whatever_is_expected_is_expected_for_a_reason() {
    let wrong = sources().iter().flat_map(|source| {
        source.lines(|line| {
            line.split(".expect(").skip(1).any(|after| !after.starts_with('"') || after.starts_with("\"\""))
        })
    });
    none(wrong, "say in the message of `expect`, as a literal, why it cannot fail");
}
