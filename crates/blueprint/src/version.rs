//! Which form of blueprint a file is written in.

use super::diagnostic::{Diagnostic, Diagnostics};
use super::node::{Content, Map};
use super::place::Place;
use super::scalar::Meaning;

/// The key that says the version.
pub const VERSION: &str = "version";

/// The version that this program reads.
const READS: i128 = 1;

/// Checks that the blueprint, which begins at `start`, is of the version that this program reads.
pub fn check(root: &Map, start: Place, diagnostics: &mut Diagnostics) {
    let help = format!("write `version: {READS}`");
    let Some(node) = root.get(VERSION) else {
        let missing = Diagnostic::error("version", "the blueprint does not say its version").at(start);
        diagnostics.push(missing.help(format!("begin the blueprint with `version: {READS}`")));
        return;
    };
    let meaning = match &node.content {
        Content::Unknown => return,
        Content::Scalar(scalar) => scalar.as_wanted(),
        _ => Meaning::Null,
    };
    let message = match meaning {
        Meaning::Integer(READS) => return,
        Meaning::Integer(version) if version > READS => {
            format!("this blueprint is of version {version}, this program reads version {READS}")
        }
        _ => format!("`version` must be {READS}, found {}", node.describe()),
    };
    let help = if matches!(meaning, Meaning::Integer(version) if version > READS) {
        "install a newer `landing`".to_owned()
    } else {
        help
    };
    diagnostics.push(Diagnostic::error("version", message).at(node.place).help(help));
}
