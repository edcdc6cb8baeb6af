use serde_json::{Map, Value};

use super::parameter::{Parameter, Wrong, check, fill};
use super::render::{Unreadable, render};
use crate::policy::PolicyType;

/// A built-in policy that is made from parameters.
#[derive(Debug)]
pub struct PolicyTemplate {
    /// The name that blueprints use.
    pub name: &'static str,
    /// The type of the policy that it makes.
    pub policy_type: PolicyType,
    /// What it does, in a sentence: the policy's description too.
    pub summary: &'static str,
    /// The values that it takes.
    pub parameters: &'static [Parameter],
    /// Handlebars that becomes JSON.
    pub text: &'static str,
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
    pub fn check<'a>(&'a self, given: &'a Map<String, Value>) -> Vec<Wrong<'a>> {
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
