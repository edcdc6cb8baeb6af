//! The request that an event reports, as far as it shows.

use std::borrow::Cow;
use std::net::IpAddr;

use super::event::{Caller, Event, UserIdentity};
use super::policies::ReplayPolicies;
use crate::evaluate::is_account_id;
use crate::{Context, Request, Unlisted, services};

/// What an event and the policies that it meets report a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'e> {
    pub event: &'e Event<'e>,
    /// Which accounts belong to the organization.
    pub policies: &'e ReplayPolicies,
}

/// What an event reports a condition key.
#[derive(Debug)]
pub(super) enum EventKey<'e> {
    /// What the request held.
    Value(Cow<'e, str>),
    /// That the request did not have the key, or the value of another organization than this.
    Foreign(&'e str),
    /// That the request did not have the key.
    Absent,
    Nothing,
}

impl<'e> EventKey<'e> {
    fn truth(is_true: bool) -> Self {
        Self::Value(Cow::Borrowed(if is_true { "true" } else { "false" }))
    }

    /// What it holds if there is something; if not, the request did not have the key.
    fn or_absent(text: Option<Cow<'e, str>>) -> Self {
        text.map_or(Self::Absent, Self::Value)
    }

    /// What it holds if there is something; if not, no one knows.
    fn or_nothing(text: Option<Cow<'e, str>>) -> Self {
        text.map_or(Self::Nothing, Self::Value)
    }
}

impl<'e> Source<'e> {
    /// The request for `action` with those of the `asked` condition keys, given in lower case, that are reported. All others
    /// are not known, and neither is the resource unless the event names exactly one.
    pub fn request(self, action: &str, asked: &[&str]) -> Request {
        let reported = asked.iter().fold(Context::default(), |context, key| match self.held(key) {
            EventKey::Value(value) => context.with_folded(key, vec![value.into_owned()]),
            EventKey::Foreign(organization) => context.with_foreign(key, organization),
            EventKey::Absent => context.with_folded(key, Vec::new()),
            EventKey::Nothing => context,
        });
        Request {
            principal_arn: self.event.principal().into_owned(),
            account: self.event.account().map(Cow::into_owned),
            management_account: false,
            action: action.to_owned(),
            resource: self.resource(action),
            context: reported.with_unlisted(Unlisted::Unknown),
        }
    }

    /// What is reported in a key
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>).
    pub fn held(self, key: &str) -> EventKey<'e> {
        let own = match self.event.caller() {
            Caller::Principal => self.of_principal(key),
            Caller::Service(name) => of_service(key, name),
            Caller::Anonymous => of_no_one(key),
        };
        own.unwrap_or_else(|| self.of_request(key))
    }

    /// What is reported in the keys of a principal of an account; nothing of other keys.
    fn of_principal(self, key: &str) -> Option<EventKey<'e>> {
        let event = self.event;
        let identity = event.user_identity.as_ref();
        let via_service = || identity.is_some_and(|identity| identity.invoked_by.get().is_some());
        Some(match key {
            "aws:principalarn" => EventKey::or_nothing(event.principal_arn()),
            "aws:principalaccount" => EventKey::or_nothing(event.account()),
            "aws:principalorgid" => self.organization_of(event.account()),
            "aws:principalorgpaths" => self.path_of(event.account()),
            "aws:principalisawsservice" => EventKey::truth(false),
            "aws:principalservicename" => EventKey::Absent,
            "aws:principaltype" => EventKey::or_nothing(identity.and_then(principal_type).map(Cow::Borrowed)),
            "aws:userid" => EventKey::or_nothing(identity.and_then(|identity| identity.principal_id.get())),
            "aws:username" => EventKey::or_absent(identity.and_then(user_name)),
            "aws:multifactorauthpresent" => EventKey::or_absent(identity.and_then(second_factor)),
            "aws:viaawsservice" => EventKey::truth(via_service()),
            "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" if !via_service() => EventKey::Absent,
            // What a service passes on of the caller's network is not reported.
            key if via_service() && NETWORK_KEYS.contains(&key) => EventKey::Nothing,
            _ => return None,
        })
    }

    /// What is reported in keys that do not depend on who made the call.
    fn of_request(self, key: &str) -> EventKey<'e> {
        let event = self.event;
        match key {
            "aws:requestedregion" => EventKey::or_nothing(event.aws_region.get()),
            "aws:currenttime" | "aws:epochtime" => EventKey::or_nothing(event.event_time.get()),
            "aws:useragent" => EventKey::or_nothing(event.user_agent.get()),
            "aws:securetransport" if event.tls_details.is_some() => EventKey::truth(true),
            "aws:resourceaccount" => EventKey::or_nothing(event.resource_account().filter(|id| is_account_id(id))),
            "aws:resourceorgid" => self.organization_of(event.resource_account()),
            "aws:resourceorgpaths" => self.path_of(event.resource_account()),
            key if NETWORK_KEYS.contains(&key) => of_network(event, key),
            _ => EventKey::Nothing,
        }
    }

    /// The resource, where the event names one.
    pub fn resource(self, action: &str) -> Option<String> {
        let event = self.event;
        if action.starts_with("s3:") {
            return object_or_bucket(event, action);
        }
        if action == "sts:AssumeRole" {
            return event.parameters().role_arn.get().map(Cow::into_owned);
        }
        match event.resources().as_slice() {
            [only] => only.arn.get().map(Cow::into_owned),
            _ => None,
        }
    }

    /// The organization's id for an account of it; that of any account outside is another one, or none.
    fn organization_of(self, account: Option<Cow<'_, str>>) -> EventKey<'e> {
        let known = account.filter(|id| is_account_id(id)).zip(self.policies.organization());
        known.map_or(EventKey::Nothing, |(account, organization)| {
            if self.policies.has(&account) {
                EventKey::Value(Cow::Borrowed(organization))
            } else {
                EventKey::Foreign(organization)
            }
        })
    }

    /// The path of an account of the organization, as far as it is known.
    fn path_of(self, account: Option<Cow<'_, str>>) -> EventKey<'e> {
        match self.organization_of(account.clone()) {
            EventKey::Value(_) => {
                EventKey::or_nothing(account.and_then(|id| self.policies.path_of(&id)).map(Cow::Borrowed))
            }
            other => other,
        }
    }
}

/// What is reported in the keys of a service that makes a call for itself.
fn of_service<'e>(key: &str, name: Option<Cow<'e, str>>) -> Option<EventKey<'e>> {
    Some(match key {
        "aws:principalisawsservice" => EventKey::truth(true),
        "aws:principalservicename" => EventKey::or_nothing(name),
        "aws:viaawsservice" => EventKey::truth(false),
        "aws:principalarn" | "aws:principalorgid" | "aws:principalorgpaths" | "aws:username" => EventKey::Absent,
        "aws:multifactorauthpresent" | "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => EventKey::Absent,
        "aws:principalaccount" | "aws:principaltype" | "aws:userid" => EventKey::Nothing,
        key if NETWORK_KEYS.contains(&key) => EventKey::Nothing,
        _ => return None,
    })
}

/// What is reported in the keys of a principal where there is none.
fn of_no_one<'e>(key: &str) -> Option<EventKey<'e>> {
    Some(match key {
        "aws:principalarn" | "aws:principalorgid" | "aws:principalorgpaths" | "aws:username" => EventKey::Absent,
        "aws:multifactorauthpresent" | "aws:calledvia" | "aws:calledviafirst" | "aws:calledvialast" => EventKey::Absent,
        "aws:principalisawsservice" => EventKey::Absent,
        "aws:viaawsservice" => EventKey::truth(false),
        "aws:principalaccount" | "aws:principaltype" | "aws:userid" => EventKey::Nothing,
        _ => return None,
    })
}

/// The keys that show from where a call came.
const NETWORK_KEYS: [&str; 5] =
    ["aws:sourceip", "aws:vpcsourceip", "aws:sourcevpce", "aws:sourcevpc", "aws:vpceaccount"];

/// What is reported in a key of the network. A call through a VPC endpoint has the address within the VPC and no other, any other
/// call has a public address
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourceip>). Not
/// every service logs the endpoint, so that an address that is not public may be of a call through one; where the address is
/// the name of a service, or `AWS Internal`, none is reported.
fn of_network<'e>(event: &Event<'e>, key: &str) -> EventKey<'e> {
    let address = event.source_ip_address.get().and_then(|text| Some((text.parse::<IpAddr>().ok()?, text)));
    let is_public = address.as_ref().is_some_and(|(address, _)| is_public(*address));
    let address = EventKey::or_nothing(address.map(|(_, text)| text));
    match (event.vpc_endpoint_id.get(), key) {
        (Some(endpoint), "aws:sourcevpce") => EventKey::Value(endpoint),
        (Some(_), "aws:sourceip") => EventKey::Absent,
        (Some(_), "aws:vpcsourceip") => address,
        (Some(_), "aws:vpceaccount") => EventKey::or_nothing(event.vpc_endpoint_account_id.get()),
        (None, "aws:sourceip") if is_public => address,
        (None, _) if is_public => EventKey::Absent,
        _ => EventKey::Nothing,
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(it) => {
            let [first, second, ..] = it.octets();
            let is_shared = first == 100 && (64..128).contains(&second);
            !(it.is_private() || it.is_loopback() || it.is_link_local() || it.is_unspecified() || is_shared)
        }
        IpAddr::V6(it) => {
            let is_local = it.is_unique_local() || it.is_unicast_link_local();
            !(is_local || it.is_loopback() || it.is_unspecified())
        }
    }
}

/// The object or the bucket that a call of S3 names. A copy reads the object that its parameter names.
fn object_or_bucket(event: &Event<'_>, action: &str) -> Option<String> {
    let parameters = event.parameters();
    let is_about_object = services().is_about_objects(action);
    let source = parameters.copy_source.get().filter(|_| action.starts_with("s3:GetObject"));
    let path = if let Some(source) = source {
        let path = source.trim_start_matches('/').split('?').next().unwrap_or_default().to_owned();
        // What is percent-encoded there, or is an access point, is not the key as policies know it.
        path.contains('/').then_some(path).filter(|path| !path.contains('%') && !path.starts_with("arn:"))?
    } else {
        let bucket = parameters.bucket_name.get().filter(|bucket| !bucket.starts_with("arn:"))?;
        match parameters.key.get().filter(|_| is_about_object) {
            Some(key) => format!("{bucket}/{key}"),
            None if is_about_object => return None,
            None => bucket.into_owned(),
        }
    };
    Some(format!("arn:{}:s3:::{path}", partition(event)))
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
        Some(region) if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}
