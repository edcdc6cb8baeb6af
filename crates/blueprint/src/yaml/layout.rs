//! What the lines around a parser's error show: the parser stops where it cannot go on, which often is one line after the mistake.

use std::ops::Range;

use super::brackets;
use crate::diagnostic::Diagnostic;
use crate::node::shorten;
use crate::place::Place;

/// The mistake itself, where the text shows it.
pub(super) fn explain(info: &str, place: Place, text: &str) -> Option<Diagnostic> {
    let page = Page::of(place, text);
    let found = page.tab(info).or_else(|| page.colon(info));
    found.or_else(|| page.quote(info)).or_else(|| page.bracket(info)).or_else(|| page.indentation(info))
}

/// A line that is neither empty nor a comment.
#[derive(Clone, Copy)]
struct Line<'t> {
    start: usize,
    /// Without its line break.
    text: &'t str,
}

impl<'t> Line<'t> {
    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    fn said(self) -> &'t str {
        self.text.trim()
    }

    fn is_item(self) -> bool {
        self.said() == "-" || self.said().starts_with("- ")
    }

    /// The key that it begins with, as a reader would name the line.
    fn name(self) -> String {
        let said = self.said().trim_start_matches("- ");
        shorten(said.split_once(':').map_or(said, |(key, _)| key))
    }

    /// Whether a value follows the key on the same line.
    fn has_value(self) -> bool {
        self.said().split_once(": ").is_some_and(|(_, value)| !value.trim_start().starts_with(['#', '|', '>']))
    }

    fn place(self, file: Place) -> Place {
        let start = self.start + self.indent();
        Place::new(file.file(), start..start + self.said().len())
    }
}

struct Page<'t> {
    text: &'t str,
    place: Place,
    /// Up to the line of the error, which is the last, or the one before it where that one is empty.
    before: Vec<Line<'t>>,
    /// The lines after it.
    after: Vec<Line<'t>>,
}

impl<'t> Page<'t> {
    fn of(place: Place, text: &'t str) -> Self {
        let at = place.range().start;
        let lines = lines(text).filter(|line| !line.said().is_empty() && !line.said().starts_with('#'));
        let (before, after): (Vec<_>, Vec<_>) = lines.partition(|line| line.start <= at);
        Page { text, place, before, after }
    }

    fn at(&self, range: Range<usize>) -> Place {
        Place::new(self.place.file(), range)
    }

    /// A tab before the first word of the line, or of the one after it, which the parser has looked at already.
    fn tab(&self, info: &str) -> Option<Diagnostic> {
        let next = self.after.first().filter(|_| info.contains("tab"));
        let tab = |line: &Line| line.text[..line.indent()].find('\t').map(|tab| line.start + tab);
        let at = self.before.last().into_iter().chain(next).find_map(tab)?;
        let diagnostic = Diagnostic::error("yaml", "a tab indents this line").at(self.at(at..at + 1));
        Some(diagnostic.help("indent with spaces: YAML does not allow tabs"))
    }

    /// A word where a key is expected: its colon is missing, or the space after it.
    fn colon(&self, info: &str) -> Option<Diagnostic> {
        let lines = self.before.iter().rev().take(2).filter(|_| info.contains("simple key expect"));
        let is_key = |line: &&Line| !line.said().contains(": ") && !line.said().ends_with(':') && !line.is_item();
        let line = lines.copied().find(|line| is_key(&line))?;
        let (message, right) = match line.said().split_once(':') {
            Some((key, value)) => ("a space is missing after this colon", format!("{key}: {value}")),
            None => ("a colon is missing after this key", format!("{}:", line.said())),
        };
        let diagnostic = Diagnostic::error("yaml", message).at(line.place(self.place));
        Some(diagnostic.help(format!("write `{}`", shorten(&right))))
    }

    fn quote(&self, info: &str) -> Option<Diagnostic> {
        let start = self.place.range().start;
        let quote = self.text[start..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let is_open = info.contains("quoted scalar") && !info.contains("trailing") && !info.contains("escape");
        let line = self.text[start..].lines().next().filter(|_| is_open)?;
        let diagnostic = Diagnostic::error("yaml", "this quote is not closed");
        let place = self.at(start..start + line.trim_end().len());
        Some(diagnostic.at(place).help(format!("write `{quote}` at the end of the text")))
    }

    fn bracket(&self, info: &str) -> Option<Diagnostic> {
        let is_flow = brackets::WORDS.iter().any(|words| info.contains(words));
        let end = self.place.range().start;
        let (at, bracket) = brackets::open(&self.text[..end]).filter(|_| is_flow)?;
        let right = if bracket == '[' { ']' } else { '}' };
        let diagnostic = Diagnostic::error("yaml", format!("this `{bracket}` is not closed")).at(self.at(at..at + 1));
        Some(diagnostic.help(format!("write `{right}` after its last entry")))
    }

    fn indentation(&self, info: &str) -> Option<Diagnostic> {
        let (line, above) = self.before.split_last()?;
        let previous = above.last()?;
        if info.contains("mapping values are not allowed") && line.said().matches(": ").count() > 1 {
            return Some(self.colon_in_text(*line));
        }
        if info.contains("mapping values are not allowed") {
            let is_deeper = line.indent() > previous.indent() && previous.has_value();
            return is_deeper.then(|| self.uneven(*previous, *line));
        }
        let words =
            ["did not find expected key", "expected '-' indicator", "block sequence entries", "invalid indentation"];
        words.iter().any(|words| info.contains(words)).then(|| self.stray(*line, *previous))?
    }

    /// A colon in a text, which would begin a map.
    fn colon_in_text(&self, line: Line) -> Diagnostic {
        let value = line.said().split_once(": ").map_or("", |(_, value)| value.trim_start());
        let end = line.start + line.indent() + line.said().len();
        let place = self.at(end - value.len()..end);
        let right = format!("{}: \"{}\"", line.name(), shorten(&value.replace('"', "\\\"")));
        let diagnostic = Diagnostic::error("yaml", "this text contains `: ` and is not in quotes").at(place);
        diagnostic.help(format!("write `{right}`"))
    }

    /// Two keys of one map, indented differently: the one that the indentation of the file does not explain is wrong.
    fn uneven(&self, previous: Line, line: Line) -> Diagnostic {
        let around = self.around(previous.indent()).map_or(0, |line| line.indent());
        let is_usual = |line: Line| line.indent() == around + self.step();
        let (wrong, right) = match is_usual(line) && !is_usual(previous) && previous.indent() > 0 {
            true => (previous, line),
            false => (line, previous),
        };
        let message = format!(
            "`{}` is indented by {}, `{}` {} it by {}",
            wrong.name(),
            spaces(wrong.indent()),
            right.name(),
            if right.start < wrong.start { "before" } else { "after" },
            right.indent()
        );
        let help = format!("indent both by {}: they are keys of one map", spaces(right.indent()));
        Diagnostic::error("yaml", message)
            .at(wrong.place(self.place))
            .also(right.place(self.place), "this key")
            .help(help)
    }

    /// A line that no block around it is indented like; or an item among keys, or a key among items.
    fn stray(&self, line: Line, previous: Line) -> Option<Diagnostic> {
        let found = |message: String| Diagnostic::error("yaml", message).at(line.place(self.place));
        if line.is_item() && previous.said().ends_with(':') && line.indent() < previous.indent() {
            let message =
                format!("this item is indented less than `{}`, whose list it begins", shorten(previous.said()));
            let help = format!("indent the list by {} or more", spaces(previous.indent()));
            return Some(found(message).also(previous.place(self.place), "the list").help(help));
        }
        let blocks = self.blocks();
        if let Some(block) = blocks.iter().find(|block| block.indent() == line.indent()) {
            let (what, among) = if line.is_item() { ("list item", "keys") } else { ("key", "list items") };
            let help = if line.is_item() {
                "indent it under its key"
            } else {
                "begin it with `- `, or indent it under an item"
            };
            let diagnostic =
                found(format!("a {what} is written among {among}")).also(block.place(self.place), "like this");
            return (line.is_item() != block.is_item()).then(|| diagnostic.help(help));
        }
        let near: Vec<String> =
            blocks.iter().map(|block| format!("{} as `{}`", block.indent(), block.name())).collect();
        let message = format!("this line is indented by {}, unlike every line around it", spaces(line.indent()));
        Some(found(message).help(format!("indent it by {}", near.join(", or by "))))
    }

    /// The nearest line above the last one that is indented less than so far.
    fn around(&self, indent: usize) -> Option<Line<'t>> {
        self.before.iter().rev().skip(1).find(|line| line.indent() < indent).copied()
    }

    /// The blocks that are open at the last line, the innermost first.
    fn blocks(&self) -> Vec<Line<'t>> {
        let mut blocks: Vec<Line> = Vec::new();
        for line in self.before.iter().rev().skip(1) {
            if blocks.last().is_none_or(|inner| line.indent() < inner.indent()) {
                blocks.push(*line);
            }
        }
        blocks
    }

    /// By how much the file indents most often.
    fn step(&self) -> usize {
        let lines: Vec<Line> = self.before.iter().chain(&self.after).copied().collect();
        let steps = lines.windows(2).filter_map(|two| two[1].indent().checked_sub(two[0].indent()));
        let steps: Vec<usize> = steps.filter(|step| *step > 0).collect();
        let count = |step: usize| steps.iter().filter(|it| **it == step).count();
        // Of equally frequent ones the usual.
        (1..=8).max_by_key(|step| (count(*step), *step == 2)).unwrap_or(2)
    }
}

fn spaces(number: usize) -> String {
    format!("{number} {}", if number == 1 { "space" } else { "spaces" })
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |whole| {
        let line = Line { start, text: whole.trim_end_matches(['\n', '\r']) };
        start += whole.len();
        line
    })
}
