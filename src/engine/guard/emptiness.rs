use super::Guarded;
use crate::model::{Action, Address, Change, Refusal};

/// AWS deletes no unit that holds something, and landing moves nothing that is not its own.
pub(super) fn guard(guarded: &Guarded<'_>) -> Vec<Refusal> {
    guarded
        .changes
        .iter()
        .filter(|change| change.action == Action::Delete && change.kind == "organizational-unit")
        .filter_map(|change| refuse(guarded, change))
        .collect()
}

fn refuse(guarded: &Guarded<'_>, change: &Change) -> Option<Refusal> {
    let unit = &change.address;
    let accounts = guarded.places.after.iter().filter(|(_, parent)| *parent == unit).map(|(account, _)| account);
    let units = guarded
        .observed
        .found
        .values()
        .filter(|found| {
            found.kind == change.kind && found.parent.as_ref() == Some(unit) && !is_deleted(guarded, &found.address)
        })
        .map(|found| &found.address);
    let held: Vec<&str> = accounts.chain(units).map(Address::as_str).collect();
    if held.is_empty() {
        return None;
    }
    Some(Refusal {
        code: "not-empty".into(),
        address: Some(unit.clone()),
        message: format!("{unit} cannot be deleted: it holds {}", held.join(", ")),
        help: "say in the blueprint where that goes, or keep the unit; a closed account stays in its unit for 90 days unless it is moved".into(),
    })
}

fn is_deleted(guarded: &Guarded<'_>, address: &Address) -> bool {
    guarded.changes.iter().any(|change| change.action == Action::Delete && change.address == *address)
}
