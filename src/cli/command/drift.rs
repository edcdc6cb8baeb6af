use std::path::PathBuf;

use clap::Args;

use super::super::against::{Against, Looking};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::next;
use super::super::page::{now, to_a_file};
use super::super::progress::Reading;
use super::super::session::Session;
use crate::cloud::utc;
use crate::engine::{look_and_plan, show_who};
use crate::model::{Desired, Plan};
use crate::report::{Context, PageFacts, drift_html, drift_markdown, drift_sarif, drift_text};
use crate::sections::Declared;

/// Find what differs from the blueprint, for CI
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint
    #[arg(default_value = BLUEPRINT)]
    blueprint: PathBuf,
    /// Take what AWS found when it last looked for drift in stacks, instead of having it look now
    #[arg(long)]
    no_detect: bool,
    /// Do not ask CloudTrail who made the changes
    #[arg(long)]
    no_who: bool,
    #[command(flatten)]
    against: Against,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    if session.global.format == Format::Html {
        to_a_file(session, "drift")?;
    }
    let Declared { mut desired, blueprint, .. } = session.declare(&arguments.blueprint)?;
    desired.settings.deep = true;
    // What AWS found when it last looked is in a snapshot.
    desired.settings.detects_drift = !arguments.no_detect && !arguments.against.is_snapshot();
    let Looking { cloud, mut facts } = arguments.against.look(&session.global, &desired.settings).await?;
    let mut reading = Reading::begin(session.out, &cloud);
    let mut draft = look_and_plan(&cloud, &mut facts, &desired, &blueprint, &[]).await;
    if let Ok(draft) = &mut draft
        && !arguments.no_who
        && !arguments.against.is_snapshot()
    {
        show_who(&cloud, &desired, draft).await;
    }
    reading.end();
    let plan = draft?.plan;
    show(&plan, &desired, arguments, session)?;
    Ok(exit(&plan))
}

fn show(plan: &Plan, desired: &Desired, arguments: &Arguments, session: &Session) -> Result<(), Failure> {
    let is_corrected_by_apply = !plan.is_quiet() && plan.refusals.is_empty() && plan.against.is_none();
    let (next, aws) =
        (is_corrected_by_apply.then(|| next_command(plan, arguments, session)), session.global.other_aws());
    let context = Context { aws: aws.as_deref(), next: next.as_deref() };
    match session.global.format {
        Format::Json => session.out.json(plan),
        Format::Markdown => session.out.result(&drift_markdown(plan)),
        Format::Html => {
            let facts = PageFacts { context, made_at: &utc(now()), ..PageFacts::default() };
            session.out.result(&drift_html(plan, Some(desired), facts))
        }
        Format::Sarif => session.out.json(&drift_sarif(plan, &arguments.blueprint.display().to_string())),
        _ => session.out.paged(&drift_text(plan, Some(desired), session.out.layout(), context)),
    }
}

/// Apply finds as much only where it looks as far.
fn next_command(plan: &Plan, arguments: &Arguments, session: &Session) -> String {
    let command = next::command("apply", Some(&arguments.blueprint), &session.global);
    command + &next::scope(&[], plan.depth.pairs > 0) + next::permission(plan)
}

/// What is unmanaged differs from nothing. Where apply would refuse, that is to be known first.
fn exit(plan: &Plan) -> Exit {
    match () {
        () if !plan.refusals.is_empty() => Exit::REFUSED,
        () if !plan.agrees() => Exit::DIFFERS,
        () => Exit::DONE,
    }
}
