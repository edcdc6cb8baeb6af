//! A plan of what AWS allows to read, for commands that only show something.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::against::leave_out;
use super::plan::{Draft, PlanError, look_and_plan};
use crate::cloud::Cloud;
use crate::facts::Facts;
use crate::kinds::unknown_without;
use crate::model::{Address, BlueprintId, Desired};

/// A plan of what can be read.
#[derive(Debug)]
pub struct Readable {
    /// The plan without the changes of kinds that are not known; without any where no plan could be made.
    pub draft: Draft,
    /// Why kinds are not known, by their names.
    pub unknown: BTreeMap<String, String>,
    /// Why no plan could be made: what judges it needs a read that AWS refuses.
    pub unplanned: Option<String>,
}

/// As [`look_and_plan`], but kinds whose reads AWS refuses are left out of the plan and marked as unread in what is wanted.
///
/// # Errors
/// As there, where AWS refuses what everything rests on, such as the list of units.
pub async fn look_and_plan_readable(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    desired: &mut Desired,
    blueprint: &BlueprintId,
    targets: &[Address],
) -> Result<Readable, PlanError> {
    let mut unknown = BTreeMap::new();
    loop {
        let error = match look_and_plan(cloud, facts, desired, blueprint, targets).await {
            Ok(mut draft) => {
                let kinds: Vec<&str> = unknown.keys().map(String::as_str).collect();
                leave_out(&mut draft, &kinds);
                return Ok(Readable { draft, unknown, unplanned: None });
            }
            Err(PlanError::Aws(error)) => error,
            Err(error) => return Err(error),
        };
        if let Some(unread) = unknown_without(&error.operation, &desired.settings.unread) {
            for kind in unread {
                unknown.insert(kind.to_owned(), error.to_string());
                desired.settings.unread.insert(kind.to_owned());
            }
        } else if desired.settings.unread.is_empty() {
            return Err(error.into());
        } else {
            let draft = nothing_planned(cloud, facts, desired).await?;
            return Ok(Readable { draft, unknown, unplanned: Some(error.to_string()) });
        }
    }
}

/// The draft of no blueprint.
async fn nothing_planned(cloud: &Arc<Cloud>, facts: &mut Facts, desired: &Desired) -> Result<Draft, PlanError> {
    let mut nothing = Desired::default();
    nothing.settings.home_region.clone_from(&desired.settings.home_region);
    nothing.settings.unread.clone_from(&desired.settings.unread);
    look_and_plan(cloud, facts, &nothing, &BlueprintId::default(), &[]).await
}
