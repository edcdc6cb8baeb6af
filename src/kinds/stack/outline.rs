//! Stacks of single accounts, as a blueprint says them: alike ones in several accounts and regions once.

use std::collections::BTreeMap;

use landing_cloudformation::{capabilities, unsupported_in_units};
use serde_json::Value;

use super::others::OF_SETS;
use super::resource::Stack;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::{Survey, target, within};
use crate::kinds::shared::unsayable;
use crate::model::{Address, Found};
use crate::outline::{Entry, LeftOut, Node, Outline};
use alike::{Sited, StackGroup};

mod alike;

/// Writes the stacks that people deploy to single accounts, with their templates as AWS keeps them.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    name_what_is_not_known(survey, outline);
    name_those_of_others(survey, outline);
    let mut by_name: BTreeMap<String, Vec<Sited>> = BTreeMap::new();
    for found in survey.of(Stack::KIND, outline) {
        match sited(found, survey, outline) {
            Ok(sited) => by_name.entry(sited.stack.name.clone()).or_default().push(sited),
            Err(left_out) => outline.leave_out(found.address.clone(), left_out),
        }
    }
    for (name, stacks) in by_name {
        write(&name, stacks, outline);
    }
}

/// Accounts and regions that cannot be looked into, and stacks that AWS updates no more.
fn name_what_is_not_known(survey: &Survey<'_>, outline: &mut Outline) {
    let findings = &survey.observed.findings;
    for unseen in findings.undetected.iter().filter(|unseen| unseen.address.prefix() == Stack::KIND) {
        let remedy = "let landing into the account, then import again";
        outline.leave_out(unseen.address.clone(), LeftOut::not_known(unseen.why.clone(), remedy));
    }
    for claim in findings.untrusted.iter().filter(|claim| claim.address.prefix() == Stack::KIND) {
        let remedy =
            "take another `--name`, or remove its tags landing:blueprint and landing:address, then import again";
        outline.leave_out(claim.address.clone(), LeftOut::of_others(claim.why.clone(), remedy));
    }
    for refusal in &findings.refusals {
        let Some(address) = refusal.address.as_ref().filter(|address| address.prefix() == Stack::KIND) else {
            continue;
        };
        outline.leave_out(address.clone(), LeftOut::not_expressible(refusal.message.clone(), refusal.help.clone()));
    }
}

/// Stacks that tools and services deploy, once for each of these. Those of stack sets that are named themselves are not.
fn name_those_of_others(survey: &Survey<'_>, outline: &mut Outline) {
    let refused = survey.observed.findings.refusals.iter().filter_map(|refusal| refusal.address.as_ref());
    let sets = survey.observed.found.keys().chain(refused).filter(|address| address.is_stack_set());
    let prefixes: Vec<String> = sets.map(|set| format!("{OF_SETS}{}-", set.name())).collect();
    for (owner, stacks) in &survey.observed.findings.stacks_of_others {
        let is_of_known_set = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix));
        let count =
            stacks.iter().filter(|stack| !stack.parts().get(1).is_some_and(|name| is_of_known_set(name))).count();
        if count > 0 {
            let reason = format!("they are left to {owner}; their number: {count}");
            let left_out = LeftOut::of_others(reason, "nothing: they stay as they are");
            outline.leave_out(Address::parse(&format!("stacks of {owner}")), left_out);
        }
    }
}

/// A stack with what its place is called, or why it cannot be written.
fn sited(found: &Found, survey: &Survey<'_>, outline: &Outline) -> Result<Sited, LeftOut> {
    let (account, stack) =
        (found.parent.clone().unwrap_or_else(Address::management), Stack::of(&found.body).unwrap_or_default());
    let is_management = account == Address::management();
    let written = if is_management { Some(account.to_string()) } else { target(&account, outline) };
    let written = written.ok_or_else(|| within(&account, outline))?;
    if let Some(left_out) = unsayable(&stack) {
        return Err(left_out);
    }
    let set = Address::stack_set(&stack.name);
    if survey.observed.found.contains_key(&set) && !outline.leaves_out(&set) {
        let reason = format!("{set} has its name, and a blueprint says one stack of a name");
        return Err(LeftOut::not_expressible(reason, "leave it to the tool that deploys it"));
    }
    Ok(Sited { address: found.address.clone(), account, written, stack })
}

/// Why a stack cannot be written, whatever others there are.
fn unsayable(stack: &Stack) -> Option<LeftOut> {
    if let Some(status) = &stack.status {
        let reason = format!("it is {status}: CloudFormation has not finished with it, or failed");
        return Some(LeftOut::not_expressible(
            reason,
            "let it be finished or repair it in CloudFormation, then import again",
        ));
    }
    unsayable::template(&stack.template, &stack.parameters).or_else(|| {
        let capability = more_than_reported(&stack.template, &stack.capabilities)?;
        let reason = format!("it takes {capability}, which its template alone does not show");
        Some(LeftOut::not_expressible(reason, "leave it to the tool that deploys it"))
    })
}

/// A capability that a stack was given and that landing would not give it: what nested stacks and transforms make is not in
/// the template.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html>
fn more_than_reported<'c>(template: &Value, given: &'c [String]) -> Option<&'c str> {
    const IAM: &str = "CAPABILITY_IAM";
    if unsupported_in_units(template).is_empty() {
        return None;
    }
    let reported = capabilities(template);
    let has_iam = reported.iter().any(|capability| capability.ends_with("_IAM"));
    let is_shown = |capability: &str| reported.contains(&capability) || capability == IAM && has_iam;
    given.iter().map(String::as_str).find(|capability| !is_shown(capability))
}

fn write(name: &str, stacks: Vec<Sited>, outline: &mut Outline) {
    let (alike, left_out) = StackGroup::of(stacks);
    for (address, why) in left_out {
        outline.leave_out(address, why);
    }
    let Some(first) = alike.stacks.first() else { return };
    let text = first.stack.template_text.clone().unwrap_or_default();
    let path = outline.text(&first.address, "stacks", name, extension(&text), text.clone());
    let mut said = alike.said();
    said.set("template", Node::text(path));
    said.set("tags", Node::tags(&first.stack.tags));
    said.arrange(&["template", "in", "regions", "parameters", "parameters_by", "termination_protection", "tags"]);
    outline.stacks.put(Entry::new(name, said.in_one_line()).of(&first.address));
}

/// JSON begins with a brace; everything else that CloudFormation takes is YAML.
fn extension(template: &str) -> &'static str {
    if template.trim_start().starts_with('{') { "json" } else { "yaml" }
}

#[cfg(test)]
mod tests;
