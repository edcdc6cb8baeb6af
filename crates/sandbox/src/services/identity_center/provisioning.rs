//! Permission sets in accounts: as roles, which fall behind when the permission set changes.

use serde_json::{Value, json};

use super::begun;
use super::errors::{invalid, not_found};
use super::instance::permission_set_arn;
use super::pages::PAGES;
use super::permission_sets::check_reach;
use crate::aws_error::{Answer, ApiError};
use crate::model::identity_center::{Boundary, PermissionSet, PolicyReference, Task};
use crate::model::readiness::LateService;
use crate::model::resources::{GLOBAL, Place};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::shared::inventory;
use crate::shared::readiness::is_unaware;
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("ProvisionPermissionSet", provision_permission_set),
    operation("ListAccountsForProvisionedPermissionSet", list_accounts),
    operation("ListPermissionSetsProvisionedToAccount", list_permission_sets),
];

/// The account of the organization that the request names in the member `name`.
pub(super) fn account(request: &Request<'_>, name: &str) -> Result<String, ApiError> {
    let id = request.input.text(name)?;
    let organization = request.state.organization.as_ref();
    let known = organization.is_some_and(|organization| organization.accounts.contains_key(id))
        && !is_unaware(request.state, LateService::IdentityCenter, id);
    known.then(|| id.to_owned()).ok_or_else(|| not_found(format!("Could not find the AWS account {id}.")))
}

fn provision_permission_set(request: &mut Request<'_>) -> Answer {
    let set = request.permission_set_id()?;
    let account = match request.input.text("TargetType")? {
        "AWS_ACCOUNT" => Some(account(request, "TargetId")?),
        "ALL_PROVISIONED_ACCOUNTS" => None,
        other => return Err(invalid(format!("{other} is not a type of target."))),
    };
    let reached = account.iter().cloned().chain(match account {
        Some(_) => Vec::new(),
        None => request.permission_set_view()?.accounts.keys().cloned().collect(),
    });
    reached.collect::<Vec<_>>().iter().try_for_each(|account| check_reach(request, account))?;
    let id = begun::begin(request, set, Task::Provision { account })?;
    let shown = begun::show(request.state, &id, &request.state.identity_center.operations[&id]);
    Ok(json!({"PermissionSetProvisioningStatus": shown}))
}

/// Brings the account's role to the permission set's latest revision, or says why not.
pub(super) fn provision(state: &mut State, id: &str, account: &str) -> Result<(), String> {
    let Some(set) = state.identity_center.permission_sets.get(id) else {
        return Err(format!("Received a 404 status error: Could not find PermissionSet with id {id}"));
    };
    check_account(state, account)?;
    check_policies(state, set, account)?;
    let role = set.role(id, account);
    state.roles.entry(account.to_owned()).or_default().insert(role);
    if let Some(set) = state.identity_center.permission_sets.get_mut(id) {
        set.accounts.entry(account.to_owned()).or_default().revision = set.revision;
    }
    Ok(())
}

/// Does so wherever the permission set is, and then says what failed first.
pub(super) fn provision_everywhere(state: &mut State, id: &str) -> Result<(), String> {
    let accounts = state.identity_center.permission_sets.get(id).map(|set| set.accounts.keys().cloned().collect());
    let accounts: Vec<String> = accounts.unwrap_or_default();
    let results: Vec<Result<(), String>> = accounts.iter().map(|account| provision(state, id, account)).collect();
    results.into_iter().collect()
}

/// Takes the permission set out of an account.
pub(super) fn withdraw(state: &mut State, id: &str, account: &str) {
    let Some(set) = state.identity_center.permission_sets.get_mut(id) else {
        return;
    };
    set.accounts.remove(account);
    let role = set.role(id, account);
    if let Some(roles) = state.roles.get_mut(account) {
        roles.remove(&role);
    }
}

/// Closed accounts cannot be managed.
fn check_account(state: &State, account: &str) -> Result<(), String> {
    let organization = state.organization.as_ref();
    let found = organization.and_then(|organization| organization.accounts.get(account));
    if found.is_some_and(|account| account.state == "ACTIVE") {
        return Ok(());
    }
    Err(format!(
        "AWS SSO is unable to complete your request at this time. Obtaining permissions to manage your AWS account \
         '{account}' is taking longer than usual. Please try again in a few minutes. If this problem continues, \
         contact AWS Support."
    ))
}

/// The customer's own policies must exist in the account.
fn check_policies(state: &State, set: &PermissionSet, account: &str) -> Result<(), String> {
    let boundary = set.permissions_boundary.iter().filter_map(|boundary| match boundary {
        Boundary::CustomerManaged(reference) => Some(reference),
        Boundary::Managed(_) => None,
    });
    let place = Place { account: account.to_owned(), region: GLOBAL.into() };
    let arn = |PolicyReference { name, path }: &PolicyReference| {
        format!("arn:{}:iam::{account}:policy{path}{name}", state.partition)
    };
    let mut needed = set.customer_managed_policies.iter().chain(boundary).map(arn);
    match needed.find(|arn| inventory::find(state, &place, MANAGED_POLICY, arn).is_none()) {
        Some(arn) => Err(format!("Received a 404 status error: Policy {arn} does not exist or is not attachable.")),
        None => Ok(()),
    }
}

const MANAGED_POLICY: &str = "AWS::IAM::ManagedPolicy";

/// Whether a permission set's place in an account is of the status that the request asks for, if any.
fn filter(request: &Request<'_>) -> Result<impl Fn(&PermissionSet, &str) -> bool + use<>, ApiError> {
    let wanted = match request.input.optional("ProvisioningStatus")? {
        None => None,
        Some("LATEST_PERMISSION_SET_PROVISIONED") => Some(true),
        Some("LATEST_PERMISSION_SET_NOT_PROVISIONED") => Some(false),
        Some(other) => return Err(invalid(format!("{other} is not a provisioning status."))),
    };
    Ok(move |set: &PermissionSet, account: &str| wanted.is_none_or(|wanted| set.is_latest_in(account) == wanted))
}

fn list_accounts(request: &mut Request<'_>) -> Answer {
    let asked = filter(request)?;
    let set = request.permission_set_view()?;
    let accounts: Vec<&String> = set.accounts.keys().filter(|account| asked(set, account)).collect();
    PAGES.page(request, "AccountIds", &accounts, |account| Value::from(account.as_str()))
}

fn list_permission_sets(request: &mut Request<'_>) -> Answer {
    let asked = filter(request)?;
    let account = account(request, "AccountId")?;
    let sets = request.center_view()?.permission_sets.iter();
    let there = |set: &PermissionSet| set.accounts.contains_key(&account) && asked(set, &account);
    let sets: Vec<&String> = sets.filter(|(_, set)| there(set)).map(|(id, _)| id).collect();
    PAGES.page(request, "PermissionSets", &sets, |id| permission_set_arn(request.state, id).into())
}
