use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::{Stack, TemplateStage};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::organization::text;
use super::seen::Seen;
use crate::cloud::{AccountAccess, AwsError, Cloud, Explain};
use crate::facts::Question;
use crate::model::Tags;

/// Every stack in one account and region.
#[derive(Debug)]
pub struct StacksIn {
    /// How the account is entered.
    pub access: AccountAccess,
    /// The region.
    pub region: String,
}

/// One stack without its template.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackFacts {
    /// Its ARN.
    pub id: String,
    /// Its name, which no other stack of the account and region has.
    pub name: String,
    /// `CREATE_COMPLETE`, `ROLLBACK_COMPLETE` …
    pub status: String,
    /// Why it has that status, where AWS says so.
    pub reason: Option<String>,
    /// Its parameters; those that are not echoed as `****`.
    pub parameters: BTreeMap<String, String>,
    /// What it gives to others.
    pub outputs: BTreeMap<String, String>,
    /// Its tags.
    pub tags: Tags,
    /// Whether AWS refuses to delete it.
    pub termination_protection: bool,
    /// Whether AWS found, when it last looked, that resources are not as the template says.
    pub drifted: bool,
    /// The ARN of the stack that it is nested in, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// What it was allowed to do when it was last deployed: `CAPABILITY_IAM` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capabilities: Vec<String>,
}

impl Question for StacksIn {
    type Answer = Seen<Vec<StackFacts>>;

    fn key(&self) -> String {
        format!("cloudformation/stacks-in/{}/{}", site(&self.access), self.region)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        Seen::of(cloud, &self.access, self.all(cloud).await)
    }
}

impl StacksIn {
    async fn all(&self, cloud: &Cloud) -> Result<Vec<StackFacts>, AwsError> {
        let client = cloud.cloudformation(&self.access, &self.region).await?;
        let stacks = client
            .describe_stacks()
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("cloudformation:DescribeStacks")
            .map_err(|error| self.access.in_account(error))?;
        Ok(stacks.iter().map(stack_facts).collect())
    }
}

/// What is known of a stack.
pub fn stack_facts(stack: &Stack) -> StackFacts {
    let drift = stack.drift_information().and_then(|drift| drift.stack_drift_status());
    StackFacts {
        id: text(stack.stack_id()),
        name: text(stack.stack_name()),
        status: stack.stack_status().map(|status| status.as_str().to_owned()).unwrap_or_default(),
        reason: stack.stack_status_reason().map(str::to_owned),
        parameters: stack
            .parameters()
            .iter()
            .map(|parameter| (text(parameter.parameter_key()), text(parameter.parameter_value())))
            .collect(),
        outputs: stack.outputs().iter().map(|it| (text(it.output_key()), text(it.output_value()))).collect(),
        tags: stack.tags().iter().map(|tag| (text(tag.key()), text(tag.value()))).collect(),
        termination_protection: stack.enable_termination_protection().unwrap_or_default(),
        drifted: drift.is_some_and(|status| status.as_str() == "DRIFTED"),
        parent: stack.parent_id().map(str::to_owned),
        capabilities: stack.capabilities().iter().map(|capability| capability.as_str().to_owned()).collect(),
    }
}

/// The template of one stack as it was submitted, in its long form; the text itself where it is neither YAML nor JSON.
#[derive(Debug)]
pub struct StackTemplate {
    /// How the account is entered.
    pub access: AccountAccess,
    /// The region.
    pub region: String,
    /// The stack's ARN.
    pub id: String,
}

impl Question for StackTemplate {
    type Answer = Value;

    fn key(&self) -> String {
        format!("cloudformation/template-of/{}", self.id)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Value, AwsError> {
        Ok(template(&self.text(cloud).await?))
    }
}

impl StackTemplate {
    async fn text(&self, cloud: &Cloud) -> Result<String, AwsError> {
        let client = cloud.cloudformation(&self.access, &self.region).await?;
        let reply = client
            .get_template()
            .stack_name(&self.id)
            .template_stage(TemplateStage::Original)
            .send()
            .await
            .explain("cloudformation:GetTemplate")
            .map_err(|error| self.access.in_account(error))?;
        Ok(text(reply.template_body()))
    }
}

/// The same, byte by byte as it was submitted.
#[derive(Debug)]
pub struct StackTemplateText(pub StackTemplate);

impl Question for StackTemplateText {
    type Answer = String;

    fn key(&self) -> String {
        format!("cloudformation/template-text-of/{}", self.0.id)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<String, AwsError> {
        self.0.text(cloud).await
    }
}

/// A template as AWS keeps it, read.
pub fn template(body: &str) -> Value {
    landing_cloudformation::parse(body).unwrap_or_else(|_| Value::from(body))
}

/// An account as keys name it.
fn site(access: &AccountAccess) -> &str {
    access.account.as_deref().unwrap_or("management")
}
