use aws_sdk_ssoadmin::types::Tag;

use super::super::read::SetId;
use super::super::{Step, WriteContext, WriteError};
use super::resource::PermissionSet;
use super::{policies, provision, read};
use crate::cloud::{AwsError, Explain};
use crate::facts::Question;
use crate::kinds::shared::identity_center::Center;
use crate::kinds::shared::write::done_already;
use crate::model::{OwnershipTags, Tags, Wanted};

/// Makes a set with its policies. It is provisioned to accounts by being assigned.
pub(super) async fn create(step: &Step, context: &WriteContext, center: &Center) -> Result<(), WriteError> {
    let wanted = step.wanted()?;
    let set: PermissionSet = step.resolved(context)?;
    let mut tags = set.tags.clone();
    tags.extend(context.ownership(&wanted.address).pairs());
    let request = context.cloud.sso_admin.create_permission_set().instance_arn(&center.instance);
    let reply = request
        .name(wanted.address.name())
        .set_description(set.description.clone())
        .session_duration(&set.session)
        .set_relay_state(set.relay_state.clone())
        .set_tags(Some(tags_of(tags)))
        .send()
        .await
        .explain("sso:CreatePermissionSet");
    let arn = match reply {
        Ok(reply) => reply.permission_set().and_then(|set| set.permission_set_arn()).unwrap_or_default().to_owned(),
        Err(error) if error.is("ConflictException") => ours(wanted, context, center, error).await?,
        Err(error) => return Err(error.into()),
    };
    context.bind(&wanted.address, arn.clone());
    policies::write(step, context, &center.set(arn), &set).await
}

/// The ARN of the set that an earlier attempt of ours made, whose answer was lost.
async fn ours(wanted: &Wanted, context: &WriteContext, center: &Center, error: AwsError) -> Result<String, WriteError> {
    for arn in read::PermissionSets(center.instance.clone()).ask(&context.cloud).await? {
        let mut facts = read::PermissionSetOf(center.set(&arn)).ask(&context.cloud).await?;
        if facts.name != wanted.address.name() {
            continue;
        }
        if OwnershipTags::take(&mut facts.tags) == Some(context.ownership(&wanted.address)) {
            return Ok(arn);
        }
        return Err(WriteError::Failed {
            message: format!("{} was created by another program since the plan was made", wanted.address),
            help: "plan again: it will be adopted".into(),
        });
    }
    Err(error.into())
}

/// Makes a set as the change says, and has the accounts that have it get the new version.
pub(super) async fn update(step: &Step, context: &WriteContext, center: &Center) -> Result<(), WriteError> {
    let id = center.set(step.id()?);
    let set: PermissionSet = step.resolved(context)?;
    let changed = |path: &str| step.change.field(path).is_some();
    if ["description", "session", "relay_state"].into_iter().any(changed) {
        // Left out, the relay state is emptied but the description stays, and AWS takes no empty one: a blank it is then.
        let description = set.description.clone().or_else(|| changed("description").then(|| " ".to_owned()));
        let request = context.cloud.sso_admin.update_permission_set().instance_arn(&id.instance);
        request
            .permission_set_arn(&id.set)
            .set_description(description)
            .session_duration(&set.session)
            .set_relay_state(set.relay_state.clone())
            .send()
            .await
            .explain("sso:UpdatePermissionSet")?;
    }
    policies::write(step, context, &id, &set).await?;
    if step.change.fields.iter().any(|field| !field.path.starts_with("tags.")) {
        provision::everywhere(step, context, &id).await?;
    }
    // Last, so that a set is not taken for adopted before it is as it should be.
    write_tags(step, context, &id).await
}

async fn write_tags(step: &Step, context: &WriteContext, id: &SetId) -> Result<(), WriteError> {
    let (set, removed) = context.tag_changes(step);
    let client = &context.cloud.sso_admin;
    if !set.is_empty() {
        let request = client.tag_resource().instance_arn(&id.instance).resource_arn(&id.set);
        request.set_tags(Some(tags_of(set))).send().await.explain("sso:TagResource")?;
    }
    if !removed.is_empty() {
        let request = client.untag_resource().instance_arn(&id.instance).resource_arn(&id.set);
        request.set_tag_keys(Some(removed)).send().await.explain("sso:UntagResource")?;
    }
    Ok(())
}

/// Deletes a set that is assigned nowhere any more.
pub(super) async fn delete(step: &Step, context: &WriteContext, center: &Center) -> Result<(), WriteError> {
    let request = context.cloud.sso_admin.delete_permission_set().instance_arn(&center.instance);
    let result = request.permission_set_arn(step.id()?).send().await.explain("sso:DeletePermissionSet");
    done_already(result, &["ResourceNotFoundException"])?;
    context.unbind(&step.change.address);
    Ok(())
}

fn tags_of(tags: Tags) -> Vec<Tag> {
    tags.into_iter().filter_map(|(key, value)| Tag::builder().key(key).value(value).build().ok()).collect()
}
