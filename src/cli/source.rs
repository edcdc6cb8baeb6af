use std::fs;
use std::path::Path;

use serde_json::Value;

use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use crate::model::{Address, BlueprintId, Desired, Plan};

/// What a plan is made from: a blueprint, or a plan that was saved.
pub(super) struct Source {
    pub desired: Desired,
    pub blueprint: BlueprintId,
    pub saved: Option<Plan>,
    /// The addresses that a saved plan is limited to.
    pub targets: Vec<Address>,
}

impl Source {
    /// No blueprint, for looking at the organization as it is.
    pub fn nothing() -> Source {
        Source { desired: Desired::default(), blueprint: BlueprintId::default(), saved: None, targets: Vec::new() }
    }

    /// Reads either. A plan file is known by its JSON; all else is a blueprint.
    ///
    /// # Errors
    /// When it has mistakes, or is a plan that this version cannot do.
    pub fn read(path: &Path, session: &Session) -> Result<Source, Failure> {
        let Some(saved) = saved_plan(path)? else {
            let declared = session.declare(path)?;
            let (desired, blueprint) = (declared.desired, declared.blueprint);
            return Ok(Source { desired, blueprint, saved: None, targets: Vec::new() });
        };
        let desired = saved.desired.clone().ok_or_else(|| {
            Failure::new(format!("{} is a plan without what it leads to", path.display()))
                .help("save the plan with `landing plan --out FILE`: --format json leaves that out")
        })?;
        Ok(Source { desired, blueprint: saved.blueprint.clone(), targets: saved.targets.clone(), saved: Some(saved) })
    }
}

/// A saved plan for an organization that is another one by now.
pub(super) fn stale(differences: &[String]) -> Failure {
    let differences = differences.join("; ");
    Failure::new(format!("the organization is not any more what the plan was made for: {differences}"))
        .help("look at what has changed, and plan again: `landing plan --out FILE`")
        .exit(Exit::REFUSED)
}

fn saved_plan(path: &Path) -> Result<Option<Plan>, Failure> {
    // What cannot be read is explained as a blueprint that cannot be read.
    let Ok(text) = fs::read(path) else { return Ok(None) };
    let Ok(json) = serde_json::from_slice::<Value>(&text) else { return Ok(None) };
    let Some(format) = json.get("format").and_then(Value::as_str) else { return Ok(None) };
    let unreadable = |why: String| {
        Failure::new(format!("{} is no plan that this version can do: {why}", path.display()))
            .help("plan again with this version: `landing plan --out FILE`")
    };
    if format != Plan::FORMAT {
        return Err(unreadable(format!("its format is {format}, not {}", Plan::FORMAT)));
    }
    serde_json::from_value(json).map(Some).map_err(|error| unreadable(error.to_string()))
}
