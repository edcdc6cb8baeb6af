//! What may stand where in a management policy.

use serde_json::{Map, Value};

use super::problem::{Problem, ProblemCode};
use crate::statement::pointer;

/// What a part of a management policy looks like. Everywhere inheritance operators may stand beside it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape {
    /// Members with these names, each of its shape.
    Members(&'static [(&'static str, Shape)]),
    /// Members with names of the author's choice, all of this shape.
    Each(&'static Shape),
    /// A setting with a single value.
    Single,
    /// A setting with one of these values.
    OneOf(&'static [&'static str]),
    /// A setting with several values.
    List,
    /// Not known: only operators are looked at.
    Open,
}

type Members = Map<String, Value>;

impl Shape {
    /// Adds what is wrong with a part of this shape at `path`.
    pub fn check(self, value: &Value, path: &str, problems: &mut Vec<Problem>) {
        let Value::Object(members) = value else {
            problems.push(without_operator(value, path));
            return;
        };
        match self {
            Self::Members(known) => check_members(known, members, path, problems),
            Self::Each(shape) => {
                for (name, member) in plain(members) {
                    shape.check(member, &pointer(path, name), problems);
                }
            }
            Self::Single | Self::OneOf(_) | Self::List => self.check_setting(members, path, problems),
            Self::Open => check_open(members, path, problems),
        }
    }

    fn check_setting(self, members: &Members, path: &str, problems: &mut Vec<Problem>) {
        for (name, member) in plain(members) {
            let message = format!("a setting holds inheritance operators, not `{name}`");
            let problem = Problem::new(ProblemCode::UnknownElement, pointer(path, name), message);
            problems.push(match member {
                Value::Object(_) => problem,
                _ => problem.help_with_names(name, &["@@assign", "@@append", "@@remove"]),
            });
        }
        if let Some(assigned) = members.get("@@assign") {
            problems.extend(self.check_value(assigned, &pointer(path, "@@assign")));
        }
    }

    fn check_value(self, value: &Value, path: &str) -> Option<Problem> {
        let is_list = value.is_array();
        match self {
            _ if value.is_object() => {
                Some(Problem::new(ProblemCode::WrongType, path, "`@@assign` takes a value or a list of values"))
            }
            Self::Single | Self::OneOf(_) if is_list => {
                Some(Problem::new(ProblemCode::WrongType, path, "this setting takes a single value, not a list"))
            }
            Self::OneOf(known) if !value.as_str().is_some_and(|text| known.contains(&text)) => {
                let problem =
                    Problem::new(ProblemCode::InvalidValue, path, format!("{value} is not a value of this setting"));
                Some(problem.help_with_names(value.as_str().unwrap_or_default(), known))
            }
            _ => None,
        }
    }
}

/// The members that are no inheritance operators.
fn plain(members: &Members) -> impl Iterator<Item = (&String, &Value)> {
    members.iter().filter(|(name, _)| !name.starts_with("@@"))
}

fn check_members(known: &[(&str, Shape)], members: &Members, path: &str, problems: &mut Vec<Problem>) {
    for (name, member) in plain(members) {
        let place = pointer(path, name);
        match known.iter().find(|(known, _)| *known == name) {
            Some((_, shape)) => shape.check(member, &place, problems),
            None => {
                let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
                let message = format!("there is no element `{name}` here");
                problems.push(Problem::new(ProblemCode::UnknownElement, place, message).help_with_names(name, &names));
            }
        }
    }
}

/// Whatever the members are called, values stand under operators.
fn check_open(members: &Members, path: &str, problems: &mut Vec<Problem>) {
    for (name, member) in plain(members) {
        Shape::Open.check(member, &pointer(path, name), problems);
    }
}

fn without_operator(value: &Value, path: &str) -> Problem {
    let shown = match value {
        Value::Array(_) => "a list".to_owned(),
        other => other.to_string(),
    };
    let message = format!("{shown} stands here without an inheritance operator");
    Problem::new(ProblemCode::WrongType, path, message).help(format!("write {{\"@@assign\": {value}}}"))
}
