//! The request that an event tells of, as far as it tells.

use std::net::IpAddr;

use super::event::{Event, UserIdentity};
use crate::policy::{Context, Request, Unlisted};

/// The request behind an event. Keys that the event does not tell are not known, and neither is the resource unless
/// the event names exactly one.
pub(super) fn of_event(event: &Event<'_>, action: &str) -> Request {
    let principal = event.principal().unwrap_or_default();
    let mut request = Request::new(principal, action, resource(event, action).as_deref());
    request.account = event.account().map(str::to_owned);
    request.context = context(event, request.context).with_unlisted(Unlisted::Unknown);
    request
}

fn context(event: &Event<'_>, context: Context) -> Context {
    let identity = event.user_identity.as_ref();
    let of_identity = |text: fn(&UserIdentity<'_>) -> Option<String>| identity.and_then(text);
    let invoked_by = of_identity(|identity| identity.invoked_by.get().map(str::to_owned));
    let via_service = invoked_by.is_some();
    let context = context
        .with("aws:PrincipalAccount", event.account())
        .with("aws:PrincipalIsAWSService", ["false"])
        .with("aws:ViaAWSService", [via_service.to_string()])
        .with("aws:RequestedRegion", event.aws_region.get())
        .with("aws:CurrentTime", event.event_time.get())
        .with("aws:EpochTime", event.event_time.get())
        .with("aws:UserAgent", event.user_agent.get())
        .with("aws:SourceVpce", event.vpc_endpoint_id.get())
        .with("aws:userid", of_identity(|identity| identity.principal_id.get().map(str::to_owned)))
        .with("aws:PrincipalType", of_identity(principal_type))
        .with("aws:username", of_identity(user_name))
        .with("aws:MultiFactorAuthPresent", of_identity(second_factor));
    let context = if via_service { context } else { with_caller(event, context) };
    if event.tls_details.is_some() { context.with("aws:SecureTransport", ["true"]) } else { context }
}

/// What is known of a call that no service makes for the principal: where it comes from, and through whom.
fn with_caller(event: &Event<'_>, context: Context) -> Context {
    let nobody: [&str; 0] = [];
    let context = ["aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast"]
        .into_iter()
        .fold(context, |context, key| context.with(key, nobody));
    match event.source_ip_address.get() {
        // Calls through a VPC endpoint have no public address.
        Some(address) if event.vpc_endpoint_id.get().is_none() && address.parse::<IpAddr>().is_ok() => {
            context.with("aws:SourceIp", [address])
        }
        _ => context,
    }
}

fn principal_type(identity: &UserIdentity<'_>) -> Option<String> {
    let known = match identity.identity_type.get()? {
        "Root" => "Account",
        "IAMUser" => "User",
        "AssumedRole" => "AssumedRole",
        "FederatedUser" => "FederatedUser",
        _ => return None,
    };
    Some(known.to_owned())
}

/// Only users have the key
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-username>).
fn user_name(identity: &UserIdentity<'_>) -> Option<String> {
    let is_user = identity.identity_type.get() == Some("IAMUser");
    identity.user_name.get().filter(|_| is_user).map(str::to_owned)
}

/// Only temporary credentials have the key
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>).
fn second_factor(identity: &UserIdentity<'_>) -> Option<String> {
    identity.session_context.as_ref()?.attributes.as_ref()?.mfa_authenticated.get().map(str::to_owned)
}

/// The resource, where the event names one.
fn resource(event: &Event<'_>, action: &str) -> Option<String> {
    let parameters = &event.request_parameters;
    if action.starts_with("s3:") {
        let bucket = parameters.bucket_name.get()?;
        let arn = format!("arn:{}:s3:::{bucket}", partition(event));
        return Some(parameters.key.get().map_or_else(|| arn.clone(), |key| format!("{arn}/{key}")));
    }
    if action == "sts:AssumeRole" {
        return parameters.role_arn.get().map(str::to_owned);
    }
    match event.resources.as_deref() {
        Some([only]) => only.arn.get().map(str::to_owned),
        _ => None,
    }
}

fn partition(event: &Event<'_>) -> &'static str {
    match event.aws_region.get() {
        Some(region) if region.starts_with("cn-") => "aws-cn",
        Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
