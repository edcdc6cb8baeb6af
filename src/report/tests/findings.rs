use insta::assert_snapshot;
use landing_policy::{OrganizationContext, PolicyType, SourceText, answer, lint, lint_levels, read_cases};
use serde_json::{Value, json};

use crate::report::{Layout, Linted, answers_text, lint_text};

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn source(value: &Value) -> SourceText {
    SourceText::read("policies/guard.json", format!("{value:#}")).expect("JSON")
}

fn policy(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// A mistake with what to write beside it, one with more than fits there, one with a whole policy, and one without.
fn doubtful() -> Linted {
    let document = policy(&json!([
        {"Effect": "Deny", "Action": ["s3:GetObjekt", "s3:Get*"], "Resource": "arn:aws:s3:::a"},
        {"Effect": "Deny", "Action": "sagemaker:CreateNotebookInstance", "Resource": "*",
         "Condition": {"ForAllValues:StringEquals": {"sagemaker:VpcSubnets": "subnet-*"}}},
        {"Effect": "Deny", "Action": "sagemaker:CreateEndpointConfig", "Resource": "*",
         "Condition": {"StringEquals": {"sagemaker:ServerlessMaxConcurrencyAndOtherThingsOfALongName": "x"}}},
        {"Effect": "Deny", "Action": "iam:CreateRole", "Resource": "*"},
        {"Effect": "Deny", "Action": "iam:DeleteRole", "Resource": "*"},
    ]));
    let source = source(&document);
    let findings = lint(source.value(), PolicyType::ServiceControl, &OrganizationContext::default());
    Linted::json_file(&source, &findings)
}

fn not_json() -> Linted {
    let text = "{\n  \"Version\": ]\n}\n".to_owned();
    let error = SourceText::read("policies/broken.json", text.clone()).expect_err("it is not JSON");
    Linted::not_json("policies/broken.json".to_owned(), text, &error)
}

#[test]
fn findings_are_shown_in_the_lines_that_they_are_about() {
    let text = lint_text(&[doubtful(), not_json()], Layout { width: 80, verbose: false });
    assert_snapshot!(plain(&text));
}

#[test]
fn all_that_is_offered_is_written_out_where_everything_is_wanted() {
    let doubtful = doubtful();
    let long = doubtful.found.iter().filter(|found| found.code == "shorter-form").cloned().collect();
    let text = lint_text(&[Linted { found: long, ..doubtful }], Layout { width: 80, verbose: true });
    assert_snapshot!(plain(&text));
}

#[test]
fn findings_on_a_path_name_its_levels() {
    let allowing = |action: &str| json!([{"name": "List", "policy": policy(&json!([{"Effect": "Allow", "Action": action, "Resource": "*"}]))}]);
    let source = source(&json!([
        {"id": "r-ab12", "policies": allowing("ec2:*")},
        {"id": "111111111111", "policies": allowing("s3:*")},
    ]));
    let findings = lint_levels(source.value(), PolicyType::ServiceControl, &OrganizationContext::default());
    let text = lint_text(&[Linted::json_file(&source, &findings)], Layout { width: 80, verbose: false });
    assert_snapshot!(plain(&text));
}

#[test]
fn no_line_of_a_finding_is_wider_than_the_terminal_unless_it_is_a_name() {
    for width in [60, 80, 100] {
        let text = plain(&lint_text(&[doubtful(), not_json()], Layout { width, verbose: false }));
        for line in text.lines().filter(|line| line.chars().count() > width) {
            let longest = line.split(' ').map(|word| word.chars().count()).max().unwrap_or(0);
            assert!(longest > width / 2, "{width}: {line}");
        }
    }
}

/// Answers of every sort: denied and allowed before, undecided, as before for another reason, not as expected.
fn cases() -> Value {
    let level = |id: &str, statements: Value| {
        let full = policy(&json!({"Effect": "Allow", "Action": "*", "Resource": "*"}));
        json!([{"id": id, "policies": [
            {"name": "FullAWSAccess", "policy": full}, {"name": "region-guard", "policy": policy(&statements)}]}])
    };
    let guard = json!([{"Sid": "OutsideOfOurRegions", "Effect": "Deny", "NotAction": ["iam:*", "sts:*"], "Resource": "*",
                        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}}}]);
    let other = json!([{"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}]);
    let principal = "arn:aws:iam::111111111111:role/a-role-with-a-rather-long-name";
    let request = |region: Value| {
        json!({"principal": principal, "account": "111111111111", "action": "ec2:RunInstances",
               "resource": "arn:aws:ec2:us-west-2:111111111111:instance/*", "context": {"aws:RequestedRegion": region}})
    };
    let nothing = json!([]);
    json!([
        {"id": "elsewhere", "levels": level("ou-ab12-11111111", guard.clone()), "before": level("r-ab12", nothing.clone()), "request": request(json!("us-west-2"))},
        {"id": "no one knows where", "levels": level("111111111111", guard.clone()), "request": request(Value::Null)},
        {"id": "denied anyway", "levels": level("111111111111", guard.clone()), "before": level("111111111111", other), "request": request(json!("us-west-2"))},
        {"id": "at home", "levels": level("111111111111", guard), "before": level("111111111111", nothing), "request": request(json!("eu-west-1")), "expect": "Deny"},
    ])
}

fn answered(cases: &Value, explained: bool, width: usize) -> String {
    let source = SourceText::read("cases.json", format!("{cases:#}")).expect("JSON");
    let answers: Vec<_> = read_cases(source.value())
        .expect("cases")
        .into_iter()
        .map(|case| {
            let answer = answer(&case);
            (case, answer)
        })
        .collect();
    plain(&answers_text(&answers, Some(&source), explained, width))
}

#[test]
fn answers_say_why_and_what_was_before() {
    assert_snapshot!(answered(&cases(), false, 80));
}

#[test]
fn one_answer_shows_its_statement() {
    assert_snapshot!(answered(&json!([cases()[0]]), true, 80));
}
