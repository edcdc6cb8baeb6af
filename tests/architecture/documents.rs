//! What no file of the repository mentions.

use std::fs;

use super::source::{Finding, files_below, none, top};

/// Made by Cargo, which writes there where crates come from.
const MADE: [&str; 1] = ["Cargo.lock"];

/// The lines of all texts of the repository in which one of `words` begins a word.
fn mentioning(words: &[String]) -> Vec<Finding> {
    let mut found = Vec::new();
    for path in files_below("").into_iter().filter(|path| !MADE.contains(&path.as_str())) {
        let Ok(text) = fs::read_to_string(top().join(&path)) else { continue };
        for (number, line) in text.lines().enumerate() {
            if words.iter().any(|word| begins_a_word(line, word)) {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

fn begins_a_word(line: &str, word: &str) -> bool {
    let in_a_word = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '}' | ')');
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(in_a_word))
}

#[test]
fn no_file_names_the_host_of_a_package_registry() {
    // Put together here, so that this file does not name them either.
    let hosts =
        [["crates", "io"], ["pypi", "org"], ["npmjs", "org"], ["npmjs", "com"], ["docker", "io"], ["ghcr", "io"]];
    let mut words: Vec<String> = hosts.iter().map(|parts| parts.join(".")).collect();
    words.extend(
        ["index.", "static.", "registry.", "files."]
            .iter()
            .flat_map(|sub| hosts.map(|parts| format!("{sub}{}", parts.join(".")))),
    );
    none(mentioning(&words), "packages are named by their name; where they come from is the user's setting");
}

#[test]
fn no_file_names_a_place_on_someone_s_machine() {
    let folders = ["home", "root", "Users", "work", "mnt", "private"];
    let words: Vec<String> = folders.iter().map(|folder| format!("/{folder}/")).collect();
    none(mentioning(&words), "write paths from the top of the repository, or take them from the environment");
}
