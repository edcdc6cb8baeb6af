//! AWS Systems Manager.

use serde_json::{Value, json};

use super::kind::{Draft, ResourceType, resource};
use crate::model::resources::Place;
use crate::model::ssm::Parameter;
use crate::shared::inventory;
use crate::state::State;

pub(super) const TYPES: &[ResourceType] = &[resource("AWS::SSM::Parameter", |draft| draft.named("Name"))
    .required(&["Type", "Value"])
    .attributes(|draft, _| json!({"Type": draft.text("Type"), "Value": draft.text("Value")}))
    .check(check)
    .effect(store)
    .tagged()];

fn check(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let Some(name) = draft.text("Name") else {
        return Ok(());
    };
    let regions = state.parameters.get(&draft.place.account);
    let taken = regions.and_then(|regions| regions.get(&draft.place.region)).is_some_and(|all| all.contains_key(name));
    if taken && inventory::find(state, draft.place, draft.kind.name, name).is_none() {
        return Err(format!("{name} already exists (Service: Ssm, Error Code: AlreadyExists)"));
    }
    Ok(())
}

/// Makes Parameter Store show it.
fn store(state: &mut State, place: &Place, id: &str, parameter: Option<&Value>) {
    let parameters =
        state.parameters.entry(place.account.clone()).or_default().entry(place.region.clone()).or_default();
    match parameter {
        Some(properties) => {
            let text = |name: &str| properties.get(name).and_then(Value::as_str).unwrap_or_default();
            let stored: &mut Parameter = parameters.entry(id.to_owned()).or_default();
            stored.overwrite(text("Type"), text("Value"));
        }
        None => {
            parameters.remove(id);
        }
    }
}
