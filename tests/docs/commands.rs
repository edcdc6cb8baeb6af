//! The commands that the README tells of.

use std::collections::BTreeSet;
use std::fs;

use regex_lite::Regex;

use super::repository;
use super::shell::Shell;

#[test]
fn the_readme_tells_of_every_command_and_of_no_other() {
    let readme = fs::read_to_string(repository().join("README.md")).expect("there is a README");
    let row = Regex::new(r"(?m)^\| `landing ([a-z]+)").expect("a valid pattern");
    let told: BTreeSet<String> = row.captures_iter(&readme).map(|found| found[1].to_owned()).collect();
    assert_eq!(told, commands());
}

/// As `--help` lists them.
pub fn commands() -> BTreeSet<String> {
    let help = Shell::in_folder("".as_ref()).done("landing --help");
    let (_, list) = help.split_once("Commands:\n").expect("the help lists the commands");
    let names = list.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}
