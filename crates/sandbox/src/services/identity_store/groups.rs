//! Groups.

use serde_json::{Value, json};

use super::errors::{duplicate, invalid, not_found, unknown};
use super::lookup::{alternate, filter, is_reserved, show_external_ids};
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::model::identity_center::identity_store_id;
use crate::model::identity_store::{Directory, Group};
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateGroup", create_group),
    operation("DescribeGroup", describe_group),
    operation("GetGroupId", get_group_id),
    operation("ListGroups", list_groups),
    operation("UpdateGroup", update_group),
    operation("DeleteGroup", delete_group),
];

fn arn(state: &State, id: &str) -> String {
    format!("arn:{}:identitystore:::group/{id}", state.partition)
}

fn reference(state: &State, id: &str) -> Value {
    let store = identity_store_id(&state.management.id);
    json!({"IdentityStoreId": store, "GroupId": id, "GroupArn": arn(state, id)})
}

fn identity(state: &State, id: &str) -> Value {
    let mut shown = reference(state, id);
    shown["Revision"] = "1".into();
    shown
}

fn show(state: &State, id: &str, group: &Group) -> Value {
    let mut shown = identity(state, id);
    shown["DisplayName"] = group.name.as_str().into();
    if let Some(description) = &group.description {
        shown["Description"] = description.as_str().into();
    }
    if !group.external_ids.is_empty() {
        shown["ExternalIds"] = show_external_ids(&group.external_ids);
    }
    shown
}

/// The id of the group that the request names in `GroupId`.
pub(super) fn existing(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("GroupId")?;
    let known = request.directory_view()?.groups.contains_key(id);
    known.then(|| id.to_owned()).ok_or_else(|| not_found("GROUP", id))
}

/// A group's name must be new, whatever the case of its letters.
fn check_name(directory: &Directory, own: Option<&str>, name: &str) -> Result<(), ApiError> {
    if !(1..=1_024).contains(&name.chars().count()) || is_reserved(name) {
        return Err(invalid("DisplayName has 1 to 1024 characters and is not a reserved name."));
    }
    let mut others = directory.groups.iter().filter(|(id, _)| own != Some(id.as_str()));
    if others.any(|(_, other)| other.name.eq_ignore_ascii_case(name)) {
        return Err(duplicate("GroupDisplayName"));
    }
    Ok(())
}

fn create_group(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("DisplayName")?.to_owned();
    let description = description(request.input.optional("Description")?)?;
    check_name(request.directory_view()?, None, &name)?;
    let directory = request.directory()?;
    let id = directory.new_id();
    directory.groups.insert(id.clone(), Group { name, description, external_ids: Vec::new() });
    request.settle_in_region();
    Ok(identity(request.state, &id))
}

fn description(text: Option<&str>) -> Result<Option<String>, ApiError> {
    match text {
        Some(text) if !(1..=1_024).contains(&text.chars().count()) => {
            Err(invalid("Description has 1 to 1024 characters."))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

fn describe_group(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let group = request.directory_view()?.groups.get(&id).ok_or_else(|| not_found("GROUP", &id))?;
    Ok(show(request.state, &id, group))
}

fn get_group_id(request: &mut Request<'_>) -> Answer {
    let wanted = alternate(&request.input, "displayName")?;
    let mut groups = request.directory_view()?.groups.iter();
    let found = groups.find(|(_, group)| wanted.is(&group.name, &group.external_ids));
    let (id, _) = found.ok_or_else(|| unknown("GROUP"))?;
    Ok(reference(request.state, id))
}

fn list_groups(request: &mut Request<'_>) -> Answer {
    let wanted = filter(&request.input, "DisplayName")?;
    let groups = request.directory_view()?.groups.iter();
    let groups: Vec<_> = groups.filter(|(_, group)| wanted.as_ref().is_none_or(|name| group.name == *name)).collect();
    PAGES.page(request, "Groups", &groups, |(id, group)| show(request.state, id, group))
}

/// Sets the attributes that the request's operations name; one without a value is removed.
fn update_group(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let mut group = request.directory_view()?.groups.get(&id).ok_or_else(|| not_found("GROUP", &id))?.clone();
    for change in request.input.list("Operations") {
        let value = change.get("AttributeValue").and_then(Value::as_str);
        match change.get("AttributePath").and_then(Value::as_str).unwrap_or_default() {
            path if path.eq_ignore_ascii_case("displayName") => {
                let name = value.ok_or_else(|| invalid("A group needs a DisplayName."))?;
                check_name(request.directory_view()?, Some(&id), name)?;
                name.clone_into(&mut group.name);
            }
            path if path.eq_ignore_ascii_case("description") => group.description = description(value)?,
            path => return Err(invalid(format!("{path} is not an attribute that can be changed."))),
        }
    }
    request.directory()?.groups.insert(id.clone(), group);
    Ok(identity(request.state, &id))
}

/// Its assignments stay behind, for a principal that is gone.
fn delete_group(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let directory = request.directory()?;
    directory.groups.remove(&id);
    directory.memberships.retain(|_, membership| membership.group != id);
    Ok(json!({}))
}
