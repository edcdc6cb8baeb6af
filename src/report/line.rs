use super::clean::GLUE;
use super::paint::Paint;

/// A stretch of text of one meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Span {
    text: String,
    paint: Paint,
}

/// However narrow a terminal is, words are broken no shorter.
const LEAST_ROOM: usize = 12;

/// Text with its meanings, as one line until it is wrapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    spans: Vec<Span>,
}

impl Line {
    /// A line with nothing on it.
    pub fn new() -> Line {
        Line::default()
    }

    /// A line of one meaning.
    pub fn of(paint: Paint, text: impl Into<String>) -> Line {
        Line::new().with(paint, text)
    }

    /// Adds text; what came from AWS must have been cleaned.
    pub fn with(mut self, paint: Paint, text: impl Into<String>) -> Line {
        self.push(paint, text);
        self
    }

    /// As [`Line::with`], for text without a meaning of its own.
    pub fn plain(self, text: impl Into<String>) -> Line {
        self.with(Paint::Plain, text)
    }

    /// Adds text in one paint.
    pub fn push(&mut self, paint: Paint, text: impl Into<String>) {
        let text = text.into();
        match self.spans.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.paint == paint => last.text += &text,
            _ => self.spans.push(Span { text, paint }),
        }
    }

    /// Puts `more` behind this.
    pub fn join(mut self, more: Line) -> Line {
        for span in more.spans {
            self.push(span.paint, span.text);
        }
        self
    }

    /// What follows `start` in it; nothing where it begins otherwise.
    pub fn without(&self, start: &Line) -> Line {
        let (own, rest) = self.split_at(start.width());
        if own == *start { rest } else { Line::new() }
    }

    /// The stretches of text in their order, each with its meaning.
    pub(super) fn stretches(&self) -> impl Iterator<Item = (Paint, &str)> {
        self.spans.iter().map(|span| (span.paint, span.text.as_str()))
    }

    /// Whether there is nothing on it.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// In characters.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.chars().count()).sum()
    }

    /// The width of the first word.
    pub fn first_word(&self) -> usize {
        self.words().first().map_or(0, Line::width)
    }

    /// With ANSI escapes, without a line break.
    pub fn to_ansi(&self) -> String {
        let mut out = String::new();
        for Span { text, paint } in self.without_end_space().spans {
            let text = text.replace(GLUE, " ");
            match paint {
                Paint::Plain => out += &text,
                _ => out += &format!("{0}{text}{0:#}", paint.style()),
            }
        }
        out
    }

    /// Without any escapes.
    pub fn to_plain(&self) -> String {
        self.spans.iter().map(|span| span.text.replace(GLUE, " ")).collect::<String>().trim_end().to_owned()
    }

    /// Broken between words so that it fits `width` columns, the first line behind `first`, the others behind
    /// `rest`. A word longer than that has a line of its own, whole, so that it can be copied.
    pub fn wrap(&self, first: &Line, rest: &Line, width: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut line = first.clone();
        let mut is_empty = true;
        for word in self.words() {
            let gap = usize::from(!is_empty);
            if !is_empty && line.width() + gap + word.width() > width {
                lines.push(std::mem::replace(&mut line, rest.clone()));
                is_empty = true;
            }
            if !is_empty {
                line.push(line.shared_paint(&word), " ");
            }
            line = line.join(word);
            is_empty = false;
        }
        lines.push(line);
        lines
    }

    /// As [`Line::wrap`], with words broken that are longer than a line: beside the branches of a tree nothing may stand out,
    /// since the terminal would break it across them.
    pub fn fill(&self, first: &Line, rest: &Line, width: usize) -> Vec<Line> {
        let room = width.saturating_sub(rest.width()).max(LEAST_ROOM);
        let mut line = Line::new();
        for mut word in self.words() {
            while word.width() > room {
                let (piece, left) = word.split_at(word.break_before(room));
                line = line.plain(" ").join(piece);
                word = left;
            }
            line = line.plain(" ").join(word);
        }
        line.wrap(first, rest, width)
    }

    /// Where a word is best broken so that its beginning has at most so many characters: behind a mark, such as a comma or
    /// a slash, in the second half of them.
    fn break_before(&self, room: usize) -> usize {
        let text: Vec<char> = self.spans.iter().flat_map(|span| span.text.chars()).take(room).collect();
        let is_mark =
            |c: &char| matches!(*c, ',' | '/' | ':' | ';' | '=' | '&' | '|' | '-' | '.' | '_' | '@' | '+' | '}' | GLUE);
        let mark = text.iter().rposition(is_mark).filter(|at| at + 1 > room / 2);
        mark.map_or(room, |at| at + 1)
    }

    /// The first so many characters, and the others.
    fn split_at(&self, characters: usize) -> (Line, Line) {
        let (mut left, mut right) = (Line::new(), Line::new());
        for (nth, (paint, c)) in
            self.spans.iter().flat_map(|span| span.text.chars().map(|c| (span.paint, c))).enumerate()
        {
            let side = if nth < characters { &mut left } else { &mut right };
            side.push(paint, c);
        }
        (left, right)
    }

    /// What a space between this and `next` is painted with, so that no meaning is interrupted by it.
    fn shared_paint(&self, next: &Line) -> Paint {
        match (self.spans.last(), next.spans.first()) {
            (Some(last), Some(first)) if last.paint == first.paint => last.paint,
            _ => Paint::Plain,
        }
    }

    /// What stands between spaces, each word in its meanings.
    fn words(&self) -> Vec<Line> {
        let mut words = vec![Line::new()];
        for span in &self.spans {
            for (nth, part) in span.text.split(' ').enumerate() {
                if nth > 0 {
                    words.push(Line::new());
                }
                if let Some(word) = words.last_mut() {
                    word.push(span.paint, part);
                }
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    fn without_end_space(&self) -> Line {
        let mut line = self.clone();
        while let Some(last) = line.spans.last_mut() {
            last.text.truncate(last.text.trim_end_matches([' ', GLUE]).len());
            if !last.text.is_empty() {
                break;
            }
            line.spans.pop();
        }
        line
    }
}

/// Lines as one text, each ended by a line break.
pub(super) fn text_of(lines: &[Line]) -> String {
    lines.iter().map(|line| line.to_ansi() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_long_words_stay_whole() {
        let line = Line::of(Paint::Strong, "one two").plain(" three arn:aws:iam::123456789012:role/x four");
        let wrapped = line.wrap(&Line::new().plain("- "), &Line::new().plain("  "), 14);
        let plain: Vec<String> = wrapped.iter().map(Line::to_plain).collect();
        assert_eq!(plain, ["- one two", "  three", "  arn:aws:iam::123456789012:role/x", "  four"]);
    }

    #[test]
    fn beside_a_tree_long_words_are_broken_behind_marks() {
        let line = Line::new().plain("see arn:aws:iam::123456789012:role/path/of/x end");
        let lines = line.fill(&Line::new().plain("- "), &Line::new().plain("│ "), 22);
        let plain: Vec<String> = lines.iter().map(Line::to_plain).collect();
        assert_eq!(plain, ["- see arn:aws:iam::", "│ 123456789012:role/", "│ path/of/x end"]);
        let line = Line::of(Paint::Added, "a".repeat(50));
        let widths: Vec<usize> = line.fill(&Line::new(), &Line::new(), 20).iter().map(Line::width).collect();
        assert_eq!(widths, [20, 20, 10]);
    }

    #[test]
    fn escapes_close_where_their_meaning_ends() {
        let line = Line::of(Paint::Added, "+").plain(" x ");
        assert_eq!(line.to_ansi(), "\u{1b}[32m+\u{1b}[0m x");
    }
}
