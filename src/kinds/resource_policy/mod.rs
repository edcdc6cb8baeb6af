mod kind_info;
mod outline;
mod read;
mod resource;
pub(crate) mod section;

use landing_policy::{minified, same_resource_policy};

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::kinds::read::TagsOf;
use crate::kinds::shared::feature_set::has_all_features;
use crate::kinds::shared::fields::differences;
use crate::kinds::shared::ownership::{self, owner};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::write::{changed_since, done_already};
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Risk, Wanted};
use crate::outline::Outline;

use read::OrganizationsResourcePolicy;
use resource::ResourcePolicy;

/// The organization's resource policy, by which it delegates the management of its policies: `resource-policy`. There is one, so that
/// it is looked at only where the blueprint names it, or by anyone who surveys, and goes only where the blueprint says `state: absent`.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html>
pub(super) struct ResourcePolicies;

/// What AWS answers to a request that gives tags to a policy that is there already: with tags it can only be made.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_PutResourcePolicy.html>
const NOT_NEW: [&str; 2] = ["InvalidInputException", "ConstraintViolationException"];

impl Kind for ResourcePolicies {
    fn name(&self) -> &'static str {
        ResourcePolicy::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let is_named = desired.settings.surveys || desired.of_kind(self.name()).next().is_some();
        if !is_named || !has_all_features(observed) {
            return;
        }
        let address = Address::parse(self.name());
        let Some(Some(policy)) = look.at(OrganizationsResourcePolicy) else { return };
        let Some(tags) = look.at(TagsOf(policy.id.clone())) else { return };
        let (owner, tags) = owner(desired, &address, tags.clone());
        observed.add(Found {
            address,
            kind: self.name().into(),
            id: policy.id.clone(),
            owner,
            body: ResourcePolicy { content: policy.content.clone(), tags }.body(),
            parent: Some(Address::organization()),
            attached_to: Vec::new(),
        });
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let mut fields = differences(&wanted.body, &found.body);
        fields.retain(|field| field.path != "content" || !same_resource_policy(&field.before, &field.after));
        fields
    }

    fn judge(&self, action: Action, fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        let differs = fields.iter().any(|field| field.path == "content");
        let changed =
            differs.then(|| (Risk::Disruptive, "the permissions that it grants to member accounts differ".into()));
        match action {
            Action::Create => {
                (Risk::Disruptive, "it grants member accounts permissions of the management account".into())
            }
            Action::Delete => {
                let reason = "the blueprint says `state: absent`: member accounts lose the permissions that it grants";
                (Risk::Destructive, reason.into())
            }
            Action::Adopt => ownership::judge_adoption(fields, changed),
            _ => changed.unwrap_or_else(|| (Risk::None, "its tags differ".into())),
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            match step.change.action {
                Action::Create => create(step, context).await,
                Action::Delete => delete(step, context).await,
                _ => update(step, context).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["organizations:DescribeResourcePolicy", "organizations:ListTagsForResource"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "organizations:PutResourcePolicy",
            "organizations:DeleteResourcePolicy",
            "organizations:TagResource",
            "organizations:UntagResource",
        ]
    }
}

/// With tags AWS makes a policy and overwrites none.
async fn create(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let address = &step.wanted()?.address;
    let policy: ResourcePolicy = step.complete(context)?;
    let request = context.cloud.organizations.put_resource_policy().content(minified(&policy.content));
    let reply = request.set_tags(Some(context.tags(address, &policy.tags))).send().await;
    let id = match reply.explain("organizations:PutResourcePolicy") {
        Ok(reply) => {
            reply.resource_policy().and_then(|policy| policy.resource_policy_summary()?.id()).map(str::to_owned)
        }
        Err(error) if NOT_NEW.iter().any(|code| error.is(code)) => Some(ours(address, &policy, context, error).await?),
        Err(error) => return Err(error.into()),
    };
    context.bind(address, id.unwrap_or_default());
    Ok(())
}

/// The id of the policy that an earlier attempt of ours made, whose answer was lost.
async fn ours(
    address: &Address,
    wanted: &ResourcePolicy,
    context: &WriteContext,
    refused: AwsError,
) -> Result<String, WriteError> {
    let Some(found) = OrganizationsResourcePolicy.ask(&context.cloud).await? else { return Err(refused.into()) };
    let id = context.made_before(address, found.id).await?;
    if same_resource_policy(&found.content, &wanted.content) { Ok(id) } else { Err(changed_since(address)) }
}

async fn update(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    if step.change.field("content").is_some() {
        let policy: ResourcePolicy = step.complete(context)?;
        let request = context.cloud.organizations.put_resource_policy().content(minified(&policy.content));
        request.send().await.explain("organizations:PutResourcePolicy")?;
    }
    context.write_tags(step, step.id()?).await
}

async fn delete(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let result = context.cloud.organizations.delete_resource_policy().send().await;
    done_already(result.explain("organizations:DeleteResourcePolicy"), &["ResourcePolicyNotFoundException"])?;
    context.unbind(&step.change.address);
    Ok(())
}

#[cfg(test)]
mod tests;
