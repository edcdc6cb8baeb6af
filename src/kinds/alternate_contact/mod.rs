mod kind_info;
mod outline;
pub(super) mod read;
mod resource;
pub(crate) mod section;

use serde_json::json;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{Request, Service};
use crate::facts::{Look, Question};
use crate::kinds::shared::feature_set::asked_about;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Manual, Observed, Risk, Wanted};
use crate::outline::Outline;

use read::ContactOf;
use resource::AlternateContact;

/// Whom AWS writes to about an account: `alternate-contact/ACCOUNT/SECURITY`.
pub(super) struct AlternateContacts;

impl Kind for AlternateContacts {
    fn name(&self) -> &'static str {
        AlternateContact::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        for wanted in desired.of_kind(self.name()) {
            let (Some(parent), contact_type) = (wanted.parent.clone(), wanted.address.name()) else { continue };
            let Some(account) = asked_about(wanted, look, observed) else { continue };
            let question = ContactOf { account, contact_type };
            let Some(Some(contact)) = look.at(question) else { continue };
            let (address, id) = (wanted.address.clone(), wanted.address.name());
            observed.add_unbound(Found::shared(self.name(), address, id, contact.body(), parent));
        }
    }

    fn each_of(&self, account: &Address) -> Vec<Wanted> {
        let contact = |contact_type: &str| {
            let address = Address::new(self.name(), [account.name().as_str(), contact_type]);
            AlternateContact::default().wanted(address).under(account.clone())
        };
        ["BILLING", "OPERATIONS", "SECURITY"].map(contact).into()
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        let reason = match action {
            Action::Delete => "the blueprint says `state: absent`",
            Action::Create => "the account has no such contact",
            _ => "it differs",
        };
        (Risk::None, reason.into())
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let wanted = step.wanted()?;
            let account = context.account_id(wanted.parent.as_ref().unwrap_or(&wanted.address))?;
            let contact_type = wanted.address.name();
            if step.change.action == Action::Delete {
                let input = json!({"AccountId": account, "AlternateContactType": contact_type});
                let request = Request::new(Service::ACCOUNT, "DeleteAlternateContact", input);
                let result = context.cloud.call_global(request.route("POST", "/deleteAlternateContact")).await;
                return Ok(done_already(result, &["ResourceNotFoundException"])?);
            }
            if step.change.unseen && is_there(step, context, account.clone()).await? {
                return Ok(());
            }
            let contact: AlternateContact = step.resource()?;
            let input = json!({
                "AccountId": account, "AlternateContactType": contact_type, "Name": contact.name, "Title": contact.title,
                "EmailAddress": contact.email, "PhoneNumber": contact.phone,
            });
            let request = Request::new(Service::ACCOUNT, "PutAlternateContact", input);
            context.cloud.call_global(request.route("POST", "/putAlternateContact")).await?;
            Ok(())
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["account:GetAlternateContact"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["account:PutAlternateContact", "account:DeleteAlternateContact"]
    }
}

/// Looks at a contact that the plan could not see, and gives whether it is there as it is wanted. One that is there and that the plan
/// did not show is left as it is, for the next plan to show.
async fn is_there(step: &Step, context: &WriteContext, account: Option<String>) -> Result<bool, WriteError> {
    let contact_type = step.change.address.name();
    let found = ContactOf { account, contact_type }.ask(&context.cloud).await?;
    let Some(found) = found else { return Ok(false) };
    if found == step.resource()? {
        return Ok(true);
    }
    let AlternateContact { name, email, .. } = found;
    Err(WriteError::Waits(Manual {
        address: Some(step.change.address.clone()),
        what: format!(
            "{} is there already and is another one ({name}, {email}), which could not be seen before: the next plan shows what \
             differs",
            step.change.address
        ),
        link: None,
    }))
}
