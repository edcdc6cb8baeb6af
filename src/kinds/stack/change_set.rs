use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::{ChangeSetType, DeploymentMode};

use super::super::{Step, WriteContext, WriteError};
use super::resource::Stack;
use super::validation::{Findings, findings};
use crate::cloud::{AwsError, Explain};
use crate::kinds::shared::change_set::{ComputedChangeSet, has_nested, unseen, wait_for_it, worked_out};
use crate::kinds::shared::deployment::{capabilities_of, parameters_of, tags_of, unused_change_set_name};
use crate::kinds::shared::template_source::TemplateSource;
use crate::model::Tags;

/// How CloudFormation says that there is nothing to do.
const NOTHING: [&str; 2] = ["didn't contain changes", "No updates are to be performed"];

/// How it says that its validation found something, which DescribeEvents then shows.
const VALIDATION: &str = "EarlyValidation";

/// What a change set is made of.
pub(super) struct Order<'a> {
    pub client: &'a Client,
    /// Is reported what is waited for.
    pub context: &'a WriteContext,
    /// The stack's name, or its ARN where it exists.
    pub stack: &'a str,
    pub is_new: bool,
    /// Whether resources are made again as the template says.
    pub corrects_drift: bool,
    /// What the stack is to say.
    pub says: &'a Stack,
    pub template: TemplateSource,
    pub tags: Tags,
}

/// A change set that can be carried out.
pub(super) struct ChangeSet {
    pub id: String,
    pub stack: String,
}

impl Order<'_> {
    /// Has CloudFormation work out what exists to do, and makes sure that it is what the plan showed. `None` where
    /// there is nothing.
    pub async fn place(&self, step: &Step) -> Result<Option<ChangeSet>, WriteError> {
        let name = unused_change_set_name();
        let made = self.make(&name).await;
        if let Err(error) = made
            // The SDK has repeated a call whose answer was lost.
            && !error.is("AlreadyExistsException")
        {
            return Err(error.into());
        }
        let Some(found) = self.worked_out(&name, step).await? else { return Ok(None) };
        let unseen = unseen(&found, &step.change);
        if unseen.is_empty() {
            self.warn(&found, step).await;
            let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
            return Ok(Some(ChangeSet { id: text(found.about.change_set_id()), stack: text(found.about.stack_id()) }));
        }
        self.discard(&name).await?;
        Err(WriteError::Refused {
            message: format!("CloudFormation would also {}, which the plan did not show", unseen.join(", ")),
            help: "change the template so that it does not, or drop the stack from the blueprint, apply with \
                   --allow-destroy, and add it again"
                .into(),
        })
    }

    async fn make(&self, name: &str) -> Result<(), AwsError> {
        let kind = if self.is_new { ChangeSetType::Create } else { ChangeSetType::Update };
        self.client
            .create_change_set()
            .stack_name(self.stack)
            .change_set_name(name)
            .change_set_type(kind)
            .set_template_body(self.template.body())
            .set_template_url(self.template.url())
            .set_use_previous_template(self.template.is_kept())
            .set_parameters(Some(parameters_of(&self.says.parameters)))
            .set_capabilities(Some(capabilities_of(&self.says.template)))
            .set_tags(Some(tags_of(&self.tags)))
            .set_include_nested_stacks(has_nested(&self.says.template).then_some(true))
            .set_deployment_mode(self.corrects_drift.then_some(DeploymentMode::RevertDrift))
            .send()
            .await
            .explain("cloudformation:CreateChangeSet")?;
        Ok(())
    }

    async fn worked_out(&self, name: &str, step: &Step) -> Result<Option<ComputedChangeSet>, WriteError> {
        let wait = wait_for_it(self.context, &step.change.address);
        let found = worked_out(self.client, self.stack, name, wait).await?;
        if found.is_ready() {
            return Ok(Some(found));
        }
        let reason = found.about.status_reason().unwrap_or_default().to_owned();
        let errors = match reason.contains(VALIDATION) {
            true => self.findings(&found).await.map(|findings| findings.errors).unwrap_or_default(),
            false => Vec::new(),
        };
        self.discard(name).await?;
        if NOTHING.iter().any(|words| reason.contains(words)) {
            return Ok(None);
        }
        let help = "correct the template or its parameters, then apply again".into();
        let reason = if errors.is_empty() { reason } else { errors.join("; ") };
        Err(WriteError::Failed { message: format!("CloudFormation refuses it: {reason}"), help })
    }

    async fn findings(&self, found: &ComputedChangeSet) -> Result<Findings, AwsError> {
        findings(self.client, found.about.change_set_id().unwrap_or_default()).await
    }

    /// Says what CloudFormation warns of before the change set is executed.
    async fn warn(&self, found: &ComputedChangeSet, step: &Step) {
        let address = &step.change.address;
        match self.findings(found).await {
            Ok(findings) => {
                findings
                    .warnings
                    .iter()
                    .for_each(|it| self.context.report_progress(address, format!("CloudFormation warns: {it}")));
            }
            Err(error) => {
                let code = error.code().unwrap_or("no answer");
                self.context.report_progress(address, format!("CloudFormation's warnings could not be read: {code}"));
            }
        }
    }

    /// Deletes the change set, and with the change set of a new stack the stack without resources that it leaves behind.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-delete.html>
    async fn discard(&self, name: &str) -> Result<(), AwsError> {
        if self.is_new {
            let request = self.client.delete_stack().stack_name(self.stack).send().await;
            return request.map(drop).explain("cloudformation:DeleteStack");
        }
        let request = self.client.delete_change_set().stack_name(self.stack).change_set_name(name);
        request.send().await.map(drop).explain("cloudformation:DeleteChangeSet")
    }
}
