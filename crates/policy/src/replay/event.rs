//! What is read of one CloudTrail event
//! (<https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>).

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::evaluate::is_account_id;
use crate::value::Arn;

/// One event.
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
    pub vpc_endpoint_account_id: Text<'a>,
    #[serde(borrow)]
    pub error_message: Text<'a>,
    #[serde(borrow)]
    pub error_code: Text<'a>,
    pub tls_details: Option<IgnoredAny>,
    #[serde(borrow)]
    pub user_identity: Option<UserIdentity<'a>>,
    #[serde(borrow)]
    pub recipient_account_id: Text<'a>,
    #[serde(borrow)]
    request_parameters: Option<&'a RawValue>,
    #[serde(borrow)]
    resources: Option<&'a RawValue>,
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
    #[serde(borrow, rename = "x-amz-copy-source")]
    pub copy_source: Text<'a>,
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

    /// The request's parameters as they are written.
    pub fn written_parameters(&self) -> &'a str {
        self.request_parameters.map(RawValue::get).unwrap_or_default()
    }

    /// Whether it is what CloudTrail writes about a call. Events of services may lack an identity; notifications of services
    /// have members of the same names.
    pub fn is_of_cloudtrail(&self) -> bool {
        let is_named =
            self.event_name.get().is_some() && self.event_source.get().is_some_and(|it| !it.starts_with("aws:"));
        is_named && (self.user_identity.is_some() || self.event_type.is("AwsServiceEvent"))
    }

    /// Whether the call failed.
    pub fn has_failed(&self) -> bool {
        self.error_code.is_there()
    }

    /// Who made the call.
    pub fn caller(&self) -> Caller<'a> {
        let Some(identity) = &self.user_identity else { return Caller::Service(None) };
        let kind = identity.identity_type.get();
        let invoked_by = || identity.invoked_by.get();
        match kind.as_deref() {
            Some("AWSService") => Caller::Service(invoked_by()),
            None if invoked_by().is_some() => Caller::Service(invoked_by()),
            Some("SAMLUser" | "WebIdentityUser") => Caller::Anonymous,
            _ if identity.is_anonymous() => Caller::Anonymous,
            _ => Caller::Principal,
        }
    }

    /// Whether it failed because an organization's policy denies it.
    pub fn is_denied_by_policy(&self) -> bool {
        let names = ["service control policy", "resource control policy"];
        self.error_message.get().is_some_and(|message| names.iter().any(|name| message.contains(name)))
    }

    /// `aws:PrincipalArn`: that of the role and not of its session, and that of a federated user and not of who asked for its
    /// session. Nothing where the event does not show it, as where only the session of a role is named: its ARN lacks the
    /// role's path
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn>,
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>).
    pub fn principal_arn(&self) -> Option<Cow<'a, str>> {
        let identity = self.user_identity.as_ref()?;
        let issuer = identity.session_context.as_ref().and_then(|session| session.session_issuer.as_ref());
        let role = issuer.and_then(|issuer| issuer.arn.get()).filter(|arn| arn.contains(":role/"));
        role.or_else(|| identity.arn.get().filter(|arn| !arn.contains(":assumed-role/")))
    }

    /// What the principal is called: its ARN, or what comes nearest to it.
    pub fn principal(&self) -> Cow<'a, str> {
        let identity = self.user_identity.as_ref();
        let named =
            || identity.and_then(|it| it.arn.get().or_else(|| it.invoked_by.get()).or_else(|| it.principal_id.get()));
        self.principal_arn().or_else(named).unwrap_or_default()
    }

    /// The principal's account.
    pub fn account(&self) -> Option<Cow<'a, str>> {
        let identity = self.user_identity.as_ref()?;
        let of_arn = || account_of_arn(&identity.arn.get()?);
        identity.account_id.get().filter(|id| is_account_id(id)).or_else(|| of_arn().map(Cow::Owned))
    }

    /// The account of the resources, where the event names them.
    pub fn resource_account(&self) -> Option<Cow<'a, str>> {
        let resources = self.resources();
        let named = resources.iter().find_map(|resource| resource.account_id.get());
        let of_arn = |resource: &Resource<'a>| account_of_arn(&resource.arn.get()?);
        named.or_else(|| resources.iter().find_map(of_arn).map(Cow::Owned))
    }
}

/// Who made a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Caller<'a> {
    /// A user, a role, or another identity of an account.
    Principal,
    /// A service for itself, with its name as `cloudtrail.amazonaws.com`.
    Service(Option<Cow<'a, str>>),
    /// The sender of an anonymous request or signed in by SAML or OpenID Connect: no principal of an account.
    Anonymous,
}

impl UserIdentity<'_> {
    /// Anonymous requests are logged as those of an account that is none
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html>).
    fn is_anonymous(&self) -> bool {
        let is = |text: Text<'_>| text.get().is_some_and(|text| matches!(&*text, "ANONYMOUS_PRINCIPAL" | "anonymous"));
        is(self.account_id) || is(self.principal_id)
    }
}

fn account_of_arn(arn: &str) -> Option<String> {
    Arn::parse(arn).map(|arn| arn.account.to_owned()).filter(|id| is_account_id(id))
}

/// A text, or nothing where there is something else, read when someone asks for it.
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

    /// Whether there is something, be it empty.
    pub fn is_there(self) -> bool {
        self.0.is_some()
    }

    /// Whether it is this text.
    pub fn is(self, text: &str) -> bool {
        self.get().as_deref() == Some(text)
    }
}

/// What a part of an event holds, read when someone asks for it; nothing if it is of another form.
fn read<'a, T: Default + Deserialize<'a>>(part: Option<&'a RawValue>) -> T {
    part.and_then(|part| serde_json::from_str(part.get()).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
