//! JSON Schemas (draft-07) of what `--format json` prints. Fields may be added in later versions, so that no schema refuses one
//! that it does not know.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::model::Plan;

/// Where releases have the schemas of a version.
/// <https://docs.github.com/en/repositories/releasing-projects-on-github/linking-to-releases>
const RELEASES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/releases/download/v", env!("CARGO_PKG_VERSION"));

/// A command whose JSON has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonOutput {
    /// `landing plan`, and plan files.
    Plan,
    /// `landing drift`.
    Drift,
    /// `landing replay`.
    Replay,
    /// `landing simulate`.
    Simulate,
    /// `landing lint`.
    Lint,
}

impl JsonOutput {
    /// The command's name.
    #[must_use]
    pub fn command(self) -> &'static str {
        match self {
            JsonOutput::Plan => "plan",
            JsonOutput::Drift => "drift",
            JsonOutput::Replay => "replay",
            JsonOutput::Simulate => "simulate",
            JsonOutput::Lint => "lint",
        }
    }

    /// What the schema says, without its address.
    fn schema(self) -> Value {
        match self {
            JsonOutput::Plan | JsonOutput::Drift => of_plan(),
            JsonOutput::Replay => read(include_str!("replay.json")),
            JsonOutput::Simulate => read(include_str!("simulate.json")),
            JsonOutput::Lint => read(include_str!("lint.json")),
        }
    }
}

/// The JSON Schema of what a command prints.
#[must_use]
pub fn output_schema(output: JsonOutput) -> Value {
    let command = output.command();
    let head = [
        ("$schema", json!("http://json-schema.org/draft-07/schema#")),
        ("$id", json!(format!("{RELEASES}/landing-{command}.schema.json"))),
        ("title", json!(format!("landing {command} --format json"))),
    ];
    let head: Map<String, Value> = head.into_iter().map(|(keyword, value)| (keyword.to_owned(), value)).collect();
    let Value::Object(body) = output.schema() else { return head.into() };
    let rest = body.into_iter().filter(|(keyword, _)| !head.contains_key(keyword));
    let rest: Vec<(String, Value)> = rest.collect();
    head.into_iter().chain(rest).collect::<Map<String, Value>>().into()
}

/// The schema of plans as they are written.
fn of_plan() -> Value {
    let settings = SchemaSettings::draft07().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Plan>().to_value();
    schema["properties"]["replay"] =
        json!({"description": "What `landing replay --format json` prints, where logs are given."});
    schema
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("a test reads every schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_has_an_address_and_a_title_of_its_own() {
        for output in [JsonOutput::Plan, JsonOutput::Drift, JsonOutput::Replay, JsonOutput::Simulate, JsonOutput::Lint]
        {
            let schema = output_schema(output);
            let command = output.command();
            assert_eq!(schema["title"], format!("landing {command} --format json"));
            assert!(schema["$id"].as_str().is_some_and(|id| id.ends_with(&format!("/landing-{command}.schema.json"))));
            assert!(schema["type"] == "object" || schema["type"] == "array", "{command}");
        }
    }

    #[test]
    fn a_plan_always_has_what_its_schema_requires() {
        let schema = output_schema(JsonOutput::Plan);
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for key in ["format", "blueprint", "organization", "summary", "changes", "manual", "unmanaged", "api_calls"] {
            assert!(required.contains(&key), "{key}");
        }
        assert!(!required.contains(&"control_tower") && !required.contains(&"desired"));
        let change = &schema["definitions"]["Change"]["properties"];
        assert!(change["risk"].is_object() && change["needs"].is_object(), "{change}");
    }
}
