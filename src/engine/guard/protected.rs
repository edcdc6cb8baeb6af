//! Who must be able to go on working in an account, whatever a plan attaches to it.

use std::collections::{BTreeMap, BTreeSet};

use landing_policy::{Asking, Request};
use serde_json::Value;

use super::super::reach::units;
use super::Guarded;
use crate::hierarchy::Hierarchy;
use crate::kinds::resource::{access_role, managed_policies, resources_of};
use crate::kinds::{OfKind, of_role};
use crate::model::{
    Address, Body, CONTROL_TOWER_EXECUTION, Presence, Role, STACK_SETS_ROLE, Wanted, permission_set_principal,
};

/// What landing's roles and those for emergencies must be able to do: render stacks and repair.
const MUST_WORK: [&str; 4] = [
    "cloudformation:DescribeStacks",
    "cloudformation:CreateChangeSet",
    "cloudformation:ExecuteChangeSet",
    "iam:CreateRole",
];

/// What the role of stack sets must be able to do.
const STACK_SETS_MUST_WORK: [&str; 3] =
    ["cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"];

/// What an administrator who comes through Identity Center must be able to do: see what is there, so as to repair it.
const ADMINISTRATORS_MUST_WORK: [&str; 3] =
    ["cloudformation:DescribeStacks", "cloudtrail:LookupEvents", "iam:ListRoles"];

/// What AWS Control Tower's roles must be able to do in enrolled accounts: set up and repair what its controls need, deliver what AWS
/// Config records, pass notices on.
const CONTROL_TOWER_MUST_WORK: [(&str, &[&str]); 3] = [
    (
        CONTROL_TOWER_EXECUTION,
        &[
            "cloudformation:CreateStack",
            "cloudformation:UpdateStack",
            "cloudformation:DeleteStack",
            "config:PutConfigurationRecorder",
            "iam:CreateRole",
        ],
    ),
    ("aws-controltower-ConfigRecorderRole", &["s3:PutObject"]),
    ("aws-controltower-ForwardSnsNotificationRole", &["sns:Publish"]),
];

/// A request that must not be denied any more than it is, and who makes it, as people know them.
#[derive(Debug)]
pub(super) struct Protected {
    pub who: String,
    pub request: Request,
}

/// What is deployed and assigned in accounts, gathered once and looked up for each account.
pub(super) struct InAccounts<'a> {
    /// The bodies of stack sets, each with the units that it reaches.
    stack_sets: Vec<(Vec<&'a Address>, &'a Body)>,
    /// The names of the permission sets of administrators that are assigned, by account.
    administrators: BTreeMap<Address, BTreeSet<String>>,
    /// The stacks that are wanted, by account.
    stacks: BTreeMap<&'a Address, Vec<&'a Wanted>>,
}

impl<'a> InAccounts<'a> {
    pub fn of(guarded: &Guarded<'a>) -> InAccounts<'a> {
        let mut stacks: BTreeMap<&Address, Vec<&Wanted>> = BTreeMap::new();
        for stack in of_role(guarded.desired, Role::Stack) {
            stack.parent.iter().for_each(|account| stacks.entry(account).or_default().push(stack));
        }
        InAccounts { stack_sets: stack_sets(guarded), administrators: administrators(guarded), stacks }
    }
}

/// Everything that is protected in a member account.
pub(super) fn protected(
    guarded: &Guarded<'_>,
    there: &InAccounts<'_>,
    hierarchy: &Hierarchy,
    account: &Address,
) -> Vec<Protected> {
    let mut all = Vec::new();
    let mut protect = |who: String, principal: &str, actions: &[&str]| {
        all.extend(actions.iter().map(|action| Protected {
            who: who.clone(),
            request: request(hierarchy, account, principal, action, None),
        }));
    };
    for role in roles(guarded, account) {
        protect(format!("role {role}"), &format!("role/{role}"), &MUST_WORK);
    }
    if let Some(actions) = stack_sets_actions(guarded, there, account) {
        let role = format!("role/{}", STACK_SETS_ROLE.replace('*', &"0".repeat(32)));
        protect(format!("role {STACK_SETS_ROLE}"), &role, &actions);
    }
    for (role, actions) in CONTROL_TOWER_MUST_WORK.into_iter().filter(|_| is_enrolled(guarded, account)) {
        protect(format!("AWS Control Tower's role {role}"), &format!("role/{role}"), actions);
    }
    for set in there.administrators.get(account).into_iter().flatten() {
        protect(format!("permission set {set}"), &permission_set_principal(set), &ADMINISTRATORS_MUST_WORK);
    }
    all.extend(entrances(guarded, hierarchy, account));
    all.extend(deliveries(there, hierarchy, account));
    all
}

fn request(
    hierarchy: &Hierarchy,
    account: &Address,
    principal: &str,
    action: &str,
    resource: Option<String>,
) -> Request {
    let asking = Asking { principal: principal.into(), action: action.into(), resource, ..Asking::default() };
    hierarchy.request(&asking, account)
}

/// Landing's own roles and those for emergencies, by name.
fn roles(guarded: &Guarded<'_>, account: &Address) -> Vec<String> {
    let settings = &guarded.desired.settings;
    own_roles(guarded, account).into_iter().chain(settings.break_glass_roles.iter().cloned()).collect()
}

fn own_roles(guarded: &Guarded<'_>, account: &Address) -> Vec<String> {
    let settings = &guarded.desired.settings;
    let access = access_role(guarded.desired, account);
    let apply = settings.roles.iter().map(|roles| roles.apply.clone());
    std::iter::once(access).chain(apply).filter(|role| !role.is_empty()).collect()
}

/// Whether the account is in a unit that is registered with Control Tower.
fn is_enrolled(guarded: &Guarded<'_>, account: &Address) -> bool {
    let unit = guarded.places.before.get(account).and_then(|unit| guarded.observed.bindings.id(unit));
    let tower = guarded.observed.control_tower.as_ref();
    unit.zip(tower).is_some_and(|(unit, tower)| tower.registered.contains(unit))
}

/// Every stack set that is wanted or there.
fn stack_sets<'a>(guarded: &Guarded<'a>) -> Vec<(Vec<&'a Address>, &'a Body)> {
    let wanted = of_role(guarded.desired, Role::StackSet).map(|wanted| (units(&wanted.needs).collect(), &wanted.body));
    let found = guarded.observed.found.values().filter(|found| found.is_a(Role::StackSet));
    wanted.chain(found.map(|found| (units(&found.attached_to).collect(), &found.body))).collect()
}

/// What the role of stack sets needs in an account that they reach.
fn stack_sets_actions(guarded: &Guarded<'_>, there: &InAccounts<'_>, account: &Address) -> Option<Vec<&'static str>> {
    let place = guarded.places.after.get(account)?;
    let reaching = there.stack_sets.iter().filter(|(units, _)| units.iter().any(|unit| place.is_below(unit)));
    let bodies: Vec<&Body> = reaching.map(|(_, body)| *body).collect();
    if bodies.is_empty() {
        return None;
    }
    let makes_roles = bodies.iter().any(|body| resources_of(body, "AWS::IAM::Role").next().is_some());
    Some(STACK_SETS_MUST_WORK.into_iter().chain(makes_roles.then_some("iam:CreateRole")).collect())
}

/// The permission sets with AWS's policy AdministratorAccess that are assigned, by account.
fn administrators(guarded: &Guarded<'_>) -> BTreeMap<Address, BTreeSet<String>> {
    let wanted = guarded.desired.resources.values();
    let wanted = wanted.filter(|wanted| wanted.presence == Presence::Present).map(|wanted| &wanted.address);
    let mut is_one: BTreeMap<Address, bool> = BTreeMap::new();
    let mut administrators: BTreeMap<Address, BTreeSet<String>> = BTreeMap::new();
    for (set, _, account) in wanted.chain(guarded.observed.found.keys()).filter_map(Address::assigned) {
        if *is_one.entry(set.clone()).or_insert_with(|| is_administrators(guarded, &set)) {
            administrators.entry(account).or_default().insert(set.name());
        }
    }
    administrators
}

fn is_administrators(guarded: &Guarded<'_>, set: &Address) -> bool {
    let found = || guarded.observed.found.get(set).map(|found| &found.body);
    let body = guarded.desired.get(set).map(|wanted| &wanted.body).or_else(found);
    let is_all = |policy: &str| policy.rsplit('/').next() == Some("AdministratorAccess");
    body.is_some_and(|body| managed_policies(body).any(is_all))
}

/// Landing enters its roles from the management account, which resource control policies of the roles' account may stop.
fn entrances(guarded: &Guarded<'_>, hierarchy: &Hierarchy, account: &Address) -> Vec<Protected> {
    let Some(management) = guarded.places.management() else { return Vec::new() };
    let partition = guarded.desired.settings.partition();
    let caller = format!("arn:{partition}:iam::{}:role/landing", hierarchy.id(management));
    let enter = |role: String| Protected {
        who: format!("the management account, to enter role {role},"),
        request: {
            let resource = format!("arn:{partition}:iam::{}:role/{role}", hierarchy.id(account));
            request(hierarchy, account, &caller, "sts:AssumeRole", Some(resource))
        },
    };
    own_roles(guarded, account).into_iter().map(enter).collect()
}

/// AWS's services that the account's stacks let write into their buckets, and use their keys for it.
fn deliveries(there: &InAccounts<'_>, hierarchy: &Hierarchy, account: &Address) -> Vec<Protected> {
    let stacks = there.stacks.get(account).into_iter().flatten();
    let policies = stacks.flat_map(|stack| {
        let of_buckets =
            resources_of(&stack.body, "AWS::S3::BucketPolicy").map(|it| (&it["PolicyDocument"], "s3:PutObject"));
        let of_keys = resources_of(&stack.body, "AWS::KMS::Key").map(|it| (&it["KeyPolicy"], "kms:GenerateDataKey"));
        of_buckets.chain(of_keys)
    });
    let mut found: Vec<(String, &str)> = policies
        .flat_map(|(policy, action)| services_in(policy).into_iter().map(move |service| (service, action)))
        .collect();
    found.sort();
    found.dedup();
    let deliver = |(service, action): (String, &str)| {
        let context = vec![("aws:SourceOrgID".to_owned(), vec!["${organization}".to_owned()])];
        let asking = Asking { principal: service.clone(), action: action.into(), context, ..Asking::default() };
        Protected { request: hierarchy.request(&asking, account), who: service }
    };
    found.into_iter().map(deliver).collect()
}

/// The services that a resource's policy allows something.
fn services_in(policy: &Value) -> Vec<String> {
    let statements = policy["Statement"].as_array().into_iter().flatten();
    let services = statements.filter(|it| it["Effect"] == "Allow").map(|it| &it["Principal"]["Service"]);
    let texts = services.flat_map(|named| match named {
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect::<Vec<_>>(),
    });
    texts.map(str::to_owned).collect()
}
