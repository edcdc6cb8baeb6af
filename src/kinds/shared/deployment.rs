//! What stacks and stack sets have in common: a template with its parameters, compared and sent.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cloudformation::types::{Capability, Parameter, Tag};
use landing_cloudformation::{
    Kind, Replaces, ResourceDiff, capabilities, declared_parameters, same_template, template_diff,
};
use serde_json::{Value, json};

use crate::kinds::shared::deployed::{Deployed, PARAMETERS};
use crate::kinds::shared::fields::differences;
use crate::model::{Body, FieldChange, TEMPLATE, Tags};

/// The field that lists the resources that are deleted or replaced.
pub(in crate::kinds) const TAKES_AWAY: &str = "takes_away";
/// The field that lists those of which only CloudFormation can determine whether they are replaced.
pub(in crate::kinds) const MAY_REPLACE: &str = "may_replace";
/// The field that lists those that leave the stack, or are or may be replaced, and stay where they are.
pub(in crate::kinds) const RETAINS: &str = "retains";

/// What the fields begin with that an update of a deployment writes: its template, and what it is given.
pub(in crate::kinds) const DEFINITION: &[&str] =
    &[TEMPLATE, "resources.", TAKES_AWAY, MAY_REPLACE, RETAINS, PARAMETERS, "tags.", "name"];

/// The fields in which two deployments differ: `template` resource by resource (`resources.Key`), `parameters` one by
/// one, and the names of the resources that go, are replaced, may be replaced, or stay without the stack.
pub(in crate::kinds) fn deployment_differences(wanted: &Body, found: &Body) -> Vec<FieldChange> {
    let (new, old) = (Deployed::of(wanted), Deployed::of(found));
    let (after, before) = comparable(&new, &old);
    let mut fields = Vec::new();
    for field in differences(&with_parameters(wanted, after), &with_parameters(found, before)) {
        match field.path.as_str() {
            PARAMETERS => fields.extend(one_by_one(&field)),
            _ => fields.push(field),
        }
    }
    fields.extend(template_fields(&old, &new));
    fields
}

/// All fields of a body but the template, with these values of its parameters.
fn with_parameters(body: &Body, parameters: BTreeMap<String, String>) -> Body {
    let others = body.iter().filter(|(key, _)| *key != TEMPLATE && *key != PARAMETERS);
    let others = others.map(|(key, value)| (key.clone(), value.clone()));
    others.chain([(PARAMETERS.to_owned(), json!(parameters))]).collect()
}

/// The values of parameters as CloudFormation takes them.
pub(in crate::kinds) fn parameters_of(parameters: &BTreeMap<String, String>) -> Vec<Parameter> {
    let parameter = |(name, value)| Parameter::builder().parameter_key(name).parameter_value(value).build();
    parameters.iter().map(parameter).collect()
}

/// What a template makes, CloudFormation has to be allowed.
pub(in crate::kinds) fn capabilities_of(template: &Value) -> Vec<Capability> {
    capabilities(template).into_iter().map(Capability::from).collect()
}

/// Tags as CloudFormation takes them.
pub(in crate::kinds) fn tags_of(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// A change set that was carried out keeps its name. What repairs the same drift a second time needs another one.
pub(in crate::kinds) fn unused_change_set_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("landing-{:x}", now.as_nanos())
}

/// The parameters of what is wanted and of what was found, as far as they can be compared: what is not echoed cannot be, and
/// one that is not given has the template's default.
fn comparable(wanted: &Deployed<'_>, found: &Deployed<'_>) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let (mut after, mut before) = (wanted.parameters.clone(), found.parameters.clone());
    for declared in wanted.template.into_iter().flat_map(declared_parameters) {
        if declared.no_echo {
            after.remove(&declared.name);
            before.remove(&declared.name);
        } else if let Some(default) = declared.default {
            after.entry(declared.name).or_insert(default);
        }
    }
    (after, before)
}

/// The members of a field that differ, each as a field.
pub(in crate::kinds) fn one_by_one(whole: &FieldChange) -> Vec<FieldChange> {
    let map = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let fields = differences(&map(&whole.after), &map(&whole.before));
    fields.into_iter().map(|field| FieldChange { path: format!("{}.{}", whole.path, field.path), ..field }).collect()
}

/// The outputs that have other values once a deployment is as it is wanted.
pub(in crate::kinds) fn changed_outputs(wanted: &Body, found: &Body) -> Vec<String> {
    let (new, old) = (Deployed::of(wanted), Deployed::of(found));
    if new.template.is_none() || old.template.is_none() {
        return Vec::new();
    }
    landing_cloudformation::changed_outputs(&old.version(), &new.version())
}

/// The type of resource that lets others use what an account owns.
const SHARE: &str = "AWS::RAM::ResourceShare";

/// Whom a deployment shares something with.
pub(in crate::kinds) fn shared_with(body: &Body) -> Value {
    Value::Array(Deployed::of(body).version().properties(SHARE, "Principals"))
}

/// What another template does, resource by resource; nothing where either was not read.
fn template_fields(before: &Deployed<'_>, after: &Deployed<'_>) -> Vec<FieldChange> {
    let (Some(old), Some(new)) = (before.template, after.template) else { return Vec::new() };
    let diffs = template_diff(&before.version(), &after.version());
    let resource = |template: &Value, id: &str| template["Resources"].get(id).cloned().unwrap_or_default();
    let mut fields: Vec<FieldChange> = diffs
        .iter()
        .map(|diff| FieldChange {
            path: format!("resources.{}", diff.logical_id),
            before: resource(old, &diff.logical_id),
            after: resource(new, &diff.logical_id),
        })
        .collect();
    fields.extend(lists(&diffs));
    if fields.is_empty() && !same_template(old, new) {
        let rest = |template: &Value| {
            let mut rest = template.as_object().cloned().unwrap_or_default();
            rest.remove("Resources");
            Value::Object(rest)
        };
        fields.push(FieldChange { path: TEMPLATE.into(), before: rest(old), after: rest(new) });
    }
    fields
}

/// A field for each list that has something in it.
fn lists(diffs: &[ResourceDiff]) -> Vec<FieldChange> {
    let goes = |diff: &ResourceDiff| diff.kind == Kind::Removed && !diff.retained;
    let taken = |diff: &ResourceDiff| goes(diff) || diff.replaces == Replaces::Yes;
    let list = |path: &str, is_in: &dyn Fn(&ResourceDiff) -> bool| {
        let names: Vec<&str> = diffs.iter().filter(|diff| is_in(diff)).map(|it| it.logical_id.as_str()).collect();
        (!names.is_empty()).then(|| FieldChange { path: path.into(), before: json!(names), after: Value::Null })
    };
    let lists = [
        list(TAKES_AWAY, &taken),
        list(MAY_REPLACE, &|diff| diff.replaces == Replaces::Unknown),
        list(RETAINS, &|diff| diff.retained),
    ];
    lists.into_iter().flatten().collect()
}

/// Whether a field is reported in where templates differ.
pub(in crate::kinds) fn is_of_template(path: &str) -> bool {
    [TEMPLATE, TAKES_AWAY, MAY_REPLACE, RETAINS].contains(&path) || path.starts_with("resources.")
}

/// Whether a field says that resources go, are replaced or may be replaced.
pub(in crate::kinds) fn is_destructive(field: &FieldChange) -> bool {
    field.path == TAKES_AWAY || field.path == MAY_REPLACE
}

#[cfg(test)]
mod tests;
