use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::files::{Access, write_by};
use super::super::global::BLUEPRINT;
use super::super::interrupt;
use super::super::next::quoted;
use super::super::output::write_json;
use super::super::page::now;
use super::super::progress::Reading;
use super::super::session::Session;
use super::super::source::Source;
use crate::cloud::{Cloud, utc};
use crate::engine::{PlanError, Snapshot, survey};
use crate::facts::Facts;
use crate::model::{BlueprintId, Desired};
use crate::report::clean;

/// Save what landing reads, for plans without credentials
///
/// A snapshot holds all resources, managed by landing or not, and the answers that a plan for the blueprint needs, so that
/// `--against FILE` replaces AWS in `plan`, `drift`, `simulate`, `replay` and `graph`. What a snapshot does not hold is
/// reported as not known, never as missing.
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// The blueprint that plans from it are for [default: landing.yaml, where there is one]
    blueprint: Option<PathBuf>,
    /// Write the snapshot to this file, which only its owner can read
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(in super::super) async fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    let Source { mut desired, blueprint, .. } = source(arguments, session)?;
    let cloud = session.global.connect(&desired.settings).await?;
    if desired.settings.home_region.is_empty() {
        desired.settings.home_region.clone_from(&cloud.region);
    }
    // From here on nothing ends the program while the file is written.
    let mut stop = interrupt::listen(|| {})?;
    let mut facts = Facts::default();
    let mut reading = Reading::begin(session.out, &cloud);
    let surveyed = tokio::select! {
        surveyed = look(&cloud, &mut facts, &desired, &blueprint) => surveyed,
        Ok(_) = stop.wait_for(|stop| *stop) => {
            return Err(Failure::new("interrupted: no snapshot was written").exit(Exit::INTERRUPTED));
        }
    };
    reading.end();
    surveyed?;
    let blueprint = Some(blueprint).filter(|blueprint| !blueprint.name.is_empty());
    let snapshot = Snapshot::new(facts, &desired.settings.home_region, utc(now()), blueprint);
    let mut digest = String::new();
    write_by(&arguments.out, Access::Private, |out| {
        digest = snapshot.write_to(out, |out, snapshot| write_json(out, snapshot))?;
        Ok(())
    })?;
    session.out.say(&written(&arguments.out, &snapshot, &digest));
    Ok(Exit::DONE)
}

/// Asks what the blueprint asks, and what commands ask that look at the organization without one.
async fn look(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &Desired,
    blueprint: &BlueprintId,
) -> Result<(), PlanError> {
    survey(cloud, facts, desired, blueprint).await?;
    let mut nothing = Source::nothing();
    nothing.desired.settings.home_region.clone_from(&desired.settings.home_region);
    survey(cloud, facts, &nothing.desired, &nothing.blueprint).await
}

/// The blueprint that is named, the usual one where it is there, or none.
fn source(arguments: &Arguments, session: &Session) -> Result<Source, Failure> {
    let usual = || Some(PathBuf::from(BLUEPRINT)).filter(|usual| usual.exists());
    match arguments.blueprint.clone().or_else(usual) {
        None => Ok(Source::nothing()),
        Some(path) => {
            let declared = session.declare(&path)?;
            Ok(Source { desired: declared.desired, blueprint: declared.blueprint, ..Source::nothing() })
        }
    }
}

fn written(file: &Path, snapshot: &Snapshot, digest: &str) -> String {
    let of = match &snapshot.organization.id {
        Some(id) => format!("organization {}", clean(id)),
        None => "an account without an organization".into(),
    };
    let asked = match &snapshot.blueprint {
        Some(blueprint) => format!("; it answers what {} asks", clean(&blueprint.name)),
        None => "; it was taken without a blueprint".into(),
    };
    format!(
        "Snapshot: {} of {of}, SHA-256 {digest}\n{} answers{asked}. Plan against it: landing plan --against {}\n",
        clean(&file.to_string_lossy()),
        snapshot.facts.len(),
        quoted(&file.to_string_lossy()),
    )
}
