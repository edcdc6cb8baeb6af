//! For pages.

use super::page::{Entry, Page, Section};
use super::text::{origin, reported};
use crate::report::markdown::{code, escape};

/// A page as Markdown: its facts, a table for each list, what decides.
#[must_use]
pub fn explain_markdown(page: &Page) -> String {
    let id = page.id.as_deref().map(|id| format!(" {}", code(id))).unwrap_or_default();
    let mark = page.mark.map(|mark| format!(" (the plan: {})", mark.verb())).unwrap_or_default();
    let mut text = format!("### {}{id}\n\n", code(page.subject.as_str()));
    text += &format!("{}, {}{mark}.\n\n", escape(&page.noun), page.view.words());
    for (key, value) in &page.facts {
        if let Some(reported) = reported(key, value) {
            text += &format!("- {}: {}\n", key.replace('_', " "), escape(&reported));
        }
    }
    text += "\n";
    for section in &page.sections {
        text += &list(section);
    }
    for sentence in &page.verdict {
        text += &format!("{}\n\n", escape(sentence));
    }
    text
}

fn list(section: &Section) -> String {
    if section.entries.is_empty() && section.notes.is_empty() && section.unknown.is_none() {
        return String::new();
    }
    let mut text = format!("#### {} ({})\n\n", escape(&section.title), section.entries.len());
    text += &section.unknown.as_ref().map(|why| format!("**Not known**: {}\n\n", escape(why))).unwrap_or_default();
    for note in &section.notes {
        text += &format!("{}\n\n", escape(note));
    }
    if !section.entries.is_empty() {
        text += "| | | from | blueprint | plan |\n|---|---|---|---|---|\n";
        text += &section.entries.iter().map(row).collect::<String>();
        text += "\n";
    }
    text
}

fn row(entry: &Entry) -> String {
    let words: Vec<String> =
        std::iter::once(&entry.text).chain(&entry.lines).filter(|it| !it.is_empty()).map(|it| escape(it)).collect();
    let cells = [
        code(&entry.what),
        words.join("<br>"),
        escape(&origin(entry).unwrap_or_default()),
        entry.source.as_deref().map(code).unwrap_or_default(),
        entry.mark.map(|mark| mark.verb().to_owned()).unwrap_or_default(),
    ];
    format!("| {} |\n", cells.join(" | "))
}
