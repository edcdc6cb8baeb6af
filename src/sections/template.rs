use std::sync::LazyLock;

use handlebars::{Handlebars, Helper, HelperResult, Output, RenderContext};
use serde_json::{Value, json};

use super::declaration::Declaration;
use crate::blueprint::{Place, Spanned, did_you_mean};
use crate::policy::{PolicyType, parse};

/// A built-in policy that is made from parameters.
#[derive(Debug)]
pub struct Template {
    /// The name that blueprints use.
    pub name: &'static str,
    /// The type of the policy that it makes.
    pub policy_type: PolicyType,
    /// What it does, in a sentence: the policy's description too.
    pub summary: &'static str,
    /// The parameters that it knows, each with what it is for.
    pub parameters: &'static [(&'static str, &'static str)],
    text: &'static str,
}

/// Every built-in policy template.
pub fn policy_templates() -> &'static [Template] {
    &TEMPLATES
}

static TEMPLATES: [Template; 2] = [
    Template {
        name: "region-restriction",
        policy_type: PolicyType::ServiceControl,
        summary: "Only the organization's regions may be used; services that have no region stay usable",
        parameters: &[
            ("regions", "the regions that may be used; the organization's unless given"),
            ("exempt_roles", "names of roles that it does not bind, `*` stands for anything"),
            ("exempt_actions", "actions that it does not bind, beside those of services without a region"),
        ],
        text: include_str!("../../templates/policies/region-restriction.json.hbs"),
    },
    Template {
        name: "deny-leave-organization",
        policy_type: PolicyType::ServiceControl,
        summary: "No account may leave the organization",
        parameters: &[],
        text: include_str!("../../templates/policies/deny-leave-organization.json.hbs"),
    },
];

/// Every value goes in as JSON, so that none can break the document.
static HANDLEBARS: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut handlebars = Handlebars::new();
    handlebars.set_strict_mode(true);
    handlebars.register_escape_fn(|text| serde_json::to_string(text).unwrap_or_default());
    handlebars.register_helper("json", Box::new(write_json));
    handlebars
});

fn write_json(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &handlebars::Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let value = helper.param(0).map_or(Value::Null, |value| value.value().clone());
    out.write(&value.to_string())?;
    Ok(())
}

/// The built-in template that is called so.
fn builtin(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}

/// A file of the user's own is told from a built-in template by its path.
fn is_file(name: &str) -> bool {
    name.contains('/') || name.ends_with(".hbs")
}

/// The type of policy that a template makes; a user's own makes service control policies unless told otherwise.
pub(super) fn type_of(name: &Spanned<String>) -> PolicyType {
    builtin(name).map_or(PolicyType::ServiceControl, |template| template.policy_type)
}

/// What a built-in template does, in a sentence.
pub(super) fn summary(name: &Spanned<String>) -> Option<String> {
    builtin(name).map(|template| template.summary.to_owned())
}

/// Renders a template into a policy document.
pub(super) fn render(
    name: &Spanned<String>,
    parameters: Option<&Spanned<Value>>,
    declaration: &mut Declaration,
) -> Option<Value> {
    let text = text(name, declaration)?;
    if let Some(template) = builtin(name) {
        check_parameters(template, parameters, declaration)?;
    }
    let context = context(parameters, declaration);
    let rendered = HANDLEBARS.render_template(&text, &context).map_err(|error| error.to_string());
    let document = rendered
        .and_then(|text| parse(&text).map_err(|error| format!("what comes out is not JSON: {}", error.message)));
    document
        .map_err(|message| {
            let help = "every parameter that the template uses must be given; values go in by {{json name}}";
            declaration.mistake("template", name.place, format!("template {}: {message}", name.value), help);
        })
        .ok()
}

fn text(name: &Spanned<String>, declaration: &mut Declaration) -> Option<String> {
    if let Some(template) = builtin(name) {
        return Some(template.text.to_owned());
    }
    if !is_file(name) {
        let known = TEMPLATES.iter().map(|template| template.name);
        declaration.unknown("template", name, name.place, known, "a template of your own is a path ending in .hbs");
        return None;
    }
    match declaration.sources.draw_in(name.place, name) {
        Ok((_, text)) => Some(text.to_owned()),
        Err(diagnostic) => {
            declaration.diagnostics.push(*diagnostic);
            None
        }
    }
}

/// The parameters over what the organization says. A built-in template gets every one of its own.
fn context(parameters: Option<&Spanned<Value>>, declaration: &Declaration) -> Value {
    let settings = &declaration.desired.settings;
    let mut context = json!({
        "regions": settings.regions,
        "home_region": settings.home_region,
        "access_role": settings.access_role,
        "partition": settings.partition(),
        "break_glass_roles": settings.break_glass_roles,
        "exempt_roles": [],
        "exempt_actions": [],
    });
    if let (Value::Object(context), Some(Value::Object(given))) = (&mut context, parameters.map(|given| &given.value)) {
        context.extend(given.clone());
    }
    context["exempt_principals"] = exempt_principals(&context, settings.partition());
    context
}

/// Roles by name in every account, as a condition on `aws:PrincipalArn` takes them.
fn exempt_principals(context: &Value, partition: &str) -> Value {
    let roles = ["break_glass_roles", "exempt_roles"].map(|key| context[key].as_array().cloned().unwrap_or_default());
    let names = roles.iter().flatten().filter_map(Value::as_str);
    names.map(|name| format!("arn:{partition}:iam::*:role/{name}")).collect()
}

fn check_parameters(
    template: &Template,
    parameters: Option<&Spanned<Value>>,
    declaration: &mut Declaration,
) -> Option<()> {
    let place = parameters.map_or(Place::NOWHERE, |parameters| parameters.place);
    let empty = serde_json::Map::new();
    let given = parameters.and_then(|parameters| parameters.value.as_object()).unwrap_or(&empty);
    let known = || template.parameters.iter().map(|(name, _)| *name);
    for (name, value) in given {
        if !known().any(|known| known == name) {
            let near = did_you_mean(name, known()).map(|near| format!("did you mean `{near}`?"));
            let all: Vec<&str> = known().collect();
            let help = near.unwrap_or_else(|| format!("it knows {}", all.join(", ")));
            declaration.mistake(
                "parameter",
                place,
                format!("template {} has no parameter `{name}`", template.name),
                help,
            );
            return None;
        }
        if !value.as_array().is_some_and(|items| items.iter().all(Value::is_string)) {
            let message = format!("the parameter `{name}` of template {} is a list of texts", template.name);
            declaration.mistake("parameter", place, message, format!("write {name}: [one, another]"));
            return None;
        }
    }
    let regions =
        given.get("regions").and_then(Value::as_array).map_or(declaration.desired.settings.regions.len(), Vec::len);
    if template.name == "region-restriction" && regions == 0 {
        let help = "write `regions: [eu-west-1]` under `organization`, or under the policy's `parameters`";
        declaration.mistake("parameter", place, "the region policy has no regions: it would deny everything", help);
        return None;
    }
    Some(())
}
