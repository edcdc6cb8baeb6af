//! What is read of one CloudTrail event
//! (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>).

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::policy::value::Arn;

/// One event, or one digest file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Event<'a> {
    #[serde(borrow)]
    pub event_source: Text<'a>,
    #[serde(borrow)]
    pub event_name: Text<'a>,
    #[serde(borrow, rename = "eventID")]
    pub event_id: Text<'a>,
    #[serde(borrow)]
    pub event_type: Text<'a>,
    #[serde(borrow)]
    pub event_time: Text<'a>,
    #[serde(borrow)]
    pub aws_region: Text<'a>,
    #[serde(borrow, rename = "sourceIPAddress")]
    pub source_ip_address: Text<'a>,
    #[serde(borrow)]
    pub user_agent: Text<'a>,
    #[serde(borrow)]
    pub vpc_endpoint_id: Text<'a>,
    #[serde(borrow)]
    pub error_message: Text<'a>,
    pub error_code: Option<IgnoredAny>,
    pub tls_details: Option<IgnoredAny>,
    #[serde(borrow)]
    pub user_identity: Option<UserIdentity<'a>>,
    #[serde(borrow)]
    pub recipient_account_id: Text<'a>,
    #[serde(borrow)]
    request_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    resources: Option<&'a RawValue>,
    digest_start_time: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct UserIdentity<'a> {
    #[serde(borrow, rename = "type")]
    pub identity_type: Text<'a>,
    #[serde(borrow)]
    pub arn: Text<'a>,
    #[serde(borrow)]
    pub account_id: Text<'a>,
    #[serde(borrow)]
    pub principal_id: Text<'a>,
    #[serde(borrow)]
    pub user_name: Text<'a>,
    #[serde(borrow)]
    pub invoked_by: Text<'a>,
    #[serde(borrow)]
    pub session_context: Option<SessionContext<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SessionContext<'a> {
    #[serde(borrow)]
    pub session_issuer: Option<SessionIssuer<'a>>,
    #[serde(borrow)]
    pub attributes: Option<Attributes<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SessionIssuer<'a> {
    #[serde(borrow)]
    pub arn: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Attributes<'a> {
    #[serde(borrow)]
    pub mfa_authenticated: Text<'a>,
}

/// Of the request's parameters, those that name the resource.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Parameters<'a> {
    #[serde(borrow)]
    pub bucket_name: Text<'a>,
    #[serde(borrow)]
    pub key: Text<'a>,
    #[serde(borrow)]
    pub role_arn: Text<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Resource<'a> {
    #[serde(borrow, rename = "ARN")]
    pub arn: Text<'a>,
    #[serde(borrow)]
    pub account_id: Text<'a>,
}

impl<'a> Event<'a> {
    /// The request's parameters.
    pub fn parameters(&self) -> Parameters<'a> {
        read(self.request_parameters)
    }

    /// The resources that the event names.
    pub fn resources(&self) -> Vec<Resource<'a>> {
        read(self.resources)
    }

    /// Whether it is no event but a file of hashes of logs.
    pub fn is_digest(&self) -> bool {
        self.digest_start_time.is_some()
    }

    /// Whether a service made the call by itself.
    pub fn is_of_service(&self) -> bool {
        let by_service = self.user_identity.as_ref().is_some_and(|identity| {
            let kind = identity.identity_type.get();
            kind.as_deref() == Some("AWSService") || (kind.is_none() && identity.invoked_by.get().is_some())
        });
        by_service || self.event_type.is("AwsServiceEvent")
    }

    /// Whether it failed because an organization's policy denies it.
    pub fn is_denied_by_policy(&self) -> bool {
        let names = ["service control policy", "resource control policy"];
        self.error_message.get().is_some_and(|message| names.iter().any(|name| message.contains(name)))
    }

    /// The principal's ARN as policies see it: the role's, not that of its session.
    pub fn principal(&self) -> Option<Cow<'a, str>> {
        let identity = self.user_identity.as_ref()?;
        let issuer = identity.session_context.as_ref().and_then(|session| session.session_issuer.as_ref());
        issuer.and_then(|issuer| issuer.arn.get()).or_else(|| identity.arn.get())
    }

    /// The principal's account.
    pub fn account(&self) -> Option<Cow<'a, str>> {
        self.user_identity.as_ref()?.account_id.get()
    }

    /// The account of the resources, where the event names them.
    pub fn resource_account(&self) -> Option<Cow<'a, str>> {
        let resources = self.resources();
        let of_arn = |resource: &Resource<'a>| Some(Arn::parse(&resource.arn.get()?)?.account.to_owned());
        let named = resources.iter().find_map(|resource| resource.account_id.get());
        named.or_else(|| resources.iter().find_map(of_arn).filter(|id| !id.is_empty()).map(Cow::Owned))
    }
}

/// A text, or nothing where there is something else, read when somebody asks for it.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] Option<&'a RawValue>);

impl<'a> Text<'a> {
    /// The text, unless it is empty.
    pub fn get(self) -> Option<Cow<'a, str>> {
        let written = self.0?.get();
        let inside = written.strip_prefix('"')?.strip_suffix('"')?;
        if inside.contains('\\') {
            return serde_json::from_str(written).ok().map(Cow::Owned);
        }
        (!inside.is_empty()).then_some(Cow::Borrowed(inside))
    }

    /// Whether it is this text.
    pub fn is(self, text: &str) -> bool {
        self.get().as_deref() == Some(text)
    }
}

/// What a part of an event holds, read when somebody asks for it; nothing if it is of another form.
fn read<'a, T: Default + Deserialize<'a>>(part: Option<&'a RawValue>) -> T {
    part.and_then(|part| serde_json::from_str(part.get()).ok()).unwrap_or_default()
}
