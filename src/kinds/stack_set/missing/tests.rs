use serde_json::{Value, json};

use super::*;
use crate::model::{Body, Found, Owner};

const HOME: &str = "eu-west-1";
const FAR: &str = "us-east-1";

fn found(address: Address, kind: &str, id: &str) -> Found {
    let (kind, id, owner, body) = (kind.into(), id.into(), Owner::Unmanaged, Body::new());
    Found { address, kind, id, owner, body, parent: None, attached_to: Vec::new() }
}

/// The accounts a and b in the unit W, x in X, the management account in W; c is closed.
fn observed() -> Observed {
    let mut observed = Observed::default();
    for (name, parent) in [("a", "ou/W"), ("b", "ou/W/Deep"), ("x", "ou/X"), ("payer", "ou/W"), ("c", "ou/W")] {
        let address = Address::account(name);
        observed.accounts.insert(address.clone(), Address::parse(parent));
        let found = found(address.clone(), "account", name);
        match name {
            "c" => drop(observed.closed.insert(address, found)),
            _ => observed.add(found),
        }
    }
    observed.bindings.bind(Address::management(), "payer");
    observed.bindings.bind(Address::account("payer"), "payer");
    observed
}

fn account(name: &str, parent: &str) -> Wanted {
    Wanted::new("account", Address::account(name), Body::new()).under(Address::parse(parent))
}

/// A stack set for W in two regions that gives these accounts values of their own.
fn wanted(named: &[&str], except: &[&str]) -> Wanted {
    let accounts: serde_json::Map<String, Value> =
        named.iter().map(|name| (Address::account(name).to_string(), json!({"P": "own"}))).collect();
    let except: Vec<String> = except.iter().map(|name| Address::account(name).to_string()).collect();
    let body =
        json!({"deployment_targets": {"ou/W": [HOME, FAR]}, "parameters_by": {"accounts": accounts}, "except": except});
    Wanted::new("stack-set", Address::stack_set("s"), body.as_object().cloned().unwrap_or_default())
}

fn stack(account: &str, region: &str) -> StackInstanceFacts {
    StackInstanceFacts {
        account: account.into(),
        region: region.into(),
        unit: "ou-w".into(),
        status: "CURRENT".into(),
        detailed_status: "SUCCEEDED".into(),
        reason: None,
        stack: "arn".into(),
        drifted: false,
    }
}

/// What is missing of a set that AWS has for W in these regions, with stacks in the accounts and regions given.
fn missing(wanted: &Wanted, regions: &[&str], stacks: &[(&str, &str)], accounts: &[Wanted]) -> Vec<String> {
    let targets = Regions::from([(Address::parse("ou/W"), regions.iter().map(|it| (*it).to_owned()).collect())]);
    let instances: Vec<StackInstanceFacts> = stacks.iter().map(|(account, region)| stack(account, region)).collect();
    let mut desired = Desired::default();
    accounts.iter().for_each(|account| desired.add(account.clone()));
    recognize(wanted, &targets, &instances, (&desired, &observed())).into_keys().collect()
}

#[test]
fn an_account_with_own_values_and_no_stack_in_a_region_of_its_unit_is_missing_there() {
    let both = [HOME, FAR];
    assert_eq!(missing(&wanted(&["a"], &[]), &both, &[], &[]), ["account/a.eu-west-1", "account/a.us-east-1"]);
    assert_eq!(missing(&wanted(&["a"], &[]), &both, &[("a", HOME), ("b", FAR)], &[]), ["account/a.us-east-1"]);
    assert_eq!(missing(&wanted(&["a", "b"], &[]), &[HOME], &[], &[]), ["account/a.eu-west-1", "account/b.eu-west-1"]);
    assert_eq!(missing(&wanted(&["a"], &[]), &both, &[("a", HOME), ("a", FAR)], &[]), [""; 0]);
}

#[test]
fn who_has_the_stack_set_s_values_is_aws_s_to_follow() {
    assert_eq!(missing(&wanted(&[], &[]), &[HOME], &[], &[]), [""; 0]);
    assert_eq!(missing(&wanted(&["b"], &[]), &[HOME], &[("b", HOME)], &[]), [""; 0]);
}

#[test]
fn where_the_set_is_not_or_the_account_gets_none_nothing_is_missing() {
    assert_eq!(missing(&wanted(&["a"], &[]), &[], &[], &[]), [""; 0], "the unit is shown as missing");
    for named in ["x", "payer", "c", "unknown"] {
        assert_eq!(missing(&wanted(&[named], &[]), &[HOME], &[], &[]), [""; 0], "{named}");
    }
    assert_eq!(missing(&wanted(&["a"], &["a"]), &[HOME], &[], &[]), [""; 0]);
}

#[test]
fn accounts_count_where_the_plan_brings_them() {
    let came = missing(&wanted(&["x"], &[]), &[HOME], &[], &[account("x", "ou/W")]);
    assert_eq!(came, ["account/x.eu-west-1"]);
    assert_eq!(missing(&wanted(&["a"], &[]), &[HOME], &[], &[account("a", "ou/X")]), [""; 0]);
    let new = missing(&wanted(&["new"], &[]), &[HOME], &[], &[account("new", "ou/W")]);
    assert_eq!(new, ["account/new.eu-west-1"]);
    assert_eq!(missing(&wanted(&["new"], &[]), &[HOME], &[], &[account("new", "ou/W").present(false)]), [""; 0]);
}

#[test]
fn anyone_who_surveys_is_reported_where_an_account_has_fewer_regions_than_its_unit() {
    let both = [HOME, FAR].map(str::to_owned);
    let targets = Regions::from([(Address::parse("ou/W"), BTreeSet::from(both))]);
    let uneven = |stacks: &[(&str, &str)]| -> Vec<String> {
        let instances: Vec<StackInstanceFacts> =
            stacks.iter().map(|(account, region)| stack(account, region)).collect();
        super::uneven(&targets, &instances, &observed()).into_keys().collect()
    };
    assert_eq!(uneven(&[("a", HOME), ("a", FAR), ("b", HOME)]), ["account/b.us-east-1"]);
    assert_eq!(uneven(&[("a", HOME), ("a", FAR)]), [""; 0], "b is left out as a whole");
    assert_eq!(uneven(&[("x", HOME), ("c", HOME)]), [""; 0], "of another unit, and closed");
    let set =
        StackSet { instances: BTreeMap::from([("account/b.us-east-1".into(), MISSING.into())]), ..StackSet::default() };
    assert_eq!(first(&set), Some((Address::account("b"), FAR.into())));
    let stuck =
        StackSet { instances: BTreeMap::from([("account/b.r".into(), "OUTDATED".into())]), ..StackSet::default() };
    assert_eq!(first(&stuck), None);
}

#[test]
fn only_a_field_that_says_so_reports_a_missing_instance() {
    let field =
        |path: &str, before: &str| FieldChange { path: path.into(), before: json!(before), after: json!("CURRENT") };
    let reported =
        |path: &str, before: &str| place(&field(path, before)).map(|(account, region)| format!("{account} {region}"));
    assert_eq!(reported("instances.account/a.b.eu-west-1", "MISSING").as_deref(), Some("account/a.b eu-west-1"));
    assert_eq!(reported("instances.account/a.eu-west-1", "OUTDATED FAILED"), None);
    assert_eq!(reported("deployment_targets.account/a.eu-west-1", "MISSING"), None);
    assert!(is_shown(&field("instances.account/a.eu-west-1", "MISSING")));
}
