//! What stacks and stack sets have in common: a template with its parameters, compared and sent.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cloudformation::types::{Capability, Parameter, Tag};
use landing_cloudformation::{
    Kind, Replaces, ResourceDiff, Version, capabilities, declared_parameters, same_template, template_diff,
};
use serde_json::{Value, json};

use crate::kinds::shared::fields::differences;
use crate::model::{Body, FieldChange, Tags};

/// The field that lists the resources that are deleted or replaced.
pub(in crate::kinds) const TAKES_AWAY: &str = "takes_away";
/// The field that lists those of which only CloudFormation can tell whether they are replaced.
pub(in crate::kinds) const MAY_REPLACE: &str = "may_replace";
/// The field that lists those that leave the stack, or are or may be replaced, and stay where they are.
pub(in crate::kinds) const RETAINS: &str = "retains";

/// The fields in which two deployments differ: `template` resource by resource (`resources.Key`), `parameters` one by
/// one, and the names of the resources that go, are replaced, may be replaced, or stay without the stack.
pub(in crate::kinds) fn deployment_differences(wanted: &Body, found: &Body) -> Vec<FieldChange> {
    let (mut after, mut before) = (wanted.clone(), found.clone());
    let (new, old) = (after.remove("template"), before.remove("template"));
    forget_secrets(new.as_ref(), &mut after, &mut before);
    add_defaults(new.as_ref(), &mut after);
    let mut fields = Vec::new();
    for field in differences(&after, &before) {
        match field.path.as_str() {
            "parameters" => fields.extend(one_by_one(&field)),
            _ => fields.push(field),
        }
    }
    if let (Some(new), Some(old)) = (new, old) {
        fields.extend(template_fields(&old, found, &new, wanted));
    }
    fields
}

/// What CloudFormation is given for the parameters of a body.
pub(in crate::kinds) fn parameters_of(body: &Body) -> Vec<Parameter> {
    let parameter = |(name, value)| Parameter::builder().parameter_key(name).parameter_value(value).build();
    parameters(body).into_iter().map(parameter).collect()
}

/// What a template makes, CloudFormation has to be allowed.
pub(in crate::kinds) fn capabilities_of(body: &Body) -> Vec<Capability> {
    let template = body.get("template").map(capabilities).unwrap_or_default();
    template.into_iter().map(Capability::from).collect()
}

/// Tags as CloudFormation takes them.
pub(in crate::kinds) fn tags_of(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// A change set that was carried out keeps its name. What mends the same drift a second time needs another one.
pub(in crate::kinds) fn unused_change_set_name() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("landing-{:x}", now.as_nanos())
}

/// What is not echoed cannot be compared.
fn forget_secrets(template: Option<&Value>, wanted: &mut Body, found: &mut Body) {
    let secrets = template.map(declared_parameters).unwrap_or_default();
    for secret in secrets.iter().filter(|parameter| parameter.no_echo) {
        for body in [&mut *wanted, &mut *found] {
            if let Some(parameters) = body.get_mut("parameters").and_then(Value::as_object_mut) {
                parameters.remove(&secret.name);
            }
        }
    }
}

/// A parameter that is not given has the template's default.
fn add_defaults(template: Option<&Value>, wanted: &mut Body) {
    let Some(parameters) = wanted.get_mut("parameters").and_then(Value::as_object_mut) else { return };
    for declared in template.map(declared_parameters).unwrap_or_default().into_iter().filter(|it| !it.no_echo) {
        if let Some(default) = declared.default {
            parameters.entry(declared.name).or_insert_with(|| json!(default));
        }
    }
}

/// The members of a field that differ, each as a field.
pub(in crate::kinds) fn one_by_one(whole: &FieldChange) -> Vec<FieldChange> {
    let map = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let fields = differences(&map(&whole.after), &map(&whole.before));
    fields.into_iter().map(|field| FieldChange { path: format!("{}.{}", whole.path, field.path), ..field }).collect()
}

/// The outputs that have other values once a deployment is as it is wanted.
pub(in crate::kinds) fn changed_outputs(wanted: &Body, found: &Body) -> Vec<String> {
    let (Some(new), Some(old)) = (wanted.get("template"), found.get("template")) else { return Vec::new() };
    let (before, after) = (parameters(found), parameters(wanted));
    landing_cloudformation::changed_outputs(&Version::new(old, &before), &Version::new(new, &after))
}

/// The type of resource that lets others use what an account owns.
const SHARE: &str = "AWS::RAM::ResourceShare";

/// Whom a deployment shares something with.
pub(in crate::kinds) fn shared_with(body: &Body) -> Value {
    let template = body.get("template").unwrap_or(&Value::Null);
    Value::Array(Version::new(template, &parameters(body)).properties(SHARE, "Principals"))
}

/// What another template does, resource by resource.
fn template_fields(old: &Value, old_body: &Body, new: &Value, new_body: &Body) -> Vec<FieldChange> {
    let (before, after) = (parameters(old_body), parameters(new_body));
    let diffs = template_diff(&Version::new(old, &before), &Version::new(new, &after));
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
        fields.push(FieldChange { path: "template".into(), before: rest(old), after: rest(new) });
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

/// Whether a field says that resources go, are replaced or may be replaced.
pub(in crate::kinds) fn is_destructive(field: &FieldChange) -> bool {
    field.path == TAKES_AWAY || field.path == MAY_REPLACE
}

/// The values that the parameters of a body have.
pub(in crate::kinds) fn parameters(body: &Body) -> BTreeMap<String, String> {
    let parameters = body.get("parameters").and_then(Value::as_object);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    parameters.into_iter().flatten().map(|(name, value)| (name.clone(), text(value))).collect()
}

#[cfg(test)]
mod tests;
