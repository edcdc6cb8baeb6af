use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, stdin};
use std::path::{Path, PathBuf};

use clap::Args;
use landing_policy::{Denied, NoDenial, account_of, inflated, read_denied, read_denied_from};

use super::super::against::Against;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::{Access, write_whole};
use super::super::global::{BLUEPRINT, Format};
use super::super::policies::before_and_after;
use super::super::session::Session;
use super::super::source::Source;
use crate::engine::Hierarchies;
use crate::hierarchy::Hierarchy;
use crate::model::{Address, Bindings};
use crate::report::{why_json, why_markdown, why_text};
use crate::sections::Declared;
use crate::why::{Explained, Verdict, World, explain};

/// What the command reads, for anyone who gave it something else.
const FORMS: &str = "it reads access-denied messages of AWS (`User: ARN is not authorized to perform: ACTION …`) with whatever \
                     tools put around them, events of CloudTrail in every form that `landing replay` reads, and what `aws sts \
                     decode-authorization-message` and `aws iam-toolbox get-request-authorization-details` print";

/// Find the statement that denied a request, and an exemption
///
/// Takes an access-denied message or a CloudTrail event, and evaluates the organization's policies for it. Shows the statements
/// that deny it, their guardrail and its line in the blueprint, a patch that exempts the request, and what else that patch would
/// allow. Where no policy of the organization denied it, the type of the policy that did is shown, and where to look for it.
/// The patch is a unified diff, for `git apply` or `patch -p1`.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The message or event, a file that holds it, or `-` for standard input
    #[arg(value_name = "ERROR|EVENT|-")]
    what: Vec<String>,
    /// The blueprint
    #[arg(long, value_name = "FILE", default_value = BLUEPRINT)]
    blueprint: PathBuf,
    /// The organization as it is, without a blueprint
    #[arg(long, conflicts_with = "offline")]
    live: bool,
    /// The blueprint alone, without AWS
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    against: Against,
    /// With --offline: which account of the blueprint the principal's is, since it knows no ids
    #[arg(long = "in", value_name = "ACCOUNT", requires = "offline")]
    account: Option<String>,
    /// Write the patch to this file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let denied = match read(&arguments.what) {
        Ok(denied) => denied,
        Err(NoDenial::Events(events)) => return nothing_denied(events, format, session),
        Err(why) => return Err(unreadable(&why)),
    };
    let explained = explained(&denied, arguments, session).await?;
    if let Some(file) = &arguments.out {
        write_patch(file, &explained, session)?;
    }
    match format {
        Format::Json => session.out.json(&why_json(&explained))?,
        Format::Markdown => session.out.result(&why_markdown(&explained))?,
        _ => session.out.result(&why_text(&explained, session.out.layout().width))?,
    }
    let is_contradicted = |one: &Explained| matches!(one.verdict, Verdict::Contradicted(_));
    Ok(if explained.iter().any(is_contradicted) { Exit::DIFFERS } else { Exit::DONE })
}

fn read(what: &[String]) -> Result<Vec<Denied>, NoDenial> {
    let from =
        |input: Box<dyn BufRead>| read_denied_from(inflated(input).map_err(|error| NoDenial::Log(error.into()))?);
    match what {
        [] if stdin().is_terminal() => Err(NoDenial::Empty),
        [] => from(Box::new(BufReader::new(stdin()))),
        [one] if one == "-" => from(Box::new(BufReader::new(stdin()))),
        [one] if Path::new(one).is_file() => match File::open(one) {
            Ok(file) => from(Box::new(BufReader::new(file))),
            Err(error) => Err(NoDenial::Log(error.into())),
        },
        words => read_denied(words.join(" ").as_bytes()),
    }
}

fn unreadable(why: &NoDenial) -> Failure {
    let failure = Failure::new(format!("the denial cannot be read: {why}")).exit(Exit::USAGE);
    match why {
        NoDenial::Encoded(encoded) => failure.help(format!(
            "aws sts decode-authorization-message --encoded-message {encoded} --query DecodedMessage --output text | landing \
             why -    (in the account of the call, with sts:DecodeAuthorizationMessage)"
        )),
        NoDenial::Incomplete => failure.help(format!(
            "look for the call in CloudTrail's event history and give its event; {FORMS}"
        )),
        _ => failure.help(FORMS),
    }
}

fn nothing_denied(events: usize, format: Format, session: &Session) -> Result<Exit, Failure> {
    session.out.say(&format!("{}\n", NoDenial::Events(events)));
    if format == Format::Json {
        session.out.json(&why_json(&[]))?;
    }
    Ok(Exit::DONE)
}

async fn explained(denied: &[Denied], arguments: &Arguments, session: &Session) -> Result<Vec<Explained>, Failure> {
    let each = |world: World<'_>| denied.iter().map(|one| explain(one, world)).collect();
    let region = session.global.region.as_deref();
    if arguments.live {
        let Hierarchies { before, .. } = before_and_after(&Source::nothing(), &arguments.against, session).await?;
        return Ok(each(World { now: &before, blueprint: None, region }));
    }
    let declared = session.declare(&arguments.blueprint)?;
    if arguments.offline {
        let hierarchy = offline(denied, &declared, arguments)?;
        return Ok(each(World { now: &hierarchy, blueprint: Some((&hierarchy, &declared)), region }));
    }
    let Hierarchies { before, after } = before_and_after(&Source::of(&declared), &arguments.against, session).await?;
    Ok(each(World { now: &before, blueprint: Some((&after, &declared)), region }))
}

/// The blueprint's policies, with the principal's account by its id.
fn offline(denied: &[Denied], declared: &Declared, arguments: &Arguments) -> Result<Hierarchy, Failure> {
    let by_itself = Hierarchy::declared(&declared.desired);
    let id = denied.iter().find_map(|one| account_of(one.principal.as_deref()?)).filter(|id| !id.is_empty());
    let Some(id) = id else { return Ok(by_itself) };
    let Some(text) = &arguments.account else {
        return Err(Failure::new(format!("the blueprint does not say which account {id} is"))
            .help("--in ACCOUNT names it; or leave --offline out")
            .exit(Exit::USAGE));
    };
    let places = by_itself.places_called(text);
    let [account] = places.as_slice() else { return Err(no_account(text)) };
    if !account.is_any_account() {
        return Err(no_account(text));
    }
    let mut bindings = Bindings::default();
    bindings.bind(Address::clone(account), id);
    Ok(Hierarchy::declared_as(&declared.desired, bindings))
}

fn no_account(text: &str) -> Failure {
    Failure::new(format!("no account of the blueprint is called `{text}`"))
        .help("write an account's name, as the blueprint has it")
        .exit(Exit::USAGE)
}

fn write_patch(file: &Path, explained: &[Explained], session: &Session) -> Result<(), Failure> {
    let patches: Vec<&str> = explained
        .iter()
        .filter_map(|one| one.exemption.as_ref()?.as_ref().ok())
        .map(|exemption| exemption.patch.as_str())
        .collect();
    match patches.as_slice() {
        [] => session.out.say("note: there is no patch to write\n"),
        [patch] => {
            write_whole(file, patch, Access::Usual)?;
            session.out.say(&format!("wrote {}\n", file.display()));
        }
        // Each is made for the blueprint as it is, so that they may not apply one after the other.
        several => {
            let message = format!("--out takes one patch, and there are {}", several.len());
            return Err(Failure::new(message).help("give one message or event at a time").exit(Exit::USAGE));
        }
    }
    Ok(())
}
