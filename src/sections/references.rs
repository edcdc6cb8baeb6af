use std::collections::{BTreeMap, BTreeSet, VecDeque};

use landing_blueprint::{Diagnostic, Place, did_you_mean};

use crate::declaration::Declaration;
use crate::model::{Address, PREFIX_LIST, Wanted, body_references, body_template};

/// Makes sure that everything that is referred to is there, and has it come first.
pub(super) fn check(declaration: &mut Declaration) {
    let mut added = Vec::new();
    for wanted in declaration.desired.resources.values() {
        let mentioned = body_references(&wanted.body).into_iter();
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
    check_circles(declaration);
}

/// Stacks that need each other's outputs could only wait for each other.
fn check_circles(declaration: &mut Declaration) {
    let needs: BTreeMap<&Address, &[Address]> =
        declaration.desired.resources.values().map(|wanted| (&wanted.address, wanted.needs.as_slice())).collect();
    for circle in circles(&needs) {
        let names: Vec<String> = circle.iter().map(ToString::to_string).collect();
        let place = |address: &Address| declaration.places.get(address).copied().unwrap_or(Place::NOWHERE);
        let message =
            format!("{} each need an output of another one, so that none can be created first", names.join(", "));
        let help = "remove one of these references: write the value itself as the parameter where it is known before, or move \
                    what both need into a stack of its own";
        let diagnostic = Diagnostic::error("circle", message).at(circle.first().map_or(Place::NOWHERE, place));
        let others = circle.iter().skip(1).map(place);
        let diagnostic = others.fold(diagnostic, |it, place| it.also(place, "needs an output too"));
        declaration.diagnostics.push(diagnostic.help(help));
    }
}

/// The circles that have a stack in them, each once, from its first address on.
fn circles(needs: &BTreeMap<&Address, &[Address]>) -> Vec<Vec<Address>> {
    let mut found: Vec<Vec<Address>> = Vec::new();
    let stacks = needs.keys().filter(|address| matches!(address.prefix(), "stack" | "stack-set"));
    for start in stacks {
        let is_known = found.iter().any(|circle| circle.contains(start));
        if !is_known && let Some(circle) = circle_from(start, needs) {
            found.push(circle);
        }
    }
    found
}

/// The shortest way from an address back to it.
fn circle_from(start: &Address, needs: &BTreeMap<&Address, &[Address]>) -> Option<Vec<Address>> {
    let mut open = VecDeque::from([vec![start.clone()]]);
    let mut seen: BTreeSet<Address> = BTreeSet::new();
    while let Some(path) = open.pop_front() {
        for need in path.last().and_then(|last| needs.get(last)).copied().into_iter().flatten() {
            if need == start {
                return Some(path);
            }
            if seen.insert(need.clone()) {
                open.push_back(path.iter().chain([need]).cloned().collect());
            }
        }
    }
    None
}

/// Whether the blueprint's stack at this address has such an output.
fn gives(stack: &Address, output: &str, declaration: &Declaration) -> bool {
    let template = declaration.desired.get(stack).and_then(|wanted| body_template(&wanted.body));
    template.is_some_and(|template| template["Outputs"].get(output).is_some())
}

/// What every organization has, and what AWS has everywhere.
fn is_given(address: &Address) -> bool {
    matches!(address.as_str(), "organization" | "root" | "management")
        || (address.prefix() == PREFIX_LIST && address.as_str().split('/').count() == 3)
}

fn dangling(address: &Address, reference: &Address, declaration: &mut Declaration) {
    let place = declaration.places.get(address).copied().unwrap_or(Place::NOWHERE);
    let items = declaration.desired.resources.values().filter(|known| known.address.prefix() == reference.prefix());
    let known: Vec<String> = items.flat_map(names).collect();
    let near = did_you_mean(reference.as_str(), known.iter().map(String::as_str));
    let help = match near {
        _ if is_of_a_set(reference, declaration) => {
            "CloudFormation does not return the outputs of a stack set's stacks: name the account \
            itself under the stack's `in`, not a unit that it lies in"
                .to_owned()
        }
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

/// What a resource can be referred to by: its address, or a stack's outputs.
fn names(wanted: &Wanted) -> Vec<String> {
    let outputs = body_template(&wanted.body).and_then(|template| template["Outputs"].as_object());
    match outputs {
        Some(outputs) => outputs.keys().map(|name| wanted.address.output_named(name).to_string()).collect(),
        None => vec![wanted.address.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(needs: &[(&str, &[&str])]) -> Vec<String> {
        let parsed: Vec<(Address, Vec<Address>)> = needs
            .iter()
            .map(|(address, needs)| (Address::parse(address), needs.iter().map(|it| Address::parse(it)).collect()))
            .collect();
        let needs = parsed.iter().map(|(address, needs)| (address, needs.as_slice())).collect();
        let line = |circle: &Vec<Address>| circle.iter().map(ToString::to_string).collect::<Vec<_>>().join(" > ");
        circles(&needs).iter().map(line).collect()
    }

    #[test]
    fn a_circle_is_found_once_with_all_that_is_in_it() {
        assert_eq!(found(&[("stack/a", &["stack/b"]), ("stack/b", &["stack/a"])]), ["stack/a > stack/b"]);
        assert_eq!(found(&[("stack/a", &["stack/a"])]), ["stack/a"]);
        let three: &[(&str, &[&str])] =
            &[("stack/a", &["x", "stack/b"]), ("stack/b", &["scp/c"]), ("scp/c", &["stack/a"]), ("x", &[])];
        assert_eq!(found(three), ["stack/a > stack/b > scp/c"]);
    }

    #[test]
    fn needs_that_end_are_no_circle() {
        let needs: &[(&str, &[&str])] =
            &[("stack/a", &["stack/b", "stack/c"]), ("stack/b", &["stack/c"]), ("stack/c", &["account/x"])];
        assert_eq!(found(needs), [""; 0]);
        // What leads into a circle is not in it.
        let into: &[(&str, &[&str])] =
            &[("stack/0", &["stack/a"]), ("stack/a", &["stack/b"]), ("stack/b", &["stack/a"])];
        assert_eq!(found(into), ["stack/a > stack/b"]);
    }
}
