//! Who must be able to go on working in an account, whatever a plan attaches to it.

use landing_policy::{Asking, Request};
use serde_json::Value;

use super::super::reach::units;
use super::Guarded;
use crate::hierarchy::Hierarchy;
use crate::kinds::resource::{access_role, managed_policies, resources_of};
use crate::kinds::{OfKind, of_role};
use crate::model::{Address, Body, CONTROL_TOWER_EXECUTION, Presence, Role, STACK_SETS_ROLE, permission_set_principal};

/// What landing's roles and those for emergencies must be able to do: render stacks and mend.
const MUST_WORK: [&str; 4] = [
    "cloudformation:DescribeStacks",
    "cloudformation:CreateChangeSet",
    "cloudformation:ExecuteChangeSet",
    "iam:CreateRole",
];

/// What the role of stack sets must be able to do.
const STACK_SETS_MUST_WORK: [&str; 3] =
    ["cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"];

/// What an administrator who comes through Identity Center must be able to do: see what is there, so as to mend it.
const ADMINISTRATORS_MUST_WORK: [&str; 3] =
    ["cloudformation:DescribeStacks", "cloudtrail:LookupEvents", "iam:ListRoles"];

/// What AWS Control Tower's roles must be able to do in enrolled accounts: set up and mend what its controls need, deliver what AWS
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

/// Everything that is protected in a member account.
pub(super) fn protected(guarded: &Guarded<'_>, hierarchy: &Hierarchy, account: &Address) -> Vec<Protected> {
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
    if let Some(actions) = stack_sets_actions(guarded, account) {
        let role = format!("role/{}", STACK_SETS_ROLE.replace('*', &"0".repeat(32)));
        protect(format!("role {STACK_SETS_ROLE}"), &role, &actions);
    }
    for (role, actions) in CONTROL_TOWER_MUST_WORK.into_iter().filter(|_| is_enrolled(guarded, account)) {
        protect(format!("AWS Control Tower's role {role}"), &format!("role/{role}"), actions);
    }
    for set in administrators(guarded, account) {
        protect(format!("permission set {set}"), &permission_set_principal(&set), &ADMINISTRATORS_MUST_WORK);
    }
    all.extend(entrances(guarded, hierarchy, account));
    all.extend(deliveries(guarded, hierarchy, account));
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

/// What the role of stack sets needs in an account that they reach.
fn stack_sets_actions(guarded: &Guarded<'_>, account: &Address) -> Option<Vec<&'static str>> {
    let place = guarded.places.after.get(account)?;
    let reaches = |needs: &[Address]| units(needs).any(|unit| place.is_below(unit));
    let wanted =
        of_role(guarded.desired, Role::StackSet).filter(|wanted| reaches(&wanted.needs)).map(|wanted| &wanted.body);
    let found = guarded.observed.found.values().filter(|found| found.is_a(Role::StackSet) && reaches(&found.hangs_on));
    let bodies: Vec<&Body> = wanted.chain(found.map(|found| &found.body)).collect();
    if bodies.is_empty() {
        return None;
    }
    let makes_roles = bodies.iter().any(|body| resources_of(body, "AWS::IAM::Role").next().is_some());
    Some(STACK_SETS_MUST_WORK.into_iter().chain(makes_roles.then_some("iam:CreateRole")).collect())
}

/// The permission sets with AWS's policy AdministratorAccess that somebody has in the account.
fn administrators(guarded: &Guarded<'_>, account: &Address) -> Vec<String> {
    let wanted = guarded.desired.resources.values();
    let wanted = wanted.filter(|wanted| wanted.presence == Presence::Present).map(|wanted| &wanted.address);
    let assigned = wanted.chain(guarded.observed.found.keys()).filter_map(Address::assigned);
    let sets = assigned.filter(|(_, _, place)| place == account).map(|(set, _, _)| set);
    let mut sets: Vec<Address> = sets.filter(|set| is_administrators(guarded, set)).collect();
    sets.sort();
    sets.dedup();
    sets.iter().map(Address::name).collect()
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
fn deliveries(guarded: &Guarded<'_>, hierarchy: &Hierarchy, account: &Address) -> Vec<Protected> {
    let stacks = of_role(guarded.desired, Role::Stack).filter(|stack| stack.parent.as_ref() == Some(account));
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
