use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indicatif::{HumanDuration, MultiProgress, ProgressBar, ProgressStyle};

use super::super::output::Output;
use crate::engine::Listener;
use crate::model::Address;
use crate::report::{EventMessage, EventMessages, Line, Paint, counts_text, time_left};

/// So many changes under way have a line of their own; the bar counts them all.
const SHOWN: usize = 6;
const TICK: Duration = Duration::from_millis(100);

/// One bar for all with a line that says what waits, a line for each change under way, and above them what has ended.
pub(super) fn listener(out: Output) -> Listener {
    let width = out.layout_of_stderr().width;
    let bars = Bars { all: MultiProgress::new(), state: Mutex::default(), colors: out.colors_stderr(), width };
    let messages = Mutex::new(EventMessages::new(out.verbose()));
    Arc::new(move |event| {
        let message = messages.lock().unwrap_or_else(PoisonError::into_inner).message(&event);
        bars.show(message);
    })
}

struct Bars {
    all: MultiProgress,
    state: Mutex<State>,
    colors: bool,
    width: usize,
}

#[derive(Default)]
struct State {
    overall: Option<ProgressBar>,
    /// What the changes are at, by numbers.
    counts: Option<ProgressBar>,
    /// The changes that have a line.
    open: BTreeMap<Address, (ProgressBar, Line)>,
}

impl Bars {
    fn show(&self, message: EventMessage) {
        let mut state = self.state();
        match message {
            EventMessage::Begin(changes) => {
                state.overall = self.overall(changes);
                state.counts = None;
            }
            EventMessage::Count(counts) => {
                if let Some(overall) = &state.overall {
                    let left = time_left(&counts, overall.elapsed());
                    overall.set_message(
                        left.map(|left| format!(", about {} left", HumanDuration(left))).unwrap_or_default(),
                    );
                }
                self.count(&mut state, counts_text(&counts, self.width));
            }
            EventMessage::Open(address, line) => self.open(&mut state, address, line),
            EventMessage::At(address, message) => {
                if let Some((bar, line)) = state.open.get(&address) {
                    bar.set_message(self.text(&line.clone().with(Paint::Dim, format!(": {message}"))));
                }
            }
            EventMessage::Close(address, line) => self.close(&mut state, &address, line.as_ref()),
            // Something to read that cannot be shown is lost with the terminal.
            EventMessage::Note(line) => drop(self.all.println(self.text(&line))),
        }
    }

    fn overall(&self, changes: usize) -> Option<ProgressBar> {
        if changes == 0 {
            return None;
        }
        let bar = self.all.add(ProgressBar::new(changes as u64));
        bar.set_style(style("{bar:30} {pos}/{len}  {elapsed}{msg}").progress_chars("━╸ "));
        bar.enable_steady_tick(TICK);
        Some(bar)
    }

    /// Below the bar, so that what waits is not taken for what works.
    fn count(&self, state: &mut State, text: String) {
        let Some(overall) = &state.overall else { return };
        let new = || self.all.insert_after(overall, ProgressBar::new_spinner().with_style(style("{wide_msg}")));
        state.counts.get_or_insert_with(new).set_message(text);
    }

    fn open(&self, state: &mut State, address: Address, line: Line) {
        let Some(overall) = state.overall.as_ref().filter(|_| state.open.len() < SHOWN) else { return };
        let bar = self.all.insert_before(overall, ProgressBar::new_spinner());
        bar.set_style(style("{spinner} {wide_msg} {elapsed}"));
        bar.set_message(self.text(&line));
        bar.enable_steady_tick(TICK);
        state.open.insert(address, (bar, line));
    }

    fn close(&self, state: &mut State, address: &Address, line: Option<&Line>) {
        if let Some((bar, _)) = state.open.remove(address) {
            bar.finish_and_clear();
            self.all.remove(&bar);
        }
        if let Some(line) = line {
            drop(self.all.println(self.text(line)));
        }
        let Some(overall) = &state.overall else { return };
        overall.inc(1);
        if Some(overall.position()) == overall.length() {
            state.finish();
        }
    }

    fn text(&self, line: &Line) -> String {
        if self.colors { line.to_ansi() } else { line.to_plain() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves at most a bar too many.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.state().finish();
    }
}

impl State {
    fn finish(&self) {
        for bar in self.counts.iter().chain(&self.overall) {
            bar.finish_and_clear();
        }
    }
}

/// A template that is part of this program; a mistake in it shows the default bar.
pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
