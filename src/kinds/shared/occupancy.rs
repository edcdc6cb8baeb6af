//! What accounts have already that a stack is about to make, where there can be only one: a stack that meets it fails.
//! Asked is only where resources are about to be made in accounts that are there.

use landing_cloudformation::{Claim, DeploymentTarget, Unique};

use crate::cloud::AccountAccess;
use crate::facts::Look;
use crate::kinds::read::{
    self, Holder, HolderOf, Occupant, OccupantsIn, Seen, StackInstancesOf, StackTemplate, StacksIn,
};
use crate::kinds::shared::deployed::Deployed;
use crate::kinds::shared::left_over;
use crate::kinds::shared::site::{KnownDeployments, Purpose, access};
use crate::model::{
    Address, Body, Desired, Found, Held, Keep, Observed, Occupied, Presence, Refusal, Undetected, Wanted, body_name,
    body_template, dns_suffix,
};
use crate::template::{Existing, existing};

mod words;

/// The IAM actions that looking takes, in each account.
pub(in crate::kinds) const READS: [&str; 14] = [
    "access-analyzer:ListAnalyzers",
    "cloudformation:DescribeStackResources",
    "cloudtrail:DescribeTrails",
    "config:DescribeConfigurationRecorders",
    "config:DescribeDeliveryChannels",
    "guardduty:ListDetectors",
    "iam:GetOpenIDConnectProvider",
    "iam:GetPolicy",
    "iam:GetRole",
    "iam:ListRoles",
    "kms:ListAliases",
    "logs:DescribeLogGroups",
    "s3:ListAllMyBuckets",
    "securityhub:DescribeHub",
];

/// What kinds know when they are asked where they deploy.
#[derive(Debug)]
pub struct OccupancyContext<'a> {
    /// What the blueprint wants.
    pub desired: &'a Desired,
    /// The facts.
    pub look: &'a Look<'a>,
    /// What was found.
    pub observed: &'a Observed,
}

impl OccupancyContext<'_> {
    /// The id of an account that is there and open.
    pub(in crate::kinds) fn id(&self, account: &Address) -> Option<&str> {
        let is_open = *account == Address::management() || self.observed.has_open(account);
        self.observed.bindings.id(account).filter(|_| is_open && !self.observed.waiting.contains(account))
    }
}

/// A stack that is about to be made or changed in an account that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// The account.
    pub account: Address,
    /// The region.
    pub region: String,
    /// Whether it is changed from how it was found, and not made.
    pub is_there: bool,
    /// The name or the ARN of its stack, where it may be there half made: what that has is no obstacle.
    pub own_stack: String,
}

/// Reports what prevents what is wanted, which is deployed as `deployments` says. Everything else must have been
/// recognized.
pub(in crate::kinds) fn recognize(
    desired: &Desired,
    look: &Look<'_>,
    observed: &mut Observed,
    deployments: impl Fn(&Wanted, &OccupancyContext<'_>) -> Vec<Deployment>,
) {
    // What is not known yet would pass for missing, and be asked about for nothing.
    if !observed.found.contains_key(&Address::organization()) || !look.misses_nothing() {
        return;
    }
    let mut sight = OccupancyReading::default();
    let deployed = |wanted: &&Wanted| wanted.presence == Presence::Present && body_template(&wanted.body).is_some();
    for wanted in desired.resources.values().filter(deployed) {
        let resolved = Wanted { body: observed.bindings.resolve(&wanted.body), ..wanted.clone() };
        let scene = OccupancyContext { desired, look, observed };
        let deployments = deployments(&resolved, &scene);
        for deployment in &deployments {
            sight.look_at(&resolved, deployment, &scene);
        }
        sight.look_for_left_over(&resolved, &deployments, &scene);
    }
    observed.findings.occupied = sight.occupied;
    observed.findings.undetected.extend(sight.unseen);
    observed.findings.refusals.extend(sight.refusals);
}

/// What was seen, and what could not be.
#[derive(Default)]
struct OccupancyReading {
    occupied: Vec<Occupied>,
    unseen: Vec<Undetected>,
    refusals: Vec<Refusal>,
}

impl OccupancyReading {
    fn look_at(&mut self, wanted: &Wanted, deployment: &Deployment, scene: &OccupancyContext<'_>) {
        let Some(place) = Place::of(deployment, scene) else { return };
        let before = deployment.is_there.then(|| scene.observed.found.get(&wanted.address)).flatten();
        for claim in claims(wanted, before, &place) {
            match scene.look.at(place.occupants(&claim.takes)) {
                None => {}
                Some(Seen::Closed(shut)) => {
                    let why = format!("what {} has already cannot be seen: {}", place.account, shut.why);
                    self.unseen.push(Undetected { address: wanted.address.clone(), why });
                }
                Some(Seen::Open(there)) => {
                    let occupant = taken(&claim.takes, there);
                    let met = occupant.and_then(|it| collision(wanted, deployment, scene, &place, &claim, it));
                    self.occupied.extend(met);
                }
            }
        }
    }
}

impl OccupancyReading {
    /// Looks where a stack set that there has been before is about to make a stack, whether it has left one there.
    fn look_for_left_over(&mut self, wanted: &Wanted, deployments: &[Deployment], scene: &OccupancyContext<'_>) {
        if wanted.kind != "stack-set" || !has_been(&wanted.address, scene) {
            return;
        }
        let mut left = Vec::new();
        for deployment in deployments.iter().filter(|it| !it.is_there && it.own_stack.is_empty()) {
            let Some(place) = Place::of(deployment, scene) else { continue };
            let question = StacksIn { access: place.access.clone(), region: place.region.to_owned() };
            let Some(Seen::Open(stacks)) = scene.look.at(question) else { continue };
            let stack = left_over::of_set(scene.desired, &wanted.address, stacks);
            left.extend(stack.map(|stack| (format!("{} in {}", place.account, place.region), stack.id.clone())));
        }
        if !left.is_empty() {
            self.refusals.push(left_over::refusal(&wanted.address, &left));
        }
    }
}

/// Whether the blueprint's own records say that there has been a stack set of that name.
fn has_been(set: &Address, scene: &OccupancyContext<'_>) -> bool {
    let known = scene.look.at(read::DeploymentRecord(scene.desired.blueprint.clone()));
    let name = set.name();
    known.is_some_and(|known| {
        KnownDeployments::from_text(known).stack_sets().any(|it| it == name || it == KnownDeployments::ALL)
    })
}

/// One account and region, and how to get there.
struct Place<'a> {
    account: &'a Address,
    id: &'a str,
    region: &'a str,
    partition: &'a str,
    access: AccountAccess,
}

impl<'a> Place<'a> {
    fn of(deployment: &'a Deployment, scene: &OccupancyContext<'a>) -> Option<Place<'a>> {
        let Deployment { account, region, .. } = deployment;
        let id = scene.observed.bindings.id(account)?;
        let management = scene.observed.bindings.id(&Address::management());
        let access = access(scene.desired, account, id, management, Purpose::Look);
        Some(Place { account, id, region, partition: scene.desired.settings.partition(), access })
    }

    fn occupants(&self, sort: &Unique) -> OccupantsIn {
        OccupantsIn {
            access: self.access.clone(),
            account: self.id.to_owned(),
            region: self.region.to_owned(),
            sort: sort.clone(),
        }
    }

    fn template_of(&self, holder: &Holder) -> StackTemplate {
        StackTemplate { access: self.access.clone(), region: self.region.to_owned(), id: holder.stack.clone() }
    }

    fn holder(&self, occupant: &Occupant) -> HolderOf {
        HolderOf {
            access: self.access.clone(),
            account: self.id.to_owned(),
            region: self.region.to_owned(),
            id: occupant.id.clone(),
        }
    }
}

/// What the stack takes that it does not have yet.
fn claims(wanted: &Wanted, before: Option<&Found>, place: &Place<'_>) -> Vec<Claim> {
    let place = DeploymentTarget {
        account: place.id,
        region: place.region,
        partition: place.partition,
        url_suffix: dns_suffix(place.partition),
    };
    let of = |body: &Body| Deployed::of(body).version().at(&place).claims();
    let had = before.map(|found| of(&found.body)).unwrap_or_default();
    of(&wanted.body).into_iter().filter(|claim| !had.contains(claim)).collect()
}

/// Analyzers of one type for the whole organization in an account and region.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html>
const MAX_ORGANIZATION_ANALYZERS: usize = 5;

/// What of all that is there takes the place of what is claimed.
fn taken<'a>(claimed: &Unique, there: &'a [Occupant]) -> Option<&'a Occupant> {
    let called = |name: &String| there.iter().find(|occupant| occupant.id == *name);
    match claimed {
        Unique::Trail(name) | Unique::LogGroup(name) | Unique::KeyAlias(name) => called(name),
        Unique::Analyzer { analyzer_type, name } => {
            let most = match analyzer_type.as_str() {
                "ORGANIZATION" | "ORGANIZATION_UNUSED_ACCESS" => MAX_ORGANIZATION_ANALYZERS,
                _ => 1,
            };
            let of_type = || there.iter().filter(|it| it.of_type.as_ref() == Some(analyzer_type));
            let of_name = there.iter().find(|it| name.as_ref() == Some(&it.name));
            of_name.or_else(|| of_type().next().filter(|_| of_type().count() >= most))
        }
        // What AWS was asked for by name, and what exists only one of.
        _ => there.first(),
    }
}

/// What stands in the way, unless it is the stack's own.
fn collision(
    wanted: &Wanted,
    deployment: &Deployment,
    scene: &OccupancyContext<'_>,
    place: &Place<'_>,
    claim: &Claim,
    occupant: &Occupant,
) -> Option<Occupied> {
    let holder = if occupant.is_foreign { None } else { scene.look.at(place.holder(occupant))?.as_ref() };
    let of_type = |holder: &&Holder| holder.resources.iter().any(|(of_type, _)| *of_type == claim.resource_type);
    let holder = holder.filter(of_type);
    if holder.is_some_and(|holder| holder.name == deployment.own_stack || holder.stack == deployment.own_stack) {
        return None;
    }
    let reported = words::OccupantDescription { takes: &claim.takes, occupant, holder, region: place.region };
    Some(Occupied {
        address: wanted.address.clone(),
        stack: body_name(&wanted.body).unwrap_or_default().to_owned(),
        account: place.account.clone(),
        region: place.region.to_owned(),
        what: reported.what(),
        held_by: match holder {
            Some(holder) => held(holder, claim, scene, place)?,
            None => None,
        },
        keep: keep(wanted, claim, place, occupant),
        free: reported.free(),
    })
}

/// What of the blueprint's has something that is in this stack; nothing at all as long as that is not known.
fn held(holder: &Holder, claim: &Claim, scene: &OccupancyContext<'_>, place: &Place<'_>) -> Option<Option<Held>> {
    let Some(by) = owner_of(holder, scene) else { return Some(None) };
    let (_, resource) = holder.resources.iter().find(|(of_type, _)| *of_type == claim.resource_type)?;
    let template = scene.look.at(place.template_of(holder))?;
    let policy = template["Resources"][resource]["DeletionPolicy"].as_str();
    let is_retained = policy.is_some_and(|policy| policy.starts_with("Retain"));
    Some(Some(Held { by, resource: resource.clone(), is_retained }))
}

/// The stack or stack set of the blueprint's that a stack is, or is of.
fn owner_of(holder: &Holder, scene: &OccupancyContext<'_>) -> Option<Address> {
    let stack = || scene.observed.bindings.address(&holder.stack).cloned();
    let makes_it = |set: &&Found| {
        let instances = scene.look.at(StackInstancesOf(set.id.clone())).into_iter().flatten();
        instances.into_iter().any(|instance| instance.stack == holder.stack)
    };
    let mut sets = scene.observed.found.values().filter(|found| found.kind == "stack-set");
    stack().or_else(|| sets.find(makes_it).map(|found| found.address.clone()))
}

/// What the parameter `existing` holds where the occupant is to stay.
fn keep(wanted: &Wanted, claim: &Claim, place: &Place<'_>, occupant: &Occupant) -> Option<Keep> {
    if occupant.is_foreign {
        return None;
    }
    match existing(wanted.template.as_deref()?, &claim.logical_id)? {
        Existing::Place => Some(Keep::Listed(format!("${{{}}}/{}", place.account, place.region))),
        Existing::Word(word) => Some(Keep::Listed(word.to_owned())),
        Existing::Name(key) => Some(Keep::Named(key, occupant.name.clone())),
        Existing::Flag => Some(Keep::Flag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analyzers(types: &[&str]) -> Vec<Occupant> {
        let analyzer = |(nth, of_type): (usize, &&str)| Occupant {
            name: format!("a{nth}"),
            of_type: Some((*of_type).to_owned()),
            ..Occupant::default()
        };
        types.iter().enumerate().map(analyzer).collect()
    }

    #[test]
    fn an_organization_has_five_analyzers_of_a_type_an_account_one_and_none_of_a_name_that_is_there() {
        let takes = |analyzer_type: &str, name: &str| Unique::Analyzer {
            analyzer_type: analyzer_type.into(),
            name: Some(name.into()),
        };
        let four = analyzers(&["ORGANIZATION"; 4]);
        assert_eq!(taken(&takes("ORGANIZATION", "new"), &four), None);
        assert_eq!(taken(&takes("ACCOUNT", "a3"), &four), four.last());
        let five = analyzers(&["ORGANIZATION"; 5]);
        assert_eq!(taken(&takes("ORGANIZATION", "new"), &five), five.first());
        let one = analyzers(&["ACCOUNT"]);
        assert_eq!(taken(&takes("ACCOUNT", "new"), &one), one.first());
        assert_eq!(taken(&takes("ACCOUNT_UNUSED_ACCESS", "new"), &one), None);
    }

    #[test]
    fn a_name_is_taken_by_the_same_and_not_by_one_that_it_begins() {
        let group = |name: &str| Occupant { id: name.into(), ..Occupant::default() };
        let there = [group("/team/app-2")];
        assert_eq!(taken(&Unique::LogGroup("/team/app".into()), &there), None);
        assert_eq!(taken(&Unique::LogGroup("/team/app-2".into()), &there), there.first());
    }
}
