//! Long results on a terminal go through a pager, as git's do.
//! <https://git-scm.com/docs/git-config#Documentation/git-config.txt-corepager>

use std::io::{self, Write};
use std::process::{Command, Stdio};

/// What is run where the environment names no pager; `less` ends at once where the text fits, keeps colors, and leaves the text on
/// the screen.
const USUAL: &str = "less -FRX";

/// The pager that the environment asks for: $LANDING_PAGER, $PAGER, else [`USUAL`]. None where it is empty or `cat`.
fn chosen(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let named = ["LANDING_PAGER", "PAGER"].into_iter().find_map(variable);
    let pager = named.unwrap_or_else(|| USUAL.into());
    Some(pager.trim().to_owned()).filter(|pager| !pager.is_empty() && pager != "cat")
}

/// Shows `text` in the pager. False where none is wanted or none could be started: then nothing was shown.
pub(super) fn show(text: &str) -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let pager = chosen(|name| std::env::var(name).ok()).filter(|_| !is_dumb);
    #[cfg(unix)]
    let _ignored = ignore_interrupts();
    pager.is_some_and(|pager| piped(&pager, text).unwrap_or(false))
}

/// Ctrl-C is for the pager, which would be left behind on the terminal otherwise.
#[cfg(unix)]
fn ignore_interrupts() -> Option<tokio::signal::unix::Signal> {
    // Signals are listened for only where tokio runs.
    tokio::runtime::Handle::try_current().ok()?;
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt()).ok()
}

/// What a shell answers where it does not find or may not run a program.
const NOT_FOUND: i32 = 127;
const NOT_ALLOWED: i32 = 126;

fn piped(pager: &str, text: &str) -> io::Result<bool> {
    let mut command = shell(pager);
    // As git does: what people set themselves holds.
    if std::env::var_os("LESS").is_none() {
        command.env("LESS", "FRX");
    }
    let mut child = command.stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A reader who quits the pager early has read enough.
        let _ = stdin.write_all(text.as_bytes());
    }
    let status = child.wait()?;
    Ok(!matches!(status.code(), Some(NOT_FOUND | NOT_ALLOWED)))
}

#[cfg(unix)]
fn shell(pager: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", pager]);
    command
}

#[cfg(not(unix))]
fn shell(pager: &str) -> Command {
    let mut words = pager.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(landing: Option<&str>, general: Option<&str>) -> Option<String> {
        chosen(|name| if name == "PAGER" { general } else { landing }.map(str::to_owned))
    }

    #[test]
    fn the_pager_is_the_one_that_the_environment_names() {
        assert_eq!(with(None, None).as_deref(), Some("less -FRX"));
        assert_eq!(with(None, Some("more")).as_deref(), Some("more"));
        assert_eq!(with(Some("most -s"), Some("more")).as_deref(), Some("most -s"));
        for none in ["", " ", "cat"] {
            assert_eq!(with(Some(none), Some("more")), None, "{none:?}");
            assert_eq!(with(None, Some(none)), None, "{none:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pager_that_cannot_be_started_shows_nothing() {
        assert!(piped("cat >/dev/null", "text").unwrap());
        assert!(piped("false", "text").unwrap(), "it was started");
        assert!(!piped("/no/such/pager 2>/dev/null", "text").unwrap());
    }
}
