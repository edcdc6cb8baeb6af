//! The request that an event tells of, as far as it tells.

use std::net::IpAddr;

use super::event::{Event, UserIdentity};
use crate::policy::{Context, Request, Unlisted};

/// The request behind an event, with those of the `asked` condition keys, given in lower case, that the event tells.
/// All others are not known, and neither is the resource unless the event names exactly one.
pub(super) fn of_event<'k>(event: &Event<'_>, action: &str, asked: impl IntoIterator<Item = &'k str>) -> Request {
    let context = asked.into_iter().fold(Context::default(), |context, key| match held(event, key) {
        Told::Values(values) => context.with_folded(key, values),
        Told::Nothing => context,
    });
    Request {
        principal_arn: event.principal().unwrap_or_default().to_owned(),
        account: event.account().map(str::to_owned),
        management_account: false,
        action: action.to_owned(),
        resource: resource(event, action),
        context: context.with_unlisted(Unlisted::Unknown),
    }
}

/// What an event tells of a condition key.
enum Told {
    /// What the request held; nothing if it did not have the key.
    Values(Vec<String>),
    Nothing,
}

impl Told {
    fn text(text: Option<&str>) -> Self {
        Self::Values(text.map(str::to_owned).into_iter().collect())
    }

    fn truth(is_true: bool) -> Self {
        Self::text(Some(if is_true { "true" } else { "false" }))
    }

    /// What it holds if there is something; if not, nobody knows.
    fn if_any(text: Option<&str>) -> Self {
        if text.is_some() { Self::text(text) } else { Self::Nothing }
    }
}

/// What an event tells of a key
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>).
fn held(event: &Event<'_>, key: &str) -> Told {
    let identity = event.user_identity.as_ref();
    let via_service = identity.is_some_and(|identity| identity.invoked_by.get().is_some());
    match key {
        "aws:principalarn" => Told::if_any(event.principal()),
        "aws:principalaccount" => Told::if_any(event.account()),
        "aws:principalisawsservice" => Told::truth(false),
        "aws:principaltype" => Told::if_any(identity.and_then(principal_type)),
        "aws:userid" => Told::if_any(identity.and_then(|identity| identity.principal_id.get())),
        "aws:username" => Told::text(identity.and_then(user_name)),
        "aws:multifactorauthpresent" => Told::text(identity.and_then(second_factor)),
        "aws:requestedregion" => Told::if_any(event.aws_region.get()),
        "aws:currenttime" | "aws:epochtime" => Told::if_any(event.event_time.get()),
        "aws:useragent" => Told::if_any(event.user_agent.get()),
        "aws:sourcevpce" => Told::text(event.vpc_endpoint_id.get()),
        "aws:securetransport" if event.tls_details.is_some() => Told::truth(true),
        "aws:viaawsservice" => Told::truth(via_service),
        "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" if !via_service => Told::text(None),
        "aws:sourceip" if !via_service => Told::if_any(public_address(event)),
        _ => Told::Nothing,
    }
}

/// Calls through a VPC endpoint have no public address, calls of services none at all.
fn public_address<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    let address = event.source_ip_address.get().filter(|address| address.parse::<IpAddr>().is_ok());
    address.filter(|_| event.vpc_endpoint_id.get().is_none())
}

fn principal_type(identity: &UserIdentity<'_>) -> Option<&'static str> {
    match identity.identity_type.get()? {
        "Root" => Some("Account"),
        "IAMUser" => Some("User"),
        "AssumedRole" => Some("AssumedRole"),
        "FederatedUser" => Some("FederatedUser"),
        _ => None,
    }
}

/// Only users have the key
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-username>).
fn user_name<'e>(identity: &'e UserIdentity<'_>) -> Option<&'e str> {
    identity.user_name.get().filter(|_| identity.identity_type.get() == Some("IAMUser"))
}

/// Only temporary credentials have the key
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>).
fn second_factor<'e>(identity: &'e UserIdentity<'_>) -> Option<&'e str> {
    identity.session_context.as_ref()?.attributes.as_ref()?.mfa_authenticated.get()
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
