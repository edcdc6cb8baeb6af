//! Resources that are not as a stack set's template says, in the accounts that have a stack of it.

use serde_json::{Map, Value, json};

use super::super::read::{DetectStackSetDrift, StackInstanceFacts, StackSetFacts};
use super::super::{Step, Workshop, WriteError};
use super::revert::Revert;
use crate::facts::Look;
use crate::kinds::shared::drift::{DRIFT, Place, fields, mends};
use crate::kinds::shared::site::{Purpose, entrance};
use crate::model::{Address, Desired, FieldChange, Observed, Owner, Undetected};

/// Whether the instances can be asked for: AWS has looked for drift in them, or needs not.
pub(super) fn is_looked_for(
    desired: &Desired,
    look: &Look<'_>,
    observed: &mut Observed,
    owner: &Owner,
    set: &StackSetFacts,
) -> bool {
    if !desired.settings.detects_drift || !matches!(owner, Owner::This { .. }) {
        return true;
    }
    let Some(detected) = look.at(DetectStackSetDrift(set.id.clone())) else { return false };
    let undetected = |why: &String| Undetected { address: Address::stack_set(&set.name), why: why.clone() };
    observed.undetected.extend(detected.left_out.iter().map(undetected));
    true
}

/// How resources are not as the template says: `{"account/a.eu-west-1": {"account", "region", "stack", "resources"}}`.
/// `None` where nothing differs.
pub(super) fn recognize(
    desired: &Desired,
    look: &Look<'_>,
    observed: &Observed,
    instances: &[StackInstanceFacts],
) -> Option<Value> {
    let management = observed.bindings.id(&Address::management());
    let mut drifts = Map::new();
    for instance in instances.iter().filter(|instance| instance.drifted && !instance.stack.is_empty()) {
        let account = observed.bindings.address(&instance.account).filter(|account| observed.has_open(account));
        let Some(account) = account else { continue };
        let entrance = entrance(desired, account, &instance.account, management, Purpose::Look);
        let place = Place { entrance: &entrance, region: &instance.region, id: &instance.stack };
        let Some(resources) = look.at(place.drifts()).filter(|drifts| !drifts.is_empty()) else { continue };
        let told = json!({
            "account": account, "region": instance.region, "stack": instance.stack, "resources": resources
        });
        drifts.insert(format!("{account}.{}", instance.region), told);
    }
    (!drifts.is_empty()).then_some(Value::Object(drifts))
}

/// Each property that is not as the template says, by account and region: `drift.account/a.eu-west-1.Topic.DisplayName`.
pub(super) fn told(drift: &Value) -> Vec<FieldChange> {
    let drifts = drift.as_object().into_iter().flatten();
    drifts.flat_map(|(place, it)| fields(&format!("{DRIFT}.{place}"), &it["resources"])).collect()
}

/// Makes the resources that the plan showed anew, one stack after another. Stack sets themselves do not mend drift: the
/// template is the same as before.
pub(super) async fn mend(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    if !mends(&step.change) {
        return Ok(());
    }
    let drift = step.found.as_ref().and_then(|found| found.body.get(DRIFT)).and_then(Value::as_object);
    for it in drift.into_iter().flat_map(Map::values) {
        let text = |key: &str| it[key].as_str().unwrap_or_default();
        let entrance = shop.entrance(&Address::parse(text("account")))?;
        let place = Place { entrance: &entrance, region: text("region"), id: text("stack") };
        let resources = it["resources"].as_object().into_iter().flatten().map(|(id, _)| id.as_str()).collect();
        Revert { shop, address: &step.change.address, place, resources }.carry_out().await?;
    }
    Ok(())
}
