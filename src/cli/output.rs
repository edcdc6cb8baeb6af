use std::io::{self, BufWriter, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};

use super::failure::Failure;
use super::global::Color;
use super::pager;
use crate::report::{EscapedJson, Layout, Line, Paint, clean, escaped_json, printable};

/// Columns where there is no terminal to ask.
const WIDTH: usize = 100;
/// Longer lines are hard to read, however wide the terminal.
const MAX_WIDTH: usize = 140;
const MIN_WIDTH: usize = 40;

/// A value as JSON that is safe to print: what is not seen is escaped.
///
/// # Errors
/// When it cannot be written as JSON.
pub(super) fn json_text(value: &impl serde::Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(|error| Failure::new(error.to_string()))?;
    Ok(escaped_json(&text) + "\n")
}

/// Writes a value piece by piece, as [`json_text`] has it without its last line break: the JSON of a large plan takes more room than
/// the plan.
///
/// # Errors
/// When it cannot be written.
pub(super) fn write_json(out: &mut dyn Write, value: &impl serde::Serialize) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    serde_json::to_writer_pretty(EscapedJson(&mut out), value)?;
    out.flush()
}

/// Standard output for results, standard error for all else.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    color: Color,
    pub quiet: bool,
    verbose: bool,
    /// Whether a pager may be used.
    pages: bool,
}

impl Output {
    pub fn new(color: Color, quiet: bool, verbose: bool) -> Output {
        Output { color, quiet, verbose, pages: true }
    }

    /// The same without a pager, where none is wanted.
    pub fn paging(self, pages: bool) -> Output {
        Output { pages, ..self }
    }

    /// As [`Output::result`], through a pager where a terminal has fewer lines than the text.
    ///
    /// # Errors
    /// As there.
    pub fn paged(&self, text: &str) -> Result<(), Failure> {
        let height = terminal_size::terminal_size_of(io::stdout()).map(|(_, height)| usize::from(height.0));
        let is_long = height.is_some_and(|height| text.lines().count() >= height);
        if self.pages && is_long && self.is_terminal() {
            let shown = match self.choice(&io::stdout()) {
                ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
                _ => text.to_owned(),
            };
            if pager::show(&printable(&shown)) {
                return Ok(());
            }
        }
        self.result(text)
    }

    /// Writes a result. A reader that has gone away, as `head` does, is no error.
    ///
    /// # Errors
    /// When standard output cannot be written for another reason, such as a full disk.
    pub fn result(&self, text: &str) -> Result<(), Failure> {
        delivered(self.deliver(text))
    }

    /// Writes a result for programs as it is, byte for byte: whatever made it has taken out what is not seen.
    ///
    /// # Errors
    /// As there.
    pub fn data(&self, text: &str) -> Result<(), Failure> {
        let mut stream = io::stdout();
        delivered(stream.write_all(text.as_bytes()).and_then(|()| stream.flush()))
    }

    /// Writes a result that must arrive: the only word about what was changed.
    ///
    /// # Errors
    /// When standard output cannot be written, or has no reader any more.
    pub fn deliver(&self, text: &str) -> io::Result<()> {
        let mut stream = AutoStream::new(io::stdout(), self.choice(&io::stdout()));
        stream.write_all(printable(text).as_bytes()).and_then(|()| stream.flush())
    }

    /// As [`Output::result`], for JSON.
    pub fn json(&self, value: &impl serde::Serialize) -> Result<(), Failure> {
        let mut stream = io::stdout().lock();
        let written = write_json(&mut stream, value);
        delivered(written.and_then(|()| stream.write_all(b"\n")).and_then(|()| stream.flush()))
    }

    /// Writes what is not a result, unless only results are wanted.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.insist(text);
        }
    }

    /// Writes what must be seen.
    pub fn insist(&self, text: &str) {
        let mut stream = AutoStream::new(io::stderr(), self.choice(&io::stderr()));
        let text = printable(text);
        // There is nowhere left to say that standard error cannot be written.
        let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    }

    /// `error: …` and `help: …`, as everywhere.
    pub fn failure(&self, failure: &Failure) {
        let title = Line::of(Paint::Danger, "error").with(Paint::Strong, format!(": {}", clean(&failure.message)));
        let indent = |columns: usize| Line::new().plain(" ".repeat(columns));
        let width = self.layout_of_stderr().width;
        let mut lines = title.wrap(&indent(0), &indent(2), width);
        if let Some(help) = &failure.help {
            let help = Line::of(Paint::Good, "help").plain(format!(": {}", clean(help)));
            lines.extend(help.wrap(&indent(2), &indent(4), width));
        }
        self.insist(&lines.iter().map(|line| line.to_ansi() + "\n").collect::<String>());
    }

    /// The room that results have.
    pub fn layout(&self) -> Layout {
        self.layout_for(terminal_size::terminal_size_of(io::stdout()))
    }

    /// The room that all else has.
    pub fn layout_of_stderr(&self) -> Layout {
        self.layout_for(terminal_size::terminal_size_of(io::stderr()))
    }

    fn layout_for(&self, size: Option<(terminal_size::Width, terminal_size::Height)>) -> Layout {
        let width = size.map_or(WIDTH, |(width, _)| usize::from(width.0)).clamp(MIN_WIDTH, MAX_WIDTH);
        Layout { width, verbose: self.verbose }
    }

    pub fn colors_stderr(&self) -> bool {
        self.choice(&io::stderr()) != ColorChoice::Never
    }

    /// Whether results go to a person.
    pub fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Whether progress may be drawn over itself.
    pub fn draws_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
    }

    pub fn verbose(&self) -> bool {
        self.verbose
    }

    fn choice(&self, stream: &impl anstream::stream::RawStream) -> ColorChoice {
        match self.color {
            Color::Auto => AutoStream::choice(stream),
            Color::Always => ColorChoice::AlwaysAnsi,
            Color::Never => ColorChoice::Never,
        }
    }
}

/// A reader that has gone away is no error.
fn delivered(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}
