//! From consolidated billing to all features: every invited member agrees, and the management account finalizes.
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html>

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::{Step, WriteContext, WriteError};
use super::read::{FeatureHandshake, FeatureHandshakes};
use crate::cloud::{AwsError, Explain};
use crate::facts::Question;
use crate::kinds::read as questions;
use crate::kinds::shared::wait::Wait;
use crate::kinds::shared::write::done_already;
use crate::model::{Address, Manual};

/// How long AWS may take from the last agreement to all features.
const PATIENCE: Duration = Duration::from_secs(900);

/// Has AWS ask the invited members, and finalizes the change once all of them have agreed. Members that the organization
/// created need not agree.
///
/// # Errors
/// When AWS refuses, and with the members that have to agree first.
pub(super) async fn enable(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let refused = begin(context).await?;
    let mut wait = Wait::new(context, &step.change.address, PATIENCE);
    while !has_all_features(context).await? {
        let handshakes = FeatureHandshakes.ask(&context.cloud).await?;
        match next(&handshakes, &context.management_account) {
            Next::Finalize(id) => finalize(id, context).await?,
            Next::Agreement(accounts) => return Err(WriteError::Waits(agree(&accounts))),
            Next::Wait => {}
            Next::Nothing => return Err(refused.unwrap_or_else(without_handshake).into()),
        }
        wait.next("AWS enables all features of the organization").await?;
    }
    Ok(())
}

/// Begins the change. A refusal may only say that it began before, which the handshakes show.
async fn begin(context: &WriteContext) -> Result<Option<AwsError>, AwsError> {
    let result =
        context.cloud.organizations.enable_all_features().send().await.explain("organizations:EnableAllFeatures");
    match result {
        Err(error) if error.is("HandshakeConstraintViolationException") => Ok(Some(error)),
        other => other.map(|_| None),
    }
}

async fn has_all_features(context: &WriteContext) -> Result<bool, AwsError> {
    let organization = questions::Organization.ask(&context.cloud).await?;
    Ok(organization.is_some_and(|organization| organization.has_all_features()))
}

async fn finalize(id: &str, context: &WriteContext) -> Result<(), AwsError> {
    let request = context.cloud.organizations.accept_handshake().handshake_id(id);
    let result = request.send().await.explain("organizations:AcceptHandshake");
    done_already(result, &["HandshakeAlreadyInStateException"])
}

fn without_handshake() -> AwsError {
    AwsError::odd("organizations:EnableAllFeatures", "AWS lists no handshake by which all features could be finalized")
}

/// What brings the change on.
#[derive(Debug, PartialEq, Eq)]
enum Next<'h> {
    /// The management account accepts this handshake.
    Finalize(&'h str),
    /// These members must agree.
    Agreement(BTreeSet<String>),
    /// AWS has to open or carry out the management account's handshake.
    Wait,
    /// No handshake leads on.
    Nothing,
}

fn next<'h>(handshakes: &'h [FeatureHandshake], management: &str) -> Next<'h> {
    let mut own = handshakes.iter().filter(|handshake| is_own(handshake, management));
    let open = own.clone().find(|handshake| handshake.state == "OPEN");
    if let Some(open) = open.filter(|_| sent(handshakes, management, &ASKED).is_empty()) {
        return Next::Finalize(&open.id);
    }
    let awaited = awaited(handshakes, management);
    if !awaited.is_empty() {
        return Next::Agreement(awaited);
    }
    if own.any(|handshake| ["REQUESTED", "ACCEPTED"].contains(&handshake.state.as_str())) {
        return Next::Wait;
    }
    Next::Nothing
}

const ASKED: [&str; 2] = ["OPEN", "REQUESTED"];

/// The members that have not agreed yet, and those that declined or let the request expire and have not agreed since.
pub(super) fn awaited(handshakes: &[FeatureHandshake], management: &str) -> BTreeSet<String> {
    let sent = |states: &[&str]| sent(handshakes, management, states);
    let refused = sent(&["DECLINED", "EXPIRED"]);
    refused.difference(&sent(&["ACCEPTED"])).chain(&sent(&ASKED)).cloned().collect()
}

/// The members whose handshakes are in one of these states.
fn sent(handshakes: &[FeatureHandshake], management: &str, states: &[&str]) -> BTreeSet<String> {
    let sent = handshakes.iter().filter(|handshake| !is_own(handshake, management));
    let sent = sent.filter(|handshake| states.contains(&handshake.state.as_str()));
    sent.flat_map(|handshake| handshake.accounts.clone()).collect()
}

fn is_own(handshake: &FeatureHandshake, management: &str) -> bool {
    handshake.accounts.iter().all(|account| account == management)
}

/// What people in the members have to do.
pub(super) fn agree(accounts: &BTreeSet<String>) -> Manual {
    let accounts: Vec<&str> = accounts.iter().map(String::as_str).collect();
    Manual {
        address: Some(Address::organization()),
        what: format!(
            "all features of the organization: an administrator of each invited account ({}) must approve them; then run \
             apply again",
            accounts.join(", ")
        ),
        link: Some(
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html"
                .into(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANAGEMENT: &str = "111111111111";

    fn handshake(id: &str, state: &str, accounts: &[&str]) -> FeatureHandshake {
        let accounts = accounts.iter().map(|account| (*account).to_owned()).collect();
        FeatureHandshake { id: id.into(), state: state.into(), accounts }
    }

    fn agreement(accounts: &[&str]) -> Next<'static> {
        Next::Agreement(accounts.iter().map(|account| (*account).to_owned()).collect())
    }

    #[test]
    fn the_management_account_finalizes_once_every_invited_member_has_agreed() {
        let own = |state| handshake("h-own", state, &[]);
        let member = |state| handshake("h-member", state, &["2"]);
        assert_eq!(next(&[own("OPEN")], MANAGEMENT), Next::Finalize("h-own"));
        assert_eq!(next(&[handshake("h-own", "OPEN", &[MANAGEMENT])], MANAGEMENT), Next::Finalize("h-own"));
        assert_eq!(next(&[own("REQUESTED"), member("OPEN")], MANAGEMENT), agreement(&["2"]));
        assert_eq!(next(&[own("OPEN"), member("REQUESTED")], MANAGEMENT), agreement(&["2"]));
        assert_eq!(next(&[own("REQUESTED"), member("DECLINED")], MANAGEMENT), agreement(&["2"]));
        assert_eq!(next(&[own("REQUESTED"), member("ACCEPTED")], MANAGEMENT), Next::Wait);
        assert_eq!(next(&[own("OPEN"), member("ACCEPTED")], MANAGEMENT), Next::Finalize("h-own"));
        // AWS opens it once no member has to agree any more, such as one that declined and left.
        assert_eq!(next(&[own("OPEN"), member("DECLINED")], MANAGEMENT), Next::Finalize("h-own"));
        assert_eq!(next(&[own("ACCEPTED")], MANAGEMENT), Next::Wait);
    }

    #[test]
    fn requests_of_an_earlier_attempt_count_only_until_the_member_agrees() {
        let old = handshake("h-1", "EXPIRED", &["2"]);
        let new = handshake("h-2", "ACCEPTED", &["2"]);
        assert_eq!(next(&[old.clone(), new], MANAGEMENT), Next::Nothing);
        assert_eq!(next(&[old, handshake("h-3", "CANCELED", &[])], MANAGEMENT), agreement(&["2"]));
        assert_eq!(next(&[handshake("h-4", "EXPIRED", &[])], MANAGEMENT), Next::Nothing);
    }
}
