//! The request that is decided about, and what is known of its context.

use std::collections::BTreeMap;

use crate::value::Arn;

/// The principal of requests that no one signed.
pub(crate) const ANONYMOUS: &str = "anonymous";

/// A request to AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The principal as policies see it: the ARN of the role (not of its session), user or root user, or
    /// the name of a service (`cloudtrail.amazonaws.com`).
    pub principal_arn: String,
    /// The account of the principal, for principals whose ARN does not show it.
    pub account: Option<String>,
    /// Whether the principal belongs to the organization's management account, which no SCP binds.
    pub management_account: bool,
    /// The action, for example `s3:GetObject`.
    pub action: String,
    /// The ARN of the resource, `*` for an action that has none, or `None` when it is not known.
    pub resource: Option<String>,
    /// The condition keys.
    pub context: Context,
}

impl Request {
    /// A request of a member account's principal.
    ///
    /// `aws:PrincipalArn` and `aws:PrincipalAccount` are taken from the principal's ARN. That of a role's session is
    /// taken for its role's, without the path, which it does not show.
    #[must_use]
    pub fn new(principal_arn: &str, action: &str, resource: Option<&str>) -> Self {
        let role = role_of_session(principal_arn);
        let principal_arn = role.as_deref().unwrap_or(principal_arn);
        let mut context = Context::default();
        if let Some(arn) = Arn::parse(principal_arn) {
            context = context.with("aws:PrincipalArn", [principal_arn]).with("aws:PrincipalAccount", [arn.account]);
        }
        Self {
            account: None,
            principal_arn: principal_arn.to_owned(),
            management_account: false,
            action: action.to_owned(),
            resource: resource.map(str::to_owned),
            context,
        }
    }

    /// The same request to a region, for example `eu-west-1` (`aws:RequestedRegion`).
    #[must_use]
    pub fn in_region(mut self, region: &str) -> Self {
        self.context = self.context.with("aws:RequestedRegion", [region]);
        self
    }

    /// Whether SCPs attached on the way to `account` bind the principal. They bind roles, users and root
    /// users of that account
    /// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>).
    pub(super) fn is_bound_by_scps_of(&self, account: &str) -> bool {
        let own = Arn::parse(&self.principal_arn).map(|arn| arn.account).or(self.account.as_deref());
        let has_account = !self.is_of_service() && self.principal_arn != ANONYMOUS;
        let of_account = own.is_none_or(|own| own == account || !is_account_id(account)) && has_account;
        of_account && !self.management_account && !self.is_service_linked_role()
    }

    /// Whether RCPs bind the principal: all but service-linked roles
    /// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>).
    pub(super) fn is_bound_by_rcps(&self) -> bool {
        !self.is_service_linked_role()
    }

    fn is_service_linked_role(&self) -> bool {
        Arn::parse(&self.principal_arn).is_some_and(|arn| arn.resource.starts_with("role/aws-service-role/"))
    }

    /// Whether an AWS service makes it for itself.
    pub(crate) fn is_of_service(&self) -> bool {
        [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu"].iter().any(|host| self.principal_arn.ends_with(host))
    }
}

/// `arn:aws:iam::1:role/R` for `arn:aws:sts::1:assumed-role/R/session`.
fn role_of_session(arn: &str) -> Option<String> {
    let (partition, rest) = arn.strip_prefix("arn:")?.split_once(":sts::")?;
    let (account, session) = rest.split_once(":assumed-role/")?;
    let role = session.split('/').next()?;
    Some(format!("arn:{partition}:iam::{account}:role/{role}"))
}

/// Whether a text is an account's id: twelve digits.
pub(crate) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a request's condition keys hold. Names of keys ignore case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    keys: BTreeMap<String, Known>,
    unlisted: Unlisted,
}

/// Keys that every request has, whatever the question states: the time, which passes.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-currenttime>
const IN_EVERY_REQUEST: [&str; 2] = ["aws:currenttime", "aws:epochtime"];

/// What is assumed of keys that were not spoken of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unlisted {
    /// The request does not have them, but for the time, which is not known then.
    #[default]
    Absent,
    /// It is not known.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Known {
    Values(Vec<String>),
    /// No value of this organization: it is absent, or of another one.
    Foreign(String),
    Unknown,
}

/// What a key holds in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held<'a> {
    /// At least one value.
    Values(&'a [String]),
    /// It is absent, or holds what belongs to another organization than this.
    Foreign(&'a str),
    Absent,
    Unknown,
}

impl Context {
    /// The same context in which `key` holds `values`; without values the request does not have the key.
    #[must_use]
    pub fn with<S: Into<String>>(self, key: &str, values: impl IntoIterator<Item = S>) -> Self {
        self.with_folded(&key.to_lowercase(), values.into_iter().map(Into::into).collect())
    }

    /// As [`Context::with`], of a key given in lower case.
    pub(crate) fn with_folded(mut self, key: &str, values: Vec<String>) -> Self {
        self.keys.insert(key.to_owned(), Known::Values(values));
        self
    }

    /// The same context in which no one knows whether the request has `key`, and what it holds.
    #[must_use]
    pub fn with_unknown(mut self, key: &str) -> Self {
        self.keys.insert(key.to_lowercase(), Known::Unknown);
        self
    }

    /// The same context in which `key`, that of an organization or of a path in one, is that of an account outside the
    /// organization with this id: it is absent where the account is in none, and else another one that no one knows.
    #[must_use]
    pub fn with_foreign(mut self, key: &str, organization: &str) -> Self {
        self.keys.insert(key.to_lowercase(), Known::Foreign(organization.to_owned()));
        self
    }

    /// The same context with another assumption about the keys not spoken of.
    #[must_use]
    pub fn with_unlisted(mut self, unlisted: Unlisted) -> Self {
        self.unlisted = unlisted;
        self
    }

    /// What is known of a key, given in lower case.
    pub(crate) fn get(&self, key: &str) -> Held<'_> {
        match (self.keys.get(key), self.unlisted) {
            (Some(Known::Values(values)), _) if values.is_empty() => Held::Absent,
            (Some(Known::Values(values)), _) => Held::Values(values),
            (Some(Known::Foreign(organization)), _) => Held::Foreign(organization),
            (None, Unlisted::Absent) if !IN_EVERY_REQUEST.contains(&key) => Held::Absent,
            (Some(Known::Unknown), _) | (None, _) => Held::Unknown,
        }
    }
}
