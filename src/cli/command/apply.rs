use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use clap::Args;
use serde_json::json;
use tokio::sync::watch;

use super::super::ask::{Answer, ask};
use super::super::commit::commit_of;
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::global::{BLUEPRINT, Format};
use super::super::output::json_text;
use super::super::progress::{Ongoing, Reading, listener};
use super::super::session::Session;
use super::super::source::{Source, stale};
use super::super::{interrupt, next};
use crate::cloud::{Cloud, utc};
use crate::engine::{Applied, ApplyError, Applying, LEASE_WATCHED_FOR, Lease, apply_and_hold};
use crate::model::{Address, Desired, Plan, Refusal};
use crate::report::{
    Context, Run, applied_json, applied_text, clean, consent_text, left_text, plan_text, refusals_text,
};

/// Show the changes, ask, and make them
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint, or a plan that `landing plan --out` saved: that is done exactly, or refused
    #[arg(default_value = BLUEPRINT, value_name = "BLUEPRINT|PLAN-FILE")]
    what: PathBuf,
    /// Apply without a question
    #[arg(short, long)]
    yes: bool,
    /// Make destructive and irreversible changes too
    #[arg(long)]
    allow_destroy: bool,
    /// Take the lease of another apply without waiting for it
    #[arg(long)]
    break_lock: bool,
    /// Only what is at or below this address, and what it needs
    #[arg(long, value_name = "ADDRESS")]
    target: Vec<String>,
    /// As `landing drift` does, also read who has which permission set in every account, a call for each pair, and the units
    /// below every organizational unit, a call for each
    #[arg(long)]
    deep: bool,
    /// Refuse a plan file whose SHA-256 is not this one, which `landing plan --out` printed
    #[arg(long, value_name = "HEX")]
    expect_sha256: Option<String>,
    /// Append every event to this file, one line of JSON each
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Is refused
    #[arg(long, value_name = "FILE", hide = true)]
    against: Option<PathBuf>,
}

pub(in super::super) async fn run(arguments: Arguments, session: &Session) -> Result<Exit, Failure> {
    let format = session.global.format;
    let source = read(&arguments, session)?;
    let cloud = session.global.connect(&source.desired.settings).await?;
    let ongoing = Ongoing::default();
    let stop = interrupt::listen({
        let (ongoing, out) = (ongoing.clone(), session.out);
        // The terminal has `^C` in this line.
        move || {
            let (under_way, remaining) = ongoing.now();
            out.insist(&format!("\n{}", left_text(&under_way, remaining, &utc(SystemTime::now() + LEASE_WATCHED_FOR))));
        }
    })?;
    let mut start = Instant::now();
    let mut reading = Reading::begin(session.out, &cloud);
    let mut asked = None;
    let desired = source.desired.clone();
    let applying = Applying {
        cloud: Arc::clone(&cloud),
        desired: source.desired,
        blueprint: source.blueprint,
        saved: source.saved,
        targets: source.targets,
        allow_destroy: arguments.allow_destroy,
        break_lock: arguments.break_lock,
        holder: holder(),
        listener: listener(session.out, arguments.log.as_deref(), ongoing)?,
        stop: stop.clone(),
    };
    let (result, lease) = apply_and_hold(applying, &mut |plan| {
        reading.end();
        let shown = Instant::now();
        let answer = consent(plan, &desired, arguments.yes, session, &stop);
        asked = Some(answer);
        // The time that people take to read is not the program's.
        start += shown.elapsed();
        answer == Answer::Yes
    })
    .await;
    reading.end();
    let milliseconds = start.elapsed().as_millis();
    let again = again(&arguments, session);
    let ended = match result {
        Ok(applied) => ended(&applied, &cloud, milliseconds, &again, format, session),
        Err(error) => not_applied(error, asked, &desired, &cloud, format, session),
    };
    // What came of it is said before anything else is waited for.
    let exit = ended.unwrap_or_else(|failure| {
        session.out.failure(&failure);
        failure.exit
    });
    give_back(lease, stop).await;
    Ok(exit)
}

/// Gives the lease back, unless asked to stop meanwhile: then the next apply watches it first.
async fn give_back(lease: Option<Lease>, mut stop: watch::Receiver<bool>) {
    let Some(lease) = lease else { return };
    if *stop.borrow() {
        return lease.release().await;
    }
    tokio::select! {
        () = lease.release() => {}
        Ok(_) = stop.wait_for(|stop| *stop) => {}
    }
}

/// The command that goes on after an end part way, with what this one was allowed.
fn again(arguments: &Arguments, session: &Session) -> String {
    let mut command = next::command("apply", Some(&arguments.what), &session.global);
    command += &next::scope(&arguments.target, arguments.deep);
    if arguments.allow_destroy {
        command += " --allow-destroy";
    }
    command.extend(arguments.expect_sha256.iter().map(|digest| format!(" --expect-sha256 {}", next::quoted(digest))));
    command
}

/// What is to be applied: a saved plan as it is, or what a blueprint wants.
fn read(arguments: &Arguments, session: &Session) -> Result<Source, Failure> {
    if arguments.against.is_some() {
        return Err(Failure::new("apply changes the organization itself, and not what a snapshot of it says")
            .help("leave out --against; `landing plan --against FILE` shows what would change")
            .exit(Exit::REFUSED));
    }
    let source = match &arguments.expect_sha256 {
        Some(expected) => Source::expected(&arguments.what, expected)?,
        None => Source::read(&arguments.what, session)?,
    };
    if let Some(against) = source.saved.as_ref().and_then(|saved| saved.against.as_ref()) {
        return Err(of_snapshot(&against.taken));
    }
    let flags = [(!arguments.target.is_empty(), "--target"), (arguments.deep, "--deep")];
    match (&source.saved, flags.iter().find(|(is_given, _)| *is_given)) {
        (None, _) => {
            let targets = arguments.target.iter().map(|target| Address::parse(target)).collect();
            let mut source = Source { targets, ..source };
            source.desired.settings.deep = arguments.deep;
            source.blueprint.commit = commit_of(&arguments.what);
            Ok(source)
        }
        (Some(_), None) => Ok(source),
        (Some(_), Some((_, flag))) => {
            Err(Failure::new(format!("a saved plan is done as it is: {flag} does not go with it"))
                .help(format!("give {flag} to `landing plan --out`"))
                .exit(Exit::USAGE))
        }
    }
}

/// A saved plan that was not made for the organization as it is.
fn of_snapshot(taken: &str) -> Failure {
    Failure::new(format!("the plan was made against the snapshot of {}, not against the organization", clean(taken)))
        .help("plan without --against, and read the new plan: `landing plan --out FILE`")
        .exit(Exit::REFUSED)
}

/// Shows the plan and asks. A plan that changes nothing needs no consent.
fn consent(plan: &Plan, desired: &Desired, yes: bool, session: &Session, stop: &watch::Receiver<bool>) -> Answer {
    if *stop.borrow() {
        return Answer::Interrupted;
    }
    if plan.is_quiet() {
        return Answer::Yes;
    }
    let aws = session.global.other_aws();
    let context = Context { aws: aws.as_deref(), next: None };
    let text = plan_text(plan, Some(desired), session.out.layout_of_stderr(), context);
    if yes {
        session.out.say(&(text + "\n"));
        return Answer::Yes;
    }
    session.out.insist(&(text + "\n"));
    let (question, word) = consent_text(plan);
    tokio::task::block_in_place(|| ask(&question, word, &session.out, stop))
}

fn ended(
    applied: &Applied,
    cloud: &Cloud,
    milliseconds: u128,
    again: &str,
    format: Format,
    session: &Session,
) -> Result<Exit, Failure> {
    let exit = exit(applied, cloud.meter.writes());
    let next = Some(again).filter(|_| exit != Exit::DONE);
    let run = Run { milliseconds, throttled: cloud.meter.throttled(), next };
    let text = match format {
        Format::Json => json_text(&applied_json(applied, run))?,
        _ => {
            let gap = if applied.plan.is_quiet() { "" } else { "\n" };
            session.out.say(gap);
            applied_text(applied, run, session.out.layout())
        }
    };
    match session.out.deliver(&text) {
        Err(error) if cloud.meter.writes() > 0 => Err(unsaid(&error, exit, session)),
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("standard output cannot be written: {error}")))
        }
        _ => Ok(exit),
    }
}

/// The organization was changed, and the result could not be printed.
fn unsaid(error: &io::Error, exit: Exit, session: &Session) -> Failure {
    let what = if exit == Exit::DONE { "all changes were made" } else { "some changes were made" };
    let plan = next::command("plan", None, &session.global);
    Failure::new(format!("{what}, but the result could not be written to standard output: {error}"))
        .help(format!("run `{plan}` for what is left to do"))
        .exit(Exit::PARTIAL)
}

fn exit(applied: &Applied, writes: u64) -> Exit {
    let outcome = &applied.outcome;
    match () {
        () if applied.is_complete() => Exit::DONE,
        () if outcome.interrupted && !applied.lost_lease => Exit::INTERRUPTED,
        () if !outcome.refused.is_empty() => Exit::REFUSED,
        () if writes == 0 && (applied.lost_lease || !outcome.failed.is_empty()) => Exit::ERROR,
        () => Exit::PARTIAL,
    }
}

/// Nothing was done, and why.
fn not_applied(
    error: ApplyError,
    asked: Option<Answer>,
    desired: &Desired,
    cloud: &Cloud,
    format: Format,
    session: &Session,
) -> Result<Exit, Failure> {
    match error {
        ApplyError::Aws(error) => {
            let exit = if cloud.meter.writes() == 0 { Exit::ERROR } else { Exit::PARTIAL };
            Err(Failure::from(error).exit(exit))
        }
        ApplyError::Refused { plan, refusals } => refused(plan.as_deref(), &refusals, desired, format, session),
        ApplyError::Stale(differences) => Err(stale(&differences)),
        ApplyError::Unmatched(unmatched) => Err(Failure::of_targets(&unmatched)),
        ApplyError::Held { holder } => Err(Failure::new(format!("{holder} is applying right now"))
            .help("wait until that is done, and run the same command again; --break-lock takes its place")
            .exit(Exit::REFUSED)),
        ApplyError::Declined => Err(declined(asked)),
        ApplyError::Interrupted => Err(declined(Some(Answer::Interrupted))),
    }
}

fn declined(asked: Option<Answer>) -> Failure {
    match asked {
        Some(Answer::Interrupted) => Failure::new("interrupted: nothing was changed").exit(Exit::INTERRUPTED),
        Some(Answer::NoTerminal) => Failure::new("nothing was changed: there is no terminal to ask on")
            .help("read the plan, and run the same command with --yes")
            .exit(Exit::REFUSED),
        _ => Failure::new("nothing was changed: the answer did not confirm the changes").exit(Exit::REFUSED),
    }
}

fn refused(
    plan: Option<&Plan>,
    refusals: &[Refusal],
    desired: &Desired,
    format: Format,
    session: &Session,
) -> Result<Exit, Failure> {
    if format == Format::Json {
        session.out.json(&json!({
            "format": "landing-applied/1", "complete": false, "done": [], "refusals": refusals, "plan": plan
        }))?;
    }
    let layout = session.out.layout_of_stderr();
    let aws = session.global.other_aws();
    let context = Context { aws: aws.as_deref(), next: None };
    let shown = plan.map(|plan| plan_text(plan, Some(desired), layout, context) + "\n").unwrap_or_default();
    session.out.say(&shown);
    let unseen: Vec<Refusal> = refusals
        .iter()
        .filter(|refusal| session.out.quiet || !plan.is_some_and(|plan| plan.refusals.contains(refusal)))
        .cloned()
        .collect();
    session.out.insist(&refusals_text(&unseen, layout));
    let message = match plan {
        Some(_) => "nothing was changed: the plan is refused",
        None => "nothing was changed",
    };
    Err(Failure::new(message).exit(Exit::REFUSED))
}

/// Who applies, for those who meet the lease.
fn holder() -> String {
    let said = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok()).filter(|text| !text.is_empty());
    let user = said(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "someone".into());
    let host = said(&["HOSTNAME", "COMPUTERNAME"]).or_else(|| {
        let name = fs::read_to_string("/etc/hostname").ok()?;
        Some(name.trim().to_owned()).filter(|name| !name.is_empty())
    });
    let host = host.map(|host| format!("@{host}")).unwrap_or_default();
    format!("{user}{host} (process {})", std::process::id())
}
