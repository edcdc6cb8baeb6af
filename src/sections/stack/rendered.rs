//! What a stack deploys: its template with all values in it, and the values of its parameters.

use std::collections::BTreeMap;

use landing_blueprint::{Diagnostic, Place, Spanned, did_you_mean};
use landing_cloudformation::{
    Dangling, dangling, declared_parameters, excesses, misplaced_variables, nearest, parameter_text, parse, places,
};
use serde_json::{Map, Value, json};

use super::StackSection;
use crate::declaration::Declaration;
use crate::declaration::aws_names;
use crate::declaration::template::organization_values;
use crate::kinds::resource::{self, StackSet};
use crate::model::{Tags, mark_references, references};
use crate::template::{self, ParameterProblem, Preset, StackTemplate};

/// A stack's template with its values in their places, and what CloudFormation is given with it.
pub(super) struct Rendered {
    pub template: Value,
    pub parameters: BTreeMap<String, String>,
}

impl Rendered {
    /// A stack set of it.
    pub fn stack_set(&self, name: &str, tags: Tags, parameters_by: resource::ParametersBy) -> StackSet {
        let (template, parameters) = (self.template.clone(), self.parameters.clone());
        StackSet { name: name.to_owned(), template, parameters, parameters_by, tags, ..StackSet::default() }
    }

    /// The same with other values.
    pub fn with(&self, others: resource::Values) -> Rendered {
        let mut parameters = self.parameters.clone();
        parameters.extend(others);
        Rendered { template: self.template.clone(), parameters }
    }

    /// That of a stack that is written; `None` where it has mistakes.
    pub fn of(name: &Spanned<String>, section: &StackSection, declaration: &mut Declaration) -> Option<Rendered> {
        let Some(written) = &section.template(name) else {
            let help = "write `template:` with a built-in template's name or a path";
            declaration.mistake("missing", name.place, format!("the stack {} has no template", name.value), help);
            return None;
        };
        let given = section.given();
        let place = section.parameters.as_ref().map_or(written.place, |parameters| parameters.place);
        let is_own = template::stack(written).is_none();
        let (text, given) = match template::stack(written) {
            Some(template) => builtin(template, &given, written, place, declaration)?,
            None => own(written, given, declaration)?,
        };
        let template = parse(&text)
            .map_err(|error| {
                let message = format!("template {}, line {}: {}", written.value, error.line, error.message);
                declaration.mistake("template", written.place, message, "it must be CloudFormation, as YAML or JSON");
            })
            .ok()?;
        for excess in excesses(&template) {
            let message = format!("template {} {excess}", written.value);
            declaration.mistake("too-large", written.place, message, "divide it into several stacks");
        }
        if is_own {
            check_own(&template, &text, written, declaration);
        }
        let parameters = parameters(&template, &given, written, place, declaration);
        Some(Rendered { template, parameters })
    }
}

/// What CloudFormation or IAM refuses in a template of the user's own, each at its line.
fn check_own(template: &Value, text: &str, written: &Spanned<String>, declaration: &mut Declaration) {
    let references = dangling(template).into_iter().map(|found| {
        let (by, name, missing) = (found.by, &found.name, found.missing);
        let message = format!("{by} names `{name}`, and the template has no {missing} of that name");
        (found.pointer.clone(), message, help_with(&found, template))
    });
    let variables = misplaced_variables(template).into_iter().map(|found| {
        let message = format!("a policy has the variable `${{{}}}` in the {} of an ARN", found.variable, found.part);
        let help = "IAM takes policy variables only after the fifth colon: write a plain value, `*`, or a parameter of the \
                    template under Fn::Sub";
        (found.pointer, message, help.to_owned())
    });
    let found: Vec<(String, String, String)> = references.chain(variables).collect();
    if found.is_empty() {
        return;
    }
    // Lines of what comes out of rendering are not those of the file.
    let places = if written.ends_with(".hbs") { Default::default() } else { places(text) };
    let file = declaration.sources.draw_in(written.place, written).ok().map(|(file, _)| file);
    for (pointer, message, help) in found {
        let line = nearest(&places, &pointer).map(|range| first_line(text, range));
        let place = file.zip(line).map_or(written.place, |(file, range)| Place::new(file, range));
        declaration.mistake("template", place, format!("template {}: {message}", written.value), help);
    }
}

/// A range without what comes after its first line.
fn first_line(text: &str, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let line = text.get(range.clone()).and_then(|part| part.split(['\n', '\r']).next()).unwrap_or_default();
    range.start..range.start + line.trim_end().len()
}

fn help_with(reference: &Dangling, template: &Value) -> String {
    let known = ["Parameters", "Resources", "Conditions", "Mappings"].into_iter().flat_map(|section| {
        template.get(section).and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name.as_str())
    });
    if let Some(near) = did_you_mean(&reference.name, known) {
        return format!("did you mean `{near}`?");
    }
    if !references(&json!(format!("${{{}}}", reference.name))).is_empty() {
        return "a template's text is CloudFormation's alone: declare a parameter in it, and write the reference under \
                the stack's `parameters`"
            .into();
    }
    format!("add the {} to the template, or correct the name", reference.missing)
}

fn builtin(
    template: &'static StackTemplate,
    given: &Map<String, Value>,
    written: &Spanned<String>,
    place: Place,
    declaration: &mut Declaration,
) -> Option<(String, Map<String, Value>)> {
    let wrong = template.check(given);
    for wrong in &wrong {
        let known = template.rendered.iter().chain(template.deployed).map(|parameter| parameter.name);
        let at = match wrong {
            ParameterProblem::Unknown(name) => {
                let known: Vec<&str> = known.collect();
                let holder = format!("template {}", template.name);
                declaration.unknown_parameter("parameter", &holder, name, place, &known);
                continue;
            }
            ParameterProblem::Shape(parameter) => declaration.sources.key(place, parameter.name),
            ParameterProblem::Missing(_) => place,
        };
        let message = format!("template {}: {}", template.name, wrong.message());
        declaration.mistake("parameter", at, message, wrong.help().unwrap_or_default());
    }
    if !wrong.is_empty() {
        return None;
    }
    aws_names::check_given(given, place, declaration);
    let text = template
        .render(&marked(with_organization(template, given, declaration)))
        .map_err(|error| {
            let message = format!("template {}: {}", template.name, error.message);
            declaration.mistake("template", written.place, message, "change the parameters");
        })
        .ok()?;
    Some((text, template.deployed_values(given)))
}

/// The parameters over what the organization says where the template asks for that.
fn with_organization(
    template: &StackTemplate,
    given: &Map<String, Value>,
    declaration: &Declaration,
) -> Map<String, Value> {
    let mut values = organization_values(&declaration.desired.settings);
    values.retain(|name, _| template.rendered.iter().any(|it| it.preset == Preset::Organization && it.name == name));
    values.extend(given.clone());
    values
}

/// Values that fill places in a template's text: what they refer to is a reference there too, whatever else the text holds.
fn marked(values: Map<String, Value>) -> Map<String, Value> {
    values.into_iter().map(|(name, value)| (name, mark_references(&value))).collect()
}

fn own(
    written: &Spanned<String>,
    given: Map<String, Value>,
    declaration: &mut Declaration,
) -> Option<(String, Map<String, Value>)> {
    if !written.contains('/') && !written.contains('.') {
        let known = template::stacks().map(|template| template.name);
        declaration.unknown("template", written, written.place, known, "a template of your own is a path to a file");
        return None;
    }
    let text = match declaration.sources.draw_in(written.place, written) {
        Ok((_, text)) => text.to_owned(),
        Err(diagnostic) => {
            declaration.diagnostics.push(*diagnostic);
            return None;
        }
    };
    if !written.ends_with(".hbs") {
        return Some((text, given));
    }
    let rendered = template::render(&text, &marked(given.clone())).map_err(|error| {
        let message = format!("template {}, line {}: {}", written.value, error.line, error.message);
        let help = "every value that the template uses must be among the stack's `parameters`";
        declaration.diagnostics.push(Diagnostic::error("template", message).at(written.place).help(help));
    });
    let declared = |name: &String, text: &String| {
        parse(text).is_ok_and(|template| declared_parameters(&template).iter().any(|it| it.name == *name))
    };
    let rendered = rendered.ok()?;
    // What fills a place in the text need not be declared as well.
    let given = given.into_iter().filter(|(name, _)| declared(name, &rendered) || !text.contains(name)).collect();
    Some((rendered, given))
}

/// What CloudFormation is given: everything that the template declares, and nothing else.
fn parameters(
    template: &Value,
    given: &Map<String, Value>,
    written: &Spanned<String>,
    place: Place,
    declaration: &mut Declaration,
) -> BTreeMap<String, String> {
    let declared = declared_parameters(template);
    let known = || declared.iter().map(|parameter| parameter.name.as_str());
    // A parameter that is misspelled is not missing as well.
    let mut meant: Vec<&str> = Vec::new();
    for name in given.keys().filter(|name| !known().any(|known| known == *name)) {
        let known: Vec<&str> = known().collect();
        meant.extend(did_you_mean(name, known.iter().copied()));
        declaration.unknown_parameter("parameter", &format!("template {}", written.value), name, place, &known);
    }
    let mut values = BTreeMap::new();
    for parameter in &declared {
        // A default is the template's own text: CloudFormation takes it as it is.
        if !given.contains_key(&parameter.name)
            && parameter.default.as_ref().is_some_and(|it| !references(&json!(it)).is_empty())
        {
            continue;
        }
        let value = given.get(&parameter.name).and_then(parameter_text).or_else(|| parameter.default.clone());
        let Some(value) = value else {
            if meant.contains(&parameter.name.as_str()) {
                continue;
            }
            let message = format!("template {} needs the parameter {}", written.value, parameter.name);
            declaration.mistake("parameter", place, message, "write it under `parameters`");
            continue;
        };
        if parameter.no_echo && given.contains_key(&parameter.name) && !value.starts_with("{{resolve:") {
            declaration.sources.hide(place, &value);
            let message = format!("the parameter {} is not echoed, and its value is written here", parameter.name);
            declaration.mistake("secret", place, message, "write a reference such as {{resolve:secretsmanager:NAME}}");
        }
        values.insert(parameter.name.clone(), value);
    }
    values
}
