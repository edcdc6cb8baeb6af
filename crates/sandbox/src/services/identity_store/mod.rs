//! Identity Center's directory of users and groups (`identitystore`, version 2020-06-15), by its API reference. AWS
//! takes what this API writes also where an identity provider synchronizes the directory.

mod errors;
mod groups;
mod lookup;
mod memberships;
mod pages;
mod users;

use crate::aws_error::{ApiError, ErrorCodes};
use crate::identity::Caller;
use crate::model::identity_center::identity_store_id;
use crate::model::identity_store::Directory;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Operation, Service, nothing_due};
use crate::shared::identity_center::{is_administrator, is_here};
use crate::state::State;

pub(super) const SERVICE: Service = Service {
    name: "identitystore",
    action_prefix: "identitystore",
    protocol: Protocol::Json,
    errors: ErrorCodes { access_denied_status: 403, throttled_status: 429, ..ErrorCodes::JSON },
    operations: &[groups::OPERATIONS, users::OPERATIONS, memberships::OPERATIONS],
    admit,
    settle: nothing_due,
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
