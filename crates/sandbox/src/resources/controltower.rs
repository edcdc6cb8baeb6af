//! AWS Control Tower.

use super::kind::{Draft, ResourceType, resource};
use crate::shared::organization::has_arn;
use crate::state::State;

pub(super) const TYPES: &[ResourceType] = &[resource("AWS::ControlTower::EnabledControl", identify)
    .required(&["ControlIdentifier", "TargetIdentifier"])
    .check(is_registered)
    .tagged()];

fn identify(draft: &Draft<'_>) -> String {
    let text = |name: &str| draft.text(name).unwrap_or_default().to_owned();
    format!("{}|{}", text("TargetIdentifier"), text("ControlIdentifier"))
}

/// Every unit counts as registered with Control Tower; the management account alone enables controls.
fn is_registered(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let target = draft.text("TargetIdentifier").unwrap_or_default();
    let organization = state.organization.as_ref().filter(|it| it.management == draft.place.account);
    if organization.is_some_and(|organization| has_arn(organization, target)) {
        return Ok(());
    }
    Err(format!(
        "Target {target} could not be found (Service: ControlTower, Status Code: 404, Error Code: \
            ResourceNotFoundException)"
    ))
}
