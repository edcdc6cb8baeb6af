//! AWS Resource Access Manager, by its API reference (version 2018-01-04).

use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::model::resources::{Place, Resource, SHARE};
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, rest_operation};
use crate::shared::inventory;
use crate::shared::sharing::{ROLE, shared, shares_for};

pub(super) const SERVICE: Service = Service {
    name: "ram",
    action_prefix: "ram",
    protocol: Protocol::RestJson,
    errors: ErrorCodes {
        access_denied: "AccessDeniedException",
        access_denied_status: 403,
        invalid_input: "InvalidParameterException",
        reason: None,
        throttled: "ThrottlingException",
        throttled_status: 429,
    },
    operations: &[&[
        rest_operation(
            "EnableSharingWithAwsOrganization",
            "/enablesharingwithawsorganization",
            enable_sharing_with_aws_organization,
        ),
        rest_operation("GetResourceShares", "/getresourceshares", get_resource_shares),
        rest_operation("ListResources", "/listresources", list_resources),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

const PAGES: Paging = Paging {
    token: "nextToken",
    size: "maxResults",
    default: 500,
    largest: 500,
    bad_token: ("InvalidNextTokenException", "INVALID"),
};

/// Lets resources be shared with the organization and its units. Only a user or role of the management account may.
fn enable_sharing_with_aws_organization(request: &mut Request<'_>) -> Answer {
    let refused = |message: &str| ApiError::new("OperationNotPermittedException", message);
    if request.caller.is_root() {
        return Err(refused("You must call this operation from an IAM user or role, not as the root user."));
    }
    let now = request.now;
    let caller = &request.caller.account;
    let organization = request.state.organization.as_mut();
    let own = organization.filter(|organization| organization.management == *caller);
    let organization = own.ok_or_else(|| refused("You must call this operation from the management account."))?;
    organization.onboard("ram.amazonaws.com", now);
    request.state.link_role(ROLE, "ram.amazonaws.com");
    Ok(json!({"returnValue": true}))
}

/// The caller's own shares, or those that others have made for it: `resourceOwner`.
fn asked<'a>(request: &'a Request<'_>) -> Result<Vec<(&'a String, &'a Resource)>, ApiError> {
    let account = &request.caller.account;
    match request.input.text("resourceOwner")? {
        "SELF" => {
            let place = Place { account: account.clone(), region: request.region.clone() };
            Ok(inventory::all(request.state, &place, SHARE).collect())
        }
        "OTHER-ACCOUNTS" => Ok(shares_for(request.state, account, &request.region)),
        other => Err(request.input.invalid("", format!("{other} is not a resource owner."))),
    }
}

fn get_resource_shares(request: &mut Request<'_>) -> Answer {
    let arns = request.input.texts("resourceShareArns");
    let name = request.input.optional("name")?;
    let found = asked(request)?.into_iter().filter(|(arn, share)| {
        let named = name.is_none_or(|name| share.properties.get("Name").is_some_and(|own| own == name));
        named && (arns.is_empty() || arns.contains(&arn.as_str()))
    });
    let found: Vec<_> = found.collect();
    PAGES.page(request, "resourceShares", &found, |(arn, share)| show(arn, share))
}

fn show(arn: &str, share: &Resource) -> Value {
    let external = share.properties.get("AllowExternalPrincipals");
    json!({
        "resourceShareArn": arn,
        "name": share.properties.get("Name"),
        "owningAccountId": arn.split(':').nth(4),
        "allowExternalPrincipals": external.is_none_or(|flag| *flag != false && *flag != "false"),
        "status": "ACTIVE",
        "featureSet": "STANDARD",
    })
}

fn list_resources(request: &mut Request<'_>) -> Answer {
    let shares = asked(request)?;
    let rows = shares.iter().flat_map(|(share, properties)| {
        let (_, arns) = shared(&properties.properties);
        arns.into_iter()
            .map(move |arn| json!({"arn": arn, "type": kind(arn), "resourceShareArn": share, "status": "AVAILABLE"}))
    });
    let rows: Vec<Value> = rows.collect();
    PAGES.page(request, "resources", &rows, Value::clone)
}

/// The type of a resource as RAM names it, such as `ec2:Subnet`.
fn kind(arn: &str) -> String {
    let mut parts = arn.split(':').skip(2);
    let service = parts.next().unwrap_or_default();
    let resource = parts.nth(2).unwrap_or_default().split('/').next().unwrap_or_default();
    let (first, rest) = resource.split_at(resource.len().min(1));
    format!("{service}:{}{rest}", first.to_uppercase())
}
