use serde_json::json;

use crate::declaration::Declared;
use crate::model::{Address, Wanted, body_content};
use crate::sections::declare_text;

const NO_LEAVING: &str = "Member accounts cannot leave the organization";

fn declared(policies: &str) -> Result<Declared, Vec<String>> {
    let text = format!(
        "version: 1\nname: b\norganization: {{regions: [eu-west-1, eu-north-1]}}\npolicies:\n{policies}\norganizational_units: {{A: {{policies: [mine]}}}}\n"
    );
    declare_text("landing.yaml", &text)
        .map_err(|failed| failed.diagnostics.iter().map(|it| it.message.clone()).collect())
}

fn policy(policies: &str, address: &str) -> Wanted {
    let declared = declared(policies).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    declared.desired.get(&Address::parse(address)).unwrap_or_else(|| panic!("no {address}")).clone()
}

fn mistakes(policies: &str) -> Vec<String> {
    declared(policies).err().unwrap_or_default()
}

#[test]
fn a_policy_that_is_a_guardrail_says_what_it_says_under_its_own_name() {
    let wanted = policy("  mine: {guardrail: no-leaving}", "scp/mine");
    let leaving = json!({"Sid": "DenyLeaveOrganization", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"});
    assert_eq!(body_content(&wanted.body), Some(&json!({"Version": "2012-10-17", "Statement": [leaving]})));
    assert_eq!((&wanted.body["name"], &wanted.body["description"]), (&json!("mine"), &json!(NO_LEAVING)));
    assert_eq!(wanted.lenient, ["content", "description"]);
    let described = policy("  mine: {guardrail: [no-leaving], description: Stay}", "scp/mine");
    assert_eq!((&described.body["description"], described.lenient), (&json!("Stay"), vec!["content".to_owned()]));
}

#[test]
fn a_guardrail_in_a_policy_takes_its_parameters() {
    let regions = |policies: &str| {
        let wanted = policy(policies, "scp/mine");
        let content = body_content(&wanted.body).cloned().unwrap_or_default();
        content["Statement"][0]["Condition"]["StringNotEquals"]["aws:RequestedRegion"].clone()
    };
    assert_eq!(regions("  mine: {guardrail: region-restriction}"), json!(["eu-west-1", "eu-north-1"]));
    let given = "  mine: {guardrail: {region-restriction: {regions: [eu-central-1]}}}";
    assert_eq!(regions(given), json!(["eu-central-1"]));
}

#[test]
fn several_guardrails_of_a_type_are_one_policy() {
    let wanted = policy("  mine: {guardrail: [no-root-user, no-leaving]}", "scp/mine");
    let content = body_content(&wanted.body).cloned().unwrap_or_default();
    let sids: Vec<&str> =
        content["Statement"].as_array().into_iter().flatten().filter_map(|it| it["Sid"].as_str()).collect();
    assert_eq!(sids, ["DenyLeaveOrganization", "NoRootUser"]);
    assert_eq!(wanted.body["description"], "Guardrails no-leaving, no-root-user");
}

#[test]
fn the_type_is_the_guardrails() {
    assert_eq!(policy("  mine: {guardrail: tls-only}", "rcp/mine").body["type"], "RESOURCE_CONTROL_POLICY");
    assert_eq!(policy("  mine: {guardrail: tls-only, type: rcp}", "rcp/mine").body["name"], "mine");
    let wrong = mistakes("  mine: {guardrail: tls-only, type: scp}");
    assert_eq!(wrong, ["the guardrail is a policy of the type rcp"]);
    assert_eq!(
        mistakes("  mine: {guardrail: [tls-only, no-leaving]}"),
        ["guardrails no-leaving and tls-only are policies of two types"]
    );
    assert_eq!(
        mistakes("  mine: {guardrail: [no-ai-training, no-leaving]}"),
        ["guardrails no-ai-training and no-leaving cannot be one policy"]
    );
    assert_eq!(
        mistakes("  mine: {guardrail: s3-versioning}"),
        ["guardrail s3-versioning is held by a stack and is no policy"]
    );
    assert_eq!(mistakes("  mine: {guardrail: no-such}"), ["no guardrail, set or level is called `no-such`"]);
}

#[test]
fn what_a_policy_says_is_given_once_and_in_one_way() {
    let twice = "what the policy mine says must be given once";
    assert_eq!(mistakes("  mine: {guardrail: no-leaving, template: deny-leave-organization}"), [twice]);
    let parameters = mistakes("  mine: {guardrail: no-leaving, parameters: {x: y}}");
    assert_eq!(parameters, ["`parameters` are those of a `template`"]);
    let inline =
        "version: 1\nname: b\norganization: {regions: [eu-west-1], policies: [{guardrail: no-leaving, name: n}]}\n";
    let failed = declare_text("landing.yaml", inline).expect_err("it is no place for it");
    let messages: Vec<&str> = failed.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["only a policy under `policies` can be said to be a guardrail"]);
}

#[test]
fn roles_that_it_exempts_are_exempt_for_the_whole_blueprint() {
    let declared = declared("  mine: {guardrail: {trail-stays: {exempt_roles: [Auditor]}}}").expect("it is right");
    assert_eq!(declared.desired.settings.exempt_roles, ["Auditor"]);
}

#[test]
fn a_guardrail_that_may_lock_out_may_so_in_a_policy() {
    let declared = declared("  mine: {guardrail: deny-all}").expect("it is right");
    assert_eq!(declared.desired.settings.may_lock_out, [Address::parse("scp/mine")]);
}

#[test]
fn a_key_stands_for_a_name_that_policies_of_two_types_share() {
    let deny = |more: &str| {
        format!(
            "{{name: Baseline, {more} content: {{Version: '2012-10-17', Statement: {{Effect: Deny, {more2} Action: 's3:*', Resource: '*'}}}}}}",
            more2 = if more.is_empty() { "" } else { "Principal: '*'," }
        )
    };
    let both = format!("  mine: {}\n  theirs: {}", deny(""), deny("type: rcp,"));
    let declared = declared(&both).expect("it is right");
    let addresses: Vec<&str> = declared.desired.of_kind("policy").map(|it| it.address.as_str()).collect();
    assert_eq!(addresses, ["rcp/Baseline", "scp/Baseline"]);
    assert!(declared.desired.get(&Address::parse("scp/Baseline@ou/A")).is_some(), "the unit names the key");
    let same = format!("  mine: {}\n  theirs: {}", deny(""), deny(""));
    assert_eq!(mistakes(&same), ["scp/Baseline is in the blueprint twice"]);
}
