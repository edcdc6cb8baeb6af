//! A mistake in a JSON text, shown in the text as compilers do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, normalize_untrusted_str};

use crate::policy::{Problem, ProblemCode, Severity, SourceText};

/// What is said about a stretch of a text.
pub(super) struct Remark<'a> {
    pub severity: Severity,
    pub code: &'a str,
    pub message: &'a str,
    /// The bytes it is about; the first line of them is shown.
    pub range: Range<usize>,
    pub help: Option<&'a str>,
    /// What to write instead.
    pub fix: Option<&'a str>,
}

impl Remark<'_> {
    /// The remark with the lines it is about, ANSI escapes and an empty line at the end.
    pub fn render(&self, source: &SourceText, width: usize) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let (line, window) = line_around(source, &self.range);
        let marked = self.range.start - window.start..self.range.end.min(window.end) - window.start;
        let text = source.text()[window].trim_end_matches('\r').to_owned();
        let marked = marked.start.min(text.len())..marked.end.min(text.len());
        let snippet = Snippet::source(text)
            .line_start(line)
            .path(source.name())
            .annotation(AnnotationKind::Primary.span(marked).label(self.fix.map(|fix| format!("write {fix}"))));
        let title = level.primary_title(normalize_untrusted_str(self.message)).id(self.code.to_owned());
        let mut group = Group::with_title(title).element(snippet);
        if let Some(help) = self.help {
            group = group.element(Level::HELP.message(normalize_untrusted_str(help)));
        }
        Renderer::styled().term_width(width).render(&[group]) + "\n\n"
    }
}

/// The number and the bytes of the line in which a range starts.
fn line_around(source: &SourceText, range: &Range<usize>) -> (usize, Range<usize>) {
    let text = source.text();
    let start = text[..range.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[range.start..].find('\n').map_or(text.len(), |newline| range.start + newline);
    (source.position(range.start).line, start..end)
}

/// Problems of a JSON text with the lines they are about; with ANSI escapes.
#[must_use]
pub fn problems_text(problems: &[Problem], source: &SourceText, width: usize) -> String {
    problems.iter().map(|problem| remark(problem, source).render(source, width)).collect()
}

fn remark<'a>(problem: &'a Problem, source: &SourceText) -> Remark<'a> {
    let range = match problem.code {
        ProblemCode::UnknownElement | ProblemCode::UnsupportedElement | ProblemCode::UnknownOperator => {
            source.key_at(&problem.path)
        }
        _ => source.value_at(&problem.path),
    };
    Remark {
        severity: Severity::Error,
        code: problem.code.name(),
        message: &problem.message,
        range,
        help: problem.help.as_deref(),
        fix: None,
    }
}
