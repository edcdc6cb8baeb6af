use clap::{Args, ValueEnum};
use serde_json::Value;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::session::Session;
use crate::report::{JsonOutput, output_schema};
use crate::sections::schema;

/// Print the JSON Schema of blueprints, or of a command's JSON
#[derive(Debug, Args)]
pub(in super::super) struct Arguments {
    /// What the schema describes
    #[arg(value_enum, default_value_t = Subject::Blueprint)]
    of: Subject,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Subject {
    Blueprint,
    Plan,
    Drift,
    Replay,
    Simulate,
    Lint,
}

impl Subject {
    fn schema(self) -> Value {
        match self {
            Subject::Blueprint => schema(),
            Subject::Plan => output_schema(JsonOutput::Plan),
            Subject::Drift => output_schema(JsonOutput::Drift),
            Subject::Replay => output_schema(JsonOutput::Replay),
            Subject::Simulate => output_schema(JsonOutput::Simulate),
            Subject::Lint => output_schema(JsonOutput::Lint),
        }
    }
}

pub(in super::super) fn run(arguments: &Arguments, session: &Session) -> Result<Exit, Failure> {
    session.out.json(&arguments.of.schema())?;
    Ok(Exit::DONE)
}
