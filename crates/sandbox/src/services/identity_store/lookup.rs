//! How requests name users and groups by attributes other than their ids.

use serde_json::{Value, json};

use super::errors::invalid;
use crate::aws_error::ApiError;
use crate::input::Input;
use crate::model::identity_store::ExternalId;

/// The value of the one filter that a list may have, on the attribute `path`.
pub(super) fn filter(input: &Input, path: &str) -> Result<Option<String>, ApiError> {
    let [filter] = input.list("Filters") else {
        let none = input.list("Filters").is_empty();
        return if none { Ok(None) } else { Err(invalid("At most one filter can be given.")) };
    };
    let member = |name: &str| filter.get(name).and_then(Value::as_str);
    match (member("AttributePath"), member("AttributeValue")) {
        (Some(asked), Some(value)) if asked == path => Ok(Some(value.to_owned())),
        _ => Err(invalid(format!("The list can only be filtered by {path}."))),
    }
}

/// What identifies a user or group besides its id.
pub(super) enum Alternate {
    /// Its name.
    Name(String),
    External(ExternalId),
}

/// The request's `AlternateIdentifier`; names are given by the attribute `path`.
pub(super) fn alternate(input: &Input, path: &str) -> Result<Alternate, ApiError> {
    let shape = input.structure("AlternateIdentifier");
    let member = |group: &str, name: &str| shape.get(group)?.get(name)?.as_str().map(str::to_owned);
    if let (Some(issuer), Some(id)) = (member("ExternalId", "Issuer"), member("ExternalId", "Id")) {
        return Ok(Alternate::External(ExternalId { issuer, id }));
    }
    match (member("UniqueAttribute", "AttributePath"), member("UniqueAttribute", "AttributeValue")) {
        (Some(asked), Some(value)) if asked.eq_ignore_ascii_case(path) => Ok(Alternate::Name(value)),
        _ => Err(invalid(format!("AlternateIdentifier must be an ExternalId or the unique attribute {path}."))),
    }
}

impl Alternate {
    pub(super) fn is(&self, name: &str, external_ids: &[ExternalId]) -> bool {
        match self {
            Self::Name(wanted) => wanted == name,
            Self::External(wanted) => external_ids.contains(wanted),
        }
    }
}

/// External ids as the API shows them.
pub(super) fn show_external_ids(external_ids: &[ExternalId]) -> Value {
    external_ids.iter().map(|external| json!({"Issuer": external.issuer, "Id": external.id})).collect()
}

/// Names that AWS keeps for itself.
pub(super) fn is_reserved(name: &str) -> bool {
    ["Administrator", "AWSAdministrators"].contains(&name)
}
