//! From an empty account to an organization.

use serde_json::Value;

use super::landing::{Landing, file};
use super::{moto, python};

#[tokio::test(flavor = "multi_thread")]
async fn the_minimal_blueprint_makes_an_organization_in_stock_moto() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::stock(environment);
    let landing = Landing { url: &moto.url };
    let applied = landing.applied(&file("blueprints/minimal/landing.yaml")).await;
    assert!(applied.plan.api_calls.total > 0, "{:?}", applied.plan.api_calls);
    eprintln!("{:#?}", applied.plan.api_calls);
    let found = python::json(environment.script("read_organization.py").arg(&moto.url));
    let found: Value = found;
    eprintln!("{found:#}");
}
