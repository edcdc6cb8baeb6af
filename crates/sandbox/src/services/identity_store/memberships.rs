//! Users in groups.

use serde_json::{Value, json};

use super::errors::{duplicate, invalid, not_found};
use super::groups::existing;
use super::pages::PAGES;
use crate::aws_error::Answer;
use crate::model::identity_center::identity_store_id;
use crate::model::identity_store::Membership;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] = &[
    operation("CreateGroupMembership", create_group_membership),
    operation("ListGroupMemberships", list_group_memberships),
    operation("DeleteGroupMembership", delete_group_membership),
];

fn identity(state: &State, id: &str) -> Value {
    let store = identity_store_id(&state.management.id);
    let arn = format!("arn:{}:identitystore:::membership/{id}", state.partition);
    json!({"IdentityStoreId": store, "MembershipId": id, "MembershipArn": arn})
}

fn create_group_membership(request: &mut Request<'_>) -> Answer {
    let group = existing(request)?;
    let member = request.input.structure("MemberId");
    let user = member.get("UserId").and_then(Value::as_str).ok_or_else(|| invalid("MemberId must hold a UserId."))?;
    let membership = Membership { group, user: user.to_owned() };
    let directory = request.directory()?;
    if !directory.users.contains_key(user) {
        return Err(not_found("USER", user));
    }
    if directory.memberships.values().any(|other| *other == membership) {
        return Err(duplicate("GroupMembership"));
    }
    let id = directory.new_id();
    directory.memberships.insert(id.clone(), membership);
    Ok(identity(request.state, &id))
}

fn list_group_memberships(request: &mut Request<'_>) -> Answer {
    let group = existing(request)?;
    let memberships = request.directory_view()?.memberships.iter();
    let rows: Vec<_> = memberships.filter(|(_, membership)| membership.group == group).collect();
    PAGES.page(request, "GroupMemberships", &rows, |(id, membership)| {
        let mut shown = identity(request.state, id);
        shown["GroupId"] = membership.group.as_str().into();
        shown["MemberId"] = json!({"UserId": membership.user});
        shown
    })
}

fn delete_group_membership(request: &mut Request<'_>) -> Answer {
    let id = request.input.text("MembershipId")?.to_owned();
    let removed = request.directory()?.memberships.remove(&id);
    removed.map(|_| json!({})).ok_or_else(|| not_found("GROUP_MEMBERSHIP", &id))
}
