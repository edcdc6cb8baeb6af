//! What a plan must not do, found before anything is done. The guards ask for facts like everything else.

mod control_tower;
mod emptiness;
mod expectations;
mod guarded;
mod lock_out;
mod management;
mod occupied;
mod places;
mod protected;

use super::hierarchies::Hierarchies;
use crate::facts::Look;
use crate::model::{Address, Governed, Refusal};
pub(super) use guarded::Guarded;

/// Every reason not to do these changes.
pub(super) fn guard(guarded: &Guarded<'_>, look: &Look<'_>) -> Vec<Refusal> {
    let mut refusals = guarded.observed.findings.refusals.clone();
    refusals.extend(control_tower::guard(guarded));
    refusals.extend(emptiness::guard(guarded));
    refusals.extend(management::guard(guarded));
    refusals.extend(occupied::guard(guarded));
    refusals.extend(places::guard(guarded, look));
    let Guarded { changes, desired, observed, places } = guarded;
    let touched = lock_out::touched_accounts(guarded);
    let is_asked = !desired.settings.expectations.is_empty() || !touched.is_empty();
    let hierarchies = is_asked.then(|| Hierarchies::look(desired, observed, places, changes, look)).flatten();
    if let Some(hierarchies) = hierarchies {
        refusals.extend(lock_out::guard(guarded, &touched, &hierarchies));
        refusals.extend(expectations::guard(guarded, &hierarchies.after));
    }
    refusals
}

/// What is to be said of the plan where AWS Control Tower governs the organization, or the blueprint says that it does.
pub(super) fn governed(guarded: &Guarded<'_>, items: Vec<Address>) -> Option<Governed> {
    let notes = control_tower::notes(guarded);
    let is_governed = guarded.observed.control_tower.is_some();
    (is_governed || !notes.is_empty()).then_some(Governed { items, notes })
}

#[cfg(test)]
mod tests;
