use serde_json::json;

use super::organization::DelegatedAdministrators;
use super::seen::Seen;
use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;
use crate::kinds::shared::designation::{Designated, Registered};

/// The ids of the accounts that administer a service for the organization in a region, as the service itself says.
#[derive(Debug)]
pub struct ServiceAdministrators {
    /// The service's principal.
    pub service: String,
    /// The region.
    pub region: String,
}

impl Question for ServiceAdministrators {
    type Answer = Seen<Vec<String>>;

    fn key(&self) -> String {
        format!("service-administrators/{}/{}", self.service, self.region)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        Seen::of(cloud, &AccountAccess::own(), self.administrators(cloud).await)
    }
}

impl ServiceAdministrators {
    /// The same, where the management account has opted in to the region.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn administrators(&self, cloud: &Cloud) -> Result<Vec<String>, AwsError> {
        if let Some(service) = Designated::of(&self.service) {
            let is_none = |error: &AwsError| {
                service.none.iter().any(|(code, words)| error.is(code) && error.message.contains(words))
            };
            return match cloud.call(&AccountAccess::own(), &self.region, service.list()).await {
                Err(error) if is_none(&error) => Ok(Vec::new()),
                reply => Ok(service.administrators(&reply?)),
            };
        }
        let Some(service) = Registered::of(&self.service) else { return Ok(Vec::new()) };
        // Without its role, the service knows nothing of what Organizations lists.
        if has_role(cloud, service.role).await? {
            DelegatedAdministrators(self.service.clone()).ask(cloud).await
        } else {
            Ok(Vec::new())
        }
    }
}

/// Whether the management account has a service-linked role.
pub(in crate::kinds) async fn has_role(cloud: &Cloud, name: &str) -> Result<bool, AwsError> {
    let request = Request::new(Service::IAM, "GetRole", json!({"RoleName": name}));
    match cloud.call(&AccountAccess::own(), &cloud.region, request).await {
        Err(error) if error.is("NoSuchEntity") => Ok(false),
        reply => reply.map(|_| true),
    }
}
