//! Users.

use serde_json::{Map, Value, json};

use super::errors::{duplicate, invalid, not_found, unknown};
use super::lookup::{alternate, filter, is_reserved, show_external_ids};
use super::pages::PAGES;
use crate::aws_error::{Answer, ApiError};
use crate::model::identity_center::identity_store_id;
use crate::model::identity_store::User;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateUser", create_user),
    operation("DescribeUser", describe_user),
    operation("GetUserId", get_user_id),
    operation("ListUsers", list_users),
    operation("DeleteUser", delete_user),
];

/// What a user can be created with, besides the name.
const TEXTS: [&str; 8] =
    ["DisplayName", "NickName", "ProfileUrl", "UserType", "Title", "PreferredLanguage", "Locale", "Timezone"];
const LISTS: [&str; 3] = ["Emails", "Addresses", "PhoneNumbers"];

fn reference(state: &State, id: &str) -> Value {
    let store = identity_store_id(&state.management.id);
    let arn = format!("arn:{}:identitystore:::user/{id}", state.partition);
    json!({"IdentityStoreId": store, "UserId": id, "UserArn": arn})
}

fn identity(state: &State, id: &str) -> Value {
    let mut shown = reference(state, id);
    shown["Revision"] = "1".into();
    shown
}

fn show(state: &State, id: &str, user: &User) -> Value {
    let mut shown = identity(state, id);
    shown["UserName"] = user.name.as_str().into();
    for (name, value) in &user.attributes {
        shown[name] = value.clone();
    }
    if !user.external_ids.is_empty() {
        shown["ExternalIds"] = show_external_ids(&user.external_ids);
    }
    shown
}

/// The id of the user that the request names in `UserId`.
fn existing(request: &Request<'_>) -> Result<String, ApiError> {
    let id = request.input.text("UserId")?;
    let known = request.directory_view()?.users.contains_key(id);
    known.then(|| id.to_owned()).ok_or_else(|| not_found("USER", id))
}

fn create_user(request: &mut Request<'_>) -> Answer {
    let name = request.input.bounded("UserName", 1, 128)?.to_owned();
    let attributes = attributes(request)?;
    if is_reserved(&name) {
        return Err(invalid(format!("{name} is a reserved name.")));
    }
    let directory = request.directory()?;
    if directory.users.values().any(|other| other.name.eq_ignore_ascii_case(&name)) {
        return Err(duplicate("UserName"));
    }
    let id = directory.new_id();
    directory.users.insert(id.clone(), User { name, attributes, external_ids: Vec::new() });
    request.settle_in_region();
    Ok(identity(request.state, &id))
}

fn attributes(request: &Request<'_>) -> Result<Map<String, Value>, ApiError> {
    let mut attributes = Map::new();
    for name in TEXTS {
        if let Some(text) = request.input.optional(name)? {
            attributes.insert(name.into(), text.into());
        }
    }
    for name in LISTS.into_iter().filter(|name| !request.input.list(name).is_empty()) {
        attributes.insert(name.into(), request.input.list(name).into());
    }
    let name = request.input.structure("Name");
    if name.as_object().is_some_and(|parts| !parts.is_empty()) {
        attributes.insert("Name".into(), name);
    }
    Ok(attributes)
}

fn describe_user(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let user = request.directory_view()?.users.get(&id).ok_or_else(|| not_found("USER", &id))?;
    Ok(show(request.state, &id, user))
}

fn get_user_id(request: &mut Request<'_>) -> Answer {
    let wanted = alternate(&request.input, "userName")?;
    let mut users = request.directory_view()?.users.iter();
    let found = users.find(|(_, user)| wanted.is(&user.name, &user.external_ids));
    let (id, _) = found.ok_or_else(|| unknown("USER"))?;
    Ok(reference(request.state, id))
}

fn list_users(request: &mut Request<'_>) -> Answer {
    let wanted = filter(&request.input, "UserName")?;
    let users = request.directory_view()?.users.iter();
    let users: Vec<_> = users.filter(|(_, user)| wanted.as_ref().is_none_or(|name| user.name == *name)).collect();
    PAGES.page(request, "Users", &users, |(id, user)| show(request.state, id, user))
}

/// The user's assignments stay behind, for a principal that is gone.
fn delete_user(request: &mut Request<'_>) -> Answer {
    let id = existing(request)?;
    let directory = request.directory()?;
    directory.users.remove(&id);
    directory.memberships.retain(|_, membership| membership.user != id);
    Ok(json!({}))
}
