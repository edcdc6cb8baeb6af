//! An account's contact information and its alternate contacts.

use serde_json::{Map, Value, json};

use super::subject::{not_found, subject};
use crate::aws_error::{Answer, ApiError};
use crate::input::Input;
use crate::request::Request;
use crate::service::{Operation, rest_operation};

pub(super) const OPERATIONS: &[Operation] = &[
    rest_operation("GetContactInformation", "/getContactInformation", get_contact_information),
    rest_operation("PutContactInformation", "/putContactInformation", put_contact_information),
    rest_operation("GetAlternateContact", "/getAlternateContact", get_alternate_contact),
    rest_operation("PutAlternateContact", "/putAlternateContact", put_alternate_contact),
    rest_operation("DeleteAlternateContact", "/deleteAlternateContact", delete_alternate_contact),
];

fn get_contact_information(request: &mut Request<'_>) -> Answer {
    let settings = request.state.account_settings.get(&subject(request)?);
    let contact = settings.and_then(|settings| settings.contact.clone());
    let contact = contact.ok_or_else(|| not_found("The account has no contact information."))?;
    Ok(json!({"ContactInformation": contact}))
}

fn put_contact_information(request: &mut Request<'_>) -> Answer {
    const REQUIRED: [&str; 6] = ["AddressLine1", "City", "CountryCode", "FullName", "PhoneNumber", "PostalCode"];
    let account = subject(request)?;
    let contact = request.input.structure("ContactInformation");
    if let Some(missing) = REQUIRED.iter().find(|name| !contact[**name].is_string()) {
        return Err(ApiError::new("ValidationException", format!("You must specify a value for {missing}.")));
    }
    request.state.account_settings.entry(account).or_default().contact = Some(contact);
    Ok(json!({}))
}

/// `BILLING`, `OPERATIONS` or `SECURITY`.
fn contact_type(input: &Input) -> Result<String, ApiError> {
    let kind = input.text("AlternateContactType")?;
    let known = ["BILLING", "OPERATIONS", "SECURITY"].contains(&kind);
    let unknown = || input.invalid("fieldValidationFailed", format!("{kind} is not a type of alternate contact."));
    known.then(|| kind.to_owned()).ok_or_else(unknown)
}

fn no_contact() -> ApiError {
    not_found("No contact of the inputted alternate contact type found.")
}

fn get_alternate_contact(request: &mut Request<'_>) -> Answer {
    let settings = request.state.account_settings.get(&subject(request)?);
    let kind = contact_type(&request.input)?;
    let contact = settings.and_then(|settings| settings.alternate_contacts.get(&kind));
    Ok(json!({"AlternateContact": contact.ok_or_else(no_contact)?}))
}

fn put_alternate_contact(request: &mut Request<'_>) -> Answer {
    let account = subject(request)?;
    let kind = contact_type(&request.input)?;
    let mut contact = Map::from_iter([("AlternateContactType".to_owned(), json!(kind))]);
    for (member, longest) in [("Name", 64), ("Title", 50), ("EmailAddress", 254), ("PhoneNumber", 25)] {
        contact.insert(member.into(), json!(request.input.bounded(member, 1, longest)?));
    }
    let settings = request.state.account_settings.entry(account).or_default();
    settings.alternate_contacts.insert(kind, Value::Object(contact));
    Ok(json!({}))
}

fn delete_alternate_contact(request: &mut Request<'_>) -> Answer {
    let account = subject(request)?;
    let kind = contact_type(&request.input)?;
    let settings = request.state.account_settings.entry(account).or_default();
    settings.alternate_contacts.remove(&kind).ok_or_else(no_contact)?;
    Ok(json!({}))
}
