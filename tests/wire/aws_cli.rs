//! The AWS CLI as a peer.

use std::process::{Output, Stdio};

use serde_json::Value;

use super::python::Environment;

pub struct Aws<'a> {
    pub environment: &'a Environment,
    pub url: &'a str,
}

impl Aws<'_> {
    /// What `aws COMMAND` answers. The command's words are divided by blanks.
    pub fn run(&self, command: &str) -> Value {
        self.run_with(command, &[])
    }

    /// As [`Aws::run`], with further words that may hold blanks.
    pub fn run_with(&self, command: &str, words: &[&str]) -> Value {
        let output = self.output(command, words);
        assert!(output.status.success(), "aws {command}: {}", String::from_utf8_lossy(&output.stderr));
        if output.stdout.is_empty() { Value::Null } else { serde_json::from_slice(&output.stdout).expect("JSON") }
    }

    /// The code of the error that `aws COMMAND` shows.
    pub fn refusal(&self, command: &str) -> String {
        let output = self.output(command, &[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "aws {command} was not refused");
        let code = said.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        code.unwrap_or_else(|| panic!("aws {command}: {said}")).0.to_owned()
    }

    fn output(&self, command: &str, words: &[&str]) -> Output {
        self.environment
            .program("aws")
            .args(["--endpoint-url", self.url, "--output", "json"])
            .args(command.split(' '))
            .args(words)
            .stdin(Stdio::null())
            .output()
            .expect("the AWS CLI can be started")
    }
}

/// A string in an answer.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no string"))
}
