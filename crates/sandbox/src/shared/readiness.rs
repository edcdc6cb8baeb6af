//! What a new account does not answer yet. AWS answers CreateAccount before the account can be used; the codes are those
//! that Terraform's AWS provider, Landing Zone Accelerator and org-formation wait for.

use super::regions::is_opted_out;
use crate::aws_error::ApiError;
use crate::identity::Caller;
use crate::lags::Lags;
use crate::model::readiness::{LateService, Readiness};
use crate::progress::Progress;
use crate::protocol::Protocol;
use crate::service::Service;
use crate::state::State;

/// Whether something does not know yet that an account is a member.
pub(crate) fn is_unaware(state: &State, what: LateService, account: &str) -> bool {
    let accounts = state.organization.as_ref().map(|organization| &organization.accounts);
    accounts.and_then(|accounts| accounts.get(account)).is_some_and(|account| account.unknown_to.contains(&what))
}

/// Takes new accounts as far as they are due; whether any moved.
pub(crate) fn settle(state: &mut State, progress: &mut Progress, lags: &Lags) -> bool {
    let Some(organization) = &mut state.organization else { return false };
    let mut settled = false;
    organization.accounts.go_on(|id, account| {
        while let Some((next, lag)) = account.readiness.next(lags) {
            if !progress.is_due(&format!("{:?} {id}", account.readiness), lag) {
                break;
            }
            account.readiness = next;
            settled = true;
        }
        let unaware = account.unknown_to.len();
        account.unknown_to.retain(|what| !progress.is_due(&format!("{what:?} {id}"), what.lag(lags)));
        settled |= account.unknown_to.len() < unaware;
    });
    settled
}

/// How far an account is; those that are not in the organization are ready.
pub(crate) fn of(state: &State, account: &str) -> Readiness {
    let organization = state.organization.as_ref();
    organization.and_then(|it| it.accounts.get(account)).map(|account| account.readiness).unwrap_or_default()
}

/// What a service answers to a new account's own credentials, and to those of any account in a region that it has not opted
/// in to. <https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html>
pub(crate) fn refusal(state: &State, caller: &Caller, service: &Service, region: &str) -> Option<ApiError> {
    let is_global = matches!(service.name, "iam" | "sts" | "organizations");
    if !is_global && is_opted_out(state, &caller.account, region) {
        return Some(unknown_credentials(service.protocol));
    }
    match of(state, &caller.account) {
        Readiness::Ready => None,
        Readiness::NotSubscribed if is_global => None,
        Readiness::NotSubscribed => Some(not_subscribed(service.protocol)),
        _ => Some(unknown_credentials(service.protocol)),
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html>,
/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html>,
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>
fn unknown_credentials(protocol: Protocol) -> ApiError {
    let invalid = "The security token included in the request is invalid.";
    match protocol {
        Protocol::Ec2 { .. } => {
            ApiError::new("AuthFailure", "AWS was not able to validate the provided access credentials")
                .with_status(401)
        }
        Protocol::Query { .. } => ApiError::new("InvalidClientTokenId", invalid).with_status(403),
        Protocol::RestXml => {
            let message = "The AWS Access Key Id you provided does not exist in our records.";
            ApiError::new("InvalidAccessKeyId", message).with_status(403)
        }
        Protocol::RestJson => ApiError::new("UnrecognizedClientException", invalid).with_status(403),
        Protocol::Json => ApiError::new("UnrecognizedClientException", invalid),
    }
}

/// CloudFormation and EC2 say OptInRequired, services of JSON protocols SubscriptionRequiredException.
fn not_subscribed(protocol: Protocol) -> ApiError {
    let message = "The AWS Access Key Id needs a subscription for the service";
    match protocol {
        Protocol::Ec2 { .. } => ApiError::new("OptInRequired", message).with_status(401),
        Protocol::Query { .. } => ApiError::new("OptInRequired", message).with_status(403),
        Protocol::RestXml => ApiError::new("NotSignedUp", "Your account is not signed up").with_status(403),
        Protocol::RestJson => ApiError::new("SubscriptionRequiredException", message).with_status(403),
        Protocol::Json => ApiError::new("SubscriptionRequiredException", message),
    }
}
