//! What deploying another version of a stack's template does to its resources.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::create_only::{Update, update};
use super::deployed::{Version, function};
use super::loops::LOOP;

/// One resource that another version of its stack makes, changes or removes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ResourceDiff {
    /// Its name in the template.
    pub logical_id: String,
    /// Such as `AWS::S3::Bucket`.
    pub resource_type: String,
    /// What happens to it.
    pub kind: Kind,
    /// Whether CloudFormation makes another one and takes this one away.
    pub replaces: Replaces,
    /// Whether what is removed or replaced stays, outside of the stack: its `DeletionPolicy` or `UpdateReplacePolicy`.
    pub retained: bool,
}

/// What happens to a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It is made.
    Added,
    /// It leaves the stack.
    Removed,
    /// It is changed.
    Modified {
        /// What of it, as change sets write it: `/Properties/VersioningConfiguration/Status`. Lists are reported as a whole.
        paths: Vec<String>,
    },
}

/// Whether a change takes another resource in the old one's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Replaces {
    /// It stays the same one.
    No,
    /// Only CloudFormation can determine: the type is not known here, or it depends on another resource's new name.
    Unknown,
    /// It is another one.
    Yes,
}

/// The resources that differ between two versions of a stack, in the order of the version after, removed ones last.
///
/// Parameters count where they reach a resource, through functions and conditions as well. What refers to a resource
/// that is replaced is modified too. Attributes of a resource that is only modified are taken to stay as they are,
/// and an order of creation (`DependsOn`) is no difference.
#[must_use]
pub fn template_diff(before: &Version<'_>, after: &Version<'_>) -> Vec<ResourceDiff> {
    let (before, after) = (before.resources(), after.resources());
    let mut diffs: Vec<ResourceDiff> =
        after.iter().filter_map(|(id, resource)| compare(id, before.get(id), resource)).collect();
    follow(&mut diffs, &before, &after);
    let removed = before.iter().filter(|(id, _)| !after.contains_key(*id));
    diffs.extend(removed.map(|(id, resource)| ResourceDiff {
        retained: keeps(resource, "DeletionPolicy"),
        ..diff(id, resource, Kind::Removed)
    }));
    diffs
}

/// The outputs that another version of a stack gives other values: those that say something else, and those that name what
/// is replaced. Attributes of a resource that is only modified are taken to stay as they are.
#[must_use]
pub fn changed_outputs(before: &Version<'_>, after: &Version<'_>) -> Vec<String> {
    let replaced = template_diff(before, after).into_iter().filter(|diff| diff.replaces != Replaces::No);
    let replaced: BTreeSet<String> = replaced.map(|diff| diff.logical_id).collect();
    let (before, after) = (before.outputs(), after.outputs());
    let changed = |(name, value): &(&String, &Value)| {
        before.get(*name) != Some(*value) || replaced.iter().any(|id| mentions(value, id))
    };
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    after.iter().filter(changed).map(|(name, _)| name).chain(gone).cloned().collect()
}

fn diff(id: &str, resource: &Value, kind: Kind) -> ResourceDiff {
    let resource_type = type_of(resource).to_owned();
    ResourceDiff { logical_id: id.to_owned(), resource_type, kind, replaces: Replaces::No, retained: false }
}

fn type_of(resource: &Value) -> &str {
    resource.get("Type").and_then(Value::as_str).unwrap_or_default()
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html>
fn keeps(resource: &Value, policy: &str) -> bool {
    matches!(resource.get(policy).and_then(Value::as_str), Some("Retain" | "RetainExceptOnCreate"))
}

fn compare(id: &str, before: Option<&Value>, after: &Value) -> Option<ResourceDiff> {
    let Some(before) = before else { return Some(diff(id, after, Kind::Added)) };
    let mut paths = Vec::new();
    differing("", before, after, &mut paths);
    paths.retain(|path| !["/DependsOn", "/Condition"].contains(&path.as_str()));
    if paths.is_empty() {
        return None;
    }
    let replaces = paths.iter().map(|path| replaced_by(path, after)).max().unwrap_or(Replaces::No);
    // What a loop makes of a list that only CloudFormation knows may be anything.
    let replaces = if id.starts_with(LOOP) { Replaces::Unknown } else { replaces };
    Some(modified(id, after, paths, replaces))
}

fn modified(id: &str, after: &Value, paths: Vec<String>, replaces: Replaces) -> ResourceDiff {
    let retained = replaces != Replaces::No && keeps(after, "UpdateReplacePolicy");
    ResourceDiff { replaces, retained, ..diff(id, after, Kind::Modified { paths }) }
}

/// Adds the paths at which two values differ. Functions and lists are not looked into.
fn differing(path: &str, before: &Value, after: &Value, paths: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(b), Value::Object(a)) if function(before).is_none() && function(after).is_none() => {
            let keys = a.keys().chain(b.keys().filter(|key| !a.contains_key(*key)));
            for key in keys {
                let (before, after) = (b.get(key).unwrap_or(&Value::Null), a.get(key).unwrap_or(&Value::Null));
                differing(&format!("{path}/{key}"), before, after, paths);
            }
        }
        _ if before != after => paths.push(path.to_owned()),
        _ => {}
    }
}

fn replaced_by(path: &str, resource: &Value) -> Replaces {
    let Some(property) = path.strip_prefix("/Properties/") else {
        // Another type under the same name is another resource.
        return if path == "/Type" { Replaces::Yes } else { Replaces::No };
    };
    match update(type_of(resource), property) {
        Update::InPlace => Replaces::No,
        Update::Depends => Replaces::Unknown,
        Update::Replacement => Replaces::Yes,
    }
}

/// Adds what refers to replaced resources, and what refers to that in turn.
fn follow(diffs: &mut Vec<ResourceDiff>, before: &Map<String, Value>, after: &Map<String, Value>) {
    let mut followed: BTreeSet<String> = BTreeSet::new();
    loop {
        let replaced: BTreeSet<String> = diffs.iter().filter(|it| it.replaces != Replaces::No).map(id_of).collect();
        if replaced.is_subset(&followed) {
            break;
        }
        for (id, resource) in after.iter().filter(|(id, _)| before.contains_key(*id)) {
            let mut paths = Vec::new();
            referring("", resource, &replaced, &mut paths);
            merge(diffs, id, resource, paths);
        }
        followed = replaced;
    }
    let place = |diff: &ResourceDiff| after.keys().position(|id| *id == diff.logical_id);
    diffs.sort_by_key(place);
}

fn id_of(diff: &ResourceDiff) -> String {
    diff.logical_id.clone()
}

/// Adds the paths at which a value refers to one of `ids`.
fn referring(path: &str, value: &Value, ids: &BTreeSet<String>, paths: &mut Vec<String>) {
    match value {
        Value::Object(map) if function(value).is_none() => {
            for (key, value) in map.iter().filter(|(key, _)| *key != "DependsOn") {
                referring(&format!("{path}/{key}"), value, ids, paths);
            }
        }
        value if ids.iter().any(|id| mentions(value, id)) => paths.push(path.to_owned()),
        _ => {}
    }
}

fn mentions(value: &Value, id: &str) -> bool {
    match (function(value), value) {
        (Some(("Ref", name)), _) => name == id,
        (Some(("Fn::GetAtt", arguments)), _) => arguments.get(0).is_some_and(|resource| resource == id),
        (Some(("Fn::Sub", Value::String(text))), _) => substitutes(text, id),
        (Some(("Fn::Sub", Value::Array(arguments))), _) => {
            let text = arguments.first().and_then(Value::as_str).unwrap_or_default();
            substitutes(text, id) || arguments.iter().skip(1).any(|variables| mentions(variables, id))
        }
        (_, Value::Object(map)) => map.values().any(|value| mentions(value, id)),
        (_, Value::Array(items)) => items.iter().any(|item| mentions(item, id)),
        _ => false,
    }
}

fn substitutes(text: &str, id: &str) -> bool {
    text.contains(&format!("${{{id}}}")) || text.contains(&format!("${{{id}."))
}

/// Adds paths that differ because of other resources. Whether such a path replaces depends on the new value.
fn merge(diffs: &mut Vec<ResourceDiff>, id: &str, resource: &Value, new: Vec<String>) {
    if new.is_empty() {
        return;
    }
    let by_path = |path: &String| replaced_by(path, resource).min(Replaces::Unknown);
    let replaces = new.iter().map(by_path).max().unwrap_or(Replaces::No);
    let Some(known) = diffs.iter_mut().find(|diff| diff.logical_id == id) else {
        diffs.push(modified(id, resource, new, replaces));
        return;
    };
    if let Kind::Modified { paths } = &mut known.kind {
        let new: Vec<String> = new.into_iter().filter(|path| !paths.contains(path)).collect();
        paths.extend(new);
        let (paths, replaces) = (std::mem::take(paths), replaces.max(known.replaces));
        *known = modified(id, resource, paths, replaces);
    }
}

#[cfg(test)]
mod tests;
