//! AWS Resource Access Manager, by its API reference (version 2018-01-04).

use serde_json::{Value, json};

use super::{ErrorCodes, Service, admit_all, rest_operation};
use crate::paging::Paging;
use crate::protocol::Protocol;
use crate::request::{Answer, ApiError, Request};
use crate::resources::{self, Place, Resource, SHARE, shared};
use crate::services::organizations::model::Organization;
use crate::state::State;

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
};

const PAGES: Paging = Paging {
    token: "nextToken",
    size: "maxResults",
    default: 500,
    largest: 500,
    bad_token: ("InvalidNextTokenException", "INVALID"),
};

/// The role by which RAM reads the organization.
pub(crate) const ROLE: &str = "AWSServiceRoleForResourceAccessManager";

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

/// Whether a share's principal is an account: by its id or ARN, or by a unit or the organization that it is in.
fn covers(organization: Option<&Organization>, principal: &str, account: &str) -> bool {
    let id = principal.rsplit(['/', ':']).next().unwrap_or_default();
    let above = |organization: &Organization| {
        let member = organization.accounts.contains_key(account);
        let mut units = std::iter::successors(Some(account), |id| organization.parent(id));
        member && (id == organization.id || units.any(|unit| unit == id))
    };
    principal == account || organization.is_some_and(above)
}

/// The shares in a region that others have made and that cover an account.
fn shares_for<'a>(state: &'a State, account: &str, region: &str) -> Vec<(&'a String, &'a Resource)> {
    let organization = state.organization.as_ref();
    let owners = state.resources.keys().filter(|owner| *owner != account);
    let all = owners.flat_map(|owner| {
        let place = Place { account: owner.clone(), region: region.to_owned() };
        resources::all(state, &place, SHARE).collect::<Vec<_>>()
    });
    let covered = |share: &Resource| {
        let (principals, _) = shared(&share.properties);
        principals.into_iter().any(|principal| covers(organization, principal, account))
    };
    all.filter(|(_, share)| covered(share)).collect()
}

/// The ARNs of the resources that others share with an account in a region.
pub(super) fn shared_with(state: &State, account: &str, region: &str) -> Vec<String> {
    let shares = shares_for(state, account, region);
    let arns = shares.iter().flat_map(|(_, share)| shared(&share.properties).1);
    arns.map(str::to_owned).collect()
}

/// The caller's own shares, or those that others have made for it: `resourceOwner`.
fn asked<'a>(request: &'a Request<'_>) -> Result<Vec<(&'a String, &'a Resource)>, ApiError> {
    let account = &request.caller.account;
    match request.input.text("resourceOwner")? {
        "SELF" => {
            let place = Place { account: account.clone(), region: request.region.clone() };
            Ok(resources::all(request.state, &place, SHARE).collect())
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
