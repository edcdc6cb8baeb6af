use landing_policy::{AttachedPolicy, Decision, Level, Policy, Request, evaluate};
use serde_json::{Value, json};

use crate::declaration::Declared;
use crate::model::{Address, Desired, body_content};
use crate::sections::declare_text_on;

fn declared(uses: &str, today: &str) -> Result<Declared, Vec<String>> {
    let text = format!("version: 1\nname: b\norganization: {{regions: [eu-west-1]}}\n{uses}\n");
    let declared = declare_text_on(today, "landing.yaml", &text);
    declared.map_err(|failed| failed.diagnostics.iter().map(|it| it.message.clone()).collect())
}

fn desired(uses: &str) -> Desired {
    declared(uses, "2026-11-29").unwrap_or_else(|mistakes| panic!("{mistakes:?}")).desired
}

fn statements(uses: &str) -> Vec<Value> {
    let desired = desired(uses);
    let policy = desired.get(&Address::parse("scp/guardrails")).expect("the guardrail's policy");
    body_content(&policy.body).and_then(|content| content["Statement"].as_array()).cloned().unwrap_or_default()
}

const BOTH: &str = "guardrails: [{no-iam-users: {exempt_roles: [Always, {name: Contractor, until: 2027-03-01}]}}]";

/// Who may make users under the policy at a time; no time: it is not known.
fn may(uses: &str, role: &str, time: Option<&str>) -> Decision {
    let policy =
        Policy::read(&json!({"Version": "2012-10-17", "Statement": statements(uses)})).expect("it is a policy");
    let attached = |name: &str, policy| AttachedPolicy { name: name.into(), policy };
    let level =
        Level { id: "r".into(), policies: vec![attached("full", Policy::full_access()), attached("ours", policy)] };
    let mut request = Request::new(&format!("arn:aws:iam::111111111111:role/{role}"), "iam:CreateUser", None);
    if let Some(time) = time {
        request.context = request.context.with("aws:CurrentTime", [time]);
    }
    evaluate(&[level], &[], &request).decision
}

#[test]
fn an_exemption_ends_when_its_day_begins() {
    for (role, time, expected) in [
        ("Contractor", "2027-02-28T23:59:59Z", Decision::Allow),
        ("Contractor", "2027-03-01T00:00:00Z", Decision::Deny),
        ("Contractor", "2031-01-01T00:00:00Z", Decision::Deny),
        ("Always", "2027-02-28T23:59:59Z", Decision::Allow),
        ("Always", "2027-03-01T00:00:00Z", Decision::Allow),
        ("Other", "2027-02-28T23:59:59Z", Decision::Deny),
        ("Other", "2027-03-01T00:00:00Z", Decision::Deny),
    ] {
        assert_eq!(may(BOTH, role, Some(time)), expected, "{role} at {time}");
    }
}

#[test]
fn without_the_time_only_the_exemption_that_ends_is_open() {
    assert_eq!(may(BOTH, "Always", None), Decision::Allow);
    assert_eq!(may(BOTH, "Other", None), Decision::Deny);
    assert_eq!(may(BOTH, "Contractor", None), Decision::Undecided);
}

#[test]
fn exemptions_end_one_after_the_other() {
    let uses = "guardrails: [{no-iam-users: {exempt_roles: [{name: Late, until: 2027-06-01}, {name: Early, until: 2027-03-01}]}}]";
    let at = |role: &str| {
        ["2027-02-28T00:00:00Z", "2027-04-01T00:00:00Z", "2027-06-01T00:00:00Z"].map(|time| may(uses, role, Some(time)))
    };
    assert_eq!(at("Early"), [Decision::Allow, Decision::Deny, Decision::Deny]);
    assert_eq!(at("Late"), [Decision::Allow, Decision::Allow, Decision::Deny]);
    assert_eq!(at("Other"), [Decision::Deny; 3]);
    assert_eq!(statements(uses).len(), 3);
}

#[test]
fn what_holds_from_a_day_on_says_so() {
    let all = statements(BOTH);
    assert_eq!(all.len(), 2);
    assert_eq!(
        all[0]["Condition"],
        json!({"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/Always", "arn:aws:iam::*:role/Contractor"]}})
    );
    assert_eq!(
        all[1]["Condition"],
        json!({"ArnNotLike": {"aws:PrincipalArn": ["arn:aws:iam::*:role/Always"]},
               "DateGreaterThanEquals": {"aws:CurrentTime": "2027-03-01T00:00:00Z"}})
    );
    assert_eq!(all[1]["Sid"], "NoIamUsersFrom20270301");
}

#[test]
fn exemptions_for_good_add_nothing() {
    let uses = "guardrails: [{no-iam-users: {exempt_roles: [Always]}}]";
    assert_eq!(statements(uses).len(), 1);
}

fn warnings(today: &str) -> Vec<String> {
    let declared = declared(BOTH, today).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    declared.warnings.iter().filter(|it| it.code == "until").map(|it| it.message.clone()).collect()
}

#[test]
fn its_end_is_announced_a_week_ahead_and_reported_afterwards() {
    assert_eq!(warnings("2027-02-21"), [""; 0]);
    for today in ["2027-02-22", "2027-02-28"] {
        assert_eq!(
            warnings(today),
            ["role Contractor is exempt from guardrail no-iam-users until 2027-03-01"],
            "{today}"
        );
    }
    for today in ["2027-03-01", "2028-01-01"] {
        let reported = "role Contractor is not exempt from guardrail no-iam-users any more since 2027-03-01";
        assert_eq!(warnings(today), [reported], "{today}");
    }
}

#[test]
fn roles_that_are_exempt_for_a_time_are_kept_like_the_others() {
    assert_eq!(desired(BOTH).settings.exempt_roles, ["Always", "Contractor"]);
}

#[test]
fn what_is_no_exemption_is_a_mistake() {
    let mistakes = |item: &str| {
        let uses = format!("guardrails: [{{no-iam-users: {{exempt_roles: [{item}]}}}}]");
        declared(&uses, "2026-11-29").err().unwrap_or_default()
    };
    let none = |item: &str| vec![format!("guardrail no-iam-users: {item} is no role that is exempt")];
    assert_eq!(mistakes("{name: A}"), none(r#"{"name":"A"}"#));
    assert_eq!(mistakes("{until: 2027-03-01}"), none(r#"{"until":"2027-03-01"}"#));
    assert_eq!(
        mistakes("{name: A, until: 2027-03-01, why: x}"),
        none(r#"{"name":"A","until":"2027-03-01","why":"x"}"#)
    );
    assert_eq!(mistakes("5"), none("5"));
    assert_eq!(mistakes("{name: A, until: 2027-02-30}"), ["`until: 2027-02-30` is no day of the calendar"]);
}

const EXCLUDED: &str = "organizational_units: {W: {accounts: [{name: lab, email: lab@example.com}]}}\nguardrails: [{name: no-leaving, except: {in: [lab], until: 2027-03-01}}]";

#[test]
fn an_account_may_be_excluded_until_a_day() {
    let all = statements(EXCLUDED);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["Condition"], json!({"StringNotEquals": {"aws:PrincipalAccount": ["${account/lab}"]}}));
    assert_eq!(all[1]["Condition"], json!({"DateGreaterThanEquals": {"aws:CurrentTime": "2027-03-01T00:00:00Z"}}));
    let reported = |today: &str| {
        let declared = declared(EXCLUDED, today).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        declared.warnings.iter().filter(|it| it.code == "until").map(|it| it.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(reported("2026-11-29"), [""; 0]);
    assert_eq!(reported("2027-02-25"), ["what `except` names is exempt from guardrail no-leaving until 2027-03-01"]);
    assert_eq!(
        reported("2027-03-02"),
        ["what `except` names is not exempt from guardrail no-leaving any more since 2027-03-01"]
    );
}

#[test]
fn what_no_statement_holds_cannot_end() {
    let uses = EXCLUDED.replace("no-leaving", "s3-versioning");
    let message = "guardrail s3-versioning: no exemption from it can end by itself";
    assert_eq!(declared(&uses, "2026-11-29").err(), Some(vec![message.to_owned()]));
}

#[test]
fn a_time_that_a_statement_has_already_is_asked_beside_the_new_one() {
    let until = crate::model::Until(crate::model::Date::parse("2027-03-01").expect("a day"));
    let own =
        json!({"Effect": "Deny", "Condition": {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}});
    let [later] = &crate::declaration::temporary::from_then_on(vec![own], &[], until)[..] else {
        panic!("one statement")
    };
    let both = json!({"DateGreaterThanEquals": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, "DateGreaterThanEqualsIfExists": {"aws:CurrentTime": "2027-03-01T00:00:00Z"}});
    assert_eq!(later["Condition"], both);
}

/// A policy that a built-in template makes, with a role that is exempt for a time.
const TEMPLATE: &str = "policies: {regions: {template: region-restriction, parameters: {exempt_roles: [Always, {name: Contractor, until: 2027-03-01}]}}}\n\
    organizational_units: {W: {policies: [regions]}}";

#[test]
fn an_exemption_from_a_built_in_template_ends_as_well() {
    let desired = desired(TEMPLATE);
    let policy = desired.get(&Address::parse("scp/regions")).expect("the policy is wanted");
    let content = body_content(&policy.body).expect("it has content");
    let statements = content["Statement"].as_array().cloned().unwrap_or_default();
    let [always, _, later, _] = statements.as_slice() else { panic!("{statements:?}") };
    let roles = |statement: &Value| statement["Condition"]["ArnNotLike"]["aws:PrincipalArn"].clone();
    assert_eq!(roles(always), json!(["arn:aws:iam::*:role/Always", "arn:aws:iam::*:role/Contractor"]));
    assert_eq!(roles(later), json!(["arn:aws:iam::*:role/Always"]));
    assert_eq!(always["Condition"]["DateGreaterThanEquals"], Value::Null);
    assert_eq!(later["Condition"]["DateGreaterThanEquals"]["aws:CurrentTime"], "2027-03-01T00:00:00Z");
    assert_eq!(desired.settings.exempt_roles, ["Always", "Contractor"]);
    let reported = |today: &str| {
        let declared = declared(TEMPLATE, today).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
        declared.warnings.iter().filter(|it| it.code == "until").map(|it| it.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(reported("2026-11-29"), [""; 0]);
    assert_eq!(reported("2027-02-25"), ["role Contractor is exempt from template region-restriction until 2027-03-01"]);
    let wrong = TEMPLATE.replace("until: 2027-03-01", "since: 2027-03-01");
    let mistakes = declared(&wrong, "2026-11-29").err().unwrap_or_default();
    assert!(mistakes[0].starts_with("template region-restriction: {"), "{mistakes:?}");
}

#[test]
fn a_role_that_a_named_use_exempts_for_a_time_is_kept_too() {
    let uses = "guardrails: [{name: no-iam-users, exempt_roles: [{name: Contractor, until: 2027-03-01}]}]";
    assert_eq!(desired(uses).settings.exempt_roles, ["Contractor"]);
}
