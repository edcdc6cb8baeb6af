use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::super::reach::{STACK_SET, is_below, path, units};
use super::Guarded;
use crate::facts::Look;
use crate::kinds::read::{PolicyContent, TargetsOf};
use crate::model::{Action, Address, Body, Presence, Refusal};
use crate::policy::{AttachedPolicy, Decision, Level, Policy, Request, Unlisted, Verdict, evaluate};

/// Roles in member accounts that nothing may shut out, and what they must be able to do there: enter, render
/// stacks and mend.
const MUST_WORK: [&str; 4] = [
    "cloudformation:DescribeStacks",
    "cloudformation:CreateChangeSet",
    "cloudformation:ExecuteChangeSet",
    "iam:CreateRole",
];

/// The role by which AWS makes the stacks of stack sets, and what it must be able to do. Its name ends in 32 digits and
/// letters that differ from account to account.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-enable-trusted-access.html>
const STACK_SETS_ROLE: &str = "stacksets-exec-*";
const STACK_SETS_MUST_WORK: [&str; 3] =
    ["cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"];

/// Stands for the id of an account that does not exist yet.
const NEW_ACCOUNT: &str = "000000000000";

/// No plan may leave landing's access role, that of stack sets or a break-glass role without what it can do now, in any
/// account.
/// Only a certain denial refuses; a request that depends on what is not known passes.
pub(super) fn guard(guarded: &Guarded<'_>, look: &Look<'_>) -> Vec<Refusal> {
    let accounts = touched_accounts(guarded);
    if accounts.is_empty() {
        return Vec::new();
    }
    let Some(before) = Attached::before(guarded, look) else { return Vec::new() };
    let after = Attached::after(guarded, &before);
    let mut found: BTreeMap<(String, String), ShutOut> = BTreeMap::new();
    for account in accounts {
        for (role, action, verdict) in shut_out(guarded, &before, &after, account) {
            let shut_out = found.entry((role, describe(&verdict))).or_default();
            shut_out.actions.insert(action);
            shut_out.accounts.insert(account);
        }
    }
    found.into_iter().map(|((role, why), shut_out)| refusal(&role, &why, &shut_out)).collect()
}

/// What a role could not do any more, and where.
#[derive(Default)]
struct ShutOut<'a> {
    actions: BTreeSet<&'static str>,
    accounts: BTreeSet<&'a Address>,
}

/// The member accounts for which other service control policies hold after the plan.
fn touched_accounts<'a>(guarded: &Guarded<'a>) -> BTreeSet<&'a Address> {
    guarded
        .changes
        .iter()
        .filter(|change| {
            change.address.prefix() == "scp" || (change.kind == "account" && change.field("parent").is_some())
        })
        .flat_map(|change| guarded.places.reached(change))
        .filter(|account| !guarded.places.is_management(account))
        .collect()
}

/// Service control policies by what they are attached to.
#[derive(Clone)]
struct Attached {
    policies: BTreeMap<Address, AttachedPolicy>,
    on: BTreeMap<Address, BTreeSet<Address>>,
}

impl Attached {
    /// As it is now. `None` while something of it is being asked.
    fn before(guarded: &Guarded<'_>, look: &Look<'_>) -> Option<Attached> {
        let mut attached = Attached { policies: BTreeMap::new(), on: BTreeMap::new() };
        let scps =
            guarded.observed.found.values().filter(|found| found.kind == "policy" && found.address.prefix() == "scp");
        let asked: Vec<_> = scps
            .map(|found| (found, look.at(TargetsOf(found.id.clone())), look.at(PolicyContent(found.id.clone()))))
            .collect();
        for (found, targets, content) in asked {
            attached.learn(&found.address, content?);
            for target in targets?.iter().filter_map(|id| guarded.observed.bindings.address(id)) {
                attached.on.entry(target.clone()).or_default().insert(found.address.clone());
            }
        }
        attached.learn(&full_access(), &json!({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}));
        Some(attached)
    }

    /// As it will be.
    fn after(guarded: &Guarded<'_>, before: &Attached) -> Attached {
        let mut after = before.clone();
        for wanted in guarded.desired.of_kind("policy").filter(|wanted| wanted.address.prefix() == "scp") {
            let body = guarded.observed.bindings.resolve(&wanted.body);
            after.learn(&wanted.address, &body["content"]);
        }
        for change in guarded.changes {
            let Some((policy, target)) = change.address.hanging().filter(|(policy, _)| policy.prefix() == "scp") else {
                continue;
            };
            let on = after.on.entry(target).or_default();
            match change.action {
                Action::Delete => on.remove(&policy),
                _ => on.insert(policy),
            };
        }
        after
    }

    /// A policy that cannot be read by the rules cannot be decided by them either, and AWS would not take it.
    fn learn(&mut self, address: &Address, content: &serde_json::Value) {
        if let Ok(policy) = Policy::read(content) {
            self.policies.insert(address.clone(), AttachedPolicy { name: address.to_string(), policy });
        }
    }

    fn levels(&self, guarded: &Guarded<'_>, account: &Address, id: &str, parent: &Address, after: bool) -> Vec<Level> {
        let mut places = path(parent);
        places.push(account.clone());
        places
            .iter()
            .map(|place| {
                let own = self.on.get(place).into_iter().flatten().filter(|policy| **policy != full_access());
                let full = has_full_access(guarded, place, after).then(full_access);
                let policies = own.cloned().chain(full);
                Level {
                    id: if place == account { id.to_owned() } else { place.to_string() },
                    policies: policies.filter_map(|policy| self.policies.get(&policy).cloned()).collect(),
                }
            })
            .collect()
    }
}

fn full_access() -> Address {
    Address::new("scp", ["FullAWSAccess"])
}

/// FullAWSAccess is everywhere unless it is known to be missing or the blueprint takes it away.
fn has_full_access(guarded: &Guarded<'_>, place: &Address, after: bool) -> bool {
    let address = full_access().at(place);
    let unwanted = guarded.desired.get(&address).is_some_and(|wanted| wanted.presence == Presence::Absent);
    let missing_now = guarded.observed.also_wanted.iter().any(|wanted| wanted.address == address)
        || (unwanted && !guarded.observed.found.contains_key(&address));
    if after { !unwanted } else { !missing_now }
}

/// What the protected roles can do in this account now and could not after the plan.
fn shut_out(
    guarded: &Guarded<'_>,
    before: &Attached,
    after: &Attached,
    account: &Address,
) -> Vec<(String, &'static str, Verdict)> {
    let id = guarded.observed.bindings.id(account).unwrap_or(NEW_ACCOUNT);
    let root = Address::root();
    let now = guarded.places.before.get(account).map(|parent| before.levels(guarded, account, id, parent, false));
    let then = after.levels(guarded, account, id, guarded.places.after.get(account).unwrap_or(&root), true);
    let mut shut_out = Vec::new();
    let roles = protected_roles(guarded, account).into_iter().map(|role| (role, MUST_WORK.to_vec()));
    for (role, actions) in roles.chain(stack_sets_role(guarded, account)) {
        for action in actions {
            let request = request(guarded, id, &role, action);
            let verdict = evaluate(&then, &[], &request);
            let denied_before = now.as_ref().is_some_and(|now| evaluate(now, &[], &request).decision == Decision::Deny);
            if verdict.decision == Decision::Deny && !denied_before && !is_meant(guarded, &verdict) {
                shut_out.push((role.clone(), action, verdict));
            }
        }
    }
    shut_out
}

fn protected_roles(guarded: &Guarded<'_>, account: &Address) -> Vec<String> {
    let settings = &guarded.desired.settings;
    let own = guarded.desired.get(account).and_then(|wanted| wanted.body.get("access_role")?.as_str());
    let access = own.unwrap_or(&settings.access_role).to_owned();
    let apply = settings.roles.iter().map(|roles| roles.apply.clone());
    let own = std::iter::once(access).chain(apply).filter(|role| !role.is_empty());
    own.chain(settings.break_glass_roles.iter().cloned()).collect()
}

/// The role of stack sets in an account that they reach, and what they need there.
fn stack_sets_role(guarded: &Guarded<'_>, account: &Address) -> Option<(String, Vec<&'static str>)> {
    let place = guarded.places.after.get(account)?;
    let reaches = |needs: &[Address]| units(needs).any(|unit| is_below(place, unit));
    let wanted = guarded.desired.of_kind(STACK_SET).filter(|wanted| reaches(&wanted.needs)).map(|wanted| &wanted.body);
    let found = guarded.observed.found.values().filter(|found| found.kind == STACK_SET && reaches(&found.hangs_on));
    let bodies: Vec<&Body> = wanted.chain(found.map(|found| &found.body)).collect();
    if bodies.is_empty() {
        return None;
    }
    let resources = bodies.iter().filter_map(|body| body.get("template")?["Resources"].as_object()).flatten();
    let makes_roles = resources.into_iter().any(|(_, resource)| resource["Type"] == "AWS::IAM::Role");
    let actions = STACK_SETS_MUST_WORK.into_iter().chain(makes_roles.then_some("iam:CreateRole"));
    Some((STACK_SETS_ROLE.into(), actions.collect()))
}

fn request(guarded: &Guarded<'_>, account: &str, role: &str, action: &str) -> Request {
    let settings = &guarded.desired.settings;
    let role = role.replace('*', &"0".repeat(32));
    let principal = format!("arn:{}:iam::{account}:role/{role}", settings.partition());
    let region = if action.starts_with("iam:") { settings.global_region() } else { settings.home_region.as_str() };
    let request = Request::new(&principal, action, None).in_region(region);
    Request { context: request.context.clone().with_unlisted(Unlisted::Unknown), ..request }
}

/// Whether the blueprint says of the deciding policy that it may lock out.
fn is_meant(guarded: &Guarded<'_>, verdict: &Verdict) -> bool {
    let policy = verdict.decided_by.as_ref().and_then(|decided| decided.policy.as_deref());
    policy.is_some_and(|policy| guarded.desired.settings.may_lock_out.iter().any(|address| address.as_str() == policy))
}

fn describe(verdict: &Verdict) -> String {
    let Some(decided) = &verdict.decided_by else { return "no statement is known to allow it".into() };
    match (&decided.policy, decided.statement) {
        (Some(policy), Some(statement)) => {
            let sid = decided.sid.as_ref().map(|sid| format!(" ({sid})")).unwrap_or_default();
            format!("statement {} of {policy}{sid} denies it", statement + 1)
        }
        _ => format!("nothing attached to {} allows it", decided.level),
    }
}

fn refusal(role: &str, why: &str, shut_out: &ShutOut<'_>) -> Refusal {
    let first = shut_out.accounts.first();
    let name = first.map(|account| account.as_str()).unwrap_or_default();
    let others = shut_out.accounts.len().saturating_sub(1);
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    let actions: Vec<&str> = shut_out.actions.iter().copied().collect();
    Refusal {
        code: "lock-out".into(),
        address: first.map(|account| (*account).clone()),
        message: format!("role {role} could not do {} any more in {name}{more}: {why}", actions.join(", ")),
        help: "exempt the role (a condition ArnNotLike on aws:PrincipalArn), or write `may_lock_out: true` at the policy if it is meant".into(),
    }
}
