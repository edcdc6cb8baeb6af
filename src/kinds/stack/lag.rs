//! Refusals of stacks that pass, because a service has not yet learnt what was changed minutes ago.

use std::time::Duration;

use super::super::newcomer::joined_lately;
use super::super::{Step, Workshop, WriteError};
use crate::cloud::AwsError;
use crate::model::{Address, Presence};

/// How long a stack is tried again. 10 to 20 minutes are reported until `aws:PrincipalOrgID` holds for a new member.
pub(super) const PATIENCE: Duration = Duration::from_secs(1_800);

/// How often.
pub(super) const TRY_EVERY: Duration = Duration::from_secs(30);

/// What is waited for where `error` may pass; nothing where it stays.
///
/// # Errors
/// When AWS does not describe the account.
pub(super) async fn of(error: &WriteError, step: &Step, shop: &Workshop) -> Result<Option<String>, AwsError> {
    match error {
        WriteError::Failed { message, .. } if is_onboarding(message) && shares(shop) => {
            Ok(Some("RAM does not know the organization yet that it may share with".into()))
        }
        WriteError::Aws(error) if is_template_withheld(error) => {
            let Some(account) = step.change.parent.as_ref().filter(|it| **it != Address::management()) else {
                return Ok(None);
            };
            let Ok(id) = shop.id(account) else { return Ok(None) };
            let is_new = joined_lately(shop, &id).await?;
            Ok(is_new.then(|| format!("{account} joined lately, and the bucket of templates does not know it yet")))
        }
        _ => Ok(None),
    }
}

/// Whether the blueprint has RAM share within the organization, so that a refusal is not for good.
fn shares(shop: &Workshop) -> bool {
    let wanted = shop.desired.get(&Address::new("trusted-access", ["ram.amazonaws.com"]));
    wanted.is_some_and(|wanted| wanted.presence == Presence::Present)
}

/// What RAM says for a while after sharing within the organization was enabled.
/// <https://github.com/hashicorp/terraform-provider-aws/issues/12169>,
/// <https://github.com/hashicorp/terraform-provider-aws/issues/7769>
fn is_onboarding(message: &str) -> bool {
    let is_unknown = || {
        message.contains("could not be found")
            && ["Organization o-", "OrganizationalUnit ou-"].iter().any(|what| message.contains(what))
    };
    message.contains("AWS::RAM::") && (message.contains("onboarding process is still in progress") || is_unknown())
}

/// What CloudFormation says where the account may not read its template.
fn is_template_withheld(error: &AwsError) -> bool {
    error.is("ValidationError") && error.message.contains("S3 error: Access Denied")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::Cause;

    #[test]
    fn what_ram_says_while_it_learns_of_the_organization_passes() {
        let share =
            |reason: &str| format!("stack/a/b/c ended as ROLLBACK_COMPLETE: Share (AWS::RAM::ResourceShare): {reason}");
        let onboarding = "The resource you are attempting to share can only be shared within your AWS Organization. This \
                          error may also occur if you have not enabled sharing with your AWS organization, or that \
                          onboarding process is still in progress.";
        assert!(is_onboarding(&share(onboarding)));
        assert!(is_onboarding(&share("Organization o-77777mmmmm could not be found.")));
        assert!(is_onboarding(&share("OrganizationalUnit ou-1-2 could not be found. (Service: Ram)")));
        assert!(!is_onboarding(&share("Resource subnet-1 could not be found.")));
        assert!(!is_onboarding("Role (AWS::IAM::Role): Organization o-1 could not be found."));
    }

    #[test]
    fn only_a_template_that_is_withheld_passes() {
        let error = |code: &str, message: &str| AwsError {
            cause: Cause::Refused(code.into()),
            ..AwsError::odd("cloudformation:CreateChangeSet", message)
        };
        assert!(is_template_withheld(&error("ValidationError", "S3 error: Access Denied")));
        assert!(!is_template_withheld(&error("ValidationError", "Template format error")));
        assert!(!is_template_withheld(&error("AccessDenied", "S3 error: Access Denied")));
    }
}
