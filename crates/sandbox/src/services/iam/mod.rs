//! AWS Identity and Access Management, by its API reference (version 2010-05-08): the roles, managed policies and identity
//! providers that there are, accounts' aliases and password policies, and central root access.

mod account_alias;
mod organizations_features;
mod password_policy;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::ids::characters;
use crate::model::identity_center::ROLE_PREFIX;
use crate::model::resources::{GLOBAL, Place, Resource};
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::resources::iam::{ROLE, SERVICE_LINKED_ROLE};
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::inventory;

pub(super) const SERVICE: Service = Service {
    name: "iam",
    action_prefix: "iam",
    protocol: Protocol::Query { namespace: "https://iam.amazonaws.com/doc/2010-05-08/" },
    errors: ErrorCodes::QUERY,
    operations: &[
        account_alias::OPERATIONS,
        password_policy::OPERATIONS,
        organizations_features::OPERATIONS,
        &[
            operation("GetRole", get_role),
            operation("ListRoles", list_roles),
            operation("GetPolicy", get_policy),
            operation("GetOpenIDConnectProvider", get_open_id_connect_provider),
        ],
    ],
    admit: admit_all,
    settle: nothing_due,
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
    let made = inventory::find(request.state, &global(request), ROLE, name);
    let attribute = |role: &Resource, name: &str| role.attributes.get(name).cloned();
    let path = path(request, name);
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

/// Where IAM keeps what the caller's account has.
fn global(request: &Request<'_>) -> Place {
    Place { account: request.caller.account.clone(), region: GLOBAL.into() }
}

fn path(request: &Request<'_>, name: &str) -> String {
    let place = global(request);
    let made = inventory::find(request.state, &place, ROLE, name);
    let given = made.and_then(|role| role.properties.get("Path")).and_then(Value::as_str);
    let linked = inventory::find(request.state, &place, SERVICE_LINKED_ROLE, name);
    let by_stack = linked.and_then(|role| role.properties.get("AWSServiceName")).and_then(Value::as_str);
    let by_service = request.state.service_linked_roles.get(&request.caller.account).and_then(|roles| roles.get(name));
    let service = by_stack.or(by_service.map(String::as_str));
    match (given, service) {
        (Some(path), _) => path.to_owned(),
        (None, Some(service)) => format!("/aws-service-role/{service}/"),
        _ if name.starts_with(ROLE_PREFIX) => path_of_identity_center(request.state.identity_center.region.as_deref()),
        _ => "/".to_owned(),
    }
}

/// The roles of an instance in us-east-1 have no region in their paths.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
fn path_of_identity_center(region: Option<&str>) -> String {
    let region = region.filter(|region| *region != "us-east-1").map(|region| format!("{region}/"));
    format!("/aws-reserved/sso.amazonaws.com/{}", region.unwrap_or_default())
}

/// The names of the caller's roles, those included that services have made for themselves.
fn names(request: &Request<'_>) -> BTreeSet<String> {
    let own = request.state.roles.get(&request.caller.account).into_iter().flatten();
    let place = global(request);
    let linked = inventory::all(request.state, &place, SERVICE_LINKED_ROLE).map(|(name, _)| name);
    let made = request.state.service_linked_roles.get(&request.caller.account).into_iter().flat_map(BTreeMap::keys);
    own.chain(linked).chain(made).cloned().collect()
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
    if !names(request).contains(name) {
        let message = format!("The role with name {name} cannot be found.");
        return Err(ApiError::new("NoSuchEntity", message).with_status(404));
    }
    Ok(json!({"Role": show(request, name)}))
}

fn list_roles(request: &mut Request<'_>) -> Answer {
    let prefix = request.input.optional("PathPrefix")?.unwrap_or_default();
    let roles: Vec<String> =
        names(request).into_iter().filter(|name| path(request, name).starts_with(prefix)).collect();
    let mut page = PAGES.page(request, "Roles", &roles, |name| show(request, name))?;
    page["IsTruncated"] = page.get("Marker").is_some().into();
    Ok(page)
}

/// What the caller's account has of a type by its ARN.
fn by_arn<'a>(request: &'a Request<'_>, kind: &str, arn: &str) -> Result<&'a Resource, ApiError> {
    let missing =
        || ApiError::new("NoSuchEntity", format!("{arn} does not exist or is not attachable.")).with_status(404);
    inventory::find(request.state, &global(request), kind, arn).ok_or_else(missing)
}

fn get_policy(request: &mut Request<'_>) -> Answer {
    let arn = request.input.text("PolicyArn")?;
    let policy = by_arn(request, "AWS::IAM::ManagedPolicy", arn)?;
    let path = policy.properties.get("Path").and_then(Value::as_str).unwrap_or("/");
    let name = arn.rsplit('/').next();
    Ok(json!({"Policy": {"Arn": arn, "PolicyName": name, "Path": path, "DefaultVersionId": "v1"}}))
}

fn get_open_id_connect_provider(request: &mut Request<'_>) -> Answer {
    let arn = request.input.text("OpenIDConnectProviderArn")?;
    let provider = by_arn(request, "AWS::IAM::OIDCProvider", arn)?;
    Ok(json!({
        "Url": provider.properties.get("Url").and_then(Value::as_str).map(|url| url.trim_start_matches("https://")),
        "ClientIDList": provider.properties.get("ClientIdList"),
    }))
}
