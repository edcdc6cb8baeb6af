//! A request as someone asks about it, with what follows from it.

use crate::evaluate::ANONYMOUS;
use crate::value::Arn;
use crate::{Context, Request, Unlisted};

/// The keys that only principals of accounts have.
const NOT_OF_A_PRINCIPAL: [&str; 4] =
    ["aws:PrincipalArn", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:username"];
const NONE: [&str; 0] = [];

/// A question: may this principal do this there?
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asking {
    /// The principal's ARN, or a service such as `cloudtrail.amazonaws.com`.
    pub principal: String,
    /// The action, such as `s3:GetObject`.
    pub action: String,
    /// The resource's ARN, if it is known.
    pub resource: Option<String>,
    /// The region that is called, if it is known.
    pub region: Option<String>,
    /// Condition keys and their values; without values, the request does not have the key.
    pub context: Vec<(String, Vec<String>)>,
}

impl Asking {
    /// The request, as the principal itself makes it.
    ///
    /// From its ARN follow `aws:PrincipalArn`, `aws:PrincipalAccount` and `aws:PrincipalType`; from the resource's ARN
    /// `aws:ResourceAccount`; and since no service makes the call for the principal, `aws:ViaAWSService` and
    /// `aws:PrincipalIsAWSService` are false. A service belongs to no organization, and neither do anonymous requests, which are
    /// asked about by the principal `anonymous`
    /// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>). What is given
    /// counts before what follows, and all other keys are not known.
    #[must_use]
    pub fn request(&self) -> Request {
        let mut request = Request::new(&self.principal, &self.action, self.resource.as_deref());
        let is_of_service = request.is_of_service();
        let mut context = request.context.with_unlisted(Unlisted::Unknown);
        if let Some(arn) = Arn::parse(&self.principal) {
            context = context.with("aws:PrincipalIsAWSService", ["false"]).with("aws:ViaAWSService", ["false"]);
            context = context.with("aws:PrincipalType", principal_type(arn.resource));
        }
        if self.principal == ANONYMOUS {
            context = NOT_OF_A_PRINCIPAL.iter().fold(context, |context, key| context.with(key, NONE));
            context = context.with("aws:PrincipalIsAWSService", NONE).with("aws:ViaAWSService", ["false"]);
            context = context.with("aws:PrincipalType", ["Anonymous"]);
            context = context.with("aws:PrincipalAccount", [ANONYMOUS]).with("aws:userid", [ANONYMOUS]);
        }
        if is_of_service {
            context = NOT_OF_A_PRINCIPAL.iter().fold(context, |context, key| context.with(key, NONE));
            context = context.with("aws:PrincipalIsAWSService", ["true"]).with("aws:ViaAWSService", ["false"]);
            context = context.with("aws:PrincipalServiceName", [self.principal.as_str()]);
        }
        let resource = self.resource.as_deref().and_then(Arn::parse);
        if let Some(arn) = resource.filter(|arn| !arn.account.is_empty()) {
            context = context.with("aws:ResourceAccount", [arn.account]);
        }
        if let Some(region) = &self.region {
            context = context.with("aws:RequestedRegion", [region.as_str()]);
        }
        request.context = self.context.iter().fold(context, with_given);
        request
    }
}

fn with_given(context: Context, (key, values): &(String, Vec<String>)) -> Context {
    context.with(key, values.iter().map(String::as_str))
}

fn principal_type(resource: &str) -> Option<&'static str> {
    match resource.split('/').next() {
        Some("root") => Some("Account"),
        Some("user") => Some("User"),
        Some("role" | "assumed-role") => Some("AssumedRole"),
        Some("federated-user") => Some("FederatedUser"),
        _ => None,
    }
}
