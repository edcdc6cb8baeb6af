//! Stacks drawn at random, over blueprints drawn at random.

use std::collections::BTreeMap;

use landing::model::Address;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Drawn, drawn};

const STACKS: [&str; 4] = ["s1", "s2", "s3", "s4"];
const HOME: &str = "eu-west-1";

/// A stack of a blueprint.
#[derive(Clone, Debug)]
pub struct DrawnStack {
    what: What,
    /// `management`, names of accounts and addresses of units, as a blueprint writes them.
    within: Vec<String>,
    in_two_regions: bool,
    /// Whether stacks outlive their being in a stack set; said only where units get it.
    retained: Option<bool>,
    tag: Option<String>,
}

#[derive(Clone, Debug)]
enum What {
    /// A budget by its name, which no other budget of an account has, with its limit.
    Budget { name: String, limit: u8 },
    /// A network, whose VPC another first address replaces.
    Network { second_octet: u8, zones: u8 },
}

/// What one stack is drawn from.
type Raw = (bool, u8, u8, Vec<u8>, Vec<u8>, bool, bool, Option<u8>, Option<u8>);

/// A blueprint that may have stacks in accounts and stack sets in units.
pub fn drawn_with_stacks() -> impl Strategy<Value = Drawn> {
    let raw = (
        any::<bool>(),
        0..2u8,
        1..3u8,
        proptest::collection::vec(any::<u8>(), 0..3),
        proptest::collection::vec(any::<u8>(), 0..3),
        any::<bool>(),
        any::<bool>(),
        proptest::option::of(0..2u8),
        proptest::option::of(any::<u8>()),
    );
    let stacks = proptest::collection::vec(proptest::option::weighted(0.7, raw), STACKS.len());
    (drawn(), stacks).prop_map(|(mut drawn, stacks)| {
        for (name, raw) in STACKS.iter().zip(stacks) {
            if let Some(stack) = raw.and_then(|raw| stack(&drawn, name, raw)) {
                drawn.stacks.insert((*name).to_owned(), stack);
            }
        }
        drawn
    })
}

fn stack(drawn: &Drawn, name: &str, raw: Raw) -> Option<DrawnStack> {
    let (is_budget, first, second, units, accounts, in_two_regions, retained, tag, named_by) = raw;
    let units = apart(drawn, &units);
    let mut accounts: Vec<String> = accounts.into_iter().filter_map(|n| account(drawn, &units, n)).collect();
    accounts.sort();
    accounts.dedup();
    if is_budget && !units.is_empty() {
        // The budget that a stack set will have removed is in the way of the account's own for as long as it is there.
        accounts.retain(|account| account == "management");
    }
    let what = if is_budget {
        let of = if units.is_empty() { "accounts" } else { "units" };
        let namer = named_by.filter(|_| units.is_empty()).and_then(|n| vpc(drawn, n));
        What::Budget { name: format!("{name} of {}", namer.as_deref().unwrap_or(of)), limit: first + 1 }
    } else {
        What::Network { second_octet: first, zones: second }
    };
    let within: Vec<String> = units.iter().map(|unit| target(unit)).chain(accounts).collect();
    let stack = DrawnStack {
        // Budgets are an account's, whatever the region.
        in_two_regions: in_two_regions && !is_budget,
        // A budget that stays would be in the way of the next one.
        retained: (!units.is_empty()).then_some(retained && !is_budget),
        what,
        within,
        tag: tag.map(|n| format!("t{n}")),
    };
    (!stack.within.is_empty()).then_some(stack)
}

/// The root is the unit that lies in no other.
fn target(unit: &[String]) -> String {
    let unit = if unit.is_empty() { Address::root() } else { Address::unit(unit) };
    unit.to_string()
}

/// Units of which none lies in another.
fn apart(drawn: &Drawn, picks: &[u8]) -> Vec<Vec<String>> {
    let places = drawn.places();
    let mut chosen: Vec<Vec<String>> = Vec::new();
    for n in picks {
        let place = &places[usize::from(*n) % places.len()];
        if !chosen.iter().any(|other| place.starts_with(other) || other.starts_with(place)) {
            chosen.push(place.clone());
        }
    }
    chosen
}

/// An account that lies in none of the units, or the management account.
fn account(drawn: &Drawn, units: &[Vec<String>], n: u8) -> Option<String> {
    let n = usize::from(n) % (drawn.accounts.len() + 1);
    let Some((name, (place, _))) = drawn.accounts.iter().nth(n) else { return Some("management".to_owned()) };
    (!units.iter().any(|unit| place.starts_with(unit))).then(|| name.clone())
}

/// What gives the id of a VPC that a stack drawn before makes in an account.
fn vpc(drawn: &Drawn, n: u8) -> Option<String> {
    let is_network = |stack: &DrawnStack| matches!(stack.what, What::Network { .. });
    let made = drawn.stacks.iter().filter(|(_, stack)| is_network(stack)).flat_map(|(name, stack)| {
        let accounts = stack.within.iter().filter(|within| !within.contains('/') && *within != "root");
        accounts.map(move |account| Address::stack(account, name, HOME))
    });
    let made: Vec<Address> = made.collect();
    let chosen = made.get(usize::from(n).checked_rem(made.len())?)?;
    Some(format!("${{{chosen}.VpcId}}"))
}

/// The section `stacks`.
pub fn section(stacks: &BTreeMap<String, DrawnStack>) -> Value {
    stacks.iter().map(|(name, stack)| (name.clone(), stack.section())).collect::<serde_json::Map<_, _>>().into()
}

impl DrawnStack {
    fn section(&self) -> Value {
        let (template, parameters) = match &self.what {
            What::Budget { name, limit } => {
                ("budget", json!({"BudgetName": name, "limit_usd": limit, "emails": ["costs@example.com"]}))
            }
            What::Network { second_octet, zones } => (
                "network",
                json!({"cidr": format!("10.{second_octet}.0.0/16"), "isolated": true, "zones": zones, "flow_logs": false}),
            ),
        };
        let mut section = json!({"template": template, "in": self.within, "parameters": parameters});
        if self.in_two_regions {
            section["regions"] = json!([HOME, "us-east-1"]);
        }
        if let Some(retained) = self.retained {
            section["auto_deployment"] = json!({"retain_stacks_on_account_removal": retained});
        }
        if let Some(tag) = &self.tag {
            section["tags"] = json!({"stack": tag});
        }
        section
    }
}
