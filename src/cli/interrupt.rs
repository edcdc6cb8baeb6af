use tokio::sync::watch;

use super::exit::Exit;
use super::failure::Failure;

/// Becomes true when the program is first asked to stop, by SIGINT or SIGTERM; the second time it says its last words and
/// ends at once.
///
/// # Errors
/// When signals cannot be listened for.
#[expect(clippy::exit, reason = "a second signal ends the program at once, whatever it waits for")]
pub(super) fn listen(last_words: impl Fn() + Send + 'static) -> Result<watch::Receiver<bool>, Failure> {
    let mut signals =
        Signals::new().map_err(|error| Failure::new(format!("signals cannot be listened for: {error}")))?;
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        signals.next().await;
        sender.send_replace(true);
        signals.next().await;
        last_words();
        std::process::exit(Exit::INTERRUPTED.code().into());
    });
    Ok(receiver)
}

#[cfg(unix)]
struct Signals {
    interrupts: tokio::signal::unix::Signal,
    terminations: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals { interrupts: signal(SignalKind::interrupt())?, terminations: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupts.recv() => {}
            _ = self.terminations.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Signals> {
        Ok(Signals(tokio::signal::windows::ctrl_c()?))
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::Duration;

    use super::*;

    /// Whether a stop is asked for by a signal that this process gets. The listener ends with its runtime: it takes a second
    /// signal for the wish to leave at once.
    fn is_asked_by(signal: &str) -> bool {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut stop = listen(|| {}).unwrap();
            assert!(!*stop.borrow());
            let process = std::process::id().to_string();
            assert!(Command::new("kill").args([signal, &process]).status().unwrap().success());
            tokio::time::timeout(Duration::from_secs(20), stop.wait_for(|stop| *stop)).await.is_ok()
        })
    }

    #[test]
    fn both_signals_ask_to_stop() {
        for signal in ["-INT", "-TERM"] {
            assert!(is_asked_by(signal), "{signal}");
        }
    }
}
