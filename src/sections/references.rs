use super::declaration::Declaration;
use crate::blueprint::{Diagnostic, Place, did_you_mean};
use crate::model::{Address, references};

/// Makes sure that everything that is referred to is there, and has it come first.
pub(super) fn check(declaration: &mut Declaration) {
    let mut added = Vec::new();
    for wanted in declaration.desired.resources.values() {
        let mentioned = wanted.body.values().flat_map(references);
        let account = wanted.needs.iter().filter(|need| need.prefix() == "account").cloned();
        for address in mentioned.chain(account) {
            if !is_given(&address) {
                added.push((wanted.address.clone(), address));
            }
        }
    }
    for (address, reference) in added {
        if declaration.desired.resources.contains_key(&reference) {
            if let Some(wanted) = declaration.desired.resources.get_mut(&address) {
                wanted.needs.push(reference);
            }
        } else {
            dangling(&address, &reference, declaration);
        }
    }
}

/// What every organization has.
fn is_given(address: &Address) -> bool {
    matches!(address.as_str(), "organization" | "root" | "management")
}

fn dangling(address: &Address, reference: &Address, declaration: &mut Declaration) {
    let place = declaration.places.get(address).copied().unwrap_or(Place::NOWHERE);
    let known = declaration.desired.resources.keys().filter(|known| known.prefix() == reference.prefix());
    let near = did_you_mean(reference.as_str(), known.map(Address::as_str));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name it in this blueprint first".to_owned(),
    };
    let message = format!("{address} refers to {reference}, which is not in the blueprint");
    declaration.diagnostics.push(Diagnostic::error("unknown-name", message).at(place).help(help));
}
