//! What is said beneath a change, with the marks of patch files: for pages and comments, where lines are colored as a whole.

use super::clean::{GLUE, clean};
use super::detail::Detail;
use super::fields::{Extent, facts, reason};
use super::line::Line;
use super::paint::Paint;
use crate::model::{Action, Change};

/// What becomes of what a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Added,
    Removed,
    Changed,
    Same,
}

impl Mark {
    fn of_glyph(glyph: char) -> Option<Mark> {
        match glyph {
            '+' => Some(Mark::Added),
            '-' => Some(Mark::Removed),
            '~' => Some(Mark::Changed),
            _ => None,
        }
    }

    /// Whether it holds for what is said further in as well.
    fn is_of_all_below(self) -> bool {
        matches!(self, Mark::Added | Mark::Removed)
    }
}

/// One line of a difference. Its text does not repeat the mark.
#[derive(Clone, Debug)]
pub(super) struct Marked {
    pub mark: Mark,
    pub indent: usize,
    pub line: Line,
}

/// What is said beneath a change.
pub(super) struct Explained {
    /// Why it is made, where what differs does not say it.
    pub reason: Option<String>,
    /// Everything that differs, as in the text: field by field, statement by statement, resource by resource.
    pub lines: Vec<Marked>,
}

impl Explained {
    pub fn of(change: &Change) -> Explained {
        let otherwise = if change.action == Action::Create { Mark::Added } else { Mark::Same };
        Explained { reason: reason(change).map(clean), lines: marked(facts(change, Extent::Whole), otherwise) }
    }
}

/// Each line with its mark: its own, or that of what it stands below.
fn marked(details: Vec<Detail>, otherwise: Mark) -> Vec<Marked> {
    let mut above: Vec<(usize, Mark)> = Vec::new();
    let lines = details.into_iter().map(|Detail { indent, line }| {
        while above.last().is_some_and(|(outer, _)| *outer >= indent) {
            above.pop();
        }
        let inherited = above.last().map_or(otherwise, |(_, mark)| *mark);
        let (own, line) = own_mark(line);
        let mark = own.unwrap_or(inherited);
        above.push((indent, if mark.is_of_all_below() { mark } else { Mark::Same }));
        Marked { mark, indent, line }
    });
    lines.collect()
}

/// The mark that a line begins with, or that its meanings come to.
fn own_mark(line: Line) -> (Option<Mark>, Line) {
    if let Some((mark, rest)) = split_glyph(&line) {
        return (Some(mark), rest);
    }
    let has = |paint: Paint| line.stretches().any(|(it, _)| it == paint);
    let mark = match (has(Paint::Removed), has(Paint::Added)) {
        (true, true) => Some(Mark::Changed),
        (true, false) => Some(Mark::Removed),
        (false, true) => Some(Mark::Added),
        (false, false) => has(Paint::Danger).then_some(Mark::Changed),
    };
    (mark, line)
}

fn split_glyph(line: &Line) -> Option<(Mark, Line)> {
    let (paint, text) = line.stretches().next()?;
    let mut chars = text.chars();
    let mark = Mark::of_glyph(chars.next()?)?;
    let is_mark = matches!(paint, Paint::Added | Paint::Removed | Paint::Changed);
    let rest = chars.as_str().strip_prefix([' ', GLUE]).filter(|_| is_mark)?;
    let rest = line.stretches().skip(1).fold(Line::of(paint, rest), |line, (paint, text)| line.with(paint, text));
    Some((mark, rest))
}

impl Marked {
    /// The same as a line that goes and a line that comes, where it says a value before and after.
    pub fn before_and_after(self) -> Vec<Marked> {
        let stretches: Vec<(Paint, &str)> = self.line.stretches().collect();
        let at = |paint: Paint| stretches.iter().position(|(it, _)| *it == paint);
        let (Mark::Changed, Some(before), Some(after)) = (self.mark, at(Paint::Removed), at(Paint::Added)) else {
            return vec![self];
        };
        let with = |value: usize| {
            let shown = stretches[..before.min(after)].iter().chain([&stretches[value]]);
            shown.fold(Line::new(), |line, (paint, text)| line.with(*paint, *text))
        };
        let is_there = |value: usize| stretches[value].1 != ABSENT;
        [(Mark::Removed, before), (Mark::Added, after)]
            .into_iter()
            .filter(|(_, value)| is_there(*value))
            .map(|(mark, value)| Marked { mark, indent: self.indent, line: with(value) })
            .collect()
    }
}

/// How fields show what is not there.
const ABSENT: &str = "(none)";
