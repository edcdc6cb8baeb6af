//! What a stack makes, and how another version of its template changes that.

use std::collections::BTreeMap;

use landing_cloudformation::{Loop, Version};
use serde_json::{Map, Value};

use super::clean::{GLUE, clean};
use super::content::settings;
use super::detail::Detail;
use super::line::Line;
use super::paint::Paint;
use crate::model::{FieldChange, unmark_references};

/// The field of one resource that differs begins so; its name in the template follows.
const PREFIX: &str = "resources.";

/// So many properties of one resource are shown; `verbose` shows all.
const SHOWN_PROPERTIES: usize = 8;

/// Whether a field is about what a template says.
pub(super) fn is_of_template(field: &FieldChange) -> bool {
    field.path == "template" || list_of(&field.path).is_some() || field.path.starts_with(PREFIX)
}

/// How a stack's resources differ, resource by resource; what a new one makes, by type.
pub(super) fn resources(fields: &[FieldChange], verbose: bool) -> Vec<Detail> {
    let shown = fields.iter().filter(|field| is_of_template(field)).map(|field| FieldChange {
        path: field.path.clone(),
        before: unmark_references(&field.before),
        after: unmark_references(&field.after),
    });
    let given = given(fields);
    shown.flat_map(|field| of_field(&field, &given, verbose)).collect()
}

/// What a new stack's parameters are.
fn given(fields: &[FieldChange]) -> BTreeMap<String, String> {
    let parameters = fields.iter().find(|field| field.path == "parameters").and_then(|field| field.after.as_object());
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    parameters.into_iter().flatten().filter_map(text).collect()
}

fn of_field(field: &FieldChange, given: &BTreeMap<String, String>, verbose: bool) -> Vec<Detail> {
    match field.path.strip_prefix(PREFIX) {
        Some(name) => resource(name, field, verbose),
        None if list_of(&field.path).is_some() => listed(field).into_iter().collect(),
        None if field.before.is_null() && verbose => all(&made(&field.after, given)),
        None if field.before.is_null() => by_type(&made(&field.after, given)).into_iter().collect(),
        None => settings(&field.before, &field.after),
    }
}

/// `+ Budget AWS::Budgets::Budget`, and of one that changes its properties.
fn resource(name: &str, field: &FieldChange, verbose: bool) -> Vec<Detail> {
    let (glyph, paint, shown) = match (&field.before, &field.after) {
        (Value::Null, after) => ('+', Paint::Added, after),
        (before, Value::Null) => ('-', Paint::Removed, before),
        (_, after) => ('~', Paint::Changed, after),
    };
    let mut details = vec![headline(glyph, paint, name, shown)];
    if glyph == '~' || verbose {
        let properties = settings(&field.before, &field.after);
        let room = if verbose { properties.len() } else { SHOWN_PROPERTIES };
        let more = properties.len().saturating_sub(room);
        details.extend(properties.into_iter().take(room).map(|it| Detail::new(it.indent + 2, it.line)));
        if more > 0 {
            details.push(Detail::new(2, Line::of(Paint::Dim, format!("… and {more} more"))));
        }
    }
    details
}

fn headline(glyph: char, paint: Paint, name: &str, resource: &Value) -> Detail {
    let line = Line::of(paint, format!("{glyph}{GLUE}{}", clean(name)));
    Detail::new(0, line.with(Paint::Dim, format!("{GLUE}{}", clean(resource_type(resource)))))
}

/// What is said before the names of resources that a field lists.
fn list_of(path: &str) -> Option<(Paint, &'static str)> {
    match path {
        "takes_away" => Some((Paint::Danger, "deletes or replaces ")),
        "may_replace" => Some((Paint::Danger, "may replace ")),
        "retains" => Some((Paint::Changed, "keeps outside of the stack what is now ")),
        "keeps_stacks" => Some((Paint::Changed, "keeps, without the stack set, the stacks of ")),
        "deletes_stacks" => Some((Paint::Danger, "deletes the stacks of ")),
        _ => None,
    }
}

fn listed(field: &FieldChange) -> Option<Detail> {
    let (paint, words) = list_of(&field.path)?;
    let names: Vec<String> =
        field.before.as_array().into_iter().flatten().filter_map(Value::as_str).map(clean).collect();
    Some(Detail::new(0, Line::of(paint, words).plain(names.join(", "))))
}

/// `makes 3 AWS::EC2::Subnet · AWS::EC2::VPC`.
fn by_type(made: &Map<String, Value>) -> Option<Detail> {
    let mut types: Vec<(String, usize)> = Vec::new();
    for (name, resource) in made {
        let own = sort_of(name, resource);
        match types.iter_mut().find(|(known, _)| *known == own) {
            Some((_, number)) => *number += 1,
            None => types.push((own, 1)),
        }
    }
    if types.is_empty() {
        return None;
    }
    let mut line = Line::of(Paint::Dim, format!("makes{GLUE}"));
    for (nth, (own, number)) in types.into_iter().enumerate() {
        let dot = if nth > 0 { format!("{GLUE}· ") } else { String::new() };
        let number = if number > 1 { format!("{number}{GLUE}") } else { String::new() };
        line = line.with(Paint::Dim, dot).plain(number + &clean(&own));
    }
    Some(Detail::new(0, line))
}

/// A resource's type; of a loop over what only CloudFormation knows the types that it makes, and over what.
fn sort_of(name: &str, resource: &Value) -> String {
    let Some(found) = Loop::read(name, resource) else { return resource_type(resource).to_owned() };
    let bodies = found.body.as_object().into_iter().flatten();
    let types: Vec<String> = bodies.map(|(name, resource)| sort_of(name, resource)).collect();
    format!("{} for each of {} (loop {})", types.join(" and "), told(&found.collection), found.name)
}

/// What a loop goes through, in a few words.
fn told(collection: &Value) -> String {
    match collection.get("Ref").and_then(Value::as_str) {
        Some(parameter) => format!("the parameter {parameter}"),
        None => collection.to_string(),
    }
}

/// Every resource of a new stack by its name.
fn all(made: &Map<String, Value>) -> Vec<Detail> {
    let line = |(name, resource): (&String, &Value)| {
        let line = Line::of(Paint::Added, format!("+{GLUE}{}", clean(name)));
        Detail::new(0, line.with(Paint::Dim, format!("{GLUE}{}", clean(&sort_of(name, resource)))))
    };
    made.iter().map(line).collect()
}

/// What a template makes, its loops included.
fn made(template: &Value, given: &BTreeMap<String, String>) -> Map<String, Value> {
    Version::new(template, given).declared_resources()
}

fn resource_type(resource: &Value) -> &str {
    resource.get("Type").and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(template: Value, parameters: Value, verbose: bool) -> Vec<String> {
        let field = |path: &str, after: Value| FieldChange { path: path.into(), before: Value::Null, after };
        let fields = [field("template", template), field("parameters", parameters)];
        resources(&fields, verbose).iter().map(|it| it.line.to_plain().replace(GLUE, " ")).collect()
    }

    fn looped(collection: Value) -> Value {
        json!({"Parameters": {"Names": {"Type": "CommaDelimitedList"}}, "Resources": {
            "Fn::ForEach::Topics": ["T", collection, {"Topic${T}": {"Type": "AWS::SNS::Topic"}}],
        }})
    }

    #[test]
    fn what_a_loop_makes_is_shown() {
        assert_eq!(lines(looped(json!(["A", "B"])), json!({}), false), ["makes 2 AWS::SNS::Topic"]);
        assert_eq!(
            lines(looped(json!({"Ref": "Names"})), json!({"Names": "A,B,C"}), false),
            ["makes 3 AWS::SNS::Topic"]
        );
        assert_eq!(
            lines(looped(json!(["A", "B"])), json!({}), true),
            ["+ TopicA AWS::SNS::Topic", "+ TopicB AWS::SNS::Topic"]
        );
    }

    #[test]
    fn a_loop_over_what_is_not_known_is_shown_with_it() {
        assert_eq!(
            lines(looped(json!({"Ref": "Names"})), json!({}), false),
            ["makes AWS::SNS::Topic for each of the parameter Names (loop Topics)"]
        );
        assert_eq!(
            lines(looped(json!({"Fn::GetAZs": ""})), json!({}), false),
            ["makes AWS::SNS::Topic for each of {\"Fn::GetAZs\":\"\"} (loop Topics)"]
        );
    }

    #[test]
    fn a_template_that_makes_nothing_is_not_said_to_make_something() {
        assert_eq!(lines(json!({"Resources": {}}), json!({}), false), [""; 0]);
    }

    #[test]
    fn what_goes_may_go_and_stays_is_named() {
        let list = |path: &str, names: Value| FieldChange { path: path.into(), before: names, after: Value::Null };
        let fields = [
            list("takes_away", json!(["Logs", "Topic"])),
            list("may_replace", json!(["Policy"])),
            list("retains", json!(["Logs"])),
        ];
        let lines: Vec<String> = resources(&fields, false).iter().map(|it| it.line.to_plain()).collect();
        assert_eq!(
            lines,
            ["deletes or replaces Logs, Topic", "may replace Policy", "keeps outside of the stack what is now Logs"]
        );
    }
}
