mod kind_info;
mod outline;
mod resource;
pub(crate) mod section;

use super::{Kind, Pending, Step, WriteContext, WriteError, read};
use crate::cloud::Explain;
use crate::facts::Look;
use crate::kinds::shared::feature_set::has_all_features;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Risk};
use crate::outline::Outline;

use resource::DelegatedAdministrator;

/// Accounts that administer a service for the organization: `delegated-administrator/SERVICE/ACCOUNT`.
pub(super) struct DelegatedAdministrators;

impl Kind for DelegatedAdministrators {
    fn name(&self) -> &'static str {
        DelegatedAdministrator::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !has_all_features(observed) {
            return;
        }
        for wanted in desired.of_kind(self.name()) {
            let Some(administrator) = DelegatedAdministrator::of(&wanted.body) else { continue };
            let question = read::DelegatedAdministrators(administrator.service.clone());
            let Some(administrators) = look.at(question) else { continue };
            let account = Address::account(&administrator.account);
            let Some(id) = observed.bindings.id(&account).map(str::to_owned) else { continue };
            if administrators.contains(&id) {
                let address = wanted.address.clone();
                observed.add_unbound(Found::shared(self.name(), address, id, administrator.body(), account));
            }
        }
        if desired.settings.surveys {
            survey(look, observed);
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Delete => (Risk::Disruptive, "the blueprint says `state: absent`".into()),
            _ => (Risk::None, "the account does not administer the service".into()),
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let DelegatedAdministrator { service, account } = step.resource()?;
            let id = context.id(&Address::account(&account))?;
            let client = &context.cloud.organizations;
            if step.change.action == Action::Delete {
                let request = client.deregister_delegated_administrator().account_id(id).service_principal(service);
                let result = request.send().await.explain("organizations:DeregisterDelegatedAdministrator");
                return Ok(done_already(result, &["AccountNotRegisteredException"])?);
            }
            let request = client.register_delegated_administrator().account_id(id).service_principal(service);
            let result = request.send().await.explain("organizations:RegisterDelegatedAdministrator");
            Ok(done_already(result, &["AccountAlreadyRegisteredException"])?)
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["organizations:RegisterDelegatedAdministrator", "organizations:DeregisterDelegatedAdministrator"]
    }
}

/// Finds every account that administers a service, whether the blueprint names it or not.
fn survey(look: &Look<'_>, observed: &mut Observed) {
    for id in look.at(read::EveryDelegatedAdministrator).into_iter().flatten() {
        let Some(account) = observed.bindings.address(id).filter(|it| it.is_account()).cloned() else { continue };
        for service in look.at(read::DelegatedServices(id.clone())).into_iter().flatten() {
            let administrator = DelegatedAdministrator { service: service.clone(), account: account.name() };
            let address = Address::new(DelegatedAdministrator::KIND, [service, &administrator.account]);
            observed.add_unbound(Found::shared(
                DelegatedAdministrator::KIND,
                address,
                id.clone(),
                administrator.body(),
                account.clone(),
            ));
        }
    }
}
