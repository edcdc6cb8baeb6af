use serde_json::json;

use super::super::needs_by_parameters;
use super::*;

/// The actions that an event needs by its parameters; nothing where these do not decide.
fn needed(service: &str, name: &str, parameters: &Value) -> Option<Vec<String>> {
    let source = format!("{service}.amazonaws.com");
    let text = json!({"eventSource": source, "eventName": name, "requestParameters": parameters}).to_string();
    let event = serde_json::from_str(&text).unwrap();
    let written = |need: Need| format!("{}{}", if need.is_certain { "" } else { "?" }, need.action);
    needs_by_parameters(&event, &source, name).map(|needs| needs.into_iter().map(written).collect())
}

fn some(actions: &[&str]) -> Option<Vec<String>> {
    Some(actions.iter().map(|action| (*action).to_owned()).collect())
}

#[test]
fn a_transaction_needs_the_actions_of_its_items() {
    let items =
        |names: &[&str]| json!({"transactItems": names.iter().map(|name| json!({*name: {}})).collect::<Vec<_>>()});
    let all =
        some(&["?dynamodb:PutItem", "?dynamodb:UpdateItem", "?dynamodb:DeleteItem", "?dynamodb:ConditionCheckItem"]);
    for (parameters, expected) in [
        (items(&["put", "put"]), some(&["dynamodb:PutItem"])),
        (items(&["Update", "conditionCheck"]), some(&["dynamodb:ConditionCheckItem", "dynamodb:UpdateItem"])),
        (items(&["delete"]), some(&["dynamodb:DeleteItem"])),
        (items(&["put", "else"]), all.clone()),
        (items(&[]), all.clone()),
        (json!({"tableName": "t"}), all),
    ] {
        assert_eq!(needed("dynamodb", "TransactWriteItems", &parameters), expected, "{parameters}");
    }
    assert_eq!(needed("dynamodb", "TransactWriteItems", &Value::Null), None, "without parameters its name decides");
    assert_eq!(needed("dynamodb", "PutItem", &items(&["delete"])), None);
}

#[test]
fn a_statement_needs_the_action_of_its_first_word() {
    let one = |text: &str| json!({"statement": text});
    for (event, parameters, expected) in [
        ("ExecuteStatement", one("select * from t"), some(&["dynamodb:PartiQLSelect"])),
        ("ExecuteStatement", one("INSERT INTO t VALUE {}"), some(&["dynamodb:PartiQLInsert"])),
        ("ExecuteStatement", one(" UPDATE t SET a=1"), some(&["dynamodb:PartiQLUpdate"])),
        ("ExecuteStatement", one("DELETE FROM t"), some(&["dynamodb:PartiQLDelete"])),
        (
            "BatchExecuteStatement",
            json!({"statements": [one("SELECT 1"), one("DELETE FROM t"), one("SELECT 2")]}),
            some(&["dynamodb:PartiQLDelete", "dynamodb:PartiQLSelect"]),
        ),
        (
            "ExecuteTransaction",
            json!({"transactStatements": [one("EXISTS(SELECT 1)")]}),
            some(&["dynamodb:PartiQLSelect"]),
        ),
        (
            "ExecuteStatement",
            one("***"),
            some(&[
                "?dynamodb:PartiQLSelect",
                "?dynamodb:PartiQLInsert",
                "?dynamodb:PartiQLUpdate",
                "?dynamodb:PartiQLDelete",
            ]),
        ),
    ] {
        assert_eq!(needed("dynamodb", event, &parameters), expected, "{parameters}");
    }
}

#[test]
fn versions_and_what_is_written_with_objects_need_their_own_actions() {
    for (event, parameters, expected) in [
        ("GetObject", json!({"bucketName": "b", "key": "k"}), None),
        ("GetObject", json!({"versionId": "v"}), some(&["s3:GetObjectVersion"])),
        ("HeadObject", json!({"versionId": "v"}), some(&["s3:GetObjectVersion"])),
        ("DeleteObject", json!({"versionId": "v"}), some(&["s3:DeleteObjectVersion"])),
        ("GetObjectTagging", json!({"versionId": "v"}), some(&["s3:GetObjectVersionTagging"])),
        ("GetObject", json!({"versionId": null}), some(&["s3:GetObject"])),
        ("GetObject", json!({"x-amz-acl": "private"}), some(&["s3:GetObject"])),
        ("RestoreObject", json!({"versionId": "v"}), some(&["s3:RestoreObject"])),
        ("PutObject", json!({"x-amz-acl": "private"}), some(&["s3:PutObject", "s3:PutObjectAcl"])),
        (
            "PutObject",
            json!({"x-amz-grant-read": "x", "x-amz-acl": "y", "x-amz-tagging": "a=b"}),
            some(&["s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging"]),
        ),
        (
            "CopyObject",
            json!({"x-amz-object-lock-mode": "GOVERNANCE", "x-amz-object-lock-legal-hold": "ON"}),
            some(&["s3:GetObject", "s3:PutObject", "s3:PutObjectRetention", "s3:PutObjectLegalHold"]),
        ),
        (
            "PutObject",
            json!({"x-amz-object-lock-retain-until-date": "x"}),
            some(&["s3:PutObject", "s3:PutObjectRetention"]),
        ),
    ] {
        assert_eq!(needed("s3", event, &parameters), expected, "{event} {parameters}");
    }
}

#[test]
fn tags_and_sessions_need_their_own_actions() {
    let tagged = json!({"tagSpecificationSet": {"items": [{"resourceType": "instance"}]}});
    let untagged = json!({"tagSpecificationSet": {"items": []}});
    assert_eq!(needed("ec2", "RunInstances", &tagged), some(&["ec2:RunInstances", "ec2:CreateTags"]));
    assert_eq!(needed("ec2", "RunInstances", &untagged), some(&["ec2:RunInstances"]));
    assert_eq!(needed("ec2", "RunInstances", &json!({"instanceType": "m7i.large"})), None);
    assert_eq!(needed("ec2", "CreateTags", &tagged), None);
    for (parameters, expected) in [
        (json!({"tags": [{"key": "a", "value": "b"}]}), some(&["sts:AssumeRole", "sts:TagSession"])),
        (json!({"tags": []}), some(&["sts:AssumeRole"])),
        (json!({"sourceIdentity": "jo"}), some(&["sts:AssumeRole", "sts:SetSourceIdentity"])),
        (json!({"sourceIdentity": null}), some(&["sts:AssumeRole"])),
        (json!({"roleArn": "x"}), None),
    ] {
        assert_eq!(needed("sts", "AssumeRole", &parameters), expected, "{parameters}");
    }
    assert_eq!(needed("sts", "GetSessionToken", &json!({"tags": [1]})), None);
}
