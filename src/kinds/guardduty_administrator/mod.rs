mod kind_info;
mod read;
mod resource;
pub(crate) mod section;

use std::time::Duration;

use indexmap::IndexMap;
use serde_json::{Value, json};

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AccountAccess, AwsError, Request, Service};
use crate::facts::Look;
use crate::kinds::read::{Seen, ServiceAdministrators};
use crate::kinds::shared::designation::GUARDDUTY;
use crate::kinds::shared::feature_set::has_all_features;
use crate::kinds::shared::opt_in;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::site::{Purpose, Site, access, lost_access};
use crate::kinds::shared::wait::Wait;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Manual, Observed, Risk, Wanted};

use read::{Detector, GuardDutyIn, REFUSED, configuration, detector_id};
use resource::GuardDutyAdministrator;

/// The service's principal.
const SERVICE: &str = "guardduty.amazonaws.com";

/// The account that administers GuardDuty for the organization in a region: `guardduty-administrator/REGION`. CloudFormation
/// has no type for it, and GuardDuty does not take Organizations' word for it.
/// <https://docs.aws.amazon.com/guardduty/latest/ug/delegated-admin-designate.html>
pub(super) struct GuardDutyAdministrators;

/// How long GuardDuty may take until it knows the account that was designated.
const PATIENCE: Duration = Duration::from_secs(600);

impl Kind for GuardDutyAdministrators {
    fn name(&self) -> &'static str {
        GuardDutyAdministrator::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !has_all_features(observed) {
            return;
        }
        for wanted in desired.of_kind(self.name()) {
            let region = wanted.address.name();
            let question = ServiceAdministrators { service: SERVICE.into(), region: region.clone() };
            let administrators = match look.at(question) {
                None => continue,
                Some(Seen::Closed(_)) => {
                    opt_in::wait(&wanted.address, &region, desired, observed);
                    continue;
                }
                Some(Seen::Open(administrators)) => administrators,
            };
            let Some(account) = wanted.parent.clone() else { continue };
            let id = observed.bindings.id(&account).map(str::to_owned);
            match (administrators.first(), id) {
                (Some(administrator), Some(id)) if *administrator == id => {
                    find(wanted, &Site { account, region }, id, desired, look, observed);
                }
                (Some(administrator), _) => change_hands(wanted, administrator, observed),
                (None, _) => {}
            }
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => (Risk::Disruptive, "the blueprint says `state: absent`".into()),
            Action::Create => (Risk::None, "no account administers GuardDuty in the region".into()),
            _ => (Risk::None, "it differs".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let (wanted, resource) = (step.wanted()?, step.resource::<GuardDutyAdministrator>()?);
            let account = wanted.parent.clone().unwrap_or_else(|| wanted.address.clone());
            let region = wanted.address.name();
            let administrator = context.id(&account)?;
            let mut wait = Wait::new(context, &step.change.address, PATIENCE);
            let designate = |request| opt_in::call(context, &step.change.address, &region, request);
            match step.change.action {
                Action::Delete => {
                    designate(GUARDDUTY.disable(&administrator)).await?;
                    return Ok(());
                }
                // Enabling the one that is enabled already changes nothing.
                Action::Create => drop(designate(GUARDDUTY.enable(&administrator)).await?),
                _ => {}
            }
            let access = context.access(&account)?;
            let Some(detector) = detector_id(&context.cloud, &access, &region).await? else {
                return Err(without_detector(&account, &region));
            };
            let input = json!({
                "autoEnableOrganizationMembers": resource.auto_enable,
                "features": features(&resource.protection_plans),
            });
            let administrator = Administrator { context, access, region, detector };
            administrator.configure(input, &mut wait).await
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "guardduty:ListOrganizationAdminAccounts",
            "guardduty:ListDetectors",
            "guardduty:DescribeOrganizationConfiguration",
            "sts:AssumeRole",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "guardduty:EnableOrganizationAdminAccount",
            "guardduty:DisableOrganizationAdminAccount",
            "guardduty:UpdateOrganizationConfiguration",
            // GuardDuty has Organizations trust it and register the account, with the rights of anyone who asks.
            // https://docs.aws.amazon.com/guardduty/latest/ug/organizations_permissions.html
            "organizations:DescribeAccount",
            "organizations:DescribeOrganizationalUnit",
            "organizations:EnableAWSServiceAccess",
            "organizations:RegisterDelegatedAdministrator",
            "iam:CreateServiceLinkedRole",
        ]
    }
}

/// The account that administers GuardDuty in a region, by its detector.
struct Administrator<'a> {
    context: &'a WriteContext,
    access: AccountAccess,
    region: String,
    detector: String,
}

impl Administrator<'_> {
    /// Gives the organization's configuration. GuardDuty refuses everything with one code, and an account that it does not know
    /// yet as administrator with the same words as a wrong value: that it shows the configuration distinguishes them.
    /// <https://github.com/aws-ia/terraform-aws-guardduty/issues/6>
    async fn configure(&self, input: Value, wait: &mut Wait<'_>) -> Result<(), WriteError> {
        let request = Request::new(Service::GUARDDUTY, "UpdateOrganizationConfiguration", input);
        let request = request.route("POST", format!("/detector/{}/admin", self.detector));
        let mut is_known = false;
        loop {
            let error = match self.context.cloud.call(&self.access, &self.region, request.clone()).await {
                Err(error) if error.is(REFUSED) && !is_known => error,
                other => return Ok(other.map(drop)?),
            };
            // It may have come to be known since the request: that is made once more.
            is_known = self.is_known().await?;
            if !is_known {
                let waited = wait.next("GuardDuty does not know its new administrator yet").await;
                waited.map_err(|_| WriteError::from(error))?;
            }
        }
    }

    /// Whether GuardDuty shows the account the organization's configuration.
    async fn is_known(&self) -> Result<bool, AwsError> {
        let request = configuration(&self.detector);
        match self.context.cloud.call(&self.access, &self.region, request).await {
            Err(error) if error.is(REFUSED) => Ok(false),
            answer => answer.map(|_| true),
        }
    }
}

fn find(wanted: &Wanted, site: &Site, id: String, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
    if opt_in::is_to_come(&id, &site.region, desired, observed) {
        return;
    }
    let management = observed.bindings.id(&Address::management()).map(str::to_owned);
    let access = access(desired, &site.account, &id, management.as_deref(), Purpose::Look);
    let detector = match look.at(GuardDutyIn { access, region: site.region.clone() }) {
        None => return,
        Some(Seen::Closed(shut)) => return lost_access(site, shut, [wanted.address.clone()], observed),
        Some(Seen::Open(detector)) => detector.as_ref(),
    };
    let plans = GuardDutyAdministrator::of(&wanted.body).unwrap_or_default().protection_plans;
    let administrator = GuardDutyAdministrator {
        auto_enable: detector.map(|it| it.auto_enable.clone()),
        protection_plans: found_plans(plans, detector),
    };
    let (address, account) = (wanted.address.clone(), site.account.clone());
    observed.add_unbound(Found::shared(&wanted.kind, address, id, administrator.body(), account));
}

/// What the detector says of the protection plans that the blueprint names; others are not its business.
fn found_plans(wanted: IndexMap<String, String>, detector: Option<&Detector>) -> IndexMap<String, String> {
    let found = |name: &str| detector.and_then(|it| it.features.get(name)).map_or("NONE", String::as_str).to_owned();
    wanted.into_keys().map(|name| (name.clone(), found(&name))).collect()
}

/// The protection plans as GuardDuty takes them.
/// <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_UpdateOrganizationConfiguration.html>
fn features(plans: &IndexMap<String, String>) -> Value {
    plans.iter().map(|(name, whose)| json!({"name": name, "autoEnable": whose})).collect()
}

/// Every member has to be disassociated first, which is for a person to decide.
/// <https://docs.aws.amazon.com/guardduty/latest/ug/change-guardduty-delegated-admin.html>
fn change_hands(wanted: &Wanted, administrator: &str, observed: &mut Observed) {
    let region = wanted.address.name();
    observed.waiting.insert(wanted.address.clone());
    observed.findings.manual.push(Manual {
        address: Some(wanted.address.clone()),
        what: format!(
            "let {administrator} give up the administration of GuardDuty in {region}: AWS has one account do it"
        ),
        link: Some("https://docs.aws.amazon.com/guardduty/latest/ug/change-guardduty-delegated-admin.html".into()),
    });
}

fn without_detector(account: &Address, region: &str) -> WriteError {
    WriteError::Failed {
        message: format!("{account} has no GuardDuty in {region}, and so cannot administer it"),
        help: "give that account and region the stack `guardduty`, and run apply again".into(),
    }
}
