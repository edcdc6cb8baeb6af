use std::path::PathBuf;

use clap::Args;
use landing_blueprint::did_you_mean;

use super::super::against::Against;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::policies::whole;
use super::super::session::Session;
use super::super::source::Source;
use crate::engine::declared_whole;
use crate::model::{Address, Inventory};
use crate::report::{Page, View, called, clean, explain_json, explain_markdown, explain_text, explainable};

/// Explain what applies to an account, OU or policy
///
/// Permission sets, groups, users, stacks and stack sets are explained as well. The organization is shown as the plan for the
/// blueprint leaves it, with changes marked: + created, ~ changed, - deleted; with --live, and without a blueprint, as it
/// is; with --offline as the blueprint declares it. What AWS does not allow landing to read is shown as not known.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// An address (account/x, ou/Workloads/Dev, scp/x), an id, an ARN, an account's name or email, the path of an OU, the
    /// name of a policy, permission set, group, user, stack or stack set
    #[arg(value_name = "ADDRESS|EMAIL|ID")]
    what: String,
    /// The blueprint, or a plan that `landing plan --out` saved [default: landing.yaml, where there is one]
    #[arg(value_name = "BLUEPRINT|PLAN-FILE")]
    blueprint: Option<PathBuf>,
    /// The organization as it is, without a blueprint; --region says where its stack sets and Identity Center are
    #[arg(long, conflicts_with = "offline")]
    live: bool,
    /// The blueprint alone, without AWS
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    against: Against,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let page = page(arguments, session).await?;
    match format {
        Format::Json => session.out.json(&explain_json(&page))?,
        Format::Markdown => session.out.result(&explain_markdown(&page))?,
        _ => session.out.result(&explain_text(&page, session.out.layout()))?,
    }
    Ok(Exit::DONE)
}

async fn page(arguments: &Arguments, session: &Session) -> Result<Page, Failure> {
    let chosen = |inventory: &Inventory| chosen(&arguments.what, inventory);
    let (inventory, address, view) = match blueprint(arguments) {
        None => {
            let (inventory, address) = whole(&Source::nothing(), &arguments.against, session, chosen).await?;
            (inventory, address, View::Found)
        }
        Some(path) => {
            let source = Source::read(&path, session)?;
            if arguments.offline {
                let inventory = declared_whole(&source.desired);
                let address = chosen(&inventory)?;
                (inventory, address, View::Declared)
            } else {
                let (inventory, address) = whole(&source, &arguments.against, session, chosen).await?;
                (inventory, address, View::Planned)
            }
        }
    };
    Page::of(&address, &inventory, view).ok_or_else(|| unknown(&arguments.what, &inventory))
}

/// The blueprint that is named, or the usual one where it is there; none for the organization as it is.
fn blueprint(arguments: &Arguments) -> Option<PathBuf> {
    let usual = || Some(PathBuf::from(BLUEPRINT)).filter(|usual| arguments.offline || usual.exists());
    arguments.blueprint.clone().or_else(usual).filter(|_| !arguments.live)
}

/// The one resource that is meant.
fn chosen(what: &str, inventory: &Inventory) -> Result<Address, Failure> {
    match called(what, inventory).as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(unknown(what, inventory)),
        several => Err(ambiguous(what, several)),
    }
}

/// So many candidates are named.
const NAMED: usize = 10;

fn ambiguous(what: &str, candidates: &[Address]) -> Failure {
    let named: Vec<String> = candidates.iter().take(NAMED).map(|it| format!("`{it}`")).collect();
    let more = candidates.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" or {more} more") } else { String::new() };
    Failure::new(format!("`{}` is the name of {} resources", clean(what), candidates.len()))
        .help(format!("say which: {}{more}", named.join(", ")))
        .exit(Exit::USAGE)
}

/// Nothing is called so: an address with the same last name, or one that is spelled alike, may be meant.
fn unknown(what: &str, inventory: &Inventory) -> Failure {
    let known = explainable(inventory);
    let names: Vec<String> = known.iter().flat_map(|it| [it.to_string(), it.name(), it.parts().join("/")]).collect();
    let near = did_you_mean(what, names.iter().map(String::as_str));
    let help = near.map_or_else(
        || "write an address as the plan does, such as `ou/Workloads`, an id, or an account's name or email".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Failure::new(format!("nothing in the organization or the blueprint is called `{}`", clean(what)))
        .help(help)
        .exit(Exit::USAGE)
}
