use landing_cloudformation::Unreadable;
use landing_policy::PolicyType;
use serde_json::{Map, Value, json};

use super::guardrails::{Guardrail, Rendered, guardrail};
use super::parameter::{Parameter, ParameterProblem, check, fill};
use super::render::render;

/// A built-in policy: one guardrail by itself.
#[derive(Debug)]
pub struct PolicyTemplate {
    /// The name that blueprints use.
    pub name: &'static str,
    /// The guardrail that it is.
    pub guardrail: &'static str,
    /// The values that it takes: those of the guardrail, and what may be given for them.
    pub parameters: &'static [Parameter],
}

impl PolicyTemplate {
    /// What it is: its title says what the policy does, its type is the policy's.
    ///
    /// # Panics
    /// Never: a test looks up the guardrail of each.
    #[must_use]
    pub fn guardrail(&self) -> &'static Guardrail {
        guardrail(self.guardrail).expect("a test looks up the guardrail of every built-in policy")
    }

    /// The type of the policy that it makes.
    #[must_use]
    pub fn policy_type(&self) -> PolicyType {
        self.guardrail().policy_type().ok().flatten().unwrap_or(PolicyType::ServiceControl)
    }

    /// The document, from the values given for it and from `around`, what the organization says.
    ///
    /// # Errors
    /// When what comes out is not JSON.
    pub fn document(&self, given: &Map<String, Value>, around: &Map<String, Value>) -> Result<Value, Unreadable> {
        Ok(match self.guardrail().rendered(given, around)? {
            Rendered::Statements(_, statements) => json!({"Version": "2012-10-17", "Statement": statements}),
            Rendered::Policy(_, document) | Rendered::Rule(document, _) | Rendered::Hook(document) => document,
        })
    }
}

/// A built-in template of a stack.
#[derive(Debug)]
pub struct StackTemplate {
    /// The name that blueprints use.
    pub name: &'static str,
    /// What it makes, in a sentence.
    pub summary: &'static str,
    /// The values that the text is rendered with: known before anything is deployed.
    pub rendered: &'static [Parameter],
    /// The values that CloudFormation gets, which may come from other stacks. Their names are those under the rendered
    /// template's `Parameters`.
    pub deployed: &'static [Parameter],
    /// Whether it belongs in the management account too where it is deployed to the whole organization. A stack set
    /// never reaches that account.
    pub management_account: bool,
    /// Handlebars that becomes CloudFormation in YAML.
    pub text: &'static str,
}

impl StackTemplate {
    /// What is wrong with the values given for it, of both sorts.
    #[must_use]
    pub fn check<'a>(&'a self, given: &'a Map<String, Value>) -> Vec<ParameterProblem<'a>> {
        check(self.rendered.iter().chain(self.deployed), given)
    }

    /// The CloudFormation template as YAML.
    ///
    /// # Errors
    /// Values that [`StackTemplate::check`] refuses, and those that do not go together.
    pub fn render(&self, given: &Map<String, Value>) -> Result<String, Unreadable> {
        render(self.text, &fill(self.rendered, given))
    }

    /// The values for CloudFormation: those given, and presets for the others.
    #[must_use]
    pub fn deployed_values(&self, given: &Map<String, Value>) -> Map<String, Value> {
        let known = |name: &String| self.deployed.iter().any(|parameter| parameter.name == name);
        let mut values = fill(self.deployed, given);
        values.retain(|name, _| known(name));
        values
    }
}
