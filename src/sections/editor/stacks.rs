//! The built-in templates of stacks and policies with the parameters that each takes.

use serde_json::{Map, Value, json};

use super::names::{policy_parameters, refer};
use super::patterns;
use crate::declaration::aws_names::is_named_for;
use crate::declaration::temporary::EXEMPT_ROLES;
use crate::template::{Parameter, Preset, Shape, StackTemplate, stacks};

/// The parameters of every built-in template.
pub(super) fn definitions() -> Map<String, Value> {
    let of_stacks = stacks().map(|template| {
        let all = template.rendered.iter().chain(template.deployed);
        (parameters_of("Stack", template.name), parameters(all))
    });
    let of_policies = policy_parameters().map(|(name, parameters)| (parameters_of("Policy", name), parameters));
    of_stacks.chain(of_policies).collect()
}

fn parameters_of(what: &str, template: &str) -> String {
    format!("{what}Parameters.{template}")
}

/// What a stack says beside its template: the parameters of that one.
pub(super) fn by_template() -> Value {
    json!({"allOf": stacks().map(|it| when_template_is(it.name, given_to_stack(it))).collect::<Vec<_>>()})
}

/// The same of policies.
pub(super) fn by_policy_template() -> Vec<Value> {
    policy_parameters().map(|(name, _)| when_template_is(name, given("Policy", name, false))).collect()
}

fn when_template_is(name: &str, then: Value) -> Value {
    json!({"if": {"properties": {"template": {"const": name}}, "required": ["template"]}, "then": then})
}

/// The parameters of a built-in template, which must be there where one must be given.
fn given_to_stack(template: &StackTemplate) -> Value {
    let mut all = template.rendered.iter().chain(template.deployed);
    given("Stack", template.name, all.any(|parameter| parameter.preset == Preset::Required))
}

fn given(what: &str, name: &str, must: bool) -> Value {
    let parameters = json!({"parameters": refer(&parameters_of(what, name))});
    if must { json!({"properties": parameters, "required": ["parameters"]}) } else { json!({"properties": parameters}) }
}

/// Stacks by name: one that is called as a built-in template is made of that unless it says otherwise.
pub(super) fn by_name() -> Value {
    let named = stacks().map(|template| {
        let own = json!({"if": {"required": ["template"]}, "then": {}, "else": given_to_stack(template)});
        let about =
            format!("{}. The built-in template of this name unless `template` names another.", template.summary);
        (template.name.to_owned(), json!({"description": about, "allOf": [refer("Stack"), own]}))
    });
    let named: Map<String, Value> = named.collect();
    json!({
        "type": "object",
        "propertyNames": {"pattern": patterns::STACK},
        "properties": named,
        "additionalProperties": {"allOf": [refer("Stack"), {"type": "object", "required": ["template"]}]},
    })
}

/// A map of parameters by name. The values are read as they are, and not as the lists and texts of types.
pub(super) fn parameters<'a>(all: impl Iterator<Item = &'a Parameter> + Clone) -> Value {
    let properties: Map<String, Value> = all.clone().map(|it| (it.name.to_owned(), parameter(it))).collect();
    let required: Vec<&str> = all.filter(|it| it.preset == Preset::Required).map(|it| it.name).collect();
    let mut schema = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn parameter(parameter: &Parameter) -> Value {
    let mut schema = match parameter.name {
        EXEMPT_ROLES => exempt_roles(),
        name if is_named_for("region", name) || is_named_for("regions", name) => of_regions(parameter.shape),
        _ => of_shape(parameter.shape),
    };
    let about = match parameter.preset {
        Preset::Organization => format!("{} (what the organization says unless given)", parameter.about),
        _ => parameter.about.to_owned(),
    };
    schema["description"] = json!(sentence(&about));
    if let Some(default) = parameter.preset.value() {
        schema["default"] = default;
    }
    schema
}

/// A description that begins with a capital letter and ends with a full stop.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).chain(['.']).collect()).unwrap_or_default()
}

fn of_regions(shape: Shape) -> Value {
    match shape {
        Shape::Texts => json!({"type": "array", "x-plain": true, "items": refer("RegionName")}),
        Shape::Text => json!({"anyOf": [refer("RegionName"), {"type": "string", "pattern": r"\$\{"}]}),
        other => of_shape(other),
    }
}

/// Roles that are exempt, for good or until some day.
pub(super) fn exempt_roles() -> Value {
    let temporary = json!({
        "type": "object",
        "x-plain": true,
        "properties": {"name": text(), "until": refer("Until")},
        "required": ["name", "until"],
        "additionalProperties": false,
    });
    json!({"type": "array", "x-plain": true, "items": {"anyOf": [text(), temporary]}})
}

/// A text that is read as a plain value.
pub(super) fn text() -> Value {
    json!({"type": "string", "x-plain": true})
}

fn list(items: Value) -> Value {
    json!({"type": "array", "x-plain": true, "items": items})
}

fn once(items: Value) -> Value {
    json!({"type": "array", "x-plain": true, "items": items, "uniqueItems": true})
}

fn label(most: usize) -> Value {
    json!({"type": "string", "pattern": format!("^[a-z][a-z0-9-]{{0,{}}}$", most.saturating_sub(1))})
}

/// What a shape takes, as [`Shape`] checks it. Whether a subject of tokens names its owner is left to that check.
fn of_shape(shape: Shape) -> Value {
    let amount = json!({"type": "number", "exclusiveMinimum": 0});
    match shape {
        Shape::Text => text(),
        Shape::TextOrTexts => json!({"anyOf": [text(), list(text())]}),
        Shape::Label(most) => label(most),
        Shape::Labels(most) => once(label(most)),
        Shape::Texts | Shape::Subjects => list(text()),
        Shape::Whole(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
        Shape::OneOf(numbers) => json!({"type": "integer", "enum": numbers}),
        Shape::Amounts => list(amount),
        Shape::Amount => amount,
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Choice(choices) => json!({"type": "string", "enum": choices}),
        Shape::Choices(choices) => once(json!({"type": "string", "enum": choices})),
        Shape::Values => json!({
            "type": "object", "x-plain": true, "additionalProperties": {"type": ["string", "number", "boolean"]},
        }),
        Shape::Names(keys) => names(keys),
        Shape::Rows(keys) => {
            let mut row = parameters(keys.iter());
            row["x-plain"] = json!(true);
            list(row)
        }
        Shape::Network(least, most) => json!({"type": "string", "pattern": patterns::network(least, most)}),
    }
}

fn names(keys: &[&str]) -> Value {
    let text = json!({"type": "string", "minLength": 1, "x-plain": true});
    let properties: Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), text.clone())).collect();
    json!({"type": "object", "x-plain": true, "properties": properties, "additionalProperties": false})
}
