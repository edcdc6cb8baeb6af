//! Reading templates: of a stack, of a change set, or not yet of anything.

use serde_json::{Value, json};

use super::capabilities;
use super::common::place;
use super::describe::stack_of;
use super::errors::{change_set_not_found, invalid};
use super::source::template_body;
use super::template::model::Template;
use super::template::parameters::Parameter;
use crate::aws_error::{Answer, ApiError};
use crate::request::Request;
use crate::service::{Operation, operation};

pub(super) const OPERATIONS: &[Operation] = &[
    operation("GetTemplate", get_template),
    operation("GetTemplateSummary", get_template_summary),
    operation("ValidateTemplate", validate_template),
];

/// The template as it was submitted.
fn get_template(request: &mut Request<'_>) -> Answer {
    let body = match request.input.optional("ChangeSetName")? {
        Some(name) => {
            let stacks = request.state.stacks.in_place(&place(request));
            let mut sets = stacks.into_iter().flat_map(|all| all.stacks.values()).flat_map(|stack| {
                stack.change_sets.iter().map(move |(name, set)| (stack.name.as_str(), name.as_str(), set))
            });
            let stack = request.input.optional("StackName")?.unwrap_or_default();
            let found = sets.find(|(of, own, set)| set.id == name || (*of == stack && *own == name));
            &found.ok_or_else(|| change_set_not_found(name))?.2.wanted.template
        }
        None => &stack_of(request)?.wanted.template,
    };
    Ok(json!({"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]}))
}

fn show_parameter((name, parameter): (&String, &Parameter)) -> Value {
    json!({
        "ParameterKey": name,
        "DefaultValue": parameter.default,
        "NoEcho": parameter.no_echo,
        "Description": parameter.description,
    })
}

/// The template that a request brings.
fn submitted(request: &Request<'_>) -> Result<Template, ApiError> {
    let missing = || invalid("Either Template URL or Template Body must be specified.");
    Template::parse(&template_body(request)?.ok_or_else(missing)?).map_err(invalid)
}

fn validate_template(request: &mut Request<'_>) -> Answer {
    let template = submitted(request)?;
    let (capability, types) = capabilities::of(&template);
    Ok(json!({
        "Parameters": template.parameters.iter().map(show_parameter).collect::<Vec<_>>(),
        "Description": template.description,
        "Capabilities": capability.into_iter().collect::<Vec<_>>(),
        "CapabilitiesReason": reason(&types),
    }))
}

fn reason(types: &[&str]) -> Option<String> {
    let types = types.join(", ");
    (!types.is_empty()).then(|| format!("The following resource(s) require capabilities: [{types}]"))
}

fn get_template_summary(request: &mut Request<'_>) -> Answer {
    let template = match request.input.optional("StackName")? {
        Some(_) => Template::parse(&stack_of(request)?.wanted.template).map_err(invalid)?,
        None => submitted(request)?,
    };
    let (capability, types) = capabilities::of(&template);
    let parameter = |(name, parameter): (&String, &Parameter)| {
        let mut shown = show_parameter((name, parameter));
        shown["ParameterType"] = parameter.kind.as_str().into();
        shown["ParameterConstraints"] = json!({"AllowedValues": parameter.allowed()});
        shown
    };
    Ok(json!({
        "Parameters": template.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "Description": template.description,
        "Capabilities": capability.into_iter().collect::<Vec<_>>(),
        "CapabilitiesReason": reason(&types),
        "ResourceTypes": template.resource_types(),
        "Version": "2010-09-09",
        "Metadata": template.metadata.as_ref().map(Value::to_string),
    }))
}
