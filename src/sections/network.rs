//! Networks whose addresses overlap can never be connected, and AWS cannot change the addresses of one.

use ipnet::Ipv4Net;
use landing_blueprint::{Diagnostic, Place};
use landing_cloudformation::networks;

use crate::declaration::Declaration;
use crate::kinds::resource::{Deployed, Resource, Stack, StackSet};
use crate::model::Wanted;

const HELP: &str = "give each network addresses of its own, or write `isolated: true` for one that is never connected to \
                    others (in a template of your own: the VPC's `Metadata: {Isolated: true}`)";

/// Refuses networks of the blueprint's stacks that have addresses in common. Stacks must be declared before.
pub(super) fn check(declaration: &mut Declaration) {
    let stacks = declaration.desired.of_kind(Stack::KIND).chain(declaration.desired.of_kind(StackSet::KIND));
    let all: Vec<Found> = stacks.flat_map(|stack| found(stack, declaration)).collect();
    let overlapping = overlapping(&all);
    declaration.diagnostics.extend(overlapping);
}

/// A network, and where the blueprint says it.
struct Found {
    /// The stack, or stack set, that makes it.
    whose: String,
    network: Ipv4Net,
    place: Place,
    /// Whether it is made in any number of accounts.
    is_many: bool,
}

fn found(stack: &Wanted, declaration: &Declaration) -> Vec<Found> {
    let place = declaration.places.get(&stack.address).copied().unwrap_or(Place::NOWHERE);
    let is_many = stack.kind == StackSet::KIND;
    let whose = stack.address.to_string();
    let networks = networks(&Deployed::of(&stack.body).version()).into_iter();
    networks.map(|network| Found { whose: whose.clone(), network, place, is_many }).collect()
}

/// One diagnostic for each two that overlap; those of one stack in several places are reported once.
fn overlapping(all: &[Found]) -> Vec<Diagnostic> {
    let mut reported: Vec<(Place, Place)> = Vec::new();
    let mut diagnostics = Vec::new();
    for (at, second) in all.iter().enumerate() {
        let overlap =
            |first: &&Found| first.network.contains(&second.network) || second.network.contains(&first.network);
        for first in all[..at].iter().filter(overlap).chain(second.is_many.then_some(second)) {
            if !reported.contains(&(first.place, second.place)) {
                reported.push((first.place, second.place));
                diagnostics.push(diagnostic(first, second));
            }
        }
    }
    diagnostics
}

fn diagnostic(first: &Found, second: &Found) -> Diagnostic {
    let diagnostic = if first.place == second.place {
        let message = format!("{} has the addresses {} in several accounts or regions", second.whose, second.network);
        Diagnostic::error("overlap", message).at(second.place)
    } else {
        let message = format!(
            "{} has the addresses {}, {} has {}: they overlap",
            second.whose, second.network, first.whose, first.network
        );
        Diagnostic::error("overlap", message).at(second.place).also(first.place, "the other one")
    };
    diagnostic.help(HELP)
}

#[cfg(test)]
mod tests {
    use crate::sections::declare_text;

    const HEAD: &str = "version: 1
name: ours
organization: {home_region: eu-west-1, account_email: \"{name}@example.com\"}
accounts: [a, b]
organizational_units: {Sandbox: {}}
stacks:
";

    fn complaints(stacks: &str) -> String {
        match declare_text("landing.yaml", &format!("{HEAD}{stacks}")) {
            Ok(_) => String::new(),
            Err(failed) => failed.diagnostics.render(&failed.sources, false, 120),
        }
    }

    #[test]
    fn networks_that_overlap_are_shown_both() {
        let text = complaints(
            "  one: {template: network, in: [a], parameters: {cidr: 10.20.0.0/16}}
  two: {template: network, in: [b], parameters: {cidr: 10.20.128.0/20}}
  three: {template: network, in: [b], parameters: {cidr: 10.21.0.0/16}}
",
        );
        insta::assert_snapshot!(text);
    }

    #[test]
    fn one_network_cannot_be_in_two_places_unless_it_is_isolated() {
        let in_two = "  one: {template: network, in: [a, b], parameters: {cidr: 10.20.0.0/16}}\n";
        let in_regions =
            "  one: {template: network, in: [a], regions: [eu-west-1, us-east-1], parameters: {cidr: 10.20.0.0/16}}\n";
        let in_unit = "  one: {template: network, in: [Sandbox], parameters: {cidr: 10.20.0.0/16}}\n";
        for text in [in_two, in_regions, in_unit] {
            let reported = complaints(text);
            assert!(
                reported.contains("has the addresses 10.20.0.0/16 in several accounts or regions"),
                "{text}{reported}"
            );
            assert_eq!(reported.matches("error[overlap]").count(), 1, "{reported}");
            assert_eq!(complaints(&text.replace("cidr:", "isolated: true, cidr:")), "");
        }
    }

    #[test]
    fn networks_of_one_pool_lie_apart() {
        let cut = |index: u8, pool: &str| {
            format!("  n{index}: {{template: network, in: [a], parameters: {{pool: {pool}, pool_index: {index}}}}}\n")
        };
        assert_eq!(complaints(&(0..4).map(|index| cut(index, "10.20.0.0/14")).collect::<String>()), "");
        assert!(complaints(&cut(4, "10.20.0.0/14")).contains("has none with number 4"));
        assert!(complaints(&cut(0, "10.20.0.0/18")).contains("the pool is smaller than the network"));
        assert!(complaints("  n: {template: network, in: [a]}\n").contains("write one of `cidr: 10.0.0.0/16`"));
    }
}
