use std::collections::BTreeSet;

use landing_blueprint::{Place, Spanned, did_you_mean};
use landing_policy::{ParseError, PolicyType, parse};
use serde_json::{Map, Value, json};

use crate::declaration::Declaration;
use crate::declaration::aws_names;
use crate::declaration::temporary::{self, Phase};
use crate::model::{CONTROL_TOWER_ROLES, STACK_SETS_ROLE, Settings};
use crate::template::{self, Parameter, ParameterProblem, PolicyTemplate};

/// A file of the user's own is reported from a built-in template by its path.
fn is_file(name: &str) -> bool {
    name.contains('/') || name.ends_with(".hbs")
}

/// The type of policy that a template makes; a user's own makes service control policies unless reported otherwise.
pub(crate) fn type_of(name: &Spanned<String>) -> PolicyType {
    template::policy(name).map_or(PolicyType::ServiceControl, PolicyTemplate::policy_type)
}

/// What a built-in template does, in a sentence.
pub(crate) fn summary(name: &Spanned<String>) -> Option<String> {
    template::policy(name).map(|template| template.guardrail().title.clone())
}

/// Renders a template into a policy document.
pub(crate) fn render(
    name: &Spanned<String>,
    parameters: Option<&Spanned<Value>>,
    declaration: &mut Declaration,
) -> Option<Value> {
    let document = match template::policy(name) {
        Some(template) => {
            let place = parameters.map_or(name.place, |parameters| parameters.place);
            let what = format!("template {}", template.name);
            let phases = temporary::phases(&what, &given(parameters), place, declaration);
            let always = &phases.first()?.given;
            check_parameters(template, always, place, declaration)?;
            aws_names::check_given(always, place, declaration);
            document(template, &phases, &around(&declaration.desired.settings))
        }
        None => {
            let text = text(name, declaration)?;
            let rendered = template::render(&text, &values(parameters, declaration)).map_err(|error| error.message);
            let not_json = |error: ParseError| format!("what comes out is not JSON: {}", error.message);
            rendered.and_then(|text| parse(&text).map_err(not_json))
        }
    };
    document
        .map_err(|message| {
            let help = "every parameter that the template uses must be given; values go in by {{json name}}";
            declaration.mistake("template", name.place, format!("template {}: {message}", name.value), help);
        })
        .ok()
}

/// What a built-in template says all the while, and what it says besides once exemptions have ended.
fn document(template: &PolicyTemplate, phases: &[Phase], around: &Map<String, Value>) -> Result<Value, String> {
    let mut said: Option<Value> = None;
    for Phase { since, given } in phases {
        let document = template.document(given, around).map_err(|error| error.message)?;
        match (&mut said, since) {
            (Some(said), Some(since)) => {
                let mut statements = statements(said);
                let more = temporary::from_then_on(self::statements(&document), &statements, *since);
                statements.extend(more);
                said["Statement"] = statements.into();
            }
            _ => said = Some(document),
        }
    }
    Ok(said.unwrap_or_default())
}

fn statements(document: &Value) -> Vec<Value> {
    match &document["Statement"] {
        Value::Array(statements) => statements.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    }
}

/// The text of a file of the user's own.
fn text(name: &Spanned<String>, declaration: &mut Declaration) -> Option<String> {
    if !is_file(name) {
        let known = template::policies().iter().map(|template| template.name);
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

/// The parameters over what the organization says.
fn values(parameters: Option<&Spanned<Value>>, declaration: &Declaration) -> Map<String, Value> {
    let settings = &declaration.desired.settings;
    let mut values = organization_values(settings);
    values.extend(given(parameters));
    let exempt = exempt_principals(&values, settings.partition());
    values.insert("exempt_principals".to_owned(), exempt);
    values
}

/// What the organization says that templates take.
pub(crate) fn organization_values(settings: &Settings) -> Map<String, Value> {
    Map::from_iter([
        ("regions".to_owned(), json!(settings.regions)),
        (
            "linked_regions".to_owned(),
            settings.regions.iter().filter(|it| **it != settings.home_region).cloned().collect(),
        ),
        ("home_region".to_owned(), json!(settings.home_region)),
        ("access_role".to_owned(), json!(settings.access_role)),
        ("partition".to_owned(), json!(settings.partition())),
        ("spared_roles".to_owned(), settings.spared_roles().collect()),
    ])
}

/// What the organization says, with the principals that guardrails may spare: `spared` those for emergencies and
/// Control Tower's where it governs, `landing`
/// those by which landing and AWS's stack sets work. `landing_roles` are these and the one that landing plans with,
/// `exempt_anywhere` those that some guardrail does not bind, and `makers` those that alone make and change them.
/// `log_archives` are the accounts that keep logs.
pub(crate) fn around(settings: &Settings) -> Map<String, Value> {
    let arn = |role: &str| Value::from(format!("arn:{}:iam::*:role/{role}", settings.partition()));
    let own = settings.roles.iter().map(|roles| roles.apply.as_str()).chain([settings.access_role.as_str()]);
    let landing: Vec<Value> = own.filter(|role| !role.is_empty()).chain([STACK_SETS_ROLE]).map(arn).collect();
    let mut values = organization_values(settings);
    values.insert("spared".to_owned(), settings.spared_roles().map(arn).collect());
    let plan = settings.roles.iter().map(|roles| arn(&roles.plan));
    values.insert("landing_roles".to_owned(), plan.chain(landing.iter().cloned()).collect());
    let towers = CONTROL_TOWER_ROLES.into_iter().filter(|_| settings.control_tower).map(arn);
    values.insert("makers".to_owned(), landing.iter().cloned().chain(towers).collect());
    values.insert("landing".to_owned(), landing.into());
    let exempt: BTreeSet<&String> = settings.break_glass_roles.iter().chain(&settings.exempt_roles).collect();
    values.insert("exempt_anywhere".to_owned(), exempt.into_iter().map(|role| arn(role)).collect());
    values.insert("log_archives".to_owned(), json!(settings.log_archives));
    values
}

fn given(parameters: Option<&Spanned<Value>>) -> Map<String, Value> {
    parameters.and_then(|parameters| parameters.value.as_object()).cloned().unwrap_or_default()
}

/// Roles by name in every account, as a condition on `aws:PrincipalArn` takes them.
fn exempt_principals(values: &Map<String, Value>, partition: &str) -> Value {
    let roles = ["spared_roles", "exempt_roles"].map(|key| values.get(key).and_then(Value::as_array));
    let names = roles.into_iter().flatten().flatten().filter_map(Value::as_str);
    names.map(|name| format!("arn:{partition}:iam::*:role/{name}")).collect()
}

fn check_parameters(
    template: &PolicyTemplate,
    given: &Map<String, Value>,
    place: Place,
    declaration: &mut Declaration,
) -> Option<()> {
    let wrong = template::check(template.parameters.iter(), given);
    for wrong in &wrong {
        let message = format!("template {}: {}", template.name, wrong.message());
        declaration.mistake("parameter", place, message, help(wrong, template.parameters));
    }
    let regions =
        given.get("regions").and_then(Value::as_array).map_or(declaration.desired.settings.regions.len(), Vec::len);
    if template.name == "region-restriction" && regions == 0 {
        let help = "write `regions: [eu-west-1]` under `organization`, or under the policy's `parameters`";
        declaration.mistake("parameter", place, "the region policy has no regions: it would deny everything", help);
        return None;
    }
    wrong.is_empty().then_some(())
}

fn help(wrong: &ParameterProblem, parameters: &[Parameter]) -> String {
    let known = || parameters.iter().map(|parameter| parameter.name);
    let near = match wrong {
        ParameterProblem::Unknown(name) => did_you_mean(name, known()).map(|near| format!("did you mean `{near}`?")),
        _ => None,
    };
    let known = || format!("it knows {}", known().collect::<Vec<_>>().join(", "));
    wrong.help().or(near).unwrap_or_else(known)
}
