//! For a terminal.

use serde_json::Value;

use super::page::{Entry, Page, Section};
use crate::report::clean::clean;
use crate::report::line::{Line, text_of};
use crate::report::paint::Paint;
use crate::report::plan::Layout;
use crate::report::sentence::count;

/// So many entries of a list are shown unless all are asked for.
const SHOWN: usize = 8;
/// Columns of the keys.
const KEYS: usize = 12;

/// A page as text with ANSI escapes, what decides at its end.
#[must_use]
pub fn explain_text(page: &Page, layout: Layout) -> String {
    let mut lines = head(page, layout);
    let mut empty = Vec::new();
    for section in &page.sections {
        match section {
            Section { entries, notes, unknown: None, .. } if entries.is_empty() && notes.is_empty() => {
                empty.push(section.title.to_lowercase());
            }
            _ => lines.extend(section_lines(section, layout)),
        }
    }
    if !empty.is_empty() {
        lines.push(Line::new());
        let text = format!("None: {}.", clean(&empty.join(", ")));
        lines.extend(Line::of(Paint::Dim, text).wrap(&Line::new(), &Line::new().plain("  "), layout.width));
    }
    if !page.verdict.is_empty() {
        lines.push(Line::new());
    }
    for sentence in &page.verdict {
        lines.extend(wrapped(Line::of(Paint::Strong, clean(sentence)), 0, layout));
    }
    text_of(&lines)
}

fn head(page: &Page, layout: Layout) -> Vec<Line> {
    let mut title = Line::new();
    if let Some(mark) = page.mark {
        title = title.with(Paint::of_action(mark), format!("{} ", mark.glyph()));
    }
    title = title.with(Paint::Strong, clean(page.subject.as_str()));
    let id = page.id.as_deref().map(|id| format!("  {}", clean(id))).unwrap_or_default();
    let title = title.plain(id).with(Paint::Dim, format!("  {}, {}", page.noun, page.view.words()));
    let mut lines = title.wrap(&Line::new(), &Line::new().plain("  "), layout.width);
    for (key, value) in &page.facts {
        let Some(text) = reported(key, value) else { continue };
        let first = Line::of(Paint::Dim, format!("  {:<KEYS$} ", key.replace('_', " ")));
        let rest = Line::new().plain(" ".repeat(KEYS + 3));
        lines.extend(Line::new().plain(clean(&text)).wrap(&first, &rest, layout.width));
    }
    lines
}

/// A fact in words; nothing where it is absent.
pub(super) fn reported(key: &str, value: &Value) -> Option<String> {
    let between = if key == "path" { " > " } else { ", " };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Some(match value {
        Value::Null => return None,
        Value::Array(items) if items.is_empty() => return None,
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(between),
        Value::Object(map) if map.is_empty() => return None,
        Value::Object(map) => {
            map.iter().map(|(key, value)| format!("{key}={}", text(value))).collect::<Vec<_>>().join(between)
        }
        Value::Bool(true) => "yes".into(),
        other => text(other),
    })
}

fn section_lines(section: &Section, layout: Layout) -> Vec<Line> {
    let number = section.entries.len();
    let number = if number > 0 { format!(" ({number})") } else { String::new() };
    let mut lines = vec![Line::new(), Line::of(Paint::Strong, format!("{}{number}", clean(&section.title)))];
    if let Some(why) = &section.unknown {
        lines.extend(wrapped(Line::of(Paint::Danger, format!("Not known: {}", clean(why))), 2, layout));
    }
    for note in &section.notes {
        lines.extend(wrapped(Line::of(Paint::Risk, clean(note)), 2, layout));
    }
    let room = if layout.verbose { section.entries.len() } else { SHOWN };
    for entry in section.entries.iter().take(room) {
        lines.extend(entry_lines(entry, layout));
    }
    let more = section.entries.len().saturating_sub(room);
    if more > 0 {
        lines.push(Line::of(Paint::Dim, format!("  … and {} (-v shows all)", count(more, "more", "more"))));
    }
    lines
}

fn entry_lines(entry: &Entry, layout: Layout) -> Vec<Line> {
    let paint = entry.mark.map_or(Paint::Plain, Paint::of_action);
    let glyph = entry.mark.map_or(' ', |mark| mark.glyph());
    let mut line = Line::of(Paint::Link, clean(&entry.what));
    if !entry.text.is_empty() {
        line = line.plain(format!(" {}", clean(&entry.text)));
    }
    let dim: Vec<String> = origin(entry).into_iter().chain(entry.source.as_deref().map(clean)).collect();
    if !dim.is_empty() {
        line = line.with(Paint::Dim, format!(" · {}", dim.join(" · ")));
    }
    let first = Line::of(paint, format!("{glyph} "));
    let mut lines = line.wrap(&first, &Line::new().plain("    "), layout.width);
    if layout.verbose {
        for more in &entry.lines {
            lines.extend(wrapped(Line::of(Paint::Dim, clean(more)), 4, layout));
        }
    }
    lines
}

/// `from root`, or `its own`.
pub(super) fn origin(entry: &Entry) -> Option<String> {
    let (place, inherited) = entry.from.as_ref()?;
    Some(if *inherited { format!("from {}", clean(place.as_str())) } else { "its own".into() })
}

fn wrapped(line: Line, indent: usize, layout: Layout) -> Vec<Line> {
    let (first, rest) = (Line::new().plain(" ".repeat(indent)), Line::new().plain(" ".repeat(indent + 2)));
    line.wrap(&first, &rest, layout.width)
}
