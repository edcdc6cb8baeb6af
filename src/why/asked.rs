//! The requests that a denial reports, with the policies on their way.

use landing_policy::{Asking, Assumed, Case, Denied, account_of, services};

use super::ResourceOwner;
use crate::hierarchy::Hierarchy;
use crate::model::Address;

/// What the names of Identity Center's roles begin with.
const RESERVED: &str = "AWSReservedSSO_";
/// How many digits and letters Identity Center puts behind the name of a permission set, with the `_` before them.
const SUFFIX: usize = 17;
/// The keys that belong to a principal.
const OF_PRINCIPAL: [&str; 4] = ["aws:principal", "aws:user", "aws:multifactor", "aws:sourceidentity"];

/// A denial as questions.
#[derive(Clone, Debug)]
pub(super) struct Asked<'a> {
    pub denied: &'a Denied,
    pub account: ResourceOwner,
    /// The principal, as policies see it as far as that is known.
    pub principal: String,
    region: Option<String>,
}

impl<'a> Asked<'a> {
    pub fn new(denied: &'a Denied, hierarchy: &Hierarchy, region: Option<&str>) -> Self {
        let principal = principal(denied, hierarchy);
        let account = whose(account_of(&principal), hierarchy);
        Self { denied, account, principal, region: denied.region.clone().or_else(|| region.map(str::to_owned)) }
    }

    /// The actions that the request needed.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.denied.actions.iter().map(|need| need.action.as_str())
    }

    /// The request for an action, with the policies of a tree on its way.
    pub fn case(&self, action: &str, hierarchy: &Hierarchy) -> Case {
        self.case_of(&self.principal, action, self.denied.context.clone(), hierarchy)
    }

    /// The same request of another principal, of which nothing but its ARN is known.
    pub fn case_by(&self, principal: &str, action: &str, hierarchy: &Hierarchy) -> Case {
        let is_of_principal = |key: &str| OF_PRINCIPAL.iter().any(|start| key.to_lowercase().starts_with(start));
        let context = self.denied.context.iter().filter(|(key, _)| !is_of_principal(key));
        self.case_of(principal, action, context.cloned().collect(), hierarchy)
    }

    fn case_of(
        &self,
        principal: &str,
        action: &str,
        context: Vec<(String, Vec<String>)>,
        hierarchy: &Hierarchy,
    ) -> Case {
        let region = self.region(action, hierarchy);
        let is_given = |key: &str| context.iter().any(|(given, _)| given.eq_ignore_ascii_case(key));
        let mut unknown: Vec<String> = self.denied.unknown.iter().filter(|key| !is_given(key)).cloned().collect();
        if region.is_none() && !is_given("aws:RequestedRegion") {
            unknown.push("aws:RequestedRegion".to_owned());
        }
        let resource = self.denied.resource.clone().filter(|_| self.actions().any(|own| own == action));
        let asking = Asking { principal: principal.to_owned(), action: action.to_owned(), resource, region, context };
        let mut case = hierarchy.case(&asking, &Address::management());
        case.request.context = unknown.iter().fold(case.request.context, |context, key| context.with_unknown(key));
        case
    }

    /// The region that was called, where it is known or all calls of the service go to one.
    pub fn region(&self, action: &str, hierarchy: &Hierarchy) -> Option<String> {
        self.region.clone().or_else(|| hierarchy.global_region(action))
    }

    /// The account of the resource, where it is not the principal's.
    pub fn owner(&self, hierarchy: &Hierarchy) -> Option<ResourceOwner> {
        let arn = self.denied.resource.as_deref().and_then(account_of).filter(|id| !id.is_empty());
        let reported = self.denied.context.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:ResourceAccount"));
        let id = arn.or_else(|| reported.and_then(|(_, values)| values.first()).map(String::as_str))?;
        (account_of(&self.principal) != Some(id) && id.len() == 12).then(|| whose(Some(id), hierarchy))
    }

    /// The permission set whose role it is.
    pub fn permission_set(&self) -> Option<&str> {
        permission_set(self.principal.rsplit('/').next()?)
    }

    /// What is taken to be so, and whom no policy binds.
    pub fn notes(&self, hierarchy: &Hierarchy) -> Vec<String> {
        let assumed = self.denied.assumed.iter().filter_map(|assumed| self.assumed(*assumed));
        let unknown = self
            .actions()
            .filter(|action| !services().look_up_action(action).is_found())
            .map(|action| format!("the table of AWS's names, of {}, has no action {action}", services().date()));
        assumed.map(str::to_owned).chain(unknown).chain(self.of_accounts(hierarchy)).collect()
    }

    fn assumed(&self, assumed: Assumed) -> Option<&'static str> {
        match assumed {
            Assumed::RoleWithoutPath if self.permission_set().is_some() => None,
            Assumed::RoleWithoutPath => Some("the role is taken to have no path: the ARN of a session does not say it"),
            Assumed::ResourceWithoutPath => {
                Some("the resource is taken to have no path: the message has its name alone")
            }
        }
    }

    fn of_accounts(&self, hierarchy: &Hierarchy) -> Vec<String> {
        let own = match &self.account {
            ResourceOwner::Outside(id) => Some(format!(
                "account {id} is not of this organization: no service control policy of it binds the principal"
            )),
            ResourceOwner::Management(..) => Some(
                "the principal is the management account's: no service control policy binds it, and no resource control \
                 policy its resources"
                    .to_owned(),
            ),
            ResourceOwner::NoAccount => Some("no service control policy binds the principal, which is of no account".to_owned()),
            ResourceOwner::Member(..) => None,
        };
        let owner = match self.owner(hierarchy) {
            Some(ResourceOwner::Outside(id)) => {
                Some(format!("the resource is of account {id}, which is not of this organization"))
            }
            _ => None,
        };
        own.into_iter().chain(owner).collect()
    }
}

fn whose(id: Option<&str>, hierarchy: &Hierarchy) -> ResourceOwner {
    match id.filter(|id| !id.is_empty()) {
        None => ResourceOwner::NoAccount,
        Some(id) => match hierarchy.account(id) {
            Some(account) if hierarchy.is_management(account) => {
                ResourceOwner::Management(account.clone(), id.to_owned())
            }
            Some(account) => ResourceOwner::Member(account.clone(), id.to_owned()),
            None => ResourceOwner::Outside(id.to_owned()),
        },
    }
}

/// The principal as policies see it: of a session of one of Identity Center's roles, whose paths are known, the role.
fn principal(denied: &Denied, hierarchy: &Hierarchy) -> String {
    let reported = denied.context.iter().find(|(key, _)| key.eq_ignore_ascii_case("aws:PrincipalArn"));
    let reported = reported.and_then(|(_, values)| values.first());
    let principal = reported.or(denied.principal.as_ref()).cloned().unwrap_or_default();
    role_of_session(&principal, hierarchy).unwrap_or(principal)
}

fn role_of_session(principal: &str, hierarchy: &Hierarchy) -> Option<String> {
    let (head, session) = principal.split_once(":assumed-role/")?;
    let role = session.split('/').next()?;
    let head = head.replacen(":sts:", ":iam:", 1);
    let path = hierarchy.role_of_permission_set(permission_set(role)?);
    Some(format!("{head}:role{}/{role}", path.rsplit_once('/')?.0))
}

/// `Admin` of `AWSReservedSSO_Admin_0123456789abcdef`.
pub(super) fn permission_set(role: &str) -> Option<&str> {
    let rest = role.strip_prefix(RESERVED)?;
    let end = rest.len().checked_sub(SUFFIX)?;
    let (set, suffix) = (rest.get(..end)?, rest.get(end..)?);
    (suffix.starts_with('_') && !set.is_empty()).then_some(set)
}
