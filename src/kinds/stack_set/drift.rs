//! Resources that are not as a stack set's template says, in the accounts that have a stack of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::super::read::{DetectStackSetDrift, StackInstanceFacts, StackSetFacts};
use super::super::{Step, WriteContext, WriteError};
use super::resource::{DriftedStack, StackSet};
use super::revert::Revert;
use crate::facts::Look;
use crate::kinds::shared::drift::{DRIFT, Place, corrects, of_resources};
use crate::kinds::shared::site::{Purpose, access};
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
    observed.findings.undetected.extend(detected.left_out.iter().map(undetected));
    true
}

/// How resources are not as the template says, by the account and region of each stack: `account/a.eu-west-1`.
/// `None` where nothing differs.
pub(super) fn recognize(
    desired: &Desired,
    look: &Look<'_>,
    observed: &Observed,
    instances: &[StackInstanceFacts],
) -> Option<BTreeMap<String, DriftedStack>> {
    let management = observed.bindings.id(&Address::management());
    let mut drifts = BTreeMap::new();
    for instance in instances.iter().filter(|instance| instance.drifted && !instance.stack.is_empty()) {
        let account = observed.bindings.address(&instance.account).filter(|account| observed.has_open(account));
        let Some(account) = account else { continue };
        let access = access(desired, account, &instance.account, management, Purpose::Look);
        let place = Place { access: &access, region: &instance.region, id: &instance.stack };
        let Some(resources) = look.at(place.drifts()).filter(|drifts| !drifts.is_empty()) else { continue };
        let drifted = DriftedStack {
            account: account.clone(),
            region: instance.region.clone(),
            stack: instance.stack.clone(),
            resources: resources.clone(),
        };
        drifts.insert(format!("{account}.{}", instance.region), drifted);
    }
    (!drifts.is_empty()).then_some(drifts)
}

/// Each property that is not as the template says, by account and region: `drift.account/a.eu-west-1.Topic.DisplayName`.
pub(super) fn reported(drift: &Value) -> Vec<FieldChange> {
    let drifts = BTreeMap::<String, DriftedStack>::deserialize(drift).unwrap_or_default();
    drifts.iter().flat_map(|(place, it)| of_resources(&format!("{DRIFT}.{place}"), &it.resources)).collect()
}

/// Makes the resources that the plan showed anew, one stack after another. Stack sets themselves do not repair drift: the
/// template is the same as before.
pub(super) async fn revert_drift(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    if !corrects(&step.change) {
        return Ok(());
    }
    let drift = step.found::<StackSet>()?.and_then(|found| found.drift);
    for drifted in drift.iter().flat_map(BTreeMap::values) {
        let access = context.access(&drifted.account)?;
        let place = Place { access: &access, region: &drifted.region, id: &drifted.stack };
        let resources = drifted.resources.keys().map(String::as_str).collect();
        Revert { context, address: &step.change.address, place, resources }.carry_out().await?;
    }
    Ok(())
}
