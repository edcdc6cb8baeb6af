//! What a change differs in, line by line, in color.

use super::text;
use crate::report::clean::GLUE;
use crate::report::line::Line;
use crate::report::marked::{Mark, Marked};
use crate::report::paint::Paint;

/// Empty where the change says everything by itself.
pub(super) fn difference(lines: &[Marked]) -> String {
    let lines: String = lines.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("<div class=\"diff\">\n{lines}</div>\n") }
}

fn line(marked: &Marked) -> String {
    let (class, glyph) = match marked.mark {
        Mark::Added => ("add", "+"),
        Mark::Removed => ("cut", "−"),
        Mark::Changed => ("mod", "~"),
        Mark::Same => ("same", "\u{a0}"),
    };
    let depth = (marked.indent / 2).min(DEEPEST);
    format!("<p class=\"{class} in{depth}\"><b>{glyph}</b> {}</p>\n", in_color(&marked.line))
}

/// So many depths have a style.
const DEEPEST: usize = 6;

/// A line whose values before and after are elements of their own.
fn in_color(line: &Line) -> String {
    let stretch = |(paint, shown): (Paint, &str)| {
        let shown = text(&shown.replace(GLUE, " "));
        match paint {
            Paint::Removed => format!("<del>{shown}</del>"),
            Paint::Added => format!("<ins>{shown}</ins>"),
            Paint::Dim => format!("<small>{shown}</small>"),
            Paint::Danger => format!("<strong>{shown}</strong>"),
            _ => shown,
        }
    };
    line.stretches().map(stretch).collect()
}
