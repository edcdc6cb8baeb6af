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

/// AWS's error code, the reason that some of them carry, and what it says.
#[derive(Debug)]
pub struct Refused {
    pub code: String,
    pub reason: String,
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
        self.request(&json!({"service": service, "operation": operation, "parameters": parameters}))
    }

    /// As [`Boto::call`], in a region of a member account, or of the management account where none is given.
    pub fn call_in(
        &mut self,
        (account, region): (Option<&str>, &str),
        service: &str,
        operation: &str,
        parameters: Value,
    ) -> Value {
        let shown = parameters.to_string();
        let request = json!({"service": service, "operation": operation, "parameters": parameters,
            "account": account, "region": region});
        self.request(&request)
            .unwrap_or_else(|Refused { code, message, .. }| panic!("{operation} {shown}: {code}: {message}"))
    }

    fn request(&mut self, request: &Value) -> Result<Value, Refused> {
        writeln!(self.requests, "{request}").expect("boto.py reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("boto.py answers");
        let mut answer: Value = serde_json::from_str(&line).expect("boto.py answers JSON");
        match answer.get("error") {
            Some(error) => {
                let [code, reason, message] = ["code", "reason", "message"].map(|key| text(&error[key]));
                Err(Refused { code, reason, message })
            }
            None => Ok(answer["answer"].take()),
        }
    }

    /// As [`Boto::ask`], where nothing is refused.
    pub fn call(&mut self, service: &str, operation: &str, parameters: Value) -> Value {
        let shown = parameters.to_string();
        self.ask(service, operation, parameters)
            .unwrap_or_else(|Refused { code, message, .. }| panic!("{operation} {shown}: {code}: {message}"))
    }

    pub fn organizations(&mut self, operation: &str, parameters: Value) -> Value {
        self.call("organizations", operation, parameters)
    }

    /// Why an operation of Organizations is refused: the code, and after a slash the reason where there is one.
    pub fn refusal(&mut self, operation: &str, parameters: Value) -> String {
        let shown = parameters.to_string();
        match self.ask("organizations", operation, parameters) {
            Ok(answer) => panic!("{operation} {shown} was not refused: {answer}"),
            Err(Refused { code, reason, .. }) if reason.is_empty() => code,
            Err(Refused { code, reason, .. }) => format!("{code}/{reason}"),
        }
    }

    /// Makes an account in the root and waits for it; the status that its creation ends with.
    pub fn create_account(&mut self, name: &str, email: &str) -> Value {
        let begun = self.organizations("CreateAccount", json!({"AccountName": name, "Email": email}));
        let request = json!({"CreateAccountRequestId": begun["CreateAccountStatus"]["Id"]});
        loop {
            let status = self.organizations("DescribeCreateAccountStatus", request.clone());
            if status["CreateAccountStatus"]["State"] != "IN_PROGRESS" {
                return status["CreateAccountStatus"].clone();
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    /// The root's id.
    pub fn root(&mut self) -> String {
        text(&self.organizations("ListRoots", json!({}))["Roots"][0]["Id"])
    }

    /// A unit's id, by the names from the root down.
    pub fn unit(&mut self, path: &[&str]) -> String {
        path.iter().fold(self.root(), |parent, name| {
            let parent = json!({"ParentId": parent});
            self.find("ListOrganizationalUnitsForParent", parent, "OrganizationalUnits", name)
        })
    }

    /// An account's id.
    pub fn account(&mut self, name: &str) -> String {
        self.find("ListAccounts", json!({}), "Accounts", name)
    }

    /// A policy's id.
    pub fn policy(&mut self, policy_type: &str, name: &str) -> String {
        self.find("ListPolicies", json!({"Filter": policy_type}), "Policies", name)
    }

    /// The id of what has that name on the first page of a list.
    fn find(&mut self, operation: &str, parameters: Value, list: &str, name: &str) -> String {
        let answer = self.organizations(operation, parameters);
        let items = answer[list].as_array().expect("a list");
        let found = items.iter().find(|item| item["Name"] == name);
        text(&found.unwrap_or_else(|| panic!("{operation}: no {name} in {answer}"))["Id"])
    }
}

impl Drop for Boto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
