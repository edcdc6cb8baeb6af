use landing_blueprint::Spanned;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::declaration::Declaration;
use crate::declaration::state::State;
use crate::kinds::shared::resource::Resource;
use crate::model::Address;

use super::resource::AlternateContact;

/// Whom AWS writes to beside the account's own email.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Contacts {
    /// About bills.
    billing: Option<Spanned<Contact>>,
    /// About the running of services.
    operations: Option<Spanned<Contact>>,
    /// About security and abuse.
    security: Option<Spanned<Contact>>,
}

/// One alternate contact.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("x-form" = "contact"))]
struct Contact {
    /// Who it is: a person or a team.
    #[schemars(length(max = 64))]
    name: Option<String>,
    /// What they are there.
    #[schemars(length(max = 50))]
    title: Option<String>,
    /// Where AWS writes to.
    #[schemars(length(max = 254))]
    email: Option<String>,
    /// Where AWS calls.
    #[schemars(length(max = 25))]
    phone: Option<String>,
    /// `absent` takes the contact away.
    state: State,
}

impl Contacts {
    fn all(&self) -> [(&'static str, Option<&Spanned<Contact>>); 3] {
        [
            ("BILLING", self.billing.as_ref()),
            ("OPERATIONS", self.operations.as_ref()),
            ("SECURITY", self.security.as_ref()),
        ]
    }
}

/// Finds what is missing in contacts, whether an account has them or not.
pub(crate) fn check_all(contacts: &Contacts, declaration: &mut Declaration) {
    let present = contacts.all().into_iter().filter_map(|(_, contact)| contact);
    present.filter(|contact| contact.state == State::Present).for_each(|contact| check(contact, declaration));
}

/// Wants the contacts of one account: its own, and the organization's, which are the `defaults`, where it has none.
pub(crate) fn declare(account: &Address, own: &Contacts, defaults: &Contacts, declaration: &mut Declaration) {
    for ((contact_type, own), (_, default)) in own.all().into_iter().zip(defaults.all()) {
        let Some(contact) = own.or(default) else { continue };
        let service = crate::declaration::trust::trust_account_management(contact.place, declaration);
        let address = Address::new("alternate-contact", [&account.name(), contact_type]);
        let present = contact.state == State::Present;
        if present {
            check(contact, declaration);
        }
        let wanted = resource(contact)
            .wanted(address)
            .under(account.clone())
            .needing([account.clone(), service])
            .present(present);
        declaration.want(wanted, contact.place);
    }
}

fn resource(contact: &Contact) -> AlternateContact {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    AlternateContact {
        name: text(&contact.name),
        title: text(&contact.title),
        email: text(&contact.email),
        phone: text(&contact.phone),
    }
}

fn check(contact: &Spanned<Contact>, declaration: &mut Declaration) {
    let fields =
        [("name", &contact.name), ("title", &contact.title), ("email", &contact.email), ("phone", &contact.phone)];
    let missing: Vec<&str> = fields.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| *key).collect();
    if !missing.is_empty() {
        let message = format!("the contact has no {}", missing.join(", "));
        declaration.mistake("missing", contact.place, message, "AWS requires name, title, email and phone");
    }
}
