//! Reading JSON of a known form, all mistakes at once.

use serde_json::Value;

use crate::statement::pointer;
use crate::{Problem, ProblemCode};

/// A part of a JSON value with the pointer that leads to it.
#[derive(Debug, Clone)]
pub(crate) struct Part<'a> {
    pub value: &'a Value,
    pub path: String,
}

impl<'a> Part<'a> {
    /// The whole of a value.
    pub fn whole(value: &'a Value) -> Self {
        Self { value, path: String::new() }
    }

    /// A member of an object, unless it is missing or null.
    pub fn member(&self, name: &str) -> Option<Part<'a>> {
        let value = self.value.get(name).filter(|value| !value.is_null())?;
        Some(Part { value, path: pointer(&self.path, name) })
    }

    /// A member of an object that must be there.
    pub fn required(&self, name: &str, problems: &mut Vec<Problem>) -> Option<Part<'a>> {
        let found = self.member(name);
        if found.is_none() {
            problems.push(Problem::new(ProblemCode::MissingElement, &self.path, format!("`{name}` is missing")));
        }
        found
    }

    /// The elements of a list; none, with a problem, of anything else. `what` says what the list holds.
    pub fn items(&self, what: &str, problems: &mut Vec<Problem>) -> Vec<Part<'a>> {
        let Value::Array(items) = self.value else {
            problems.push(self.wrong(format!("this must be a list of {what}")));
            return Vec::new();
        };
        let part = |(index, value)| Part { value, path: format!("{}/{index}", self.path) };
        items.iter().enumerate().map(part).collect()
    }

    /// The members of an object; none, with a problem, of anything else. `what` says what the object holds.
    pub fn members(&self, what: &str, problems: &mut Vec<Problem>) -> Vec<(String, Part<'a>)> {
        let Value::Object(members) = self.value else {
            problems.push(self.wrong(format!("this must be an object of {what}")));
            return Vec::new();
        };
        let part =
            |(name, value): (&String, &'a Value)| (name.clone(), Part { value, path: pointer(&self.path, name) });
        members.iter().map(part).collect()
    }

    /// The text; nothing, with a problem, of anything else.
    pub fn text(&self, problems: &mut Vec<Problem>) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            problems.push(self.wrong("this must be a text".to_owned()));
        }
        text
    }

    /// A problem of this part's form.
    pub fn wrong(&self, message: String) -> Problem {
        Problem::new(ProblemCode::WrongType, &self.path, message)
    }
}
