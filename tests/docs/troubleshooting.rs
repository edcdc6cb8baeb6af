//! `docs/troubleshooting.md` lists messages as the program prints them.

use std::fs;

use super::markdown::pages;
use super::{files_below, repository};

#[test]
fn the_messages_of_the_page_are_those_of_the_program() {
    let program: String =
        files_below(&repository().join("src")).iter().map(|path| literals_on_one_line(path)).collect();
    let pages = pages();
    let page = pages.iter().find(|page| page.path.ends_with("troubleshooting.md")).expect("there is the page");
    let cells = page.text.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split(" | ").next());
    let messages: Vec<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
    assert!(messages.len() > 15, "only {} messages", messages.len());
    let unknown: Vec<&&str> = messages.iter().filter(|message| !program.contains(**message)).collect();
    assert!(unknown.is_empty(), "the program prints none of these any more: {unknown:#?}");
}

/// A source whose texts are not broken into lines.
fn literals_on_one_line(path: &std::path::Path) -> String {
    let text = fs::read_to_string(path).expect("a source is UTF-8 text");
    text.split("\\\n").enumerate().map(|(nth, part)| if nth == 0 { part } else { part.trim_start() }).collect()
}
