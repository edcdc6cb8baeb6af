//! An organization that people build in the sandbox with the AWS CLI.

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use super::aws_cli::{Aws, text};
use super::{organization, python, sandbox};

const POLICY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#;

#[test]
fn the_aws_cli_builds_an_organization_in_the_sandbox_that_boto3_reads() {
    let Some(environment) = python::environment() else { return };
    let sandbox = sandbox::serve(&[]);
    let aws = Aws { environment, url: &sandbox.url };
    let made = aws.run("organizations create-organization --feature-set ALL");
    assert_eq!(made["Organization"]["FeatureSet"], "ALL");
    let roots = aws.run("organizations list-roots");
    let root = text(&roots["Roots"][0]["Id"]);
    aws.run(&format!("organizations enable-policy-type --root-id {root} --policy-type SERVICE_CONTROL_POLICY"));
    let unit = aws.run(&format!("organizations create-organizational-unit --parent-id {root} --name Workloads"));
    let unit = text(&unit["OrganizationalUnit"]["Id"]);
    let account = create_account(&aws);
    let account = text(&account);
    aws.run(&format!(
        "organizations move-account --account-id {account} --source-parent-id {root} --destination-parent-id {unit}"
    ));
    let words = ["--description", "No buckets", "--content", POLICY];
    let policy = aws.run_with("organizations create-policy --name no-buckets --type SERVICE_CONTROL_POLICY", &words);
    let policy = text(&policy["Policy"]["PolicySummary"]["Id"]);
    aws.run(&format!("organizations attach-policy --policy-id {policy} --target-id {unit}"));
    let again = format!("organizations create-organizational-unit --parent-id {root} --name Workloads");
    assert_eq!(aws.refusal(&again), "DuplicateOrganizationalUnitException");
    let delete = format!("organizations delete-organizational-unit --organizational-unit-id {unit}");
    assert_eq!(aws.refusal(&delete), "OrganizationalUnitNotEmptyException");
    organization::assert_same(&expected(), &organization::read(environment, &sandbox.url));
}

/// Asks for an account and waits for it; its id.
fn create_account(aws: &Aws<'_>) -> Value {
    let command = "organizations create-account --account-name dev --email dev@example.com --tags Key=stage,Value=dev";
    let mut status = aws.run(command);
    let request = text(&status["CreateAccountStatus"]["Id"]).to_owned();
    assert_eq!(status["CreateAccountStatus"]["State"], "IN_PROGRESS");
    while status["CreateAccountStatus"]["State"] == "IN_PROGRESS" {
        sleep(Duration::from_millis(100));
        let command = "organizations describe-create-account-status --create-account-request-id";
        status = aws.run_with(command, &[&request]);
    }
    assert_eq!(status["CreateAccountStatus"]["State"], "SUCCEEDED", "{status}");
    status["CreateAccountStatus"]["AccountId"].clone()
}

fn expected() -> Value {
    let content: Value = serde_json::from_str(POLICY).expect("it is JSON");
    let policy = json!({"content": content, "description": "No buckets", "tags": {}, "targets": ["Workloads"]});
    let account = json!({"email": "dev@example.com", "unit": "Workloads", "tags": {"stage": "dev"}, "contacts": {}});
    json!({
        "accounts": {"dev": account},
        "delegated_administrators": {},
        "feature_set": "ALL",
        "policies": {"SERVICE_CONTROL_POLICY/no-buckets": policy},
        "policy_types": ["SERVICE_CONTROL_POLICY"],
        "root": {"tags": {}},
        "trusted_services": [],
        "units": {"Workloads": {"tags": {}}},
        "without_full_access": []
    })
}
