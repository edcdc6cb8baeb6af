//! What a stack makes, and how another version of its template changes that.

use std::collections::BTreeMap;

use landing_cloudformation::{Loop, Version, create_only};
use serde_json::{Map, Value};

use super::clean::{GLUE, clean};
use super::detail::Detail;
use super::line::Line;
use super::paint::Paint;
use super::values::differing;
use crate::model::{FieldChange, unmark_references};

/// The field of one resource that differs begins so; its name in the template follows.
const PREFIX: &str = "resources.";

/// So many properties of one resource are shown; `verbose` shows all.
const SHOWN_PROPERTIES: usize = 8;

/// So many names of one list, and so many types of what a new stack makes.
const SHOWN_NAMES: usize = 8;
const SHOWN_TYPES: usize = 4;

/// The fields that say of resources what becomes of them.
const FATES: [&str; 3] = ["takes_away", "may_replace", "retains"];

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
    let (given, fates) = (given(fields), Fates::of(fields));
    let mut details: Vec<Detail> = shown.flat_map(|field| of_field(&field, &given, &fates, verbose)).collect();
    details.extend(fates.unnamed(fields, verbose));
    details
}

/// What becomes of the resources of a stack that are not only changed in place, by their names.
struct Fates<'f> {
    goes: Vec<&'f str>,
    may_go: Vec<&'f str>,
    stays: Vec<&'f str>,
}

impl<'f> Fates<'f> {
    fn of(fields: &'f [FieldChange]) -> Fates<'f> {
        let list = |path: &str| -> Vec<&'f str> {
            let field = fields.iter().find(|field| field.path == path);
            field.and_then(|field| field.before.as_array()).into_iter().flatten().filter_map(Value::as_str).collect()
        };
        Fates { goes: list("takes_away"), may_go: list("may_replace"), stays: list("retains") }
    }

    /// Whether nothing more is known of the resource than that it may be replaced, since another one is.
    fn only_follows(&self, name: &str, field: &FieldChange) -> bool {
        self.may_go.contains(&name) && differing("", &field.before, &field.after).is_empty()
    }

    /// `forces replacement (CidrBlock): what is there is deleted`.
    fn of_resource(&self, name: &str, before: &Value, after: &Value) -> Option<Line> {
        let (is_gone, is_replaced) = (after.is_null(), self.goes.contains(&name));
        let lost = match self.stays.contains(&name) {
            true => (Paint::Changed, "the present one stays, outside of the stack"),
            false => (Paint::Danger, "the present one is deleted, with what it holds"),
        };
        let said = match () {
            () if is_gone => Line::new(),
            () if is_replaced => Line::of(Paint::Danger, format!("forces replacement{}: ", causes(before, after))),
            () if self.may_go.contains(&name) => {
                Line::of(Paint::Danger, format!("may be replaced{}; then ", causes(before, after)))
            }
            () => return None,
        };
        Some(said.with(lost.0, lost.1))
    }

    /// What the resources that are shown do not say already: the lists without those.
    fn unnamed(&self, fields: &[FieldChange], verbose: bool) -> Vec<Detail> {
        let is_shown = |name: &str| {
            let shown = fields.iter().find(|field| field.path.strip_prefix(PREFIX) == Some(name));
            shown.is_some_and(|field| !self.only_follows(name, field))
        };
        let lists = [("takes_away", &self.goes), ("may_replace", &self.may_go), ("retains", &self.stays)];
        let unnamed = |(path, names): (&str, &Vec<&str>)| {
            let names: Vec<&str> = names.iter().copied().filter(|name| !is_shown(name)).collect();
            listed(path, &names, verbose)
        };
        lists.into_iter().filter_map(unnamed).collect()
    }
}

/// ` (CidrBlock, Tags)`: the properties of which another value makes another resource, by AWS's schemas.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html>
fn causes(before: &Value, after: &Value) -> String {
    let differs = |path: &str| {
        let at = format!("/Properties/{path}");
        before.pointer(&at) != after.pointer(&at)
    };
    let fixed = create_only(resource_type(after)).unwrap_or_default();
    let causes: Vec<String> = fixed.iter().filter(|path| differs(path)).map(|path| path.replace('/', ".")).collect();
    if causes.is_empty() { String::new() } else { format!(" ({})", causes.join(", ")) }
}

/// How many resources a new stack makes; none where there is no template.
pub(super) fn number_of(fields: &[FieldChange]) -> Option<usize> {
    let template = fields.iter().find(|field| field.path == "template" && field.before.is_null())?;
    Some(made(&unmark_references(&template.after), &given(fields)).len())
}

/// What a new stack's parameters are.
fn given(fields: &[FieldChange]) -> BTreeMap<String, String> {
    let parameters = fields.iter().find(|field| field.path == "parameters").and_then(|field| field.after.as_object());
    let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    parameters.into_iter().flatten().filter_map(text).collect()
}

fn of_field(field: &FieldChange, given: &BTreeMap<String, String>, fates: &Fates<'_>, verbose: bool) -> Vec<Detail> {
    match field.path.strip_prefix(PREFIX) {
        Some(name) if fates.only_follows(name, field) => Vec::new(),
        Some(name) => resource(name, field, fates, verbose),
        None if FATES.contains(&field.path.as_str()) => Vec::new(),
        None if list_of(&field.path).is_some() => {
            listed(&field.path, &names_of(&field.before), verbose).into_iter().collect()
        }
        None if field.before.is_null() && verbose => all(&made(&field.after, given)),
        None if field.before.is_null() => by_type(&made(&field.after, given)).into_iter().collect(),
        None => differing("", &field.before, &field.after),
    }
}

fn names_of(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// `+ Budget AWS::Budgets::Budget`, and of one that changes its properties, and whether another one takes its place.
fn resource(name: &str, field: &FieldChange, fates: &Fates<'_>, verbose: bool) -> Vec<Detail> {
    let (glyph, paint, shown) = match (&field.before, &field.after) {
        (Value::Null, after) => ('+', Paint::Added, after),
        (before, Value::Null) => ('-', Paint::Removed, before),
        (_, after) => ('~', Paint::Changed, after),
    };
    let mut details = vec![headline(glyph, paint, name, shown)];
    details.extend(fates.of_resource(name, &field.before, &field.after).map(|line| Detail::new(2, line)));
    if glyph == '~' || verbose {
        let properties = differing("", &field.before, &field.after);
        let room = if verbose { properties.len() } else { SHOWN_PROPERTIES };
        let more = properties.len().saturating_sub(room);
        details.extend(properties.into_iter().take(room).map(|it| Detail::new(it.indent + 2, it.line)));
        if more > 0 {
            details.push(Detail::new(2, Line::of(Paint::Dim, format!("… and {more} more (-v)"))));
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

fn listed(path: &str, names: &[&str], verbose: bool) -> Option<Detail> {
    let (paint, words) = list_of(path)?;
    let shown = if verbose { names.len() } else { SHOWN_NAMES };
    let more = names.len().saturating_sub(shown);
    let more = if more > 0 { format!(" and {more} more (-v)") } else { String::new() };
    let shown: Vec<String> = names.iter().take(shown).map(|name| clean(name)).collect();
    (!names.is_empty()).then(|| Detail::new(0, Line::of(paint, words).plain(shown.join(", ") + &more)))
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
    let more = types.len().saturating_sub(SHOWN_TYPES);
    for (nth, (own, number)) in types.into_iter().take(SHOWN_TYPES).enumerate() {
        let dot = if nth > 0 { format!("{GLUE}· ") } else { String::new() };
        let number = if number > 1 { format!("{number}{GLUE}") } else { String::new() };
        line = line.with(Paint::Dim, dot).plain(number + &clean(&own));
    }
    if more > 0 {
        line = line.with(Paint::Dim, format!(" and {more} more types (-v)"));
    }
    Some(Detail::new(0, line))
}

/// A resource's type; of a loop over what only CloudFormation knows the types that it makes, and over what.
fn sort_of(name: &str, resource: &Value) -> String {
    let Some(found) = Loop::read(name, resource) else { return resource_type(resource).to_owned() };
    let bodies = found.body.as_object().into_iter().flatten();
    let types: Vec<String> = bodies.map(|(name, resource)| sort_of(name, resource)).collect();
    format!("{} for each of {} (loop {})", types.join(" and "), reported(&found.collection), found.name)
}

/// What a loop goes through, in a few words.
fn reported(collection: &Value) -> String {
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
