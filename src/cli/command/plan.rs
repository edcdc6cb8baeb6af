use std::path::PathBuf;

use clap::Args;
use landing_policy::Tally;

use super::super::against::{Against, Looking};
use super::super::commit::commit_of;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::{Access, write_by};
use super::super::global::{BLUEPRINT, Format};
use super::super::logs::replay;
use super::super::next;
use super::super::output::write_json;
use super::super::page::{now, to_a_file};
use super::super::progress::Reading;
use super::super::session::Session;
use crate::cloud::utc;
use crate::engine::{look_and_plan, look_at_policies, seal_to};
use crate::model::{Address, Desired, Plan};
use crate::report::{
    AccountNames, Context, PageFacts, clean, plan_html, plan_markdown, plan_text, replay_text, replayed_plan_markdown,
};
use crate::sections::Declared;

/// Show what apply would change
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint
    #[arg(default_value = BLUEPRINT)]
    blueprint: PathBuf,
    /// Save the plan, for `landing apply FILE` to do exactly that
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exit with 2 where something differs
    #[arg(long)]
    detailed_exitcode: bool,
    /// Only what is at or below this address, and what it needs
    #[arg(long, value_name = "ADDRESS")]
    target: Vec<String>,
    /// As `landing drift` does, also read who has which permission set in every account, a call for each pair, and the units
    /// below every organizational unit, a call for each
    #[arg(long)]
    deep: bool,
    /// Show as well which calls in these CloudTrail logs it would deny: files, folders, `-`
    #[arg(long, value_name = "LOG")]
    replay: Vec<PathBuf>,
    #[command(flatten)]
    against: Against,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    if session.global.format == Format::Html {
        to_a_file(session, "plan")?;
    }
    let Declared { mut desired, blueprint, .. } = session.declare(&arguments.blueprint)?;
    desired.settings.deep = arguments.deep;
    let Looking { cloud, mut facts } = arguments.against.look(&session.global, &desired.settings).await?;
    let targets: Vec<Address> = arguments.target.iter().map(|target| Address::parse(target)).collect();
    let mut reading = Reading::begin(session.out, &cloud);
    let draft = look_and_plan(&cloud, &mut facts, &desired, &blueprint, &targets).await?;
    let replayed = match arguments.replay.as_slice() {
        [] => None,
        logs => {
            let hierarchies = look_at_policies(&cloud, &mut facts, &desired, &draft).await?;
            Some((replay(logs, &hierarchies.to_replay())?.complete()?, hierarchies.before.names()))
        }
    };
    reading.end();
    let mut plan = draft.plan;
    plan.api_calls = cloud.meter.calls();
    plan.replay = replayed.as_ref().map(|(tally, _)| tally.to_json());
    if let Some(file) = &arguments.out {
        plan.desired = Some(desired.clone());
        plan.blueprint.commit = commit_of(&arguments.blueprint);
        let digest = save(file, &plan)?;
        // CI passes it on to `apply --expect-sha256`.
        session.out.say(&format!("Plan file: {}, SHA-256 {digest}\n", clean(&file.to_string_lossy())));
    }
    show(&plan, replayed.as_ref(), &desired, arguments, session)?;
    Ok(exit(&plan, arguments.detailed_exitcode))
}

/// Writes a plan file, and gives its SHA-256.
fn save(file: &std::path::Path, plan: &Plan) -> Result<String, Failure> {
    let mut digest = String::new();
    write_by(file, Access::Private, |out| {
        digest = seal_to(out, |out| write_json(out, plan))?;
        Ok(())
    })?;
    Ok(digest)
}

fn show(
    plan: &Plan,
    replayed: Option<&(Tally, AccountNames)>,
    desired: &Desired,
    arguments: &Arguments,
    session: &Session,
) -> Result<(), Failure> {
    let layout = session.out.layout();
    let (next, aws) = (next_command(plan, arguments, session), session.global.other_aws());
    let context = Context { aws: aws.as_deref(), next: next.as_deref() };
    match session.global.format {
        Format::Json => session.out.json(plan),
        Format::Markdown => session.out.result(&match replayed {
            Some((tally, names)) => replayed_plan_markdown(plan, tally, names),
            None => plan_markdown(plan),
        }),
        Format::Html => {
            let replay = next::command("plan", Some(&arguments.blueprint), &session.global) + " --replay LOGS";
            let made_at = utc(now());
            let replayed = replayed.map(|(tally, names)| (tally, names));
            let facts = PageFacts { context, made_at: &made_at, replayed, replay: Some(&replay) };
            session.out.result(&plan_html(plan, Some(desired), facts))
        }
        _ => {
            let replayed =
                replayed.map(|(tally, names)| replay_text(tally, names, layout.width) + "\n").unwrap_or_default();
            session.out.paged(&(replayed + &plan_text(plan, Some(desired), layout, context)))
        }
    }
}

fn next_command(plan: &Plan, arguments: &Arguments, session: &Session) -> Option<String> {
    if plan.is_quiet() || !plan.refusals.is_empty() || plan.against.is_some() {
        return None;
    }
    let mut command =
        next::command("apply", Some(arguments.out.as_ref().unwrap_or(&arguments.blueprint)), &session.global);
    if arguments.out.is_none() {
        command += &next::scope(&arguments.target, arguments.deep);
    }
    command += next::permission(plan);
    Some(command)
}

fn exit(plan: &Plan, detailed: bool) -> Exit {
    match () {
        () if !plan.refusals.is_empty() => Exit::REFUSED,
        () if detailed && !plan.agrees() => Exit::DIFFERS,
        () => Exit::DONE,
    }
}
