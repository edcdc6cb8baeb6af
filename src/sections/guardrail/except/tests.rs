use super::*;
use crate::hierarchy::Hierarchy;
use crate::model::Exclusion;
use crate::sections::declare_text;
use landing_policy::{Asking, Decision};

fn excluded(places: &[&str], regions: &[&str]) -> Excluded {
    let places = places.iter().map(|place| Address::parse(place)).collect();
    let regions = regions.iter().map(|region| (*region).to_owned()).collect();
    Excluded { accounts: Exclusion { places, ..Exclusion::default() }, regions }
}

fn without(policy_type: PolicyType, statement: Value, excluded: &Excluded) -> Result<Value, String> {
    match exclude(Rendered::Statements(policy_type, vec![statement]), excluded)? {
        Rendered::Statements(_, mut statements) => Ok(statements.remove(0)),
        other => panic!("{other:?}"),
    }
}

const SCP: PolicyType = PolicyType::ServiceControl;
const RCP: PolicyType = PolicyType::ResourceControl;

#[test]
fn what_is_excluded_becomes_conditions_of_the_policys_type() {
    let statement = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"});
    let all = excluded(&["account/a", "account/b", "ou/W/Dev", "management"], &["us-east-1"]);
    assert_eq!(
        without(SCP, statement.clone(), &all),
        Ok(json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {
            "StringNotEquals": {
                "aws:PrincipalAccount": ["${account/a}", "${account/b}"],
                "aws:RequestedRegion": ["us-east-1"],
            },
            "ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": ["${organization}/*/${ou/W/Dev}/*"]},
        }}))
    );
    assert_eq!(
        without(RCP, statement.clone(), &excluded(&["account/a", "ou/W"], &[])),
        Ok(json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {
            "StringNotEquals": {"aws:ResourceAccount": ["${account/a}"]},
            "ForAllValues:StringNotLike": {"aws:ResourceOrgPaths": ["${organization}/*/${ou/W}/*"]},
        }}))
    );
    assert_eq!(without(SCP, statement.clone(), &excluded(&[], &[])), Ok(statement.clone()));
    assert_eq!(without(SCP, statement.clone(), &excluded(&["management"], &[])), Ok(statement));
}

#[test]
fn conditions_of_the_same_key_are_joined_where_they_negate_and_stand_beside_each_other_where_they_do_not() {
    let all = excluded(&["account/a", "ou/W"], &["us-east-1"]);
    for (own, expected) in [
        (
            json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1"]}}),
            json!({"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"], "aws:PrincipalAccount": ["${account/a}"]}}),
        ),
        (
            json!({"stringnotequals": {"AWS:requestedregion": "us-east-1", "aws:PrincipalAccount": "1"}}),
            json!({"stringnotequals": {"AWS:requestedregion": ["us-east-1"], "aws:PrincipalAccount": ["${account/a}", "1"]}}),
        ),
        (
            json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
            json!({
                "StringEquals": {"aws:RequestedRegion": "eu-west-1"},
                "StringNotEquals": {"aws:RequestedRegion": ["us-east-1"], "aws:PrincipalAccount": ["${account/a}"]},
            }),
        ),
        (
            json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}}),
            json!({
                "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"},
                "StringNotEquals": {"aws:RequestedRegion": ["us-east-1"], "aws:PrincipalAccount": ["${account/a}"]},
            }),
        ),
    ] {
        let statement = json!({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": own});
        let mut expected = expected;
        expected["ForAllValues:StringNotLike"] = json!({"aws:PrincipalOrgPaths": ["${organization}/*/${ou/W}/*"]});
        assert_eq!(without(SCP, statement, &all).map(|it| it["Condition"].clone()), Ok(expected));
    }
}

#[test]
fn only_what_denies_can_exclude_and_what_stacks_hold_stays() {
    let some = excluded(&["account/a"], &[]);
    let allows = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    assert!(without(SCP, allows, &some).is_err_and(|error| error.contains("statements that deny")));
    let tags = Rendered::Policy(PolicyType::Tag, json!({"tags": {}}));
    assert!(exclude(tags, &some).is_err_and(|error| error.contains("what denies requests")));
    let whole = Rendered::Policy(SCP, json!({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}));
    let Ok(Rendered::Policy(_, content)) = exclude(whole, &some) else { panic!("it is a policy") };
    assert_eq!(content["Statement"]["Condition"]["StringNotEquals"]["aws:PrincipalAccount"], json!(["${account/a}"]));
    let rule = Rendered::Rule(json!({"name": "x"}), false);
    assert!(matches!(exclude(rule, &some), Ok(Rendered::Rule(row, false)) if row == json!({"name": "x"})));
}

const UNITS: &str = "version: 1\nname: b\norganization: {regions: [eu-west-1, us-east-1], account_email: '{name}@x.example'}\n\
    organizational_units: {W: {organizational_units: {Dev: {accounts: [dev]}}, accounts: [a, {name: p, tags: {env: prod}}]}, X: {accounts: [x]}}\n";

/// In which accounts leaving the organization is denied, in an order of names.
fn denied(guardrails: &str, region: &str) -> Vec<String> {
    let text = format!("{UNITS}guardrails: {guardrails}\n");
    let declared = match declare_text("landing.yaml", &text) {
        Ok(declared) => declared,
        Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
    };
    let hierarchy = Hierarchy::declared(&declared.desired);
    let asking = Asking {
        principal: "role/any".into(),
        action: "organizations:LeaveOrganization".into(),
        region: Some(region.to_owned()),
        ..Asking::default()
    };
    let denied = hierarchy.accounts().filter(|account| hierarchy.decide(&asking, account).decision == Decision::Deny);
    denied.map(Address::name).collect()
}

#[test]
fn the_policies_do_not_deny_in_what_is_excluded() {
    let all = ["a", "dev", "p", "x"];
    assert_eq!(denied("[no-leaving]", "eu-west-1"), all);
    for (except, expected) in [
        ("[a]", &["dev", "p", "x"][..]),
        ("[W]", &["x"]),
        ("[W/Dev]", &["a", "p", "x"]),
        ("[X, dev]", &["a", "p"]),
        ("{tags: {env: [prod]}}", &["a", "dev", "x"]),
        ("{regions: eu-west-1}", &[]),
        ("{regions: us-east-1}", &all),
        ("[management]", &all),
    ] {
        assert_eq!(denied(&format!("[{{no-leaving: {{except: {except}}}}}]"), "eu-west-1"), expected, "{except}");
        assert_eq!(denied(&format!("[{{name: no-leaving, except: {except}}}]"), "eu-west-1"), expected, "{except}");
    }
}

#[test]
fn mistakes_in_exclusions_are_reported() {
    let reported = |guardrails: &str| match declare_text("landing.yaml", &format!("{UNITS}{guardrails}\n")) {
        Ok(_) => Vec::new(),
        Err(failed) => failed.diagnostics.iter().map(|it| format!("{}: {}", it.code, it.message)).collect::<Vec<_>>(),
    };
    let of_unit = |except: &str| {
        let text = UNITS
            .replace("X: {accounts", &format!("X: {{guardrails: [{{no-leaving: {{except: {except}}}}}], accounts"));
        match declare_text("landing.yaml", &text) {
            Ok(_) => Vec::new(),
            Err(failed) => {
                failed.diagnostics.iter().map(|it| format!("{}: {}", it.code, it.message)).collect::<Vec<_>>()
            }
        }
    };
    assert_eq!(of_unit("[x]"), [""; 0]);
    assert_eq!(of_unit("[a]"), ["target: guardrail no-leaving excludes account/a, which is not below ou/X"]);
    assert_eq!(of_unit("[X]"), ["target: guardrail no-leaving excludes ou/X, which is not below ou/X"]);
    assert_eq!(
        reported("guardrails: [{no-leaving: {except: [dve]}}]"),
        ["unknown-name: no organizational unit or account is called `dve`"]
    );
    let wrong = reported("guardrails: [{no-leaving: {except: {units: [W]}}}]");
    assert!(wrong[0].starts_with("guardrail: guardrail no-leaving: `except`: unknown field `units`"), "{wrong:?}");
}
