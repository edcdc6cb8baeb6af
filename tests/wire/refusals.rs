//! What the sandbox refuses, by AWS's error codes, as boto3 understands them.

use serde_json::{Value, json};

use super::boto::Boto;
use super::python::{self, Environment};
use super::sandbox;
use super::server::Server;

const SCP: &str = "SERVICE_CONTROL_POLICY";

/// An organization with service control policies, a unit `A`, an account `one` in the root, and in the root a policy
/// `deny` that is attached.
fn organization(environment: &Environment) -> (Server, Boto, Ids) {
    let sandbox = sandbox::serve(&[]);
    let mut boto = Boto::connect(environment, &sandbox.url);
    boto.organizations("CreateOrganization", json!({}));
    let root = boto.root();
    boto.organizations("EnablePolicyType", json!({"RootId": root, "PolicyType": SCP}));
    let unit = boto.organizations("CreateOrganizationalUnit", json!({"ParentId": root, "Name": "A"}));
    let account = boto.create_account("one", "one@example.com");
    let policy = boto.organizations("CreatePolicy", policy("deny", &document("s3:*")));
    let id = |value: &Value| value.as_str().expect("an id").to_owned();
    let ids = Ids {
        unit: id(&unit["OrganizationalUnit"]["Id"]),
        account: id(&account["AccountId"]),
        policy: id(&policy["Policy"]["PolicySummary"]["Id"]),
        root,
    };
    boto.organizations("AttachPolicy", json!({"PolicyId": ids.policy, "TargetId": ids.root}));
    (sandbox, boto, ids)
}

struct Ids {
    root: String,
    unit: String,
    account: String,
    policy: String,
}

fn policy(name: &str, content: &str) -> Value {
    json!({"Name": name, "Type": SCP, "Description": "", "Content": content})
}

fn document(action: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": action, "Resource": "*"}]}).to_string()
}

#[test]
fn units_are_refused_as_aws_documents() {
    let Some(environment) = python::environment() else { return };
    let (_sandbox, mut boto, Ids { root, unit, account, .. }) = organization(environment);
    let same_name = json!({"ParentId": root, "Name": "A"});
    assert_eq!(boto.refusal("CreateOrganizationalUnit", same_name), "DuplicateOrganizationalUnitException");
    let nowhere = json!({"ParentId": "ou-abcd-12345678", "Name": "A"});
    assert_eq!(boto.refusal("CreateOrganizationalUnit", nowhere), "ParentNotFoundException");
    let into_the_unit = json!({"AccountId": account, "SourceParentId": root, "DestinationParentId": unit});
    boto.organizations("MoveAccount", into_the_unit);
    let from_nowhere = json!({"AccountId": account, "SourceParentId": "ou-abcd-12345678", "DestinationParentId": root});
    assert_eq!(boto.refusal("MoveAccount", from_nowhere), "SourceParentNotFoundException");
    let same_place = json!({"AccountId": account, "SourceParentId": unit, "DestinationParentId": unit});
    assert_eq!(boto.refusal("MoveAccount", same_place), "DuplicateAccountException");
    let not_empty = json!({"OrganizationalUnitId": unit});
    assert_eq!(boto.refusal("DeleteOrganizationalUnit", not_empty), "OrganizationalUnitNotEmptyException");
    let unknown = json!({"OrganizationalUnitId": "ou-abcd-12345678"});
    assert_eq!(boto.refusal("DescribeOrganizationalUnit", unknown), "OrganizationalUnitNotFoundException");
    assert_eq!(boto.refusal("CreateOrganization", json!({})), "AlreadyInOrganizationException");
}

#[test]
fn attachments_are_refused_as_aws_documents() {
    let Some(environment) = python::environment() else { return };
    let (_sandbox, mut boto, Ids { root, unit, policy, .. }) = organization(environment);
    let at = |policy: &str, target: &str| json!({"PolicyId": policy, "TargetId": target});
    assert_eq!(boto.refusal("AttachPolicy", at(&policy, &root)), "DuplicatePolicyAttachmentException");
    assert_eq!(boto.refusal("DetachPolicy", at(&policy, &unit)), "PolicyNotAttachedException");
    let last = boto.refusal("DetachPolicy", at("p-FullAWSAccess", &unit));
    assert_eq!(last, "ConstraintViolationException/MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED");
    assert_eq!(boto.refusal("AttachPolicy", at("p-12345678", &root)), "PolicyNotFoundException");
    assert_eq!(boto.refusal("AttachPolicy", at(&policy, "111122223333")), "TargetNotFoundException");
    assert_eq!(boto.refusal("DeletePolicy", json!({"PolicyId": policy})), "PolicyInUseException");
}

#[test]
fn policies_are_refused_as_aws_documents() {
    let Some(environment) = python::environment() else { return };
    let (_sandbox, mut boto, Ids { root, .. }) = organization(environment);
    let create = |boto: &mut Boto, name: &str, content: &str| boto.refusal("CreatePolicy", policy(name, content));
    assert_eq!(create(&mut boto, "deny", &document("s3:*")), "DuplicatePolicyException");
    assert_eq!(create(&mut boto, "cut", r#"{"Version": "2012-10-17", "#), "MalformedPolicyDocumentException");
    let principal = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]});
    assert_eq!(create(&mut boto, "principal", &principal.to_string()), "MalformedPolicyDocumentException");
    let long = document(&format!("s3:{}", "x".repeat(10_240)));
    assert_eq!(create(&mut boto, "long", &long), "ConstraintViolationException/POLICY_CONTENT_LIMIT_EXCEEDED");
    let enable = json!({"RootId": root, "PolicyType": SCP});
    assert_eq!(boto.refusal("EnablePolicyType", enable), "PolicyTypeAlreadyEnabledException");
    let disable = json!({"RootId": root, "PolicyType": "TAG_POLICY"});
    assert_eq!(boto.refusal("DisablePolicyType", disable), "PolicyTypeNotEnabledException");
}

#[test]
fn accounts_and_lists_are_refused_as_aws_documents() {
    let Some(environment) = python::environment() else { return };
    let (_sandbox, mut boto, _) = organization(environment);
    let status = boto.create_account("two", "one@example.com");
    assert_eq!((&status["State"], &status["FailureReason"]), (&json!("FAILED"), &json!("EMAIL_ALREADY_EXISTS")));
    assert_eq!(boto.refusal("DescribeAccount", json!({"AccountId": "999999999999"})), "AccountNotFoundException");
    let token = json!({"NextToken": "no such token"});
    let refused = boto.refusal("ListAccounts", token);
    assert_eq!(refused, "InvalidInputException/INVALID_NEXT_TOKEN");
    let service = json!({"AccountId": "999999999999", "ServicePrincipal": "guardduty.amazonaws.com"});
    assert_eq!(boto.refusal("RegisterDelegatedAdministrator", service), "AccountNotFoundException");
}
