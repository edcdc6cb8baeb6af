use std::path::PathBuf;

use clap::Args;
use serde_json::Value;

use super::super::arguments::Format;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::policy_file::{read_json, refused};
use super::super::session::Session;
use crate::policy::{Answer, Asking, Case, SourceText, answer, read_cases, read_levels};
use crate::report::answers_text;

/// Ask whether policies let a principal do something, and why
///
/// Keys that a request on the command line does not name are not known: what depends on them is undecided, and they are
/// named. Keys that a case in a file does not name are absent.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// Requests with the policies on their way, as JSON
    #[arg(long, value_name = "FILE", required_unless_present = "policies", conflicts_with = "policies")]
    cases: Option<PathBuf>,
    /// The policies from the root to the account, as JSON
    #[arg(long, value_name = "FILE", requires_all = ["principal", "action"])]
    policies: Option<PathBuf>,
    /// ARN of the role or user
    #[arg(long, value_name = "ARN", requires = "policies")]
    principal: Option<String>,
    /// What it does, such as s3:GetObject
    #[arg(long, value_name = "ACTION", requires = "policies")]
    action: Option<String>,
    /// ARN of the resource
    #[arg(long, value_name = "ARN", requires = "policies")]
    resource: Option<String>,
    /// Condition keys and what they hold; again for more values, without a value for a key that is absent
    #[arg(long, value_name = "KEY=VALUE", requires = "policies")]
    context: Vec<String>,
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.only(&[Format::Text, Format::Json], "simulate")?;
    let (source, cases) = match (&arguments.cases, &arguments.policies) {
        (Some(file), _) => {
            let source = read_json(file)?;
            let cases = read_cases(source.value()).map_err(|problems| refused(&problems, &source, session))?;
            (source, cases)
        }
        (None, Some(file)) => {
            let source = read_json(file)?;
            let case = asked(arguments, &source, session)?;
            (source, vec![case])
        }
        (None, None) => return Err(Failure::new("there is nothing to simulate").exit(Exit::USAGE)),
    };
    let answers: Vec<(Case, Answer)> = cases
        .into_iter()
        .map(|case| {
            let answer = answer(&case);
            (case, answer)
        })
        .collect();
    show(&answers, &source, format, session)?;
    let as_expected = |(case, answer): &(Case, Answer)| case.expect.is_none_or(|e| e == answer.verdict.decision);
    Ok(if answers.iter().all(as_expected) { Exit::DONE } else { Exit::DIFFERS })
}

fn show(answers: &[(Case, Answer)], source: &SourceText, format: Format, session: &Session) -> Result<(), Failure> {
    if format == Format::Json {
        let values: Vec<Value> = answers.iter().map(|(_, answer)| answer.to_json()).collect();
        return session.out.json(&values);
    }
    let explained = answers.len() == 1 || session.out.verbose();
    session.out.result(&answers_text(answers, source, explained, session.out.layout().width))
}

/// The one request on the command line.
fn asked(arguments: &Arguments, source: &SourceText, session: &Session) -> Result<Case, Failure> {
    let levels = read_levels(source.value()).map_err(|problems| refused(&problems, source, session))?;
    let asking = Asking {
        principal: arguments.principal.clone().unwrap_or_default(),
        action: arguments.action.clone().unwrap_or_default(),
        resource: arguments.resource.clone(),
        region: session.global.region.clone(),
        context: context(&arguments.context),
    };
    let request = asking.request();
    Ok(Case { id: request.action.clone(), path: String::new(), levels, request, expect: None })
}

/// `aws:TagKeys=a`, `aws:TagKeys=b` is one key with two values, `aws:TagKeys` one that is absent.
fn context(given: &[String]) -> Vec<(String, Vec<String>)> {
    let mut keys: Vec<(String, Vec<String>)> = Vec::new();
    for text in given {
        let (key, value) = text.split_once('=').map_or((text.as_str(), None), |(key, value)| (key, Some(value)));
        let place = keys.iter().position(|(known, _)| known.eq_ignore_ascii_case(key)).unwrap_or_else(|| {
            keys.push((key.to_owned(), Vec::new()));
            keys.len() - 1
        });
        keys[place].1.extend(value.map(str::to_owned));
    }
    keys
}
