//! From an empty account to an organization.

use serde_json::json;

use super::landing::{Landing, file};
use super::{moto, organization, python, sandbox};

#[test]
fn the_minimal_blueprint_makes_an_organization_in_stock_moto() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::stock(environment);
    let applied = Landing { url: &moto.url }.applied(&file("blueprints/minimal/landing.yaml"));
    assert!(applied["api_calls"]["total"].as_u64() > Some(0), "calls over the network are counted");
    let found = organization::read(environment, &moto.url);
    let units: Vec<&String> = found["units"].as_object().expect("units by path").keys().collect();
    assert_eq!(units, ["Infrastructure", "Sandbox", "Security", "Workloads"]);
    let attached = |name: &str| found["policies"][format!("SERVICE_CONTROL_POLICY/{name}")]["targets"].clone();
    assert_eq!(attached("region-restriction"), json!(["root"]));
    assert_eq!(attached("deny-leave-organization"), json!(["root"]));
    assert_eq!(found["feature_set"], "ALL");
}

#[test]
fn a_medium_blueprint_makes_all_that_it_says_in_stock_moto() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::stock(environment);
    Landing { url: &moto.url }.applied(&file("tests/wire/medium/landing.yaml"));
    organization::assert_same(&organization::medium(), &organization::read(environment, &moto.url));
}

#[test]
fn a_medium_blueprint_makes_all_that_it_says_in_the_sandbox_as_boto3_reads_it() {
    let Some(environment) = python::environment() else { return };
    let sandbox = sandbox::serve(&[]);
    Landing { url: &sandbox.url }.applied(&file("tests/wire/medium/landing.yaml"));
    organization::assert_same(&organization::medium(), &organization::read(environment, &sandbox.url));
}
