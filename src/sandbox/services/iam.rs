//! AWS Identity and Access Management, by its API reference (version 2010-05-08): the roles that there are.

use serde_json::{Value, json};

use super::identity_center::model::ROLE_PREFIX;
use super::{ErrorCodes, Service, admit_all, operation};
use crate::sandbox::ids::characters;
use crate::sandbox::paging::Paging;
use crate::sandbox::protocol::Protocol;
use crate::sandbox::request::{Answer, ApiError, Request};
use crate::sandbox::resources::{self, GLOBAL, Place, ROLE, Resource};

pub(super) const SERVICE: Service = Service {
    name: "iam",
    action_prefix: "iam",
    protocol: Protocol::Query { namespace: "https://iam.amazonaws.com/doc/2010-05-08/" },
    errors: ErrorCodes::QUERY,
    operations: &[&[operation("GetRole", get_role), operation("ListRoles", list_roles)]],
    admit: admit_all,
};

const PAGES: Paging = Paging {
    token: "Marker",
    size: "MaxItems",
    default: 100,
    largest: 1_000,
    bad_token: ("ValidationError", "INVALID"),
};

/// A role as IAM shows it. One that CreateAccount made trusts the management account.
fn show(request: &Request<'_>, name: &str) -> Value {
    let (account, partition) = (&request.caller.account, &request.state.partition);
    let place = Place { account: account.clone(), region: GLOBAL.into() };
    let made = resources::find(request.state, &place, ROLE, name);
    let attribute = |role: &Resource, name: &str| role.attributes.get(name).cloned();
    let path = made.and_then(|role| role.properties.get("Path")).and_then(Value::as_str);
    let path = path.unwrap_or(if name.starts_with(ROLE_PREFIX) { "/aws-reserved/sso.amazonaws.com/" } else { "/" });
    let management = format!("arn:{partition}:iam::{}:root", request.state.management.id);
    let trust = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": management}, "Action": "sts:AssumeRole"},
    ]});
    let trust = made.and_then(|role| role.properties.get("AssumeRolePolicyDocument")).unwrap_or(&trust);
    let id = || format!("AROA{}", characters(&format!("{account}/{name}"), 17).to_uppercase()).into();
    json!({
        "RoleName": name,
        "Path": path,
        "Arn": format!("arn:{partition}:iam::{account}:role{path}{name}"),
        "RoleId": made.and_then(|role| attribute(role, "RoleId")).unwrap_or_else(id),
        "CreateDate": "1970-01-01T00:00:00Z",
        "AssumeRolePolicyDocument": percent_encoded(&trust.to_string()),
    })
}

/// IAM's documents come percent-encoded.
fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

fn get_role(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("RoleName")?;
    let known = request.state.roles.get(&request.caller.account).is_some_and(|roles| roles.contains(name));
    if !known {
        let message = format!("The role with name {name} cannot be found.");
        return Err(ApiError::new("NoSuchEntity", message).with_status(404));
    }
    Ok(json!({"Role": show(request, name)}))
}

fn list_roles(request: &mut Request<'_>) -> Answer {
    let roles: Vec<&String> = request.state.roles.get(&request.caller.account).into_iter().flatten().collect();
    let mut page = PAGES.page(request, "Roles", &roles, |name| show(request, name))?;
    page["IsTruncated"] = page.get("Marker").is_some().into();
    Ok(page)
}
