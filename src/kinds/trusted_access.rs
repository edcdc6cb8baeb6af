use super::{Kind, Pending, Step, Workshop, WriteError, read};
use crate::cloud::{AwsError, Entrance, Explain};
use crate::facts::Look;
use crate::model::{Action, Address, Body, Desired, FieldChange, Found, Observed, Owner, Risk, global_region};

/// AWS services that may act in every account: `trusted-access/cloudtrail.amazonaws.com`.
pub(super) struct TrustedAccess;

/// Services that want their own call, which does more than to switch the access on.
const RAM: &str = "ram.amazonaws.com";
const STACK_SETS: &str = "member.org.stacksets.cloudformation.amazonaws.com";

impl Kind for TrustedAccess {
    fn name(&self) -> &'static str {
        "trusted-access"
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let used = desired.of_kind(self.name()).next().is_some();
        if !used || !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let Some(services) = look.at(read::TrustedAccess) else { return };
        for service in services {
            observed.add(Found {
                address: Address::new(self.name(), [service]),
                kind: self.name().into(),
                id: service.clone(),
                owner: Owner::Shared,
                body: Body::new(),
                parent: Some(Address::organization()),
                hangs_on: Vec::new(),
            });
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => (Risk::Disruptive, "the blueprint says `state: absent`".into()),
            _ => (Risk::None, "the service has no access to the organization".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let service = step.change.address.name();
            let written = match step.change.action {
                Action::Delete => disable(shop, &service).await,
                _ => enable(shop, &service).await,
            };
            Ok(written?)
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["organizations:ListAWSServiceAccessForOrganization"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "organizations:EnableAWSServiceAccess",
            "organizations:DisableAWSServiceAccess",
            "ram:EnableSharingWithAwsOrganization",
            "cloudformation:ActivateOrganizationsAccess",
            "cloudformation:DeactivateOrganizationsAccess",
            "iam:CreateServiceLinkedRole",
        ]
    }
}

async fn enable(shop: &Workshop, service: &str) -> Result<(), AwsError> {
    let cloud = &shop.cloud;
    match service {
        RAM => {
            let result = cloud.ram.enable_sharing_with_aws_organization().send().await;
            result.explain("ram:EnableSharingWithAwsOrganization").map(drop)
        }
        STACK_SETS => {
            let cloudformation = cloud.cloudformation(&Entrance::own(), global_region(cloud.partition)).await?;
            let result = cloudformation.activate_organizations_access().send().await;
            result.explain("cloudformation:ActivateOrganizationsAccess").map(drop)
        }
        _ => {
            let request = cloud.organizations.enable_aws_service_access().service_principal(service);
            request.send().await.explain("organizations:EnableAWSServiceAccess").map(drop)
        }
    }
}

async fn disable(shop: &Workshop, service: &str) -> Result<(), AwsError> {
    let cloud = &shop.cloud;
    if service == STACK_SETS {
        let cloudformation = cloud.cloudformation(&Entrance::own(), global_region(cloud.partition)).await?;
        let result = cloudformation.deactivate_organizations_access().send().await;
        return result.explain("cloudformation:DeactivateOrganizationsAccess").map(drop);
    }
    let request = cloud.organizations.disable_aws_service_access().service_principal(service);
    request.send().await.explain("organizations:DisableAWSServiceAccess").map(drop)
}
