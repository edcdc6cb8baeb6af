use std::collections::{BTreeMap, BTreeSet};

use landing_policy::{PolicyType, Quotas, minified};
use serde_json::Value;

use super::resource::Policy;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::{Survey, within};
use crate::model::{Address, Found};
use crate::outline::{Entry, LeftOut, List, Map, Node, Outline};
use crate::template::guardrails_denying;

/// Writes the policies, each with its document as a file unless that is short.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let targets = targets(survey);
    let accounts = account_names(survey);
    for found in survey.of(Policy::KIND, outline) {
        let Some(policy) = Policy::of(&found.body) else { continue };
        if let Some(left_out) = refused(found, &policy, &targets, survey, outline) {
            outline.leave_out(found.address.clone(), left_out);
            continue;
        }
        let attached = targets.get(&found.address).map_or(0, BTreeSet::len);
        write(found, &policy, attached, &accounts, outline);
    }
    outline.policies.sort();
    if !outline.is_added() {
        write_quotas(survey, &targets, outline);
    }
    leave_implied_types_unsaid(outline);
}

/// A policy says that its type is enabled.
fn leave_implied_types_unsaid(outline: &mut Outline) {
    let implied: BTreeSet<&str> = outline.policy_keys.keys().map(Address::prefix).collect();
    let types = match outline.organization.remove("policy_types") {
        Some(Node::List(types)) => types.items,
        _ => return,
    };
    let is_implied = |entry: &Entry| implied.iter().any(|prefix| entry.node == Node::text(prefix));
    let types: List = types.into_iter().filter(|entry| !is_implied(entry)).map(|entry| entry.node).collect();
    outline.organization.set("policy_types", types);
}

fn refused(
    found: &Found,
    policy: &Policy,
    targets: &BTreeMap<Address, BTreeSet<Address>>,
    survey: &Survey<'_>,
    outline: &mut Outline,
) -> Option<LeftOut> {
    let type_name = policy.policy_type.api_name();
    if !survey.observed.found.contains_key(&Address::policy_type(type_name)) {
        let reason =
            format!("the policy type {type_name} is not enabled, and a blueprint that has such a policy enables it");
        return Some(LeftOut::not_expressible(reason, "delete the policy, or write it once the type is enabled"));
    }
    if !policy.content.is_object() {
        return Some(LeftOut::not_expressible(
            "its document is not JSON",
            "write its document again in AWS, then import again",
        ));
    }
    let targets = targets.get(&found.address).into_iter().flatten();
    let mut unwritten = targets.filter(|target| outline.place(target).is_none());
    let target = unwritten.next()?;
    if outline.is_known(target) {
        return Some(within(target, outline));
    }
    let reason = format!("it is attached to {target}, which is left out: landing would detach it there");
    let remedy = format!("detach it there, or see what is said of {target}; then import again");
    Some(LeftOut::not_expressible(reason, remedy))
}

/// What each policy is attached to.
fn targets(survey: &Survey<'_>) -> BTreeMap<Address, BTreeSet<Address>> {
    let mut targets: BTreeMap<Address, BTreeSet<Address>> = BTreeMap::new();
    for (policy, target) in survey.observed.found.keys().filter_map(Address::split_target) {
        targets.entry(policy).or_default().insert(target);
    }
    targets
}

fn write(found: &Found, policy: &Policy, attached: usize, accounts: &BTreeMap<&str, String>, outline: &mut Outline) {
    let prefix = policy.policy_type.address_prefix();
    let key = match outline.policy_keys.values().any(|key| *key == policy.name) {
        false => policy.name.clone(),
        true => format!("{} ({prefix})", policy.name),
    };
    let mut said = Map::default();
    if key != policy.name {
        said.set("name", Node::text(&policy.name));
    }
    if policy.policy_type != PolicyType::ServiceControl {
        said.set("type", Node::text(prefix));
    }
    if !policy.description.is_empty() {
        said.set("description", Node::text(&policy.description));
    }
    match Outline::is_short(&policy.content) {
        true => said.set("content", Node::value(&policy.content)),
        false => {
            let path = outline.document(&found.address, "policies", &policy.name, &policy.content);
            said.set("file", Node::text(path));
        }
    }
    said.set("tags", Node::tags(&policy.tags));
    let comment = comment(found, policy, attached, accounts, outline);
    outline.policies.put(Entry::new(key.clone(), said.in_one_line()).saying(comment).of(&found.address));
    outline.policy_keys.insert(found.address.clone(), key);
}

/// What a reader does not see from the document itself.
fn comment(
    found: &Found,
    policy: &Policy,
    attached: usize,
    accounts: &BTreeMap<&str, String>,
    outline: &mut Outline,
) -> String {
    let mut said = Vec::new();
    if attached == 0 {
        said.push("attached nowhere".to_owned());
    }
    let guardrails = guardrails_denying(&policy.content, policy.policy_type);
    for guardrail in guardrails {
        said.push(format!("denies what guardrail {guardrail} denies"));
        let text = format!(
            "denies what the guardrail {guardrail} denies: `guardrail: {guardrail}` may take the place of its document"
        );
        outline.remark(&found.address, text);
    }
    let named = accounts_in(&policy.content, accounts);
    if !named.is_empty() {
        said.push(named.join(", "));
    }
    said.join("; ")
}

fn account_names<'a>(survey: &Survey<'a>) -> BTreeMap<&'a str, String> {
    let observed = survey.observed;
    let ids = observed.accounts.keys().filter_map(|account| Some((observed.bindings.id(account)?, account.name())));
    ids.collect()
}

/// `111122223333 is shop-prod` for each account whose id the document has.
fn accounts_in(content: &Value, accounts: &BTreeMap<&str, String>) -> Vec<String> {
    let text = content.to_string();
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for run in text.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() == 12) {
        ids.insert(run);
    }
    ids.into_iter().filter_map(|id| accounts.get(id).map(|name| format!("{id} is {name}"))).collect()
}

/// Writes the quotas that AWS has raised, as what is there shows; else the blueprint would be refused.
fn write_quotas(survey: &Survey<'_>, targets: &BTreeMap<Address, BTreeSet<Address>>, outline: &mut Outline) {
    let quotas = Quotas::default();
    for policy_type in PolicyType::ALL {
        let limits = quotas.limits(policy_type);
        let of_type = |address: &&Address| address.prefix() == policy_type.address_prefix();
        let written: Vec<&Address> = outline.policy_keys.keys().filter(of_type).collect();
        let size = written
            .iter()
            .filter_map(|address| survey.observed.found.get(*address))
            .filter_map(|found| Policy::of(&found.body));
        let size = size.map(|policy| minified(&policy.content).chars().count()).max().unwrap_or_default();
        let per_target = most_on_one(&written, targets) + aws_managed(policy_type);
        let mut said = Map::default();
        if size > limits.size {
            said.set("size", size as u64);
        }
        if per_target > limits.per_target {
            said.set("per_target", per_target as u64);
        }
        if !said.is_empty() {
            outline
                .organization
                .within("quotas", |quotas| quotas.set(policy_type.address_prefix(), said.in_one_line()));
        }
    }
}

fn most_on_one(policies: &[&Address], targets: &BTreeMap<Address, BTreeSet<Address>>) -> usize {
    let mut on: BTreeMap<&Address, usize> = BTreeMap::new();
    for target in policies.iter().filter_map(|policy| targets.get(*policy)).flatten() {
        *on.entry(target).or_default() += 1;
    }
    on.into_values().max().unwrap_or_default()
}

/// AWS's own policy of a type takes a place on every target.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
fn aws_managed(policy_type: PolicyType) -> usize {
    usize::from(matches!(policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl))
}
