//! Services that enable their trusted access by a call of their own. Organizations lists them as trusted wherever anyone has
//! called EnableAWSServiceAccess, and they do not work until their own call is made.

use serde_json::json;

use crate::cloud::{AccountAccess, AwsError, Cloud, Explain, Request, Service};
use crate::facts::Look;
use crate::kinds::read::{Seen, has_role};
use crate::model::global_region;

use super::own_access::OwnAccess;
use super::read;

/// <https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html#getting-started-sharing-orgs>
const RAM: &str = "ram.amazonaws.com";
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-activate-trusted-access.html>
const STACK_SETS: &str = "member.org.stacksets.cloudformation.amazonaws.com";
/// The call makes this role, by which RAM reads the organization.
/// <https://docs.aws.amazon.com/ram/latest/APIReference/API_EnableSharingWithAwsOrganization.html>
const RAM_ROLE: &str = "AWSServiceRoleForResourceAccessManager";

/// A service with a call of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activation {
    Ram,
    StackSets,
    /// One that says itself whether it is enabled.
    Own(OwnAccess),
}

impl Activation {
    /// That of the service with this principal, where it has one.
    pub fn of(service: &str) -> Option<Activation> {
        match service {
            RAM => Some(Activation::Ram),
            STACK_SETS => Some(Activation::StackSets),
            _ => OwnAccess::of(service).map(Activation::Own),
        }
    }

    /// Whether the call has been made; nothing as long as that is not known.
    pub fn is_made<'f>(self, look: &Look<'f>) -> Option<&'f Seen<bool>> {
        match self {
            Activation::Ram => look.at(read::ServiceLinkedRole(RAM_ROLE)),
            Activation::StackSets => look.at(read::StackSetsAccess),
            Activation::Own(service) => look.at(service),
        }
    }

    /// As [`Activation::is_made`], asked now.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn has_been_made(self, cloud: &Cloud) -> Result<bool, AwsError> {
        match self {
            Activation::Ram => has_role(cloud, RAM_ROLE).await,
            Activation::StackSets => read::StackSetsAccess.state(cloud).await,
            Activation::Own(service) => service.state(cloud).await,
        }
    }

    /// Makes the call.
    ///
    /// # Errors
    /// When AWS refuses, and when RAM answers that it has not done it.
    pub async fn make(self, cloud: &Cloud) -> Result<(), AwsError> {
        match self {
            Activation::Ram => share(cloud).await,
            Activation::StackSets => {
                let cloudformation =
                    cloud.cloudformation(&AccountAccess::own(), global_region(cloud.partition)).await?;
                let result = cloudformation.activate_organizations_access().send().await;
                result.explain("cloudformation:ActivateOrganizationsAccess").map(drop)
            }
            Activation::Own(service) => service.enable(cloud).await,
        }
    }

    /// Undoes the call; gives false where Organizations' own call does that.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn unmake(self, cloud: &Cloud) -> Result<bool, AwsError> {
        match self {
            Activation::Ram => return Ok(false),
            Activation::StackSets => {
                let cloudformation =
                    cloud.cloudformation(&AccountAccess::own(), global_region(cloud.partition)).await?;
                let result = cloudformation.deactivate_organizations_access().send().await;
                result.explain("cloudformation:DeactivateOrganizationsAccess")?;
            }
            Activation::Own(service) => service.disable(cloud).await?,
        }
        Ok(true)
    }
}

async fn share(cloud: &Cloud) -> Result<(), AwsError> {
    const OPERATION: &str = "ram:EnableSharingWithAwsOrganization";
    let request = Request::new(Service::RAM, "EnableSharingWithAwsOrganization", json!({}));
    let reply = cloud.call_global(request.route("POST", "/enablesharingwithawsorganization")).await?;
    if reply["returnValue"] == false {
        return Err(AwsError::odd(OPERATION, "RAM answers that sharing with the organization is not enabled"));
    }
    Ok(())
}
