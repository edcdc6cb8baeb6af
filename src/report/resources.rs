//! What a stack makes, and how another version of its template changes that.

use serde_json::{Map, Value};

use super::clean::{GLUE, clean};
use super::content::settings;
use super::detail::Detail;
use super::line::Line;
use super::paint::Paint;
use crate::model::FieldChange;

/// The field of one resource that differs begins so; its name in the template follows.
const PREFIX: &str = "resources.";

/// So many properties of one resource are shown; `verbose` shows all.
const SHOWN_PROPERTIES: usize = 8;

/// Whether a field is about what a template says.
pub(super) fn is_of_template(field: &FieldChange) -> bool {
    field.path == "template" || field.path == "takes_away" || field.path.starts_with(PREFIX)
}

/// How a stack's resources differ, resource by resource; what a new one makes, by type.
pub(super) fn resources(fields: &[FieldChange], verbose: bool) -> Vec<Detail> {
    fields.iter().filter(|field| is_of_template(field)).flat_map(|field| of_field(field, verbose)).collect()
}

fn of_field(field: &FieldChange, verbose: bool) -> Vec<Detail> {
    match field.path.strip_prefix(PREFIX) {
        Some(name) => resource(name, field, verbose),
        None if field.path == "takes_away" => vec![taken_away(&field.before)],
        None if field.before.is_null() && verbose => all(&field.after),
        None if field.before.is_null() => by_type(&field.after).into_iter().collect(),
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

fn taken_away(names: &Value) -> Detail {
    let names: Vec<String> = names.as_array().into_iter().flatten().filter_map(Value::as_str).map(clean).collect();
    Detail::new(0, Line::of(Paint::Danger, "takes away or replaces ").plain(names.join(", ")))
}

/// `makes 3 AWS::EC2::Subnet · AWS::EC2::VPC`.
fn by_type(template: &Value) -> Option<Detail> {
    let mut types: Vec<(&str, usize)> = Vec::new();
    for resource in made(template)?.values() {
        let own = resource_type(resource);
        match types.iter_mut().find(|(known, _)| *known == own) {
            Some((_, number)) => *number += 1,
            None => types.push((own, 1)),
        }
    }
    let mut line = Line::of(Paint::Dim, format!("makes{GLUE}"));
    for (nth, (own, number)) in types.into_iter().enumerate() {
        let dot = if nth > 0 { format!("{GLUE}· ") } else { String::new() };
        let number = if number > 1 { format!("{number}{GLUE}") } else { String::new() };
        line = line.with(Paint::Dim, dot).plain(number + &clean(own));
    }
    Some(Detail::new(0, line))
}

/// Every resource of a new stack by its name.
fn all(template: &Value) -> Vec<Detail> {
    let made = made(template).into_iter().flatten();
    made.map(|(name, resource)| headline('+', Paint::Added, name, resource)).collect()
}

fn made(template: &Value) -> Option<&Map<String, Value>> {
    template.get("Resources").and_then(Value::as_object)
}

fn resource_type(resource: &Value) -> &str {
    resource.get("Type").and_then(Value::as_str).unwrap_or_default()
}
