//! A template's parameters: what they may be and which value each gets.

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::values::plain;

/// A parameter as the template declares it, see "CloudFormation template Parameters syntax" in the user guide.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameter {
    /// Such as `String`, `Number`, `CommaDelimitedList` or `AWS::SSM::Parameter::Value<String>`.
    pub(crate) kind: String,
    pub(crate) default: Option<String>,
    pub(crate) no_echo: bool,
    pub(crate) description: Option<String>,
    allowed: Vec<String>,
    pattern: Option<String>,
    length: (Option<f64>, Option<f64>),
    range: (Option<f64>, Option<f64>),
    constraint: Option<String>,
}

impl Parameter {
    pub(super) fn parse(name: &str, value: Value) -> Result<Self, String> {
        let Value::Object(members) = value else {
            return Err(format!("Template format error: Parameter {name} must be an object."));
        };
        let text = |member: &str| members.get(member).and_then(plain);
        let number = |member: &str| text(member).and_then(|text| text.parse().ok());
        let missing = || format!("Template format error: Every Parameters object must contain a Type member. ({name})");
        Ok(Self {
            kind: text("Type").ok_or_else(missing)?,
            default: text("Default"),
            no_echo: text("NoEcho").is_some_and(|flag| flag.eq_ignore_ascii_case("true")),
            description: text("Description"),
            allowed: texts(&members, "AllowedValues"),
            pattern: text("AllowedPattern"),
            length: (number("MinLength"), number("MaxLength")),
            range: (number("MinValue"), number("MaxValue")),
            constraint: text("ConstraintDescription"),
        })
    }

    /// The values that it may have; empty when any may be.
    pub(crate) fn allowed(&self) -> &[String] {
        &self.allowed
    }

    /// Whether its value is the name of a parameter in Parameter Store.
    pub(crate) fn is_stored(&self) -> bool {
        self.kind.starts_with("AWS::SSM::Parameter::Value")
    }

    /// What `Ref` of it gives when `value` is its text: a list for the list types.
    pub(crate) fn value(&self, value: &str) -> Value {
        if self.kind == "CommaDelimitedList" || self.kind.contains("List<") {
            return value.split(',').map(|part| Value::from(part.trim())).collect();
        }
        Value::from(value)
    }

    pub(super) fn check(&self, name: &str, value: &str) -> Result<(), String> {
        let failed = |otherwise: String| match &self.constraint {
            Some(constraint) => format!("Parameter {name} failed to satisfy constraint: {constraint}"),
            None => otherwise,
        };
        let rows: Vec<&str> =
            if self.kind == "CommaDelimitedList" { value.split(',').map(str::trim).collect() } else { vec![value] };
        if !self.allowed.is_empty() && rows.iter().any(|row| !self.allowed.iter().any(|allowed| allowed == row)) {
            return Err(failed(format!("Parameter '{name}' must be one of AllowedValues")));
        }
        if self.pattern.as_ref().is_some_and(|pattern| rows.iter().any(|row| !matches(pattern, row))) {
            let pattern = self.pattern.as_deref().unwrap_or_default();
            return Err(failed(format!("Parameter '{name}' must match pattern {pattern}")));
        }
        #[expect(clippy::cast_precision_loss, reason = "a parameter has at most 4,096 characters")]
        let length = value.chars().count() as f64;
        within(length, self.length)
            .map_err(|(how, bound)| failed(format!("Parameter '{name}' must contain {how} {bound} characters")))?;
        if self.kind == "Number" {
            let number = value.parse().map_err(|_| failed(format!("Parameter '{name}' must be a number.")))?;
            within(number, self.range)
                .map_err(|(how, bound)| failed(format!("Parameter '{name}' must be a number {how} {bound}")))?;
        }
        Ok(())
    }
}

fn texts(members: &Map<String, Value>, name: &str) -> Vec<String> {
    let rows = members.get(name).and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(plain).collect()
}

/// Whether the whole of `text` matches. A pattern that is only valid in Java's dialect counts as matched.
fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(&format!("^(?:{pattern})$")).map_or(true, |regex| regex.is_match(text))
}

fn within(number: f64, (least, most): (Option<f64>, Option<f64>)) -> Result<(), (&'static str, f64)> {
    match (least, most) {
        (Some(least), _) if number < least => Err(("at least", least)),
        (_, Some(most)) if number > most => Err(("at most", most)),
        _ => Ok(()),
    }
}
