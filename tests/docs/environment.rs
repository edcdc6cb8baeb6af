//! `docs/reference/environment.md` names every environment variable that the program reads itself.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::{files_below, repository};

const PAGE: &str = "docs/reference/environment.md";

/// Variables that only builds and tests read.
const OF_BUILDS: [&str; 3] = ["OUT_DIR", "CARGO_MANIFEST_DIR", "CARGO_TARGET_TMPDIR"];

/// What is read by its name, and what is chosen from a list of names.
fn read() -> BTreeSet<String> {
    let by_name = Regex::new(r#"\bvar(?:_os)?\("([A-Z][A-Z_]+)"\)"#).expect("it is valid");
    let listed = Regex::new(r#"\["([A-Z][A-Z_", ]+)"\](?:\)|\.into_iter\(\)\.find_map)"#).expect("it is valid");
    let mut names = BTreeSet::new();
    for file in files_below(&repository().join("src/cli")).iter().chain(&files_below(&repository().join("src/cloud"))) {
        let text = std::fs::read_to_string(file).expect("sources are text");
        names.extend(by_name.captures_iter(&text).map(|found| found[1].to_owned()));
        let lists = listed.captures_iter(&text).map(|found| found[1].to_owned()).collect::<Vec<_>>();
        names.extend(lists.iter().flat_map(|list| list.split("\", \"")).map(str::to_owned));
    }
    names.retain(|name| !OF_BUILDS.contains(&name.as_str()));
    names
}

#[test]
fn every_environment_variable_that_is_read_is_on_the_page() {
    let page = std::fs::read_to_string(repository().join(PAGE)).expect("there is the page");
    let read = read();
    for expected in ["AWS_PROFILE", "LANDING_PAGER", "HOSTNAME", "SOURCE_DATE_EPOCH"] {
        assert!(read.contains(expected), "{expected} is not among {read:?}");
    }
    let missing: Vec<&String> = read.iter().filter(|name| !page.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "{PAGE} lacks {missing:?}");
}
