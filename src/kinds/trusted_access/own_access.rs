//! Services that say themselves whether they work with the organization.

use serde_json::{Value, json};

use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;
use crate::kinds::read::Seen;
use crate::model::global_region;

/// A service that AWS has enabled by the service's own call alone, and that says whether this was done.
///
/// Others are enabled by Organizations' call as well, where AWS recommends their own: so are Reachability Analyzer
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-ra.html>) and Service Catalog
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-servicecatalog.html>). What is
/// missing there is made by the service later. Trusted Advisor and Resilience Hub are enabled in their consoles, for which
/// there is no call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnAccess {
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-health.html>
    Health,
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-network-manager.html>
    NetworkManager,
    /// <https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-uno.html>
    Notifications,
}

impl OwnAccess {
    /// The service with this principal, where it is one.
    pub fn of(principal: &str) -> Option<OwnAccess> {
        match principal {
            "health.amazonaws.com" => Some(OwnAccess::Health),
            "networkmanager.amazonaws.com" => Some(OwnAccess::NetworkManager),
            "notifications.amazon.com" => Some(OwnAccess::Notifications),
            _ => None,
        }
    }

    /// Enables it.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn enable(self, cloud: &Cloud) -> Result<(), AwsError> {
        let request = match self {
            OwnAccess::Health => Request::new(Service::HEALTH, "EnableHealthServiceAccessForOrganization", json!({})),
            OwnAccess::NetworkManager => update("ENABLE"),
            OwnAccess::Notifications => notifications("EnableNotificationsAccessForOrganization", "POST"),
        };
        self.call(cloud, request).await.map(drop)
    }

    /// Disables it, by which Organizations trusts it no more.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn disable(self, cloud: &Cloud) -> Result<(), AwsError> {
        let request = match self {
            OwnAccess::Health => Request::new(Service::HEALTH, "DisableHealthServiceAccessForOrganization", json!({})),
            OwnAccess::NetworkManager => update("DISABLE"),
            OwnAccess::Notifications => notifications("DisableNotificationsAccessForOrganization", "DELETE"),
        };
        self.call(cloud, request).await.map(drop)
    }

    fn status(self) -> (Request, &'static str) {
        match self {
            OwnAccess::Health => (
                Request::new(Service::HEALTH, "DescribeHealthServiceStatusForOrganization", json!({})),
                "/healthServiceAccessStatusForOrganization",
            ),
            OwnAccess::NetworkManager => (
                Request::new(Service::NETWORK_MANAGER, "ListOrganizationServiceAccessStatus", Value::Null)
                    .route("GET", "/organizations/service-access"),
                "/OrganizationStatus/OrganizationAwsServiceAccessStatus",
            ),
            OwnAccess::Notifications => (
                notifications("GetNotificationsAccessForOrganization", "GET"),
                "/notificationsAccessForOrganization/accessStatus",
            ),
        }
    }

    async fn call(self, cloud: &Cloud, request: Request) -> Result<Value, AwsError> {
        cloud.call(&AccountAccess::own(), self.region(cloud.partition), request).await
    }

    /// Each is in one region of a partition.
    /// <https://docs.aws.amazon.com/general/latest/gr/nmgr.html>, <https://docs.aws.amazon.com/general/latest/gr/health.html>
    fn region(self, partition: &str) -> &'static str {
        match (self, partition) {
            (OwnAccess::NetworkManager, "aws") => "us-west-2",
            (_, "aws-cn") => "cn-northwest-1",
            _ => global_region(partition),
        }
    }
}

fn update(action: &str) -> Request {
    let request =
        Request::new(Service::NETWORK_MANAGER, "StartOrganizationServiceAccessUpdate", json!({"Action": action}));
    request.route("POST", "/organizations/service-access")
}

fn notifications(operation: &'static str, method: &'static str) -> Request {
    Request::new(Service::NOTIFICATIONS, operation, json!({})).route(method, "/organization/access")
}

impl Question for OwnAccess {
    type Answer = Seen<bool>;

    fn key(&self) -> String {
        format!("own-access/{self:?}")
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Seen<bool>, AwsError> {
        Seen::unless_refused(self.state(cloud).await)
    }
}

impl OwnAccess {
    /// Whether the service says that it is enabled.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn state(self, cloud: &Cloud) -> Result<bool, AwsError> {
        let (request, status) = self.status();
        match self.call(cloud, request).await {
            // Health refuses accounts without a support plan; then its console alone can have enabled it.
            // https://docs.aws.amazon.com/health/latest/APIReference/API_EnableHealthServiceAccessForOrganization.html
            Err(error) if error.is(NO_PLAN) => Ok(true),
            reply => Ok(reply?.pointer(status).is_some_and(|status| status == "ENABLED")),
        }
    }
}

/// What Health answers where the account has no support plan that its API comes with.
pub const NO_PLAN: &str = "SubscriptionRequiredException";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_called_where_its_partition_has_it() {
        use OwnAccess::{Health, NetworkManager, Notifications};
        for (service, regions) in [
            (Health, ["us-east-1", "us-gov-west-1", "cn-northwest-1"]),
            (NetworkManager, ["us-west-2", "us-gov-west-1", "cn-northwest-1"]),
            (Notifications, ["us-east-1", "us-gov-west-1", "cn-northwest-1"]),
        ] {
            assert_eq!(["aws", "aws-us-gov", "aws-cn"].map(|partition| service.region(partition)), regions);
        }
    }
}
