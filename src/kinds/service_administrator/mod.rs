mod kind_info;
pub(crate) mod section;

use std::time::Duration;

use serde_json::Value;

use super::read::{self, Seen};
use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Request};
use crate::facts::Look;
use crate::kinds::shared::designation::{Designated, Registered};
use crate::kinds::shared::feature_set::has_all_features;
use crate::kinds::shared::opt_in;
use crate::kinds::shared::wait::Wait;
use crate::model::{
    Action, Address, Desired, FieldChange, Found, KindInfo, Manual, Observed, Presence, Risk, Wanted, no_fields,
};

/// The account that a service itself has designated to administer it for the organization:
/// `service-administrator/SERVICE/REGION`. Services that need this know nothing of an account that is registered with
/// Organizations alone.
pub(super) struct ServiceAdministrators;

/// How long a service may take until it names the account. Firewall Manager takes minutes, and answers in a new organization
/// as if it had done what it has not.
const PATIENCE: Duration = Duration::from_secs(900);

impl Kind for ServiceAdministrators {
    fn name(&self) -> &'static str {
        "service-administrator"
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !has_all_features(observed) {
            return;
        }
        for wanted in desired.of_kind(self.name()) {
            let Some(question) = question(&wanted.address) else { continue };
            let region = question.region.clone();
            match look.at(question) {
                None => {}
                Some(Seen::Closed(_)) => opt_in::wait(&wanted.address, &region, desired, observed),
                Some(Seen::Open(administrators)) => find(wanted, administrators, observed),
            }
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => (Risk::Disruptive, "the blueprint says `state: absent`".into()),
            _ => (Risk::None, "the service has no administrator there".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let address = &step.change.address;
            let mut wait = Wait::new(context, address, PATIENCE);
            let change = Designating::of(step, context)?;
            loop {
                let refused = change.ask().await?;
                // What a service answers does not say that it has done it: its own list does.
                if change.is_done().await? {
                    return Ok(());
                }
                wait.next(refused.unwrap_or_else(|| change.words())).await?;
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "inspector2:ListDelegatedAdminAccounts",
            "macie2:ListOrganizationAdminAccounts",
            // The action of the operation ListOrganizationAdminAccounts lacks its last letter.
            // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondetective.html
            "detective:ListOrganizationAdminAccount",
            "securityhub:ListOrganizationAdminAccounts",
            "fms:GetAdminAccount",
            "organizations:ListDelegatedAdministrators",
            "iam:GetRole",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "inspector2:EnableDelegatedAdminAccount",
            "inspector2:DisableDelegatedAdminAccount",
            "macie2:EnableOrganizationAdminAccount",
            "macie2:DisableOrganizationAdminAccount",
            "detective:EnableOrganizationAdminAccount",
            "detective:DisableOrganizationAdminAccount",
            "securityhub:EnableOrganizationAdminAccount",
            "securityhub:DisableOrganizationAdminAccount",
            "fms:AssociateAdminAccount",
            "fms:DisassociateAdminAccount",
            "ec2:EnableIpamOrganizationAdminAccount",
            "ec2:DisableIpamOrganizationAdminAccount",
            "cloudtrail:RegisterOrganizationDelegatedAdmin",
            "cloudtrail:DeregisterOrganizationDelegatedAdmin",
            // The services have Organizations trust them and register the account, with the rights of anyone who asks.
            "organizations:EnableAWSServiceAccess",
            "organizations:RegisterDelegatedAdministrator",
            "organizations:DeregisterDelegatedAdministrator",
            "organizations:ListAWSServiceAccessForOrganization",
            "organizations:DescribeAccount",
            "organizations:DescribeOrganizationalUnit",
            "iam:CreateServiceLinkedRole",
            "iam:GetRole",
        ]
    }
}

/// What to ask about a `service-administrator/SERVICE/REGION`.
fn question(address: &Address) -> Option<read::ServiceAdministrators> {
    let (service, region) = address.as_str().strip_prefix("service-administrator/")?.split_once('/')?;
    Some(read::ServiceAdministrators { service: service.to_owned(), region: region.to_owned() })
}

fn find(wanted: &Wanted, administrators: &[String], observed: &mut Observed) {
    let Some(account) = wanted.parent.clone() else { return };
    let id = observed.bindings.id(&account).map(str::to_owned);
    match administrators.first() {
        Some(administrator) if Some(administrator) == id.as_ref() => {
            let registered = wanted.address.as_str().split('/').nth(1).unwrap_or_default();
            let delegated = Address::new("delegated-administrator", [registered, account.name().as_str()]);
            let (address, id) = (wanted.address.clone(), administrator.clone());
            let mut found = Found::shared(&wanted.kind, address, id, no_fields(), account);
            found.attached_to.push(delegated);
            observed.add_unbound(found);
        }
        Some(administrator) if wanted.presence == Presence::Present => change_hands(wanted, administrator, observed),
        _ => {}
    }
}

/// A service has one administrator. Another takes its place only once that has gone, and with it what it has set up, which is
/// for a person to decide.
fn change_hands(wanted: &Wanted, administrator: &str, observed: &mut Observed) {
    observed.waiting.insert(wanted.address.clone());
    let place = wanted.address.as_str().trim_start_matches("service-administrator/").replacen('/', " in ", 1);
    observed.findings.manual.push(Manual {
        address: Some(wanted.address.clone()),
        what: format!(
            "account {administrator} administers {place}, and a service has one administrator: remove that account there \
             first, with all that it has set up for the others"
        ),
        link: Some("https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html".into()),
    });
}

/// One designation under way.
struct Designating<'a> {
    address: &'a Address,
    question: read::ServiceAdministrators,
    account: Address,
    id: String,
    is_wanted: bool,
    context: &'a WriteContext,
}

impl<'a> Designating<'a> {
    fn of(step: &'a Step, context: &'a WriteContext) -> Result<Designating<'a>, WriteError> {
        let address = &step.change.address;
        let question = question(address).ok_or_else(|| WriteError::Failed {
            message: format!("{address} names no service and region"),
            help: "the plan was saved by another version of landing: run `landing plan` again".into(),
        })?;
        let account = step.wanted()?.parent.clone().unwrap_or_else(|| address.clone());
        let id = context.id(&account)?;
        Ok(Designating { address, question, account, id, is_wanted: step.change.action != Action::Delete, context })
    }

    /// Asks the service, and gives its words where it is busy: it may be reported in several regions at once.
    async fn ask(&self) -> Result<Option<String>, WriteError> {
        match self.call().await {
            Err(WriteError::Aws(error)) if is_busy(&error) => Ok(Some(error.message)),
            Err(WriteError::Aws(error)) if self.is_done_already(&error) => Ok(None),
            other => other.map(|_| None),
        }
    }

    /// The management account designates; where the administrator resigns, it does so itself.
    async fn call(&self) -> Result<Value, WriteError> {
        let region = &self.question.region;
        let resigns = Designated::of(&self.question.service).is_some_and(|it| it.resigns);
        if resigns && !self.is_wanted {
            let access = self.context.access(&self.account)?;
            return Ok(self.context.cloud.call(&access, region, self.request()?).await?);
        }
        opt_in::call(self.context, self.address, region, self.request()?).await
    }

    fn request(&self) -> Result<Request, WriteError> {
        let service = &self.question.service;
        let designated =
            Designated::of(service).map(|it| if self.is_wanted { it.enable(&self.id) } else { it.disable(&self.id) });
        let registered = || {
            Registered::of(service).map(|it| if self.is_wanted { it.enable(&self.id) } else { it.disable(&self.id) })
        };
        designated.or_else(registered).ok_or_else(|| WriteError::Failed {
            message: format!("landing knows no call by which {service} designates its administrator"),
            help: "designate it by the service's own console or command line".into(),
        })
    }

    /// Whether the service lists what is wanted.
    async fn is_done(&self) -> Result<bool, WriteError> {
        let administrators = self.question.administrators(&self.context.cloud).await?;
        match administrators.iter().find(|id| self.is_wanted && **id != self.id) {
            Some(other) => Err(WriteError::Failed {
                message: format!("{}: account {other} administers it", self.address),
                help: "plan again: it says what to do first".into(),
            }),
            None => Ok(administrators.contains(&self.id) == self.is_wanted),
        }
    }

    /// CloudTrail alone says by an error that it is done.
    fn is_done_already(&self, error: &AwsError) -> bool {
        error.is(if self.is_wanted { "AccountRegisteredException" } else { "AccountNotRegisteredException" })
    }

    fn words(&self) -> String {
        let does = if self.is_wanted { "designates" } else { "removes" };
        format!("{} {does} its administrator", self.question.service)
    }
}

/// What services answer while they work on another region's designation.
fn is_busy(error: &AwsError) -> bool {
    error.is("ConflictException") || error.is("ConcurrentModificationException")
}
