//! Who may use which permission set in which account.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::begun;
use super::errors::{invalid, not_found};
use super::instance::permission_set_arn;
use super::pages::PAGES;
use super::permission_sets::check_reach;
use super::provisioning::{account, provision, withdraw};
use crate::aws_error::{Answer, ApiError};
use crate::model::identity_center::{Principal, Task};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateAccountAssignment", create_account_assignment),
    operation("DeleteAccountAssignment", delete_account_assignment),
    operation("ListAccountAssignments", list_account_assignments),
    operation("ListAccountAssignmentsForPrincipal", list_account_assignments_for_principal),
];

/// What an assignment joins: the permission set's id, the account, and who.
fn assignment(request: &Request<'_>) -> Result<(String, String, Principal), ApiError> {
    let input = &request.input;
    if input.text("TargetType")? != "AWS_ACCOUNT" {
        return Err(invalid("TargetType must be AWS_ACCOUNT."));
    }
    let principal = principal(request)?;
    let (set, account) = (request.permission_set_id()?, account(request, "TargetId")?);
    check_reach(request, &account)?;
    Ok((set, account, principal))
}

fn principal(request: &Request<'_>) -> Result<Principal, ApiError> {
    let (kind, id) = (request.input.text("PrincipalType")?, request.input.bounded("PrincipalId", 1, 47)?);
    if !["USER", "GROUP"].contains(&kind) {
        return Err(invalid(format!("{kind} is not a type of principal.")));
    }
    Ok(Principal { kind: kind.to_owned(), id: id.to_owned() })
}

/// Asking for an assignment that there is already succeeds.
fn create_account_assignment(request: &mut Request<'_>) -> Answer {
    let (set, account, principal) = assignment(request)?;
    if !request.state.directory.has(&principal.kind, &principal.id) {
        return Err(not_found(format!("Could not find the {} with id {}.", principal.kind, principal.id)));
    }
    let id = begun::begin(request, set, Task::Assign { account, principal })?;
    let shown = begun::show(request.state, &id, &request.state.identity_center.operations[&id]);
    Ok(json!({"AccountAssignmentCreationStatus": shown}))
}

/// The principal may be gone by then.
fn delete_account_assignment(request: &mut Request<'_>) -> Answer {
    let (set, account, principal) = assignment(request)?;
    let id = begun::begin(request, set, Task::Unassign { account, principal })?;
    let shown = begun::show(request.state, &id, &request.state.identity_center.operations[&id]);
    Ok(json!({"AccountAssignmentDeletionStatus": shown}))
}

/// Provisions the permission set in the account and lets the principal use it there.
pub(super) fn assign(state: &mut State, set: &str, account: &str, principal: &Principal) -> Result<(), String> {
    provision(state, set, account)?;
    let set = state.identity_center.permission_sets.get_mut(set);
    if let Some(provisioned) = set.and_then(|set| set.accounts.get_mut(account)) {
        provisioned.principals.insert(principal.clone());
    }
    Ok(())
}

/// With its last assignment the permission set leaves the account.
pub(super) fn unassign(state: &mut State, set: &str, account: &str, principal: &Principal) -> Result<(), String> {
    let sets = &mut state.identity_center.permission_sets;
    let provisioned = sets.get_mut(set).and_then(|set| set.accounts.get_mut(account));
    let assigned = provisioned.filter(|provisioned| provisioned.principals.contains(principal));
    let Some(provisioned) = assigned else {
        return Err("Received a 404 status error: Assignment not found.".into());
    };
    provisioned.principals.remove(principal);
    if provisioned.principals.is_empty() {
        withdraw(state, set, account);
    }
    Ok(())
}

fn show(state: &State, set: &str, account: &str, principal: &Principal) -> Value {
    json!({
        "AccountId": account,
        "PermissionSetArn": permission_set_arn(state, set),
        "PrincipalType": principal.kind,
        "PrincipalId": principal.id,
    })
}

fn list_account_assignments(request: &mut Request<'_>) -> Answer {
    let (id, account) = (request.permission_set_id()?, account(request, "AccountId")?);
    let provisioned = request.permission_set_view()?.accounts.get(&account);
    let principals: Vec<&Principal> = provisioned.into_iter().flat_map(|there| &there.principals).collect();
    PAGES.page(request, "AccountAssignments", &principals, |principal| show(request.state, &id, &account, principal))
}

/// A user's include those of the groups that the user is in.
fn list_account_assignments_for_principal(request: &mut Request<'_>) -> Answer {
    let principal = principal(request)?;
    let groups = request.state.directory.groups_of(&principal.id);
    let groups = groups.map(|id| Principal { kind: "GROUP".into(), id: id.clone() });
    let principals: BTreeSet<Principal> = groups.chain([principal.clone()]).collect();
    let filter = request.input.structure("Filter");
    let account = filter.get("AccountId").and_then(Value::as_str);
    let sets = request.center_view()?.permission_sets.iter();
    let places = sets.flat_map(|(id, set)| set.accounts.iter().map(move |(account, there)| (id, account, there)));
    let places = places.filter(|(_, place, _)| account.is_none_or(|account| account == place.as_str()));
    let rows = places.flat_map(|(id, account, there)| {
        // Those that are asked for are few.
        let has = |principal: &&Principal| there.principals.contains(*principal);
        principals.iter().filter(has).map(move |principal| (id, account, principal))
    });
    let rows: Vec<_> = rows.collect();
    PAGES.page(request, "AccountAssignments", &rows, |(id, account, principal)| {
        show(request.state, id, account, principal)
    })
}
