use super::Guarded;
use crate::kinds::OfKind;
use crate::model::{Action, Address, Change, Refusal, Role};

/// AWS deletes no unit that holds something, and landing moves nothing that is not its own.
pub(super) fn guard(guarded: &Guarded<'_>) -> Vec<Refusal> {
    guarded
        .changes
        .iter()
        .filter(|change| change.action == Action::Delete && change.is_a(Role::Unit))
        .filter_map(|change| refuse(guarded, change))
        .collect()
}

fn refuse(guarded: &Guarded<'_>, change: &Change) -> Option<Refusal> {
    let unit = &change.address;
    let accounts = guarded.places.after.iter().filter(|(_, parent)| *parent == unit).map(|(account, _)| account);
    let accounts: Vec<&Address> = accounts.collect();
    let units: Vec<&Address> = guarded
        .observed
        .found
        .values()
        .filter(|found| {
            found.kind == change.kind && found.parent.as_ref() == Some(unit) && !is_deleted(guarded, &found.address)
        })
        .map(|found| &found.address)
        .collect();
    let held: Vec<&str> = accounts.iter().chain(&units).map(|held| held.as_str()).collect();
    if held.is_empty() {
        return None;
    }
    Some(Refusal {
        code: "not-empty".into(),
        address: Some(unit.clone()),
        message: format!("{unit} cannot be deleted: it holds {}", held.join(", ")),
        help: help(guarded, &accounts, &units),
    })
}

/// What to write, of what is not written yet.
fn help(guarded: &Guarded<'_>, accounts: &[&Address], units: &[&Address]) -> String {
    let is_open = |account: &Address| guarded.observed.has_open(account);
    let open = accounts.iter().copied().filter(|account| is_open(account));
    let closed = accounts.iter().copied().filter(|account| !is_open(account));
    let mut help: Vec<String> = Vec::new();
    help.extend(open.map(|account| format!("write {} in the unit that it is to go to", account.name())));
    help.extend(closed.map(|account| {
        format!(
            "write {{name: {}, state: closed}} in the unit that it is to go to: AWS keeps a closed account for 90 days",
            account.name()
        )
    }));
    help.extend(units.iter().map(|unit| format!("delete {unit}, which this blueprint does not own")));
    format!("{}; or keep the unit in the blueprint", help.join("; "))
}

fn is_deleted(guarded: &Guarded<'_>, address: &Address) -> bool {
    guarded.changes.iter().any(|change| change.action == Action::Delete && change.address == *address)
}
