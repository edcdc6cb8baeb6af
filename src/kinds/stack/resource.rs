use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kinds::read::ResourceDrift;
use crate::kinds::shared::deployed::Templated;
use crate::kinds::shared::resource::Resource;
use crate::model::{Body, Tags};

/// The field of the region.
const REGION: &str = "region";

/// A stack in one account and region.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Stack {
    /// Its name, which no other stack of the account and region has.
    pub name: String,
    /// Its template; null where it was not read.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub template: Value,
    /// The template's text, where it is read to be written down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template_text: Option<String>,
    /// What it was allowed to do when it was last deployed, where it is read to be written down.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
    /// What CloudFormation is given for the parameters that the template declares.
    pub parameters: BTreeMap<String, String>,
    /// The tags of the stack and of all that is in it, without those of ownership.
    pub tags: Tags,
    /// Where it is.
    pub region: String,
    /// Whether AWS refuses to delete it.
    pub termination_protection: bool,
    /// What CloudFormation is still at with it, or has failed at; absent where nothing is left to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// How its resources are not as the template says, by logical id; absent where all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<BTreeMap<String, ResourceDrift>>,
}

impl Resource for Stack {
    const KIND: &'static str = "stack";
}

impl Templated for Stack {
    fn template(&mut self) -> &mut Value {
        &mut self.template
    }
}

/// What an operation that failed left of a stack, in the place of one that is wanted: it can only be deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Leftover {
    /// The stack's name.
    pub name: String,
    /// Where it is.
    pub region: String,
    /// Its status, and what it holds.
    pub leftover: String,
}

impl Resource for Leftover {
    const KIND: &'static str = Stack::KIND;
}

/// The region in the body of a stack.
pub(crate) fn region(stack: &Body) -> Option<&str> {
    stack.get(REGION)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::stack::leftover::LEFTOVER;

    const WANTED: &str = r#"{"name":"trail","template":{"Resources":{"B":{"Type":"AWS::S3::Bucket"}}},"parameters":{"Account":"${account/audit}"},"tags":{"team":"x"},"region":"eu-west-1","termination_protection":true}"#;

    fn read(text: &str) -> (Body, Stack) {
        let body: Body = serde_json::from_str(text).expect("it is a map");
        let stack = Stack::of(&body).expect("it is a stack");
        (body, stack)
    }

    #[test]
    fn its_fields_are_as_plans_show_them() {
        let (body, stack) = read(WANTED);
        assert_eq!(stack.parameters["Account"], "${account/audit}");
        assert_eq!((region(&body), stack.termination_protection), (Some("eu-west-1"), true));
        assert_eq!(Value::Object(stack.body()).to_string(), WANTED);
        assert_eq!(Value::Object(stack.into_body()).to_string(), WANTED);
    }

    #[test]
    fn what_was_found_says_what_is_left_to_do() {
        let text = r#"{"name":"s","parameters":{},"tags":{},"region":"r","termination_protection":false,"status":"UPDATE_FAILED","drift":{"T":{"resource_type":"AWS::SNS::Topic","deleted":false,"properties":{"/DisplayName":{"actual":"a","expected":null}}}}}"#;
        let (_, stack) = read(text);
        assert_eq!((&stack.template, stack.status.as_deref()), (&Value::Null, Some("UPDATE_FAILED")));
        assert_eq!(stack.drift.as_ref().map(|drift| &drift["T"].properties["/DisplayName"].actual), Some(&json!("a")));
        assert_eq!(Value::Object(stack.body()).to_string(), text);
        assert_eq!(Value::Object(stack.into_body()).to_string(), text);
    }

    #[test]
    fn what_is_left_of_one_is_distinguished_from_a_stack() {
        let text = r#"{"name":"s","region":"r","leftover":"CREATE_FAILED with B"}"#;
        let body: Body = serde_json::from_str(text).expect("it is a map");
        let left = Leftover::of(&body).expect("something is left");
        assert_eq!(Value::Object(left.body()).to_string(), text);
        assert!(body.contains_key(LEFTOVER));
        assert_eq!(Leftover::of(&read(WANTED).0), None);
    }
}
