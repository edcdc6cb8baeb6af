//! What lint finds, case by case in `lint.json`: what holds there, the statements, and the findings as code, place and
//! what is offered instead. With `"open"` or `"undecided"` there may be more findings.

use landing_policy::{Finding, Fix, OrganizationContext, Part, PolicyType, SourceText, guess_type, lint, parse};
use serde_json::{Value, json};

use super::shared_cases::shared;

const TABLE: &str = include_str!("lint.json");

#[test]
fn every_policy_has_the_findings_of_the_table() {
    let table: Vec<Value> = serde_json::from_str(TABLE).expect("JSON");
    let mut wrong = Vec::new();
    for case in &table {
        let mut found: Vec<Value> = findings(case).iter().map(shortened).collect();
        let mut expected = case["found"].as_array().expect("findings").clone();
        if case["open"] == true || case["undecided"] == true {
            found.retain(|one| expected.contains(one));
            expected.retain(|one| case["open"] == true || found.contains(one));
            assert!(!found.is_empty(), "{}", case["holds"]);
        }
        found.sort_by_key(Value::to_string);
        expected.sort_by_key(Value::to_string);
        if found != expected {
            wrong.push(format!("{}:\n  found    {}\n  expected {}", case["holds"], json!(found), json!(expected)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_offered_instead_repairs_the_finding() {
    let table: Vec<Value> = serde_json::from_str(TABLE).expect("JSON");
    let mut mended = 0;
    for case in &table {
        let before = SourceText::read("case", document(case).to_string()).expect("JSON");
        for finding in findings(case) {
            let Some(fix) = &finding.fix else { continue };
            let after = applied(&before, fix);
            let left = lint(after.value(), policy_type(case), &OrganizationContext::default());
            assert!(
                left.iter().all(|other| (other.code, &other.path) != (finding.code, &finding.path)),
                "{}: {left:?}",
                case["holds"]
            );
            mended += 1;
        }
    }
    assert!(mended > 15, "only {mended} fixes");
}

#[test]
fn a_value_that_cannot_be_read_is_reported_with_what_comes_of_it() {
    for (operator, values, effect, outcome) in [
        ("IpAddress", json!(["10.0.0.0/8", "home"]), "Deny", "it matches nothing"),
        ("NotIpAddress", json!(["10.0.0.0/8", "home"]), "Deny", "it matches nothing, so that it exempts no request"),
        ("IpAddress", json!("home"), "Deny", "it matches nothing, so that the statement denies nothing"),
        ("IpAddress", json!("home"), "Allow", "it matches nothing, so that the statement allows nothing"),
        (
            "IpAddressIfExists",
            json!("home"),
            "Deny",
            "it matches nothing, so that the statement denies only requests without `a:b`",
        ),
        (
            "NotIpAddress",
            json!("home"),
            "Deny",
            "it matches nothing, so that the condition always holds: whatever `a:b` is, it is denied",
        ),
        (
            "NumericNotEquals",
            json!("home"),
            "Allow",
            "it matches nothing, so that the condition always holds: whatever `a:b` is, it is allowed",
        ),
        (
            "DateNotEquals",
            json!("home"),
            "Deny",
            "it matches nothing, so that the condition always holds: whatever `a:b` is, it is denied",
        ),
        (
            "ForAnyValue:NotIpAddress",
            json!("home"),
            "Deny",
            "it matches nothing, so that every request with `a:b` is denied, whatever that is",
        ),
    ] {
        let condition = json!({operator: {"a:b": values}});
        let statement =
            json!({"Effect": effect, "Action": ["iam:*", "sts:*"], "Resource": "*", "Condition": condition});
        let case = json!({"statement": statement});
        let found = findings(&case);
        let found: Vec<_> = found.iter().filter(|finding| finding.code.name() == "unreadable-value").collect();
        assert_eq!(found.len(), 1, "{condition}");
        assert_eq!(found[0].message, format!("`{operator}` cannot read `home`: {outcome}"));
    }
}

/// As many statements as take too long to compare with each other, all joinable and two of them the same.
#[test]
fn rules_are_not_applied_to_what_is_larger_than_any_policy() {
    let deny = |number: usize| json!({"Effect": "Deny", "Action": format!("s3:Get{number}"), "Resource": "*"});
    let codes = |count: usize| {
        let mut statements: Vec<Value> = (1..count).map(deny).collect();
        statements.push(deny(1));
        let found = findings(&json!({"statements": statements}));
        let mut codes: Vec<&str> = found.iter().map(|finding| finding.code.name()).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.join(" ")
    };
    assert_eq!(codes(1_333), "shadowed-statement shorter-form too-large unknown-action");
    assert_eq!(codes(1_334), "oversized too-large");
}

#[test]
fn fixes_of_published_policies_leave_json() {
    let Some(folder) = shared("policies") else { return };
    let mut files = Vec::new();
    super::corpus::json_files(&folder, &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        let Ok(source) = SourceText::read(file.to_string_lossy(), text) else { continue };
        for finding in lint(source.value(), guess_type(source.value()), &OrganizationContext::default()) {
            assert!(source.value_at(&finding.path).end <= source.text().len());
            finding.fix.iter().for_each(|fix| drop(applied(&source, fix)));
        }
    }
}

/// The text with the fix written into it.
fn applied(source: &SourceText, fix: &Fix) -> SourceText {
    let range = match fix.part {
        Part::Key => source.key_at(&fix.path),
        Part::Value => source.value_at(&fix.path),
    };
    let mut text = source.text().to_owned();
    text.replace_range(range, &fix.text);
    SourceText::read(source.name(), text).expect("JSON remains JSON")
}

fn findings(case: &Value) -> Vec<Finding> {
    lint(&document(case), policy_type(case), &OrganizationContext::default())
}

fn policy_type(case: &Value) -> PolicyType {
    if case["type"] == "rcp" { PolicyType::ResourceControl } else { PolicyType::ServiceControl }
}

fn document(case: &Value) -> Value {
    let statements = case.get("statements").cloned().unwrap_or_else(|| json!([case["statement"]]));
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// Code, place and what is offered instead: a part as it is written, a whole policy without blanks.
fn shortened(finding: &Finding) -> Value {
    let offered = finding.fix.as_ref().map(|fix| match fix.path.as_str() {
        "" => parse(&fix.text).expect("a policy").to_string(),
        _ => fix.text.clone(),
    });
    json!([finding.code.name(), finding.path, offered])
}
