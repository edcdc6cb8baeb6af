use saphyr_parser::{Event, Parser};
use serde::de::DeserializeSeed;
use serde_json::Value;

use crate::duplicates::Duplicates;
use crate::short_form::LongForm;
use crate::unreadable::Unreadable;

/// Why a text is no template, as far as CloudFormation distinguishes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It begins as JSON and is none.
    Json(Unreadable),
    /// It is no YAML, or YAML with what templates cannot have.
    Yaml(Unreadable),
    /// Something of it is used twice, by an alias.
    Alias(Unreadable),
    /// It is no map.
    Structure(Unreadable),
}

impl Mistake {
    /// What is wrong, and where.
    #[must_use]
    pub fn unreadable(self) -> Unreadable {
        match self {
            Self::Json(place) | Self::Yaml(place) | Self::Alias(place) | Self::Structure(place) => place,
        }
    }
}

/// Reads a template from YAML or JSON into JSON, every function in its long form: `!Ref A` as `{"Ref": "A"}`,
/// `!GetAtt A.B` as `{"Fn::GetAtt": ["A", "B"]}`. Dates stay texts, as CloudFormation has it
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>). Keys keep their order.
///
/// # Errors
/// With the place: text that is neither, a key that is there twice, a tag that is none of CloudFormation's, aliases and
/// `<<`, which CloudFormation refuses, and a template that is no map.
pub fn parse(text: &str) -> Result<Value, Unreadable> {
    read(text, Duplicates::Refused).map_err(Mistake::unreadable)
}

/// Reads a template as [`parse`] does, and says what sort of mistake keeps it from being one.
///
/// # Errors
/// Those of [`parse`]; a key that is there twice is none where `duplicates` lets the last one win.
pub fn read(text: &str, duplicates: Duplicates) -> Result<Value, Mistake> {
    let form = LongForm(duplicates);
    let template = if is_json(text) { read_json(text, form) } else { read_yaml(text, form) }?;
    if template.is_object() {
        return Ok(template);
    }
    let message = "a template is a map with `Resources`".to_owned();
    Err(Mistake::Structure(Unreadable { line: 1, column: 1, message }))
}

/// YAML may begin with a brace as well, but then hardly with a quotation mark after it.
fn is_json(text: &str) -> bool {
    text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))
}

fn read_json(text: &str, form: LongForm) -> Result<Value, Mistake> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let template = form.deserialize(&mut reader).and_then(|template| reader.end().map(|()| template));
    template.map_err(|error| Mistake::Json(at(error.line(), error.column(), &error.to_string())))
}

fn read_yaml(text: &str, form: LongForm) -> Result<Value, Mistake> {
    if let Some((line, column)) = alias(text) {
        let message = "CloudFormation takes no aliases: write out what is meant".to_owned();
        return Err(Mistake::Alias(Unreadable { line, column, message }));
    }
    form.deserialize(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |place| (place.line(), place.column()));
        Mistake::Yaml(at(line, column, &error.to_string()))
    })
}

/// Where something is used twice by `*name`, if anywhere.
fn alias(text: &str) -> Option<(usize, usize)> {
    let events = Parser::new_from_str(text).map_while(Result::ok);
    let mut aliases = events.filter(|(event, _)| matches!(event, Event::Alias(_)));
    aliases.next().map(|(_, place)| (place.start.line(), place.start.col() + 1))
}

/// Takes the place out of the message.
fn at(line: usize, column: usize, full: &str) -> Unreadable {
    let message = full.replacen(&format!(" at line {line} column {column}"), "", 1);
    Unreadable { line, column, message }
}

#[cfg(test)]
mod tests;
