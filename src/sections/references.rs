use super::declaration::Declaration;
use crate::blueprint::{Diagnostic, Place, did_you_mean};
use crate::model::{Address, PREFIX_LIST, Wanted, references};

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
        let reference = match reference.output() {
            Some((stack, output)) if gives(&stack, &output, declaration) => stack,
            _ => reference,
        };
        if declaration.desired.resources.contains_key(&reference) {
            if let Some(wanted) = declaration.desired.resources.get_mut(&address)
                && !wanted.needs.contains(&reference)
            {
                wanted.needs.push(reference);
            }
        } else {
            dangling(&address, &reference, declaration);
        }
    }
}

/// Whether the blueprint's stack at this address has such an output.
fn gives(stack: &Address, output: &str, declaration: &Declaration) -> bool {
    let template = declaration.desired.get(stack).and_then(|wanted| wanted.body.get("template"));
    template.is_some_and(|template| template["Outputs"].get(output).is_some())
}

/// What every organization has, and what AWS has everywhere.
fn is_given(address: &Address) -> bool {
    matches!(address.as_str(), "organization" | "root" | "management")
        || (address.prefix() == PREFIX_LIST && address.as_str().split('/').count() == 3)
}

fn dangling(address: &Address, reference: &Address, declaration: &mut Declaration) {
    let place = declaration.places.get(address).copied().unwrap_or(Place::NOWHERE);
    let things = declaration.desired.resources.values().filter(|known| known.address.prefix() == reference.prefix());
    let known: Vec<String> = things.flat_map(names).collect();
    let near = did_you_mean(reference.as_str(), known.iter().map(String::as_str));
    let help = match near {
        _ if is_of_a_set(reference, declaration) => "a stack set tells nobody what its stacks give: name the account \
            itself under the stack's `in`, not a unit that it lies in"
            .to_owned(),
        Some(near) => format!("did you mean `{near}`?"),
        None => "name it in this blueprint first".to_owned(),
    };
    let message = format!("{address} refers to {reference}, which is not in the blueprint");
    declaration.diagnostics.push(Diagnostic::error("unknown-name", message).at(place).help(help));
}

/// Whether the stack that is referred to exists only because a unit has a stack set of this name.
fn is_of_a_set(reference: &Address, declaration: &Declaration) -> bool {
    let mut parts = reference.as_str().split('/');
    let name = parts.nth(2).filter(|_| reference.prefix() == "stack").map(Address::stack_set);
    name.is_some_and(|set| declaration.desired.resources.contains_key(&set))
}

/// What a thing can be referred to by: its address, or a stack's outputs.
fn names(wanted: &Wanted) -> Vec<String> {
    let outputs = wanted.body.get("template").and_then(|template| template["Outputs"].as_object());
    match outputs {
        Some(outputs) => outputs.keys().map(|name| wanted.address.output_named(name).to_string()).collect(),
        None => vec![wanted.address.to_string()],
    }
}
