use super::super::write::done_already;
use super::super::{Step, Workshop, WriteError};
use crate::cloud::Explain;
use crate::model::{TAG_ADDRESS, TAG_BLUEPRINT};

/// Closes an account where the blueprint says so; one that it merely does not have any more is let go of.
pub(super) async fn close_or_release(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    let id = step.id()?;
    if step.wanted.is_none() {
        let keys = [TAG_BLUEPRINT, TAG_ADDRESS].map(str::to_owned).to_vec();
        return Ok(shop.untag(id, keys).await?);
    }
    // While it is open: what guardrails say of its unit holds until it is closed.
    if let (Some(_), Some(parent)) = (step.change.field("parent"), &step.wanted()?.parent) {
        super::create::move_to(shop, id, &shop.id(parent)?).await?;
    }
    let result =
        shop.cloud.organizations.close_account().account_id(id).send().await.explain("organizations:CloseAccount");
    if let Err(error) = &result
        && error.message.contains("CLOSE_ACCOUNT_QUOTA_EXCEEDED")
    {
        return Err(WriteError::Failed {
            message: format!("{} cannot be closed now: {}", step.change.address, error.message),
            help: "AWS lets 250 accounts or a fifth of all, whichever is more, be closed in 30 days: run apply again later, or close it signed in as its root user".into(),
        });
    }
    // Asked again after a lost answer, AWS says that it is closed or being closed.
    Ok(done_already(result, &["AccountAlreadyClosedException", "ConflictException"])?)
}
