//! Resources of a stack that are not as its template says.

use std::collections::BTreeMap;

use super::super::read::{ResourceDrift, StackFacts};
use super::is_at_rest;
use crate::facts::Look;
use crate::kinds::shared::drift::Place;
use crate::model::{Address, Desired, Observed, Owner, Undetected};

/// How a stack's resources drifted from the template, by logical id: as AWS finds now where `desired` has it look,
/// else as it found when it last looked. `None` where nothing differs, or is not known yet.
pub(super) fn recognize(
    desired: &Desired,
    look: &Look<'_>,
    observed: &mut Observed,
    (address, owner): (&Address, &Owner),
    (place, stack): (&Place<'_>, &StackFacts),
) -> Option<BTreeMap<String, ResourceDrift>> {
    let mut drifted = stack.drifted;
    let is_ours = matches!(owner, Owner::This { .. });
    if desired.settings.detects_drift && is_ours && is_at_rest(&stack.status) {
        let detected = look.at(place.detect())?;
        drifted = detected.drifted.unwrap_or(drifted);
        let left_out = detected.left_out.iter();
        observed
            .findings
            .undetected
            .extend(left_out.map(|why| Undetected { address: address.clone(), why: why.clone() }));
    }
    if !drifted {
        return None;
    }
    look.at(place.drifts()).cloned()
}
