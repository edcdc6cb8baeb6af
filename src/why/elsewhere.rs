//! What to look at where no policy of the organization denied a request.

use landing_policy::{DenyingPolicy, services};

use super::asked::Asked;
use super::{Verdict, World};
use crate::model::Address;

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The sentences.
    pub at: Vec<String>,
    /// Where the blueprint says it, if it does.
    pub place: Option<String>,
    /// AWS's page on it.
    pub page: &'static str,
}

const PAGE: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html";
const BOUNDARIES: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html";
const SESSIONS: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session";
const ENDPOINTS: &str = "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html";
const PUBLIC: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html";

pub(super) fn look(verdict: &Verdict, asked: &Asked<'_>, world: World<'_>) -> Option<Look> {
    let explicit = asked.denied.said.as_ref().is_some_and(|said| said.explicit);
    let said = asked.denied.said.as_ref().and_then(|said| said.policy.clone());
    let action = asked.actions().collect::<Vec<_>>().join(" and ");
    let mut look = match verdict {
        Verdict::Elsewhere(policy_type) => of_type(*policy_type, explicit, &action, asked, world),
        Verdict::NotByOrganization => anything(&action, asked, world),
        Verdict::Contradicted(_) => Look { at: Vec::new(), place: None, page: PAGE },
        Verdict::Denied | Verdict::Undecided(_) => return None,
    };
    look.at.extend(said.map(|arn| format!("AWS names the policy: {arn}")));
    (!look.at.is_empty()).then_some(look)
}

fn of_type(policy_type: DenyingPolicy, explicit: bool, action: &str, asked: &Asked<'_>, world: World<'_>) -> Look {
    let (what, page) = match policy_type {
        DenyingPolicy::IdentityBased => return identity(explicit, action, asked, world),
        DenyingPolicy::PermissionsBoundary => ("the permissions boundary of the role or user", BOUNDARIES),
        DenyingPolicy::Session => ("the session policy that was given when the role was assumed", SESSIONS),
        DenyingPolicy::VpcEndpoint => ("the policy of the VPC endpoint that the call went through", ENDPOINTS),
        DenyingPolicy::RoleTrust => ("the trust policy of the role that was to be assumed", PAGE),
        DenyingPolicy::ResourceBased => ("the policy of the resource", PAGE),
        DenyingPolicy::BlockPublicAccess => {
            ("S3 Block Public Access of the bucket, the account and the organization", PUBLIC)
        }
        DenyingPolicy::ServiceControl | DenyingPolicy::ResourceControl => ("the organization's policies", PAGE),
    };
    let resource = asked.denied.resource.as_deref().map(|arn| format!(" ({arn})")).unwrap_or_default();
    let on = matches!(policy_type, DenyingPolicy::ResourceBased | DenyingPolicy::RoleTrust).then_some(resource);
    let what = format!("{what}{}", on.unwrap_or_default());
    let how = if explicit {
        format!("look for a Deny statement that matches {action} in {what}")
    } else {
        format!("look for a missing Allow of {action} in {what}")
    };
    Look { at: vec![how], place: None, page }
}

/// The principal's own policies: those of a permission set are the blueprint's.
fn identity(explicit: bool, action: &str, asked: &Asked<'_>, world: World<'_>) -> Look {
    let verb = if explicit { "a Deny statement that matches" } else { "a missing Allow of" };
    let Some(set) = asked.permission_set() else {
        let principal = &asked.principal;
        let at = vec![format!("look for {verb} {action} in the policies of {principal} and, of a user, of its groups")];
        return Look { at, place: None, page: PAGE };
    };
    let address = world.blueprint.and_then(|(_, declared)| {
        let sets = declared.desired.of(Address::is_permission_set);
        sets.map(|wanted| &wanted.address).find(|address| address.name() == set)
    });
    let place = address.and_then(|address| {
        let declared = world.blueprint?.1;
        declared.places.get(address).filter(|place| place.is_somewhere()).map(|place| declared.sources.at(*place))
    });
    Look { at: vec![format!("look for {verb} {action} in the permission set {set}")], place, page: PAGE }
}

/// Nothing says which type it was.
fn anything(action: &str, asked: &Asked<'_>, world: World<'_>) -> Look {
    let mut look = identity(false, action, asked, world);
    let service = action.split(':').next().unwrap_or_default();
    let has_policy = services().look_up_action(action).is_found();
    let resource = asked.denied.resource.as_deref().filter(|it| *it != "*" && has_policy);
    let resource = resource.map(|arn| format!("then in the policy of the resource, if {service} has such: {arn}"));
    look.at.extend(resource);
    look.at.push("then in a permissions boundary, a session policy and the policy of a VPC endpoint".to_owned());
    look
}
