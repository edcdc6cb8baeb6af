//! What lint finds, case by case in `lint.json`: what holds there, the statements, and the findings as code, place and
//! what is offered instead. With `"open"` or `"undecided"` there may be more findings.

use landing::policy::{Finding, Fix, Part, PolicyType, SourceText, Surroundings, guess_type, lint, parse};
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
fn what_is_offered_instead_mends_the_finding() {
    let table: Vec<Value> = serde_json::from_str(TABLE).expect("JSON");
    let mut mended = 0;
    for case in &table {
        let before = SourceText::read("case", document(case).to_string()).expect("JSON");
        for finding in findings(case) {
            let Some(fix) = &finding.fix else { continue };
            let after = applied(&before, fix);
            let left = lint(after.value(), policy_type(case), &Surroundings::default());
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
fn fixes_of_published_policies_leave_json() {
    let Some(folder) = shared("policies") else { return };
    let mut files = Vec::new();
    super::corpus::json_files(&folder, &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        let Ok(source) = SourceText::read(file.to_string_lossy(), text) else { continue };
        for finding in lint(source.value(), guess_type(source.value()), &Surroundings::default()) {
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
    lint(&document(case), policy_type(case), &Surroundings::default())
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
