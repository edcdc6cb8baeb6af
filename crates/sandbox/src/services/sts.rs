//! AWS Security Token Service, by its API reference (version 2011-06-15).

use aws_smithy_types::DateTime;
use serde_json::json;

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::identity::Session;
use crate::ids::characters;
use crate::model::identity_center::ROLE_PREFIX;
use crate::model::readiness::Readiness;
use crate::model::resources::{GLOBAL, Place};
use crate::protocol::Protocol;
use crate::request::Request;
use crate::resources::iam::{ROLE, trusts};
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::{inventory, readiness};
use crate::state::State;

pub(super) const SERVICE: Service = Service {
    name: "sts",
    action_prefix: "sts",
    protocol: Protocol::Query { namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
    errors: ErrorCodes::QUERY,
    operations: &[&[operation("GetCallerIdentity", get_caller_identity), operation("AssumeRole", assume_role)]],
    admit: admit_all,
    settle: nothing_due,
};

fn get_caller_identity(request: &mut Request<'_>) -> Answer {
    let caller = &request.caller;
    let user = format!("AIDA{}", characters(&caller.arn, 17).to_uppercase());
    Ok(json!({"Arn": caller.arn, "UserId": user, "Account": caller.account}))
}

/// Hands out credentials for a role that the state lists.
fn assume_role(request: &mut Request<'_>) -> Answer {
    let arn = request.input.text("RoleArn")?;
    let session = Session {
        account: arn.split(':').nth(4).unwrap_or_default().to_owned(),
        role: arn.rsplit('/').next().unwrap_or_default().to_owned(),
        name: request.input.bounded("RoleSessionName", 2, 64)?.to_owned(),
    };
    let longest = request.state.quotas.session_seconds;
    let seconds = request.input.number("DurationSeconds")?.unwrap_or(3_600).unsigned_abs().min(longest);
    if request.caller.is_root() {
        return Err(denied("Roles may not be assumed by root accounts."));
    }
    if !is_assumable(request, &session) {
        let caller = &request.caller.arn;
        return Err(denied(&format!("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}")));
    }
    if readiness::of(request.state, &session.account) == Readiness::NoRegion {
        return Err(region_disabled(&session.account));
    }
    let key = characters(arn, 16).to_uppercase();
    let session_arn = session.arn(&request.state.partition);
    let expiration = DateTime::from_secs(request.now.saturating_add(seconds).cast_signed());
    Ok(json!({
        "Credentials": {
            "AccessKeyId": format!("ASIA{key}"),
            "SecretAccessKey": format!("sandbox{key}"),
            "SessionToken": session.token(),
            "Expiration": expiration.to_string(),
        },
        "AssumedRoleUser": {"Arn": session_arn, "AssumedRoleId": format!("AROA{key}:{}", session.name)},
    }))
}

fn denied(message: &str) -> ApiError {
    ApiError::new("AccessDenied", message).with_status(403)
}

/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors>
fn region_disabled(account: &str) -> ApiError {
    let message = format!("STS is not activated in this region for account:{account}.");
    ApiError::new("RegionDisabledException", message).with_status(403)
}

/// Whether the role exists and the caller is trusted by it: by its trust policy if CloudFormation made it, otherwise
/// the account's own principals, and the management account's as for roles made by CreateAccount. Identity Center's
/// roles trust no one but itself.
fn is_assumable(request: &Request<'_>, session: &Session) -> bool {
    let state: &State = request.state;
    let exists = state.roles.get(&session.account).is_some_and(|roles| roles.contains(&session.role));
    let caller = &request.caller.account;
    let home = Place { account: session.account.clone(), region: GLOBAL.into() };
    let trusted = match inventory::find(state, &home, ROLE, &session.role) {
        Some(role) => trusts(&role.properties, caller),
        None => *caller == session.account || *caller == state.management.id,
    };
    let member = state.organization.as_ref().and_then(|organization| organization.accounts.get(&session.account));
    let open = member.is_none_or(|account| account.state == "ACTIVE" && account.readiness != Readiness::NoRole);
    exists && trusted && open && !session.role.starts_with(ROLE_PREFIX)
}
