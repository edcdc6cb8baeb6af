mod activation;
mod kind_info;
mod outline;
mod own_access;
mod read;

use std::time::Duration;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Explain};
use crate::facts::Look;
use crate::kinds::read::{self as questions, Seen};
use crate::kinds::shared::feature_set::has_all_features;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::wait::Wait;
use crate::model::{
    Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Owner, Presence, Risk, Undetected, no_fields,
};
use crate::outline::Outline;

use activation::Activation;
use own_access::NO_PLAN;

/// AWS services that may act in every account: `trusted-access/cloudtrail.amazonaws.com`.
pub(super) struct TrustedAccess;

/// How long it may take until what a service's own call makes is seen.
const PATIENCE: Duration = Duration::from_secs(120);

impl Kind for TrustedAccess {
    fn name(&self) -> &'static str {
        "trusted-access"
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let used = desired.settings.surveys || desired.of_kind(self.name()).next().is_some();
        if !used || !has_all_features(observed) {
            return;
        }
        let Some(services) = look.at(questions::TrustedAccess) else { return };
        for service in services {
            let address = Address::new(self.name(), [service]);
            // What is listed and not activated does not work: it counts as missing where the blueprint wants it.
            let activation = Activation::of(service).filter(|_| is_wanted(desired, &address));
            match activation.map(|activation| activation.is_made(look)) {
                Some(None | Some(Seen::Open(false))) => continue,
                // It is listed as trusted, and nothing says that it does not work.
                Some(Some(Seen::Closed(shut))) => observed.findings.undetected.push(Undetected {
                    address: address.clone(),
                    why: format!("whether the service has been activated for the organization: {}", shut.why),
                }),
                None | Some(Some(Seen::Open(true))) => {}
            }
            observed.add(Found {
                address,
                kind: self.name().into(),
                id: service.clone(),
                owner: Owner::Shared,
                body: no_fields(),
                parent: Some(Address::organization()),
                attached_to: Vec::new(),
            });
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => (Risk::Disruptive, "the blueprint says `state: absent`".into()),
            _ => (
                Risk::None,
                "the service has no access to the organization, or was not activated by its own call".into(),
            ),
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let service = step.change.address.name();
            match (step.change.action, Activation::of(&service)) {
                (Action::Delete, _) => Ok(disable(context, &service).await?),
                (_, Some(activation)) => activate(activation, step, context).await,
                (_, None) => Ok(enable(context, &service).await?),
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "organizations:ListAWSServiceAccessForOrganization",
            "cloudformation:DescribeOrganizationsAccess",
            "health:DescribeHealthServiceStatusForOrganization",
            "networkmanager:ListOrganizationServiceAccessStatus",
            "notifications:GetNotificationsAccessForOrganization",
            "iam:GetRole",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "organizations:EnableAWSServiceAccess",
            "organizations:DisableAWSServiceAccess",
            "ram:EnableSharingWithAwsOrganization",
            "cloudformation:ActivateOrganizationsAccess",
            "cloudformation:DeactivateOrganizationsAccess",
            "health:EnableHealthServiceAccessForOrganization",
            "health:DisableHealthServiceAccessForOrganization",
            "networkmanager:StartOrganizationServiceAccessUpdate",
            "notifications:EnableNotificationsAccessForOrganization",
            "notifications:DisableNotificationsAccessForOrganization",
            "iam:CreateServiceLinkedRole",
        ]
    }
}

fn is_wanted(desired: &Desired, address: &Address) -> bool {
    desired.get(address).is_some_and(|wanted| wanted.presence == Presence::Present)
}

/// Makes the service's own call, and waits until what shows that it was made is there.
async fn activate(activation: Activation, step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let mut wait = Wait::new(context, &step.change.address, PATIENCE);
    activation.make(&context.cloud).await.map_err(refused)?;
    while !activation.has_been_made(&context.cloud).await? {
        wait.next("the service is being activated for the organization").await?;
    }
    Ok(())
}

/// What AWS refuses without a support plan, a person can do.
fn refused(error: AwsError) -> WriteError {
    if !error.is(NO_PLAN) {
        return error.into();
    }
    WriteError::Failed {
        message: format!("{}: the API of AWS Health comes with a Business Support+ plan or a higher one", error.operation),
        help: "enable the organizational view in the AWS Health console of the management account, which needs no plan, and \
               run apply again"
            .into(),
    }
}

async fn enable(context: &WriteContext, service: &str) -> Result<(), AwsError> {
    let request = context.cloud.organizations.enable_aws_service_access().service_principal(service);
    request.send().await.explain("organizations:EnableAWSServiceAccess").map(drop)
}

async fn disable(context: &WriteContext, service: &str) -> Result<(), AwsError> {
    let cloud = &context.cloud;
    if let Some(activation) = Activation::of(service)
        && activation.unmake(cloud).await?
    {
        return Ok(());
    }
    let request = cloud.organizations.disable_aws_service_access().service_principal(service);
    request.send().await.explain("organizations:DisableAWSServiceAccess").map(drop)
}
