//! A question about a principal, asked of the tree.

use landing_policy::{Asking, Case, Levels, PolicyType, Request, Verdict, account_of, evaluate};

use super::Hierarchy;
use super::identity_center::SERVICE;
use crate::model::{Address, named_permission_set};

/// The services that answer in one region, wherever their callers are.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html>
const GLOBAL_SERVICES: [&str; 8] =
    ["account", "budgets", "cloudfront", "iam", "organizations", "route53", "shield", "support"];

/// A request, and whose it and its resource are, as far as they are the organization's.
struct Asked<'a> {
    request: Request,
    principal: Option<&'a Address>,
    owner: Option<&'a Address>,
}

impl Hierarchy {
    /// What the policies say to a question about a principal of an account.
    #[must_use]
    pub fn decide(&self, asking: &Asking, account: &Address) -> Verdict {
        let case = self.case(asking, account);
        evaluate(&case.levels.scps, &case.levels.rcps, &case.request)
    }

    /// The same for questions that differ in their action alone: the policies on the way are gathered once.
    #[must_use]
    pub fn decide_each(&self, askings: &[Asking], account: &Address) -> Vec<Verdict> {
        let mut levels = None;
        let mut decide = |asking: &Asking| {
            let asked = self.ask(asking, account);
            let levels = levels.get_or_insert_with(|| self.levels_of(&asked));
            evaluate(&levels.scps, &levels.rcps, &asked.request)
        };
        askings.iter().map(&mut decide).collect()
    }

    /// The question with the policies on its way, called by the name of the principal's account.
    #[must_use]
    pub fn case(&self, asking: &Asking, account: &Address) -> Case {
        let asked = self.ask(asking, account);
        let levels = self.levels_of(&asked);
        let Asked { request, principal, .. } = asked;
        let id = principal.map_or_else(|| request.principal_arn.clone(), Address::name);
        Case { id, path: String::new(), levels, request, expect: None }
    }

    fn levels_of(&self, asked: &Asked<'_>) -> Levels {
        let owner = asked.owner.filter(|account| !self.is_management(account));
        let scps = asked.principal.map(|account| self.levels(account, PolicyType::ServiceControl));
        let rcps = owner.map(|account| self.levels(account, PolicyType::ResourceControl));
        Levels { scps: scps.unwrap_or_default(), rcps: rcps.unwrap_or_default(), ..Levels::default() }
    }

    /// The question as a request.
    ///
    /// The principal may be `role/NAME`, `user/NAME`, `root` or `permission-set/NAME` of the account, an ARN in full, which then
    /// says the account, or a service. Its region is the home region, or that of the global services, unless it says
    /// another one. The resource is the account's own unless its ARN or `aws:ResourceAccount` says otherwise. It goes by TLS. What the
    /// tree shows (`aws:PrincipalOrgID`, `aws:ResourceOrgPaths` …) is known; what is given counts before it.
    #[must_use]
    pub fn request(&self, asking: &Asking, account: &Address) -> Request {
        self.ask(asking, account).request
    }

    fn ask<'a>(&'a self, asking: &Asking, account: &'a Address) -> Asked<'a> {
        let resolve = |text: &String| self.bindings.resolve_text(text);
        let principal = resolve(&self.principal(&asking.principal, account));
        let own = account_of(&principal).filter(|id| !id.is_empty());
        let account =
            own.map_or(Some(account), |id| if id == self.id(account) { Some(account) } else { self.account(id) });
        let resource = asking.resource.as_ref().map(resolve);
        let owner = self.owner(asking, resource.as_deref(), account);
        let resource_account = owner.as_deref().and_then(|id| self.account(id));
        let caller = account.filter(|_| own.is_some());
        let callers_path = caller.and_then(|account| self.organization_path(account));
        let resources_path = match resource_account {
            Some(owner) if caller == Some(owner) => callers_path.clone(),
            owner => owner.and_then(|owner| self.organization_path(owner)),
        };
        let mut context = self.organization_keys("Principal", callers_path);
        context.extend(self.organization_keys("Resource", resources_path));
        let foreign =
            self.foreign_keys(own.is_some() && account.is_none(), owner.is_some() && resource_account.is_none());
        context.push(("aws:SecureTransport".to_owned(), vec!["true".to_owned()]));
        context.extend(owner.map(|id| ("aws:ResourceAccount".to_owned(), vec![id])));
        let given = asking.context.iter().map(|(key, values)| (key.clone(), values.iter().map(resolve).collect()));
        context.extend(given);
        let is_given = |key: &str| asking.context.iter().any(|(given, _)| given.eq_ignore_ascii_case(key));
        let foreign: Vec<String> = foreign.into_iter().filter(|key| !is_given(key)).collect();
        let region = asking.region.clone().or_else(|| self.region(&asking.action));
        let asking = Asking { principal, action: asking.action.clone(), resource, region, context };
        let mut request: Request = asking.request();
        let organization = self.organization().unwrap_or_default();
        request.context = foreign.iter().fold(request.context, |context, key| context.with_foreign(key, &organization));
        request.management_account = account.is_some_and(|account| self.is_management(account));
        Asked { request, principal: account, owner: resource_account }
    }

    fn principal(&self, principal: &str, account: &Address) -> String {
        let (id, partition) = (self.id(account), &self.partition);
        if let Some(set) = named_permission_set(principal) {
            return format!("arn:{partition}:iam::{id}:role{}", self.role_of_permission_set(set));
        }
        if is_of_any_account(principal) {
            format!("arn:{partition}:iam::{id}:{principal}")
        } else {
            principal.to_owned()
        }
    }

    /// The path and name of the role that Identity Center makes for a permission set. It ends in 16 digits and letters that
    /// differ from account to account. The region is that of Identity Center's instance, and left out for us-east-1.
    /// <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
    #[must_use]
    pub fn role_of_permission_set(&self, set: &str) -> String {
        let region = self.identity_center.segment(&self.home_region);
        format!("/aws-reserved/{SERVICE}{region}AWSReservedSSO_{set}_{}", "0".repeat(16))
    }

    /// The id of the account that the resource belongs to.
    fn owner(&self, asking: &Asking, resource: Option<&str>, account: Option<&Address>) -> Option<String> {
        let is_key = |key: &str| key.eq_ignore_ascii_case("aws:ResourceAccount");
        let given = asking.context.iter().find(|(key, _)| is_key(key)).map(|(_, values)| values.first());
        match (given, resource.and_then(account_of).filter(|id| !id.is_empty())) {
            (Some(given), _) => given.map(|id| self.bindings.resolve_text(id)),
            (None, Some(id)) => Some(id.to_owned()),
            (None, None) => account.map(|account| self.id(account).to_owned()),
        }
    }

    fn region(&self, action: &str) -> Option<String> {
        let home = || Some(self.home_region.clone()).filter(|region| !region.is_empty());
        if is_global(action) { self.global_region(action) } else { home() }
    }

    /// The region in which the service of an action answers wherever its callers are; none of other services.
    #[must_use]
    pub fn global_region(&self, action: &str) -> Option<String> {
        Some(self.global_region.clone()).filter(|region| is_global(action) && !region.is_empty())
    }

    /// `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths`, or those of the resource, of an account with this path.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
    fn organization_keys(&self, of: &str, path: Option<String>) -> Vec<(String, Vec<String>)> {
        let organization = self.organization().filter(|_| path.is_some());
        let key = |name: &str, value: Option<String>| value.map(|value| (format!("aws:{of}{name}"), vec![value]));
        [key("OrgPaths", path), key("OrgID", organization)].into_iter().flatten().collect()
    }

    /// The keys that hold what belongs to another organization, or are absent, for a principal and a resource outside.
    fn foreign_keys(&self, is_principal: bool, is_resource: bool) -> Vec<String> {
        let sides = [("Principal", is_principal), ("Resource", is_resource)];
        let outside = sides.iter().filter(|(_, is_outside)| *is_outside && self.organization().is_some());
        outside.flat_map(|(of, _)| [format!("aws:{of}OrgID"), format!("aws:{of}OrgPaths")]).collect()
    }

    /// The path of an account, or of any account in a unit, as `o-exampleorgid/r-ab12/ou-ab12-11111111/`. Nothing for an
    /// account that is not in the organization.
    #[must_use]
    pub fn organization_path(&self, account: &Address) -> Option<String> {
        let id = |address: &Address| self.bindings.id(address).unwrap_or(address.as_str()).to_owned();
        let places = self.unit_of(account)?.path();
        let path: String = places.iter().map(|place| format!("{}/", id(place))).collect();
        Some(format!("{}/{path}", self.organization()?))
    }

    /// The permission sets that are known to be there.
    pub fn permission_sets(&self) -> impl Iterator<Item = String> {
        let sets = self.bindings.iter().map(|(address, _)| address).filter(|it| it.is_permission_set());
        sets.map(Address::name)
    }
}

fn is_global(action: &str) -> bool {
    let service = action.split(':').next().unwrap_or_default();
    GLOBAL_SERVICES.contains(&service.to_ascii_lowercase().as_str())
}

/// Whether a principal is called the same in every account, by the last part of its ARN: `role/NAME`, `user/NAME` or `root`.
#[must_use]
pub fn is_of_any_account(principal: &str) -> bool {
    principal == "root" || principal.starts_with("role/") || principal.starts_with("user/")
}
