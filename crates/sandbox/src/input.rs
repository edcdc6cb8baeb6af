//! The members of a request, read with the errors that the service words for missing or wrong ones.

use serde_json::{Map, Value};

use crate::aws_error::{ApiError, ErrorCodes};

/// A request's members, whatever protocol brought them.
#[derive(Clone, Debug)]
pub(super) struct Input {
    members: Map<String, Value>,
    /// The service's error code for input that is not valid.
    invalid: &'static str,
    /// The member of the service's errors that holds a reason, if it has one.
    reason: Option<&'static str>,
}

impl Input {
    pub(super) fn new(members: Map<String, Value>, errors: &ErrorCodes) -> Self {
        Self { members, invalid: errors.invalid_input, reason: errors.reason }
    }

    /// An error that says why the input is not valid.
    pub(super) fn invalid(&self, reason: &'static str, message: impl Into<String>) -> ApiError {
        self.refused(self.invalid, reason, message)
    }

    /// The same with an error code that is not the usual one.
    pub(super) fn refused(&self, code: &str, reason: &'static str, message: impl Into<String>) -> ApiError {
        let error = ApiError::new(code, message);
        match self.reason {
            Some(member) => error.with(member, reason),
            None => error,
        }
    }

    /// A required string.
    pub(super) fn text(&self, name: &str) -> Result<&str, ApiError> {
        self.optional(name)?
            .ok_or_else(|| self.invalid("INPUT_REQUIRED", format!("You must specify a value for {name}.")))
    }

    /// A required string of `least` to `most` characters.
    pub(super) fn bounded(&self, name: &str, least: usize, most: usize) -> Result<&str, ApiError> {
        let text = self.text(name)?;
        let length = text.chars().count();
        if length < least {
            return Err(self.invalid("MIN_LENGTH_EXCEEDED", format!("{name} must have at least {least} characters.")));
        }
        if length > most {
            return Err(self.invalid("MAX_LENGTH_EXCEEDED", format!("{name} must have at most {most} characters.")));
        }
        Ok(text)
    }

    /// A string that may be absent.
    pub(super) fn optional(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.invalid("INVALID_PATTERN", format!("{name} must be a string."))),
        }
    }

    /// A whole number that may be absent.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let wrong = || self.invalid("INVALID_PATTERN", format!("{name} must be a whole number."));
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => text.parse().map(Some).map_err(|_| wrong()),
            Some(value) => value.as_i64().map(Some).ok_or_else(wrong),
        }
    }

    /// Whether a flag is set; absent counts as not.
    pub(super) fn flag(&self, name: &str) -> bool {
        match self.members.get(name) {
            Some(Value::String(text)) => text == "true",
            Some(value) => value.as_bool().unwrap_or(false),
            None => false,
        }
    }

    /// A list; absent counts as empty.
    pub(super) fn list(&self, name: &str) -> &[Value] {
        self.members.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// A list of strings; absent counts as empty.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        self.list(name).iter().filter_map(Value::as_str).collect()
    }

    /// A structure; absent counts as empty.
    pub(super) fn structure(&self, name: &str) -> Value {
        self.members.get(name).cloned().unwrap_or_else(|| Value::Object(Map::new()))
    }
}
