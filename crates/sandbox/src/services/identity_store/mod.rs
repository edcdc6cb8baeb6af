//! Identity Center's directory of users and groups (`identitystore`, version 2020-06-15), by its API reference. AWS
//! takes what this API writes also where an identity provider synchronizes the directory.

mod errors;
mod groups;
mod lookup;
mod memberships;
pub(crate) mod model;
mod users;

use super::identity_center::is_administrator;
use super::identity_center::is_here;
use super::identity_center::model::identity_store_id;
use super::{ErrorCodes, Operation, Service};
use crate::identity::Caller;
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::{ApiError, Request};
use crate::state::State;
use model::Directory;

pub(super) const SERVICE: Service = Service {
    name: "identitystore",
    action_prefix: "identitystore",
    protocol: Protocol::Json,
    errors: ErrorCodes { access_denied_status: 403, throttled_status: 429, ..ErrorCodes::JSON },
    operations: &[groups::OPERATIONS, users::OPERATIONS, memberships::OPERATIONS],
    admit,
};

/// The lists' pages, of up to 100 as the API reference says.
const PAGES: Paging = Paging {
    token: "NextToken",
    size: "MaxResults",
    default: 100,
    largest: 100,
    bad_token: ("ValidationException", "INVALID_NEXT_TOKEN"),
};

fn admit(state: &State, caller: &Caller, operation: &Operation) -> Result<(), ApiError> {
    if is_administrator(state, caller) {
        return Ok(());
    }
    let message = format!("User: {} is not authorized to perform: identitystore:{}", caller.arn, operation.name);
    Err(ApiError::new("AccessDeniedException", message).with_status(403))
}

impl Request<'_> {
    /// The directory that the request names in `IdentityStoreId`, by its id or its ARN.
    pub(super) fn directory(&mut self) -> Result<&mut Directory, ApiError> {
        self.directory_view()?;
        Ok(&mut self.state.directory)
    }

    /// The same for requests that only read.
    pub(super) fn directory_view(&self) -> Result<&Directory, ApiError> {
        let named = self.input.text("IdentityStoreId")?;
        let id = named.rsplit('/').next().unwrap_or_default();
        let known = is_here(self) && id == identity_store_id(&self.state.management.id);
        known.then_some(&self.state.directory).ok_or_else(|| errors::unknown("IDENTITY_STORE"))
    }

    /// Remembers that Identity Center is in this region: something is made in it.
    fn settle_in_region(&mut self) {
        let region = self.region.clone();
        self.state.identity_center.region.get_or_insert(region);
    }
}
