//! The program `landing` at work on an endpoint.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use landing::model::Plan;
use serde_json::Value;

use super::python::isolated;

pub struct Landing<'a> {
    pub url: &'a str,
}

impl Landing<'_> {
    /// What `landing plan` prints as JSON.
    pub fn plan(&self, blueprint: &Path) -> Plan {
        let output = self.run(&["plan"], blueprint);
        assert!(output.status.success(), "{}", said(&output));
        serde_json::from_slice(&output.stdout).expect("a plan is JSON")
    }

    /// What `landing plan` prints as JSON, refused or not.
    pub fn planned(&self, blueprint: &Path) -> Plan {
        found(&self.run(&["plan"], blueprint)).1
    }

    /// What `landing drift` exits with and prints as JSON.
    pub fn drift(&self, blueprint: &Path) -> (Option<i32>, Plan) {
        found(&self.run(&["drift"], blueprint))
    }

    /// The same without having AWS look for drift in stacks, which moto cannot.
    pub fn drift_as_last_seen(&self, blueprint: &Path) -> (Option<i32>, Plan) {
        found(&self.run(&["drift", "--no-detect"], blueprint))
    }

    /// Makes sure that drift finds nothing.
    pub fn does_not_drift(&self, blueprint: &Path) {
        let (exit, plan) = self.drift(blueprint);
        assert_eq!(exit, Some(0), "drift finds {:#?}", plan.changes);
    }

    /// Applies, makes sure that everything was done and that it leaves nothing to do, and gives what apply prints as
    /// JSON.
    pub fn applied(&self, blueprint: &Path) -> Value {
        self.applied_with(blueprint, &[])
    }

    /// As [`Landing::applied`], with further options.
    pub fn applied_with(&self, blueprint: &Path, options: &[&str]) -> Value {
        let output = self.run(&[&["apply", "--yes"], options].concat(), blueprint);
        assert!(output.status.success(), "{}", said(&output));
        let plan = self.plan(blueprint);
        assert!(plan.is_quiet(), "a second plan finds {:#?}", plan.changes);
        serde_json::from_slice(&output.stdout).expect("it is JSON")
    }

    /// Writes a blueprint of what is there, and gives what import exits with and prints as JSON.
    pub fn imported(&self, blueprint: &Path) -> (Option<i32>, Value) {
        let output = self.run(&["import", "--out"], blueprint);
        let report = serde_json::from_slice(&output.stdout);
        (output.status.code(), report.unwrap_or_else(|_| panic!("no import: {}", said(&output))))
    }

    fn run(&self, command: &[&str], blueprint: &Path) -> Output {
        program()
            .args(command)
            .arg(blueprint)
            .args(["--format", "json", "--endpoint-url", self.url])
            .output()
            .expect("landing can be started")
    }
}

/// The program, with credentials that are no one's.
pub fn program() -> Command {
    let mut command = isolated(env!("CARGO_BIN_EXE_landing"));
    command.stdin(Stdio::null());
    command
}

/// A file of this repository.
pub fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn found(output: &Output) -> (Option<i32>, Plan) {
    let plan = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no plan: {}", said(output)));
    (output.status.code(), plan)
}

fn said(output: &Output) -> String {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    format!("{}: {}\n{}", output.status, text(&output.stdout), text(&output.stderr))
}
