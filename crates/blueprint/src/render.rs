//! How mistakes are shown: to people with an excerpt of the source, to programs as JSON.

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use serde_json::{Value, json};

use super::diagnostic::{Diagnostic, Diagnostics, Severity};
use super::place::{FileId, Place};
use super::source::Sources;

/// How many mistakes are shown to people; more would only be scrolled past.
const SHOWN_AT_MOST: usize = 100;
/// How many mistakes are reported to programs.
const IN_JSON_AT_MOST: usize = 1000;
/// The longest line of which an excerpt is shown, in bytes: of longer ones only the place is shown.
const LONGEST_LINE: usize = 2000;

impl Severity {
    /// The word that stands before the message.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

impl Diagnostics {
    /// All of them as a compiler shows them, sorted by file and place, each followed by an empty line; at most a
    /// hundred. `color` writes ANSI escapes, `width` is the terminal's in columns.
    #[must_use]
    pub fn render(&self, sources: &Sources, color: bool, width: usize) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() }.term_width(width);
        let sorted = self.sorted();
        let mut text = String::new();
        for diagnostic in sorted.iter().take(SHOWN_AT_MOST) {
            text += &renderer.render(&[group(diagnostic, sources)]);
            text += "\n\n";
        }
        if sorted.len() > SHOWN_AT_MOST {
            text += &format!("… and {} more\n", sorted.len() - SHOWN_AT_MOST);
        }
        text
    }

    /// The first thousand of them, sorted, as an array of `{"code", "severity", "file", "line", "column", "end_line", "end_column",
    /// "message", "label", "help", "also": [{"file", "line", "column", "message"}]}`. What has no place has null in
    /// place of file and line.
    #[must_use]
    pub fn json(&self, sources: &Sources) -> Value {
        self.sorted().iter().take(IN_JSON_AT_MOST).map(|diagnostic| as_json(diagnostic, sources)).collect()
    }

    /// How many of them [`Self::json`] leaves out.
    #[must_use]
    pub fn left_out_of_json(&self) -> usize {
        self.len().saturating_sub(IN_JSON_AT_MOST)
    }
}

fn as_json(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let place = diagnostic.place;
    let file = place.map(|place| sources.name(place.file()));
    let start = place.map(|place| sources.position(place));
    let end = place.map(|place| sources.position(Place::new(place.file(), place.range().end..place.range().end)));
    let also = diagnostic.also.iter().map(|(place, message)| {
        let (line, column) = sources.position(*place);
        json!({"file": sources.name(place.file()), "line": line, "column": column, "message": message})
    });
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity.name(),
        "file": file,
        "line": start.map(|(line, _)| line),
        "column": start.map(|(_, column)| column),
        "end_line": end.map(|(line, _)| line),
        "end_column": end.map(|(_, column)| column),
        "message": diagnostic.message,
        "label": diagnostic.label,
        "help": diagnostic.help,
        "also": also.collect::<Value>(),
    })
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(&diagnostic.message).id(diagnostic.code));
    let marks = Mark::all(diagnostic);
    let mut shown: Vec<FileId> = Vec::new();
    for mark in &marks {
        let file = mark.place.file();
        if !shown.contains(&file) {
            shown.push(file);
            let here: Vec<&Mark> = marks.iter().filter(|other| other.place.file() == file).collect();
            group = match is_long(&here, sources) {
                true => group.element(origin(here[0].place, sources)),
                false => group.element(snippet(&here, sources)),
            };
        }
    }
    if let Some(help) = &diagnostic.help {
        let lines: Vec<String> = help.lines().map(normalize_untrusted_str).collect();
        group = group.element(Level::HELP.message(lines.join("\n")));
    }
    group
}

/// One place to be underlined.
struct Mark<'a> {
    place: Place,
    label: Option<&'a str>,
    kind: AnnotationKind,
}

impl<'a> Mark<'a> {
    fn all(diagnostic: &'a Diagnostic) -> Vec<Mark<'a>> {
        let primary = diagnostic.place.map(|place| Mark {
            place,
            label: diagnostic.label.as_deref(),
            kind: AnnotationKind::Primary,
        });
        let others = diagnostic.also.iter().map(|(place, label)| Mark {
            place: *place,
            label: Some(label),
            kind: AnnotationKind::Context,
        });
        primary.into_iter().chain(others).collect()
    }
}

/// Whether an excerpt of these marks would show a line that is too long to read, and to render in time.
fn is_long(marks: &[&Mark<'_>], sources: &Sources) -> bool {
    marks.iter().any(|mark| sources.lines(headline(mark.place, sources)).1.len() > LONGEST_LINE)
}

/// File, line and column alone.
fn origin(place: Place, sources: &Sources) -> Origin<'_> {
    let (line, column) = sources.position(place);
    Origin::path(sources.name(place.file())).line(line).char_column(column)
}

/// The lines of one file that hold `marks`, of which there is at least one. Only these lines are handed on, since the
/// renderer reads all that it is given; and without the carriage returns of Windows, which it would show.
fn snippet<'a>(marks: &[&Mark<'a>], sources: &'a Sources) -> Snippet<'a, Annotation<'a>> {
    let file = marks[0].place.file();
    let windows: Vec<_> = marks.iter().map(|mark| sources.lines(headline(mark.place, sources))).collect();
    let first_line = windows.iter().map(|(line, _)| *line).min().unwrap_or(1);
    let start = windows.iter().map(|(_, bytes)| bytes.start).min().unwrap_or(0);
    let end = windows.iter().map(|(_, bytes)| bytes.end).max().unwrap_or(0);
    let window = sources.shown_text(file, start..end);
    let offset = |at: usize| at - start - window[..at - start].matches("\r\n").count();
    let annotations = marks.iter().map(|mark| {
        let range = headline(mark.place, sources).range();
        mark.kind.span(offset(range.start)..offset(range.end)).label(mark.label)
    });
    let lines = window.replace("\r\n", "\n");
    let lines = lines.strip_suffix('\r').unwrap_or(&lines).to_owned();
    Snippet::source(lines).line_start(first_line).path(sources.name(file)).annotations(annotations)
}

/// The part of a place that is on its first line: enough to find it, and a whole map is not painted over.
fn headline(place: Place, sources: &Sources) -> Place {
    let line = sources.excerpt(place).split(['\r', '\n']).next().unwrap_or("");
    let start = place.range().start;
    Place::new(place.file(), start..start + line.len())
}
