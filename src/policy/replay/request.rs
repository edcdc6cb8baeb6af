//! The request that an event tells of, as far as it tells.

use std::borrow::Cow;
use std::net::IpAddr;

use super::event::{Event, UserIdentity};
use super::policies::ReplayPolicies;
use crate::policy::evaluate::is_account_id;
use crate::policy::{Context, Request, Unlisted};

/// What an event and the policies that it meets tell of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'e> {
    pub event: &'e Event<'e>,
    /// Which accounts belong to the organization.
    pub policies: &'e ReplayPolicies,
}

/// What an event tells of a condition key.
#[derive(Debug)]
pub(super) enum Told<'e> {
    /// What the request held.
    Value(Cow<'e, str>),
    /// That the request did not have the key.
    Absent,
    Nothing,
}

impl<'e> Told<'e> {
    fn truth(is_true: bool) -> Self {
        Self::Value(Cow::Borrowed(if is_true { "true" } else { "false" }))
    }

    /// What it holds if there is something; if not, the request did not have the key.
    fn or_absent(text: Option<Cow<'e, str>>) -> Self {
        text.map_or(Self::Absent, Self::Value)
    }

    /// What it holds if there is something; if not, nobody knows.
    fn or_nothing(text: Option<Cow<'e, str>>) -> Self {
        text.map_or(Self::Nothing, Self::Value)
    }
}

impl<'e> Source<'e> {
    /// The request for `action` with those of the `asked` condition keys, given in lower case, that are told. All others
    /// are not known, and neither is the resource unless the event names exactly one.
    pub fn request(self, action: &str, asked: &[&str]) -> Request {
        let told = asked.iter().fold(Context::default(), |context, key| match self.held(key) {
            Told::Value(value) => context.with_folded(key, vec![value.into_owned()]),
            Told::Absent => context.with_folded(key, Vec::new()),
            Told::Nothing => context,
        });
        Request {
            principal_arn: self.event.principal().unwrap_or_default().into_owned(),
            account: self.event.account().map(Cow::into_owned),
            management_account: false,
            action: action.to_owned(),
            resource: self.resource(action),
            context: told.with_unlisted(Unlisted::Unknown),
        }
    }

    /// What is told of a key
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>).
    pub fn held(self, key: &str) -> Told<'e> {
        let event = self.event;
        let identity = event.user_identity.as_ref();
        let via_service = || identity.is_some_and(|identity| identity.invoked_by.get().is_some());
        match key {
            "aws:principalarn" => Told::or_nothing(event.principal()),
            "aws:principalaccount" => Told::or_nothing(event.account()),
            "aws:principalorgid" => Told::or_nothing(self.organization_of(event.account())),
            "aws:principalisawsservice" => Told::truth(false),
            "aws:principaltype" => Told::or_nothing(identity.and_then(principal_type).map(Cow::Borrowed)),
            "aws:userid" => Told::or_nothing(identity.and_then(|identity| identity.principal_id.get())),
            "aws:username" => Told::or_absent(identity.and_then(user_name)),
            "aws:multifactorauthpresent" => Told::or_absent(identity.and_then(second_factor)),
            "aws:requestedregion" => Told::or_nothing(event.aws_region.get()),
            "aws:currenttime" | "aws:epochtime" => Told::or_nothing(event.event_time.get()),
            "aws:useragent" => Told::or_nothing(event.user_agent.get()),
            "aws:sourcevpce" => Told::or_absent(event.vpc_endpoint_id.get()),
            "aws:securetransport" if event.tls_details.is_some() => Told::truth(true),
            "aws:viaawsservice" => Told::truth(via_service()),
            "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" if !via_service() => Told::Absent,
            "aws:sourceip" if !via_service() => Told::or_nothing(public_address(event)),
            "aws:resourceaccount" => Told::or_nothing(event.resource_account().filter(|id| is_account_id(id))),
            "aws:resourceorgid" => Told::or_nothing(self.organization_of(event.resource_account())),
            _ => Told::Nothing,
        }
    }

    /// The resource, where the event names one.
    pub fn resource(self, action: &str) -> Option<String> {
        let event = self.event;
        if action.starts_with("s3:") {
            let parameters = event.parameters();
            let bucket = parameters.bucket_name.get()?;
            let arn = format!("arn:{}:s3:::{bucket}", partition(event));
            return Some(parameters.key.get().map_or_else(|| arn.clone(), |key| format!("{arn}/{key}")));
        }
        if action == "sts:AssumeRole" {
            return event.parameters().role_arn.get().map(Cow::into_owned);
        }
        match event.resources().as_slice() {
            [only] => only.arn.get().map(Cow::into_owned),
            _ => None,
        }
    }

    fn organization_of(self, account: Option<Cow<'_, str>>) -> Option<Cow<'e, str>> {
        self.policies.organization_of(&account?).map(Cow::Borrowed)
    }
}

/// Calls through a VPC endpoint have no public address, calls of services none at all.
fn public_address<'e>(event: &Event<'e>) -> Option<Cow<'e, str>> {
    let address = event.source_ip_address.get().filter(|address| address.parse::<IpAddr>().is_ok());
    address.filter(|_| event.vpc_endpoint_id.get().is_none())
}

fn principal_type(identity: &UserIdentity<'_>) -> Option<&'static str> {
    match identity.identity_type.get()?.as_ref() {
        "Root" => Some("Account"),
        "IAMUser" => Some("User"),
        "AssumedRole" => Some("AssumedRole"),
        "FederatedUser" => Some("FederatedUser"),
        _ => None,
    }
}

/// Only users have the key
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-username>).
fn user_name<'e>(identity: &UserIdentity<'e>) -> Option<Cow<'e, str>> {
    identity.user_name.get().filter(|_| identity.identity_type.is("IAMUser"))
}

/// Only temporary credentials have the key
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent>).
fn second_factor<'e>(identity: &UserIdentity<'e>) -> Option<Cow<'e, str>> {
    identity.session_context.as_ref()?.attributes.as_ref()?.mfa_authenticated.get()
}

fn partition(event: &Event<'_>) -> &'static str {
    match event.aws_region.get() {
        Some(region) if region.starts_with("cn-") => "aws-cn",
        Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}
