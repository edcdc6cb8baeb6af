//! Refusals of a stack's resources that pass, because a service has not yet learnt what was changed minutes ago.

use std::time::Duration;

use crate::cloud::unknown_there_in;
use crate::kinds::WriteContext;
use crate::model::{Address, Presence};

/// How long a stack is tried again. 10 to 20 minutes are reported until `aws:PrincipalOrgID` holds for a new member.
pub(in crate::kinds) const PATIENCE: Duration = Duration::from_secs(1_800);

/// How often.
pub(in crate::kinds) const TRY_EVERY: Duration = Duration::from_secs(30);

/// What is waited for where the reason why a stack failed in an account passes; nothing where it stays.
pub(in crate::kinds) fn of_failure(context: &WriteContext, account: Option<&str>, reason: &str) -> Option<String> {
    if is_onboarding(reason) && shares(context) {
        return Some("RAM does not know the organization yet that it may share with".into());
    }
    let (account, code) = (account?, unknown_there_in(reason)?);
    let is_new = context.cloud.new_accounts.left(account).is_some();
    is_new.then(|| format!("account {account} is new and cannot be used yet ({code})"))
}

/// Whether the blueprint has RAM share within the organization, so that a refusal is not for good.
fn shares(context: &WriteContext) -> bool {
    let wanted = context.desired.get(&Address::new("trusted-access", ["ram.amazonaws.com"]));
    wanted.is_some_and(|wanted| wanted.presence == Presence::Present)
}

/// What RAM says for a while after sharing within the organization was enabled.
/// <https://github.com/hashicorp/terraform-provider-aws/issues/12169>,
/// <https://github.com/hashicorp/terraform-provider-aws/issues/7769>
fn is_onboarding(reason: &str) -> bool {
    let is_unknown = || {
        reason.contains("could not be found")
            && ["Organization o-", "OrganizationalUnit ou-"].iter().any(|what| reason.contains(what))
    };
    reason.contains("AWS::RAM::") && (reason.contains("onboarding process is still in progress") || is_unknown())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cloud::{Cloud, Connection};
    use crate::model::{Bindings, Desired};

    #[test]
    fn what_ram_says_while_it_learns_of_the_organization_passes() {
        let stack =
            |reason: &str| format!("stack/a/b/c ended as ROLLBACK_COMPLETE: Share (AWS::RAM::ResourceShare): {reason}");
        let instance = |reason: &str| {
            format!("ResourceLogicalId:Share, ResourceType:AWS::RAM::ResourceShare, ResourceStatusReason:{reason}.")
        };
        let onboarding = "The resource you are attempting to share can only be shared within your AWS Organization. This \
                          error may also occur if you have not enabled sharing with your AWS organization, or that \
                          onboarding process is still in progress.";
        let passing = [
            onboarding,
            "Organization o-77777mmmmm could not be found.",
            "OrganizationalUnit ou-1-2 could not be found. (Service: Ram)",
        ];
        for reason in passing {
            assert!(is_onboarding(&stack(reason)) && is_onboarding(&instance(reason)), "{reason}");
        }
        assert!(!is_onboarding(&stack("Resource subnet-1 could not be found.")));
        assert!(!is_onboarding("Role (AWS::IAM::Role): Organization o-1 could not be found."));
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_account_passes_as_long_as_it_is_new() {
        let connection = Connection { region: Some("eu-west-1".into()), ..Connection::default() };
        let cloud = Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await);
        cloud.new_accounts.note("2", Duration::ZERO);
        let context =
            WriteContext::new(cloud, Arc::new(Desired::default()), "1", Bindings::default(), |_: &Address, _| {});
        let reason = "Key (AWS::KMS::Key): You are not subscribed to this service (SubscriptionRequiredException)";
        let words = of_failure(&context, Some("2"), reason);
        assert_eq!(words.as_deref(), Some("account 2 is new and cannot be used yet (SubscriptionRequiredException)"));
        assert_eq!(of_failure(&context, Some("2"), "Key (AWS::KMS::Key): AlreadyExists"), None);
        assert_eq!(of_failure(&context, Some("3"), reason), None);
        assert_eq!(of_failure(&context, None, reason), None);
        tokio::time::advance(Duration::from_secs(900)).await;
        assert_eq!(of_failure(&context, Some("2"), reason), None);
    }
}
