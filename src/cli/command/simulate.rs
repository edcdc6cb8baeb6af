mod check;
mod identity;
mod organization;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use landing_policy::{Answer, Asking, Case, Level, Levels, SourceText, answer, read_cases, read_levels};
use serde_json::Value;

use super::super::against::Against;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::policy_file::{read_json, refused};
use super::super::session::Session;
use crate::hierarchy::is_of_any_account;
use crate::report::answers_text;

/// Ask whether policies deny a request, and why
///
/// Evaluates the SCPs and RCPs of the organization as it is and as the plan for the blueprint leaves it; others by --live,
/// --offline, --policies and --cases. IAM policies are evaluated only where --identity-policy gives them: without it, the
/// answer is that the organization's policies do not deny the request. Condition keys that follow from the organization and
/// the request are known, as are those that --context names; what depends on any other is undecided, and the keys are named.
/// Keys that a case in a file does not name are absent.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint, or a plan that `landing plan --out` saved
    #[arg(default_value = BLUEPRINT, value_name = "BLUEPRINT|PLAN-FILE")]
    what: PathBuf,
    /// Requests with the policies that apply to them, as JSON
    #[arg(long, value_name = "FILE", conflicts_with_all = ["policies", "principal"])]
    cases: Option<PathBuf>,
    /// The policies from the root to the account, as JSON
    #[arg(long, value_name = "FILE", conflicts_with_all = ["live", "offline", "places"])]
    policies: Option<PathBuf>,
    /// The organization as it is, without a blueprint
    #[arg(long, conflicts_with = "offline")]
    live: bool,
    /// The blueprint alone, without AWS
    #[arg(long)]
    offline: bool,
    /// ARN of the role or user; or role/NAME, user/NAME, root, permission-set/NAME of the accounts under --in; or a service,
    /// or `anonymous`. A permission set must exist; whether a role or user exists is not checked
    #[arg(long, value_name = "PRINCIPAL", requires = "action")]
    principal: Option<String>,
    /// The action, such as s3:GetObject; no pattern
    #[arg(long, value_name = "ACTION", requires = "principal")]
    action: Option<String>,
    /// Accounts of the principal: `root`, an OU, an account by name or id; repeat for more [default: root]
    #[arg(long = "in", value_name = "PLACE")]
    places: Vec<String>,
    /// ARN of the resource
    #[arg(long, value_name = "ARN", requires = "principal")]
    resource: Option<String>,
    /// An IAM policy of the principal, as JSON, which must allow the request too; repeat for more. IAM is not read otherwise
    #[arg(long, value_name = "FILE", requires = "principal")]
    identity_policy: Vec<PathBuf>,
    /// Condition keys and their values; repeat for more values, without a value for a key that is absent
    #[arg(long, value_name = "KEY=VALUE", requires = "principal")]
    context: Vec<String>,
    #[command(flatten)]
    against: Against,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let (source, cases) = match (&arguments.cases, &arguments.policies) {
        (Some(file), _) => {
            let source = read_json(file)?;
            let cases = read_cases(source.value()).map_err(|problems| refused(&problems, &source, session))?;
            check::cases(&cases, session);
            (Some(source), cases)
        }
        _ if arguments.principal.is_none() => return Err(nothing_asked()),
        (None, Some(file)) => {
            let source = read_json(file)?;
            let case = asked(arguments, &source, session)?;
            (Some(source), vec![case])
        }
        (None, None) => (None, organization::cases(arguments, session).await?),
    };
    let identity = identity::level(arguments, session)?;
    let answers: Vec<(Case, Answer)> = cases
        .into_iter()
        .map(|case| {
            let case = with_identity(case, identity.clone());
            let answer = answer(&case);
            (case, answer)
        })
        .collect();
    show(&answers, source.as_ref(), format, session)?;
    let as_expected = |(case, answer): &(Case, Answer)| case.expect.is_none_or(|e| e == answer.verdict.decision);
    Ok(if answers.iter().all(as_expected) { Exit::DONE } else { Exit::DIFFERS })
}

fn with_identity(mut case: Case, identity: Option<Level>) -> Case {
    case.levels.identity = identity;
    case
}

fn nothing_asked() -> Failure {
    Failure::new("--principal and --action are required")
        .help("--principal WHO --action WHAT, such as --principal role/admin --action s3:GetObject; or --cases FILE")
        .exit(Exit::USAGE)
}

fn show(
    answers: &[(Case, Answer)],
    source: Option<&SourceText>,
    format: Format,
    session: &Session,
) -> Result<(), Failure> {
    if format == Format::Json {
        let values: Vec<Value> = answers.iter().map(|(_, answer)| answer.to_json()).collect();
        return session.out.json(&values);
    }
    session.out.result(&answers_text(answers, source, session.out.verbose(), session.out.layout().width))
}

/// The one request on the command line, for policies in a file.
fn asked(arguments: &Arguments, source: &SourceText, session: &Session) -> Result<Case, Failure> {
    let levels = read_levels(source.value()).map_err(|problems| refused(&problems, source, session))?;
    let mut asking = asking(arguments, session);
    check::names(&asking, session)?;
    asking.principal = of_last_level(&asking.principal, &levels);
    check::principal(&asking, None, &Some(BTreeSet::new()), session)?;
    let request = asking.request();
    Ok(Case { id: request.action.clone(), path: String::new(), levels, request, expect: None })
}

/// What is called the same in every account is that of the account to which the levels lead.
fn of_last_level(principal: &str, levels: &Levels) -> String {
    let is_short = is_of_any_account(principal);
    let account = levels.scps.last().map(|level| level.id.as_str()).filter(|id| id.len() == 12 && is_short);
    account.map_or_else(|| principal.to_owned(), |id| format!("arn:aws:iam::{id}:{principal}"))
}

fn asking(arguments: &Arguments, session: &Session) -> Asking {
    Asking {
        principal: arguments.principal.clone().unwrap_or_default(),
        action: arguments.action.clone().unwrap_or_default(),
        resource: arguments.resource.clone(),
        region: session.global.region.clone(),
        context: context(&arguments.context),
    }
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
