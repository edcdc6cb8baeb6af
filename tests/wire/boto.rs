//! boto3 as a peer: calls that are made one after another by one Python process.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use super::python::Environment;

pub struct Boto {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// AWS's error code, and what it says.
#[derive(Debug)]
pub struct Refused {
    pub code: String,
    pub message: String,
}

impl Boto {
    pub fn connect(environment: &Environment, url: &str) -> Boto {
        let mut child = environment
            .script("boto.py")
            .arg(url)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python can be started");
        let requests = child.stdin.take().expect("it is piped");
        let answers = BufReader::new(child.stdout.take().expect("it is piped"));
        Boto { child, requests, answers }
    }

    /// Makes one call: a service as boto3 names it, an operation as AWS does.
    ///
    /// # Errors
    /// What AWS would refuse with.
    pub fn ask(&mut self, service: &str, operation: &str, parameters: Value) -> Result<Value, Refused> {
        let request = json!({"service": service, "operation": operation, "parameters": parameters});
        writeln!(self.requests, "{request}").expect("boto.py reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("boto.py answers");
        let mut answer: Value = serde_json::from_str(&line).expect("boto.py answers JSON");
        match answer.get("error") {
            Some(error) => Err(Refused { code: text(&error["code"]), message: text(&error["message"]) }),
            None => Ok(answer["answer"].take()),
        }
    }

    /// As [`Boto::ask`], where nothing is refused.
    pub fn call(&mut self, service: &str, operation: &str, parameters: Value) -> Value {
        let shown = parameters.to_string();
        self.ask(service, operation, parameters)
            .unwrap_or_else(|Refused { code, message }| panic!("{operation} {shown}: {code}: {message}"))
    }

    pub fn organizations(&mut self, operation: &str, parameters: Value) -> Value {
        self.call("organizations", operation, parameters)
    }
}

impl Drop for Boto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
