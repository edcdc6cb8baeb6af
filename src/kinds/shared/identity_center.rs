//! What the kinds of IAM Identity Center share: whether they have anything to do, the instance that they are in, and how
//! operations are followed that AWS carries out later.

use std::future::Future;
use std::time::Duration;

use crate::cloud::AwsError;
use crate::facts::Look;
use crate::kinds::shared::site::KnownDeployments;
use crate::kinds::shared::wait::Wait;
use crate::kinds::{WriteContext, WriteError, read};
use crate::model::{Address, Desired, Manual, Note, Observed};

/// The page that says how a person enables Identity Center: no API does.
const ENABLE: &str = "https://docs.aws.amazon.com/singlesignon/latest/userguide/enable-identity-center.html";

/// AWS takes seconds; longer than this is not waited for.
const PATIENCE: Duration = Duration::from_secs(1800);

/// Identity Center's instance and its directory.
#[derive(Clone, Debug)]
pub(in crate::kinds) struct Center {
    /// The instance's ARN.
    pub instance: String,
    /// The id of the identity store.
    pub store: String,
}

impl Center {
    /// The one that was recognized before.
    pub fn known(observed: &Observed) -> Option<Center> {
        let id = |address| observed.bindings.id(&address).map(str::to_owned);
        Some(Center { instance: id(Address::identity_center())?, store: id(Address::identity_store())? })
    }

    /// The one that changes are made in.
    ///
    /// # Errors
    /// When none was found, which the order of the plan rules out.
    pub fn of(context: &WriteContext) -> Result<Center, WriteError> {
        Ok(Center {
            instance: context.id(&Address::identity_center())?,
            store: context.id(&Address::identity_store())?,
        })
    }

    /// The permission set with this ARN.
    pub fn set(&self, arn: impl Into<String>) -> read::SetId {
        read::SetId { instance: self.instance.clone(), set: arn.into() }
    }
}

/// Whether anything of Identity Center is to be looked at: what the blueprint has there, or has had.
fn is_used(desired: &Desired, look: &Look<'_>) -> bool {
    let has_had =
        || look.at(read::DeploymentRecord(desired.blueprint.clone())).map(|known| KnownDeployments::from_text(known));
    let settings = &desired.settings;
    settings.surveys
        || settings.identity.is_some()
        || has_had().is_some_and(|deployment_record| deployment_record.has_identity_center())
}

/// Finds the instance. Where there is none a person has to enable it, and everything of Identity Center waits.
pub(in crate::kinds) fn find(desired: &Desired, look: &Look<'_>, observed: &mut Observed) -> Option<Center> {
    if !is_used(desired, look) {
        return None;
    }
    let Some(facts) = look.at(read::IdentityCenter)? else {
        // Without an instance there is nothing left either.
        desired.settings.identity.as_ref()?;
        observed.waiting.insert(Address::identity_center());
        let region = &desired.settings.home_region;
        let place = if region.is_empty() { "the home region".to_owned() } else { format!("the home region {region}") };
        observed.findings.manual.push(Manual {
            address: Some(Address::identity_center()),
            what: format!("enable IAM Identity Center for the organization in {place}, then run apply again"),
            link: Some(ENABLE.into()),
        });
        return None;
    };
    note_region(desired, facts, observed);
    observed.identity_center_region.clone_from(&facts.region);
    observed.bindings.bind(Address::identity_center(), facts.instance.clone());
    observed.bindings.bind(Address::identity_store(), facts.identity_store.clone());
    Some(Center { instance: facts.instance.clone(), store: facts.identity_store.clone() })
}

/// Says where Identity Center is managed, where that is not the home region.
fn note_region(desired: &Desired, facts: &read::CenterFacts, observed: &mut Observed) {
    let home = &desired.settings.home_region;
    let Some(region) = facts.region.as_ref().filter(|region| *region != home && !home.is_empty()) else { return };
    let replicas = match facts.replicas.as_slice() {
        [] => String::new(),
        replicas => format!(", with further regions: {}", replicas.join(", ")),
    };
    observed.findings.notes.push(Note {
        address: Some(Address::identity_center()),
        what: format!(
            "IAM Identity Center is managed in its primary region {region}{replicas}; the home region is {home}"
        ),
        about: Vec::new(),
    });
}

/// How far AWS is with an operation.
#[derive(Clone, Debug)]
pub(in crate::kinds) struct Progress {
    /// `IN_PROGRESS`, `SUCCEEDED` or `FAILED`.
    pub status: String,
    /// What to ask for it by.
    pub request: String,
    /// Why it failed, in AWS's words.
    pub reason: String,
}

impl Progress {
    /// How the operation has ended, with the reason where it failed; `None` while it goes on.
    /// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PermissionSetProvisioningStatus.html>
    fn ended(&self) -> Option<Result<(), String>> {
        match self.status.as_str() {
            "SUCCEEDED" => Some(Ok(())),
            "FAILED" => Some(Err(self.reason.clone())),
            _ => None,
        }
    }
}

/// Waits until AWS has ended an operation, and gives the reason where it failed. `ask` looks at the request anew.
pub(in crate::kinds) async fn follow<F: Future<Output = Result<Progress, AwsError>>>(
    context: &WriteContext,
    address: &Address,
    mut progress: Progress,
    ask: impl Fn(String) -> F,
) -> Result<Option<String>, WriteError> {
    let mut wait = Wait::new(context, address, PATIENCE);
    let mut is_first = true;
    loop {
        if let Some(ended) = progress.ended() {
            return Ok(ended.err());
        }
        const WORKS: &str = "Identity Center works on it";
        // Most are done at the second look.
        if std::mem::take(&mut is_first) {
            wait.next_silently(WORKS).await?
        } else {
            wait.next(WORKS).await?
        }
        progress = ask(progress.request).await?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_succeeded_is_done() {
        let ended = |status: &str| {
            Progress { status: status.into(), request: "r".into(), reason: "no such policy".into() }.ended()
        };
        assert_eq!(ended("SUCCEEDED"), Some(Ok(())));
        assert_eq!(ended("FAILED"), Some(Err("no such policy".into())));
        for status in ["IN_PROGRESS", "", "succeeded"] {
            assert_eq!(ended(status), None, "{status}");
        }
    }
}
