//! AWS Account Management, by its API reference (version 2021-02-01).

mod contacts;
mod information;
mod regions;

pub(crate) use regions::is_opted_out;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ErrorCodes, Service, admit_all};
use crate::options::Timings;
use crate::progress::Progress;
use crate::protocol::Protocol;
use crate::request::{ApiError, Request};
use crate::state::State;

pub(super) const SERVICE: Service = Service {
    name: "account",
    action_prefix: "account",
    protocol: Protocol::RestJson,
    errors: ErrorCodes {
        access_denied: ACCESS_DENIED,
        access_denied_status: 403,
        invalid_input: "ValidationException",
        reason: None,
        throttled: "TooManyRequestsException",
        throttled_status: 429,
    },
    operations: &[contacts::OPERATIONS, information::OPERATIONS, regions::OPERATIONS],
    admit: admit_all,
};

const ACCESS_DENIED: &str = "AccessDeniedException";
const SERVICE_PRINCIPAL: &str = "account.amazonaws.com";

/// What accounts keep about themselves, by account.
pub(crate) type AccountSettings = BTreeMap<String, Settings>;

/// What one account keeps about itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// The ContactInformation structure, if one was put.
    contact: Option<Value>,
    /// The AlternateContact structures by type.
    alternate_contacts: BTreeMap<String, Value>,
    /// The opt-in status of regions that are not as they come.
    regions: BTreeMap<String, String>,
}

/// Finishes the opt-ins and opt-outs that are due; whether any was.
pub(super) fn settle(state: &mut State, progress: &mut Progress, timings: &Timings) -> bool {
    regions::settle(state, progress, timings)
}

/// The account that the request is about: the caller's own, or the member that `AccountId` names, which the management
/// account and the delegated administrator may ask for while the service has trusted access.
fn subject(request: &Request<'_>) -> Result<String, ApiError> {
    let caller = &request.caller;
    let Some(id) = request.input.optional("AccountId")? else {
        return Ok(caller.account.clone());
    };
    let denied = |why: &str| {
        let message = format!("User: {} is not authorized to perform: account:{}", caller.arn, request.operation);
        ApiError::new(ACCESS_DENIED, format!("{message} ({why})")).with_status(403)
    };
    let organization = request.state.organization.as_ref().ok_or_else(|| denied("not in an organization"))?;
    let delegated = organization.delegated.get(&caller.account);
    let delegated = delegated.is_some_and(|services| services.contains_key(SERVICE_PRINCIPAL));
    if caller.account != organization.management && !delegated {
        return Err(denied("only the management account and delegated administrators may specify an AccountId"));
    }
    if !organization.trusted_services.contains_key(SERVICE_PRINCIPAL) {
        return Err(denied("your organization must first enable trusted access with AWS Account Management"));
    }
    if id == organization.management {
        return Err(denied("the management account can only be managed in standalone context, without an AccountId"));
    }
    let member = organization.accounts.contains_key(id);
    member.then(|| id.to_owned()).ok_or_else(|| denied("the AccountId is not a member of the organization"))
}

fn not_found(message: &str) -> ApiError {
    ApiError::new("ResourceNotFoundException", message).with_status(404)
}
