//! A mistake in a text, shown in the text as compilers do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str};
use landing_policy::{Lines, Problem, Severity, SourceText};

use super::line::Line;

/// A text that is shown in parts.
pub(super) struct Excerpt<'a> {
    pub name: &'a str,
    pub text: &'a str,
    /// Where its lines begin.
    pub lines: &'a Lines,
    /// The columns that there are.
    pub width: usize,
}

/// What is said about a stretch of a text.
pub(super) struct SourceNote<'a> {
    pub severity: Severity,
    pub code: &'a str,
    pub message: &'a str,
    /// The bytes it is about; the first line of them is shown.
    pub range: Range<usize>,
    pub help: Option<String>,
    /// What to write instead.
    pub fix: Option<&'a str>,
}

impl SourceNote<'_> {
    /// The remark with the line it is about, ANSI escapes and an empty line at the end.
    pub fn render(&self, source: &Excerpt<'_>) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let at = source.lines.position(source.text, self.range.start);
        let line = at.line;
        let window = source.lines.around(source.text, self.range.start);
        let is_long = window.len() > LONG;
        let window = if is_long { part_of_line(source.text, window, &self.range) } else { window };
        let marked = self.range.start - window.start..self.range.end.min(window.end) - window.start;
        let text = source.text[window].trim_end_matches('\r').to_owned();
        let marked = marked.start.min(text.len())..marked.end.min(text.len());
        let snippet = Snippet::source(text)
            .line_start(line)
            .path((!is_long).then_some(source.name))
            .annotation(AnnotationKind::Primary.span(marked).label(self.fix.map(|fix| format!("write {fix}"))));
        // Of a part of a line the column would be counted from where the part begins.
        let origin = Origin::path(source.name).line(line).char_column(at.column);
        // `warning[CODE]: ` stands before the message, `  |` and `= help: ` before the help.
        let before_message = self.severity.name().len() + self.code.len() + 4;
        let before_help = line.to_string().len() + 9;
        let title = level.primary_title(fitted(self.message, source.width, before_message)).id(self.code.to_owned());
        let group = Group::with_title(title);
        let group = if is_long { group.element(origin) } else { group };
        let mut group = group.element(snippet);
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(fitted(help, source.width, before_help)));
        }
        Renderer::styled().term_width(source.width).render(&[group]) + "\n\n"
    }
}

/// A text in lines that fit behind `before` columns.
fn fitted(text: &str, width: usize, before: usize) -> String {
    let lines = Line::new().plain(normalize_untrusted_str(text));
    let lines = lines.wrap(&Line::new(), &Line::new(), width.saturating_sub(before));
    lines.iter().map(Line::to_plain).collect::<Vec<_>>().join("\n")
}

/// A line of more bytes than this, as minified documents have, is shown in part.
const LONG: usize = 2_000;
/// So many bytes of it before and after the place.
const BESIDE: usize = 300;

/// What of a line stands about the start of a range.
fn part_of_line(text: &str, line: Range<usize>, range: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start.saturating_sub(BESIDE)).max(line.start);
    let end = text.ceil_char_boundary(range.start.saturating_add(BESIDE)).min(line.end);
    start..end
}

/// Problems of a JSON text with the lines they are about; with ANSI escapes.
#[must_use]
pub fn problems_text(problems: &[Problem], source: &SourceText, width: usize) -> String {
    let excerpt = Excerpt { name: source.name(), text: source.text(), lines: source.lines(), width };
    problems.iter().map(|problem| remark(problem, source).render(&excerpt)).collect()
}

fn remark<'a>(problem: &'a Problem, source: &SourceText) -> SourceNote<'a> {
    let place = &problem.path;
    let range = if problem.code.is_of_key() { source.key_at(place) } else { source.value_at(place) };
    SourceNote {
        severity: Severity::Error,
        code: problem.code.name(),
        message: &problem.message,
        range,
        help: problem.help.clone(),
        fix: None,
    }
}
