use saphyr_parser::{Event, Parser};
use serde_json::Value;

use crate::Unreadable;
use crate::short_form::LongForm;

/// Reads a template from YAML or JSON into JSON, every function in its long form: `!Ref A` as `{"Ref": "A"}`,
/// `!GetAtt A.B` as `{"Fn::GetAtt": ["A", "B"]}`. Dates stay texts, as CloudFormation has it
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>). Keys keep their order.
///
/// # Errors
/// With the place: text that is neither, a key that is there twice, a tag that is none of CloudFormation's, aliases and
/// `<<`, which CloudFormation refuses, and a template that is no map.
pub fn parse(text: &str) -> Result<Value, Unreadable> {
    let LongForm(template) = if is_json(text) { read_json(text) } else { read_yaml(text) }?;
    if template.is_object() {
        return Ok(template);
    }
    Err(Unreadable { line: 1, column: 1, message: "a template is a map with `Resources`".to_owned() })
}

/// YAML may begin with a brace as well, but then hardly with a quotation mark after it.
fn is_json(text: &str) -> bool {
    text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with(['"', '}']))
}

fn read_json(text: &str) -> Result<LongForm, Unreadable> {
    serde_json::from_str(text).map_err(|error| at(error.line(), error.column(), &error.to_string()))
}

fn read_yaml(text: &str) -> Result<LongForm, Unreadable> {
    if let Some((line, column)) = alias(text) {
        let message = "CloudFormation takes no aliases: write out what is meant".to_owned();
        return Err(Unreadable { line, column, message });
    }
    serde_yaml::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |place| (place.line(), place.column()));
        at(line, column, &error.to_string())
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
