//! Permission sets, without their policies.

use serde_json::{Value, json};

use super::errors::{conflict, invalid, quota_exceeded};
use super::instance::{no_permission_set, out_of_reach, permission_set_arn};
use super::pages::PAGES;
use super::session::is_session_duration;
use super::tags;
use crate::aws_error::{Answer, ApiError};
use crate::input::Input;
use crate::model::identity_center::{IdentityCenter, PermissionSet};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreatePermissionSet", create_permission_set),
    operation("DescribePermissionSet", describe_permission_set),
    operation("UpdatePermissionSet", update_permission_set),
    operation("DeletePermissionSet", delete_permission_set),
    operation("ListPermissionSets", list_permission_sets),
];

fn create_permission_set(request: &mut Request<'_>) -> Answer {
    let input = &request.input;
    let set = PermissionSet {
        name: name(input)?,
        description: description(input)?,
        session_duration: session_duration(input)?.unwrap_or_else(|| "PT1H".into()),
        relay_state: relay_state(input)?,
        created: request.now,
        tags: tags::of_request(input)?,
        ..PermissionSet::default()
    };
    let (region, quota) = (request.region.clone(), request.state.quotas.permission_sets);
    let center = request.center()?;
    check_new(center, &set.name, quota)?;
    center.region.get_or_insert(region);
    let id = center.new_permission_set_id();
    center.permission_sets.insert(id.clone(), set);
    describe(request.state, &id)
}

fn check_new(center: &IdentityCenter, name: &str, quota: usize) -> Result<(), ApiError> {
    if center.permission_sets.values().any(|other| other.name == name) {
        return Err(conflict(format!("PermissionSet with name {name} already exists.")));
    }
    if center.permission_sets.len() >= quota {
        return Err(quota_exceeded("You have exceeded the number of permission sets that you can have."));
    }
    Ok(())
}

/// At most 32 letters, digits and `_+=,.@-`.
fn name(input: &Input) -> Result<String, ApiError> {
    let name = input.bounded("Name", 1, 32)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let valid = name.chars().all(allowed);
    valid.then(|| name.to_owned()).ok_or_else(|| invalid(r"Name must match the pattern [\w+=,.@-]+."))
}

/// At most 700 characters of Latin-1 that can be printed, and white space.
fn description(input: &Input) -> Result<Option<String>, ApiError> {
    if input.optional("Description")?.is_none() {
        return Ok(None);
    }
    let text = input.bounded("Description", 1, 700)?;
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
    let valid = text.chars().all(allowed);
    valid.then(|| Some(text.to_owned())).ok_or_else(|| invalid("Description has characters that are not allowed."))
}

fn session_duration(input: &Input) -> Result<Option<String>, ApiError> {
    let duration = input.optional("SessionDuration")?;
    match duration.filter(|duration| !is_session_duration(duration)) {
        Some(wrong) => Err(invalid(format!("SessionDuration {wrong} is not a duration of 1 to 12 hours in ISO 8601."))),
        None => Ok(duration.map(str::to_owned)),
    }
}

fn relay_state(input: &Input) -> Result<Option<String>, ApiError> {
    if input.optional("RelayState")?.is_none() {
        return Ok(None);
    }
    let text = input.bounded("RelayState", 1, 240)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || r##"&$@#\/%?=~-_'"|!:,.;*+[] (){}"##.contains(c);
    let valid = text.chars().all(allowed);
    valid.then(|| Some(text.to_owned())).ok_or_else(|| invalid("RelayState has characters that are not allowed."))
}

fn show(state: &State, id: &str, set: &PermissionSet) -> Value {
    let mut shown = json!({
        "Name": set.name,
        "PermissionSetArn": permission_set_arn(state, id),
        "CreatedDate": set.created,
        "SessionDuration": set.session_duration,
    });
    for (member, value) in [("Description", &set.description), ("RelayState", &set.relay_state)] {
        if let Some(value) = value {
            shown[member] = value.as_str().into();
        }
    }
    shown
}

fn describe(state: &State, id: &str) -> Answer {
    let set = state.identity_center.permission_sets.get(id).ok_or_else(|| no_permission_set(id))?;
    Ok(json!({"PermissionSet": show(state, id, set)}))
}

fn describe_permission_set(request: &mut Request<'_>) -> Answer {
    request.center_view()?;
    describe(request.state, &request.permission_set_id()?)
}

/// Changes what the request has. A relay state that it does not repeat is gone, unlike the rest: so Terraform's
/// provider found and provides for.
fn update_permission_set(request: &mut Request<'_>) -> Answer {
    let input = &request.input;
    let (description, duration, relay) = (description(input)?, session_duration(input)?, relay_state(input)?);
    let set = request.permission_set()?;
    set.description = description.or_else(|| set.description.take());
    set.session_duration = duration.unwrap_or_else(|| std::mem::take(&mut set.session_duration));
    set.relay_state = relay;
    Ok(json!({}))
}

/// Not while it is provisioned anywhere or about to be.
fn delete_permission_set(request: &mut Request<'_>) -> Answer {
    let id = request.permission_set_id()?;
    let center = request.center()?;
    let under_way = center.operations.open().any(|(_, other)| other.permission_set == id);
    let provisioned = center.permission_sets.get(&id).is_some_and(|set| !set.accounts.is_empty());
    if provisioned || under_way {
        return Err(conflict("Could not delete because PermissionSet has ApplicationProfile associated with it"));
    }
    center.permission_sets.remove(&id);
    Ok(json!({}))
}

fn list_permission_sets(request: &mut Request<'_>) -> Answer {
    let ids: Vec<&String> = request.center_view()?.permission_sets.keys().collect();
    PAGES.page(request, "PermissionSets", &ids, |id| permission_set_arn(request.state, id).into())
}

/// Refuses a delegated administrator that would reach into the management account.
pub(super) fn check_reach(request: &Request<'_>, account: &str) -> Result<(), ApiError> {
    let management = &request.state.management.id;
    let reached = account != management || request.caller.account == *management;
    reached.then_some(()).ok_or_else(out_of_reach)
}
