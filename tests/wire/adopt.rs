//! An organization that others built, of which a blueprint takes over a part. Needs the measuring tools that may lie
//! beside the repository, in ../shared/tools.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::landing::{Landing, file};
use super::server::Server;
use super::tools::Tools;
use super::{moto, organization};

#[test]
fn a_medium_blueprint_makes_all_that_it_says_in_a_moto_as_strict_as_aws() {
    let Some(tools) = Tools::find() else { return };
    let moto = moto::strict(&tools);
    Landing { url: &moto.url }.applied(&file("tests/wire/medium/landing.yaml"));
    organization::assert_same(&organization::medium(), &organization::read(tools.environment, &moto.url));
}

#[test]
fn adopting_a_part_of_an_organization_changes_nothing_of_the_rest() {
    let Some(tools) = Tools::find() else { return };
    let moto = moto::strict(&tools);
    load(&tools, &moto);
    let before = tools.dump(&moto);
    let landing = Landing { url: &moto.url };
    landing.applied(&file("tests/wire/adopted.yaml"));
    let mut expected = before;
    expect_the_blueprint(&mut expected);
    organization::assert_same(&expected, &tools.dump(&moto));
}

/// What `adopted.yaml` says, over what was there.
fn expect_the_blueprint(dump: &mut Value) {
    let owned = |address: &str| json!({"landing:address": address, "landing:blueprint": "part"});
    insert(dump, "ous", json!({"name": "Added", "path": "Added"}));
    let account = find(dump, "accounts", "analytics-batch-prod");
    merge(&mut account["tags"], json!({"owner": "records"}));
    merge(&mut account["tags"], owned("account/analytics-batch-prod"));
    insert(
        dump,
        "accounts",
        json!({"name": "analytics-new", "email": "aws+analytics-new@example.com", "ou_path": "Workloads/Records",
            "tags": owned("account/analytics-new")}),
    );
    let policy = find(dump, "policies", "service-0003");
    policy["description"] = json!("Nobody leaves");
    policy["content"] = json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "NobodyLeaves", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]});
    policy["tags"] = json!({});
    merge(&mut policy["tags"], owned("scp/service-0003"));
}

fn list<'a>(dump: &'a mut Value, key: &str) -> &'a mut Vec<Value> {
    dump[key].as_array_mut().expect("the dump has this list")
}

fn find<'a>(dump: &'a mut Value, key: &str, name: &str) -> &'a mut Value {
    list(dump, key).iter_mut().find(|item| item["name"] == name).unwrap_or_else(|| panic!("no {name} in {key}"))
}

/// The dump's lists are in the order of their names.
fn insert(dump: &mut Value, key: &str, item: Value) {
    let items = list(dump, key);
    let order = |item: &Value| item["path"].as_str().or(item["name"].as_str()).map(str::to_owned);
    let at = items.partition_point(|other| order(other) < order(&item));
    items.insert(at, item);
}

fn merge(map: &mut Value, more: Value) {
    let (Value::Object(map), Value::Object(more)) = (map, more) else { panic!("tags are maps") };
    map.extend(more);
}

/// Sixty accounts in twelve units, always the same.
fn load(tools: &Tools, moto: &Server) {
    let organization = tools.generate("--accounts 60 --ous 12 --scps 8 --permission-sets 0 --groups 0 --seed 1");
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wire-organization.json");
    std::fs::write(&path, organization.to_string()).expect("the target folder can be written");
    tools.load(moto, &path);
}
