//! Which actions an event needs, where its parameters decide.

use serde_json::{Map, Value};

use super::event::Event;
use crate::services::Need;

/// Changes the actions that an event's name says by what its parameters say.
pub(super) type Adjust = fn(&Map<String, Value>, &mut Vec<Need>);

/// How the parameters of an event change which actions it needs; nothing where they do not, as for nearly all.
pub(super) fn by_parameters(event: &Event<'_>, prefix: &str, name: &str) -> Option<Adjust> {
    let parameters = event.written_parameters();
    let has = |words: &[&str]| words.iter().any(|word| parameters.contains(word));
    match prefix {
        "dynamodb" if name == "TransactWriteItems" => Some(items),
        "dynamodb" if PARTIQL_CALLS.contains(&name) => Some(statements),
        "s3" if has(&[
            "\"versionId\"",
            "\"x-amz-acl\"",
            "\"x-amz-grant",
            "\"x-amz-tagging\"",
            "\"x-amz-object-lock",
        ]) =>
        {
            Some(objects)
        }
        "ec2" if has(&["\"tagSpecificationSet\""]) && name != "CreateTags" => Some(tags_of_resources),
        "sts" if has(&["\"tags\"", "\"sourceIdentity\""]) && name.starts_with("AssumeRole") => Some(sessions),
        _ => None,
    }
}

const PARTIQL_CALLS: [&str; 3] = ["ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"];

/// A transaction needs the action of each of its items
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html>).
fn items(parameters: &Map<String, Value>, needs: &mut Vec<Need>) {
    let Some(items) = parameters.get("transactItems").and_then(Value::as_array) else { return };
    let names = items.iter().filter_map(Value::as_object).flat_map(Map::keys);
    let actions: Option<Vec<&str>> = names
        .map(|name| match name.to_lowercase().as_str() {
            "put" => Some("dynamodb:PutItem"),
            "update" => Some("dynamodb:UpdateItem"),
            "delete" => Some("dynamodb:DeleteItem"),
            "conditioncheck" => Some("dynamodb:ConditionCheckItem"),
            _ => None,
        })
        .collect();
    replace(needs, actions);
}

/// A statement in PartiQL needs the action of its first word
/// (<https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html>).
fn statements(parameters: &Map<String, Value>, needs: &mut Vec<Need>) {
    let lists = ["statements", "transactStatements"].iter().filter_map(|name| parameters.get(*name)?.as_array());
    let several = lists.flatten().map(|statement| statement.get("statement").unwrap_or(statement));
    let texts = parameters.get("statement").into_iter().chain(several).map(Value::as_str);
    let actions: Option<Vec<&str>> = texts.map(|text| action_of_statement(text?)).collect();
    replace(needs, actions);
}

fn action_of_statement(statement: &str) -> Option<&'static str> {
    let word = statement.trim_start().split(|c: char| !c.is_ascii_alphabetic()).next()?;
    match word.to_uppercase().as_str() {
        "SELECT" | "EXISTS" => Some("dynamodb:PartiQLSelect"),
        "INSERT" => Some("dynamodb:PartiQLInsert"),
        "UPDATE" => Some("dynamodb:PartiQLUpdate"),
        "DELETE" => Some("dynamodb:PartiQLDelete"),
        _ => None,
    }
}

/// These actions in place of those that the name says, unless one is not reported.
fn replace(needs: &mut Vec<Need>, actions: Option<Vec<&str>>) {
    let Some(mut actions) = actions.filter(|actions| !actions.is_empty()) else { return };
    actions.sort_unstable();
    actions.dedup();
    *needs = actions.into_iter().map(Need::of).collect();
}

/// Versions of objects have actions of their own, and what is written with an object needs its own action
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>).
fn objects(parameters: &Map<String, Value>, needs: &mut Vec<Need>) {
    if parameters.get("versionId").is_some_and(|version| !version.is_null()) {
        needs.iter_mut().for_each(|need| need.action = of_version(&need.action));
    }
    if !needs.iter().any(|need| need.action == "s3:PutObject") {
        return;
    }
    for (beginning, action) in [
        ("x-amz-acl", "s3:PutObjectAcl"),
        ("x-amz-grant", "s3:PutObjectAcl"),
        ("x-amz-tagging", "s3:PutObjectTagging"),
        ("x-amz-object-lock-mode", "s3:PutObjectRetention"),
        ("x-amz-object-lock-retain", "s3:PutObjectRetention"),
        ("x-amz-object-lock-legal-hold", "s3:PutObjectLegalHold"),
    ] {
        if parameters.keys().any(|name| name.starts_with(beginning)) {
            add(needs, action);
        }
    }
}

fn of_version(action: &str) -> String {
    const VERSIONED: [&str; 9] = [
        "GetObject",
        "DeleteObject",
        "GetObjectAcl",
        "PutObjectAcl",
        "GetObjectTagging",
        "PutObjectTagging",
        "DeleteObjectTagging",
        "GetObjectAttributes",
        "GetObjectTorrent",
    ];
    match action.strip_prefix("s3:").filter(|name| VERSIONED.contains(name)) {
        Some(name) => format!("s3:{}", name.replace("Object", "ObjectVersion")),
        None => action.to_owned(),
    }
}

/// Tags that a resource gets when it is made need their own action
/// (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html>).
fn tags_of_resources(parameters: &Map<String, Value>, needs: &mut Vec<Need>) {
    let tags = parameters.get("tagSpecificationSet").and_then(|set| set.get("items")).and_then(Value::as_array);
    if tags.is_some_and(|tags| !tags.is_empty()) {
        add(needs, "ec2:CreateTags");
    }
}

/// What a session is given needs actions of its own
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>,
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html>).
fn sessions(parameters: &Map<String, Value>, needs: &mut Vec<Need>) {
    let is_given = |name: &str| match parameters.get(name) {
        Some(Value::Array(list)) => !list.is_empty(),
        Some(value) => !value.is_null(),
        None => false,
    };
    if is_given("tags") {
        add(needs, "sts:TagSession");
    }
    if is_given("sourceIdentity") {
        add(needs, "sts:SetSourceIdentity");
    }
}

fn add(needs: &mut Vec<Need>, action: &str) {
    if !needs.iter().any(|need| need.action == action) {
        needs.push(Need::of(action));
    }
}

#[cfg(test)]
mod tests;
