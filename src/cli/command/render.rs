use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::super::arguments::BLUEPRINT;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::write_whole;
use super::super::session::Session;
use crate::model::{Presence, Wanted};
use crate::report::{Line, Paint};

/// Write every policy as a file
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint
    #[arg(default_value = BLUEPRINT)]
    blueprint: PathBuf,
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let declared = session.declare(&arguments.blueprint)?;
    let policies = declared.desired.of_kind("policy").filter(|wanted| wanted.presence == Presence::Present);
    let mut text = String::new();
    for policy in policies {
        let Some(content) = policy.body.get("content") else { continue };
        let path = arguments.out.join(file_of(policy));
        write_whole(&path, &pretty(content)?)?;
        text += &format!("{}\n", Line::of(Paint::Added, "+ ").plain(path.display().to_string()).to_ansi());
    }
    if text.is_empty() {
        session.out.say("The blueprint has no policies: nothing was written.\n");
    }
    session.out.result(&text)?;
    Ok(Exit::DONE)
}

/// `policies/scp/region-guard.json`. The address has the name in a form that is safe in a path.
fn file_of(policy: &Wanted) -> PathBuf {
    let address = policy.address.as_str();
    let name = address.split_once('/').map_or(address, |(_, name)| name);
    let name = name.strip_prefix('.').map_or_else(|| name.to_owned(), |rest| format!("%2E{rest}"));
    Path::new("policies").join(policy.address.prefix()).join(format!("{name}.json"))
}

fn pretty(content: &Value) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(content).map_err(|error| Failure::new(error.to_string()))?;
    Ok(text + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Address, Body};

    #[test]
    fn no_policy_name_leads_out_of_the_folder() {
        let file = |name: &str| file_of(&Wanted::new("policy", Address::new("scp", [name]), Body::new()));
        assert_eq!(file("../../x"), Path::new("policies/scp/%2E.%2F..%2Fx.json"));
        assert_eq!(file("region-guard"), Path::new("policies/scp/region-guard.json"));
    }
}
