//! The organization's instance: where it is, who may administer it, and how requests name it.

use serde_json::{Value, json};

use super::errors::{access_denied, invalid, not_found};
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::model::identity_center::{IdentityCenter, PermissionSet, identity_store_id, instance_id};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::shared::identity_center::{exists, is_here};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("ListInstances", list_instances),
    operation("DescribeInstance", describe_instance),
    operation("CreateInstance", create_instance),
];

fn instance_arn(state: &State) -> String {
    format!("arn:{}:sso:::instance/{}", state.partition, instance_id(&state.management.id))
}

impl Request<'_> {
    /// Identity Center, if there is one here and the request names it in `InstanceArn`.
    pub(super) fn center(&mut self) -> Result<&mut IdentityCenter, ApiError> {
        self.check_instance(self.input.text("InstanceArn")?)?;
        Ok(&mut self.state.identity_center)
    }

    /// The same for requests that only read.
    pub(super) fn center_view(&self) -> Result<&IdentityCenter, ApiError> {
        self.check_instance(self.input.text("InstanceArn")?)?;
        Ok(&self.state.identity_center)
    }

    fn check_instance(&self, arn: &str) -> Result<(), ApiError> {
        if !arn.starts_with("arn:") || !arn.contains(":sso:::instance/") {
            return Err(invalid(format!("InstanceArn {arn} is not the ARN of an instance.")));
        }
        let known = is_here(self) && arn == instance_arn(self.state);
        known.then_some(()).ok_or_else(|| not_found("Could not find the instance."))
    }

    /// The id of the permission set that the request names in `PermissionSetArn`.
    pub(super) fn permission_set_id(&self) -> Result<String, ApiError> {
        self.permission_set_by_arn(self.input.text("PermissionSetArn")?)
    }

    /// The id of the permission set with this ARN.
    pub(super) fn permission_set_by_arn(&self, arn: &str) -> Result<String, ApiError> {
        let id = arn.rsplit('/').next().unwrap_or_default();
        if !arn.contains(":sso:::permissionSet/") || !id.starts_with("ps-") {
            return Err(invalid(format!("{arn} is not the ARN of a permission set.")));
        }
        let center = &self.state.identity_center;
        let known = center.permission_sets.contains_key(id) && arn == permission_set_arn(self.state, id);
        known.then(|| id.to_owned()).ok_or_else(|| no_permission_set(id))
    }

    /// The permission set that the request names, to read.
    pub(super) fn permission_set_view(&self) -> Result<&PermissionSet, ApiError> {
        let id = self.permission_set_id()?;
        self.center_view()?.permission_sets.get(&id).ok_or_else(|| no_permission_set(&id))
    }

    /// The permission set that the request names, to change. Its accounts are behind from then on. Delegated
    /// administrators may not change what is provisioned in the management account.
    pub(super) fn permission_set(&mut self) -> Result<&mut PermissionSet, ApiError> {
        let id = self.permission_set_id()?;
        let management = self.state.management.id.clone();
        let delegated = self.caller.account != management;
        let set = self.center()?.permission_sets.get_mut(&id).ok_or_else(|| no_permission_set(&id))?;
        if delegated && set.accounts.contains_key(&management) {
            return Err(out_of_reach());
        }
        set.revision += 1;
        Ok(set)
    }
}

/// What delegated administrators are reported about the management account.
pub(super) fn out_of_reach() -> ApiError {
    access_denied("Permission sets that are provisioned in the management account can only be managed from there.")
}

pub(super) fn no_permission_set(id: &str) -> ApiError {
    not_found(format!("Could not find PermissionSet with id {id}"))
}

/// The ARN of the permission set with this id.
pub(super) fn permission_set_arn(state: &State, id: &str) -> String {
    format!("arn:{}:sso:::permissionSet/{}/{id}", state.partition, instance_id(&state.management.id))
}

fn show(request: &Request<'_>) -> Value {
    let state = &request.state;
    let management = &state.management.id;
    let region = state.identity_center.region.as_ref().unwrap_or(&request.region);
    let store = identity_store_id(management);
    json!({
        "InstanceArn": instance_arn(state),
        "IdentityStoreId": store,
        "IdentityStoreArn": format!("arn:{}:identitystore::{management}:identitystore/{store}", state.partition),
        "OwnerAccountId": management,
        "Status": "ACTIVE",
        "PrimaryRegion": region,
        "Regions": [{"RegionName": region, "Status": "ACTIVE", "IsPrimaryRegion": true}],
    })
}

/// Every account of the organization sees its instance, in the home region or from anywhere if it asks for all.
fn list_instances(request: &mut Request<'_>) -> Answer {
    let everywhere = request.input.optional("RegionScope")? == Some("ALL_REGIONS");
    let organization = request.state.organization.as_ref();
    let member = organization.is_some_and(|organization| organization.accounts.contains_key(&request.caller.account));
    let visible = member && exists(request.state) && (everywhere || is_here(request));
    let instances: Vec<Value> = if visible { vec![show(request)] } else { Vec::new() };
    PAGES.page(request, "Instances", &instances, Value::clone)
}

fn describe_instance(request: &mut Request<'_>) -> Answer {
    request.center_view()?;
    let mut shown = show(request);
    shown["PermissionSetsEnabled"] = true.into();
    Ok(shown)
}

/// Makes account instances, which the management account cannot have. Its own instance only the console enables.
fn create_instance(_: &mut Request<'_>) -> Answer {
    Err(invalid("An instance cannot be created by this operation for the organization."))
}
