//! What a change differs in, as a block that code hosts color by its marks.

use super::escape::fence;
use super::room::cut;
use crate::report::line::Line;
use crate::report::marked::{Mark, Marked};

/// Columns, since lines do not wrap in a block.
const WIDTH: usize = 100;
/// Most characters of a line: what has no spaces is not broken.
const LONGEST_LINE: usize = 1_000;
/// Room for the lines of one change, in bytes.
const ROOM: usize = 10_000;

/// The block; empty where nothing differs that is worth showing.
pub(super) fn difference(lines: Vec<Marked>) -> String {
    let lines = lines.into_iter().flat_map(Marked::before_and_after).flat_map(|line| written(&line));
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return String::new();
    }
    let body = body(&lines);
    let fence = fence(&body);
    format!("{fence}diff\n{body}{fence}\n")
}

fn body(lines: &[String]) -> String {
    let mut body = String::new();
    for (nth, line) in lines.iter().enumerate() {
        if body.len() + line.len() > ROOM {
            return body + &format!("  … and {} more lines\n", lines.len() - nth);
        }
        body += line;
        body.push('\n');
    }
    body
}

/// As a patch has it: the mark, then the text as far in as it stands.
fn written(marked: &Marked) -> Vec<String> {
    let mark = match marked.mark {
        Mark::Added => '+',
        Mark::Removed => '-',
        Mark::Changed => '!',
        Mark::Same => ' ',
    };
    let margin = |indent: usize| Line::new().plain(format!("{mark} {}", " ".repeat(indent)));
    let lines = marked.line.wrap(&margin(marked.indent), &margin(marked.indent + 2), WIDTH);
    lines.iter().map(|line| cut(&line.to_plain(), LONGEST_LINE)).collect()
}
