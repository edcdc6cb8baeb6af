use std::io::{self, BufRead, IsTerminal};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use tokio::sync::watch;

use super::output::Output;

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    /// There is no one to ask.
    NoTerminal,
    Interrupted,
}

/// How often a question looks whether it was interrupted.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Asks on the terminal; only `word` is a yes. Blocks the thread.
pub(super) fn ask(question: &str, word: &str, out: &Output, stop: &watch::Receiver<bool>) -> Answer {
    if !io::stdin().is_terminal() {
        return Answer::NoTerminal;
    }
    out.insist(question);
    let (sender, receiver) = mpsc::channel();
    // A read from a terminal cannot be taken back; the thread ends with the program.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        // No one waits any more after an interruption.
        let _ = sender.send(read.map(|_| line));
    });
    loop {
        match receiver.recv_timeout(LOOK_EVERY) {
            Ok(Ok(line)) if line.trim() == word => return Answer::Yes,
            Err(RecvTimeoutError::Timeout) if *stop.borrow() => return Answer::Interrupted,
            Err(RecvTimeoutError::Timeout) => {}
            _ => return Answer::No,
        }
    }
}
