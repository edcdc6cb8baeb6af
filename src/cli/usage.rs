//! What a command line that fails was probably meant to be.

use std::env;
use std::fs;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use serde_json::Value;

use super::failure::Failure;
use super::global::Global;

/// What to write instead, beside clap's own words.
pub(super) fn tip(error: &clap::Error) -> Option<String> {
    let word = match (error.kind(), error.get(ContextKind::InvalidSubcommand)) {
        (ErrorKind::InvalidSubcommand, Some(ContextValue::String(word))) => word,
        _ => return None,
    };
    let state = state_after_sandbox(env::args().skip(1)).filter(|state| state == word)?;
    Some(format!("the value of --sandbox follows an equals sign: --sandbox={state}"))
}

/// A state file that was written as a word of its own behind `--sandbox` was taken for the command's own file.
pub(super) fn about_sandbox(failure: Failure, global: &Global) -> Failure {
    let state = state_after_sandbox(env::args().skip(1)).filter(|_| global.sandbox.is_some());
    match state {
        Some(state) if !Path::new(&state).exists() || is_state(Path::new(&state)) => {
            let help = format!("if {state} is the state of the simulated AWS, write `--sandbox={state}`");
            Failure { help: Some(help), ..failure }
        }
        _ => failure,
    }
}

/// The JSON file that stands right behind a `--sandbox` without a value.
fn state_after_sandbox(words: impl Iterator<Item = String>) -> Option<String> {
    let words: Vec<String> = words.collect();
    let at = words.iter().position(|word| word == "--sandbox")?;
    words.get(at + 1).filter(|word| !word.starts_with('-') && word.ends_with(".json")).cloned()
}

/// Whether a file is the state of a simulated AWS, by keys that neither plans nor policies have.
fn is_state(file: &Path) -> bool {
    let value: Option<Value> = fs::read(file).ok().and_then(|text| serde_json::from_slice(&text).ok());
    value.is_some_and(|value| value.get("partition").is_some() && value.get("standalone_accounts").is_some())
}

#[cfg(test)]
mod tests {
    use super::state_after_sandbox;

    #[test]
    fn a_state_is_a_json_file_right_behind_the_option() {
        let state = |line: &str| state_after_sandbox(line.split(' ').map(str::to_owned));
        assert_eq!(state("plan --sandbox state.json").as_deref(), Some("state.json"));
        assert_eq!(state("--sandbox s.json plan").as_deref(), Some("s.json"));
        for line in
            ["plan --sandbox=state.json x.json", "plan --sandbox zone.yaml", "plan --sandbox", "plan x.json --sandbox"]
        {
            assert_eq!(state(line), None, "{line}");
        }
    }
}
