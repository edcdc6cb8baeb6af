//! Resources that none of the statement's actions has
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>).

use super::code::Code;
use super::finding::Finding;
use super::reach::{Reached, reached};
use crate::services::arns_meet;
use crate::value::Pattern;
use crate::view::{Item, Policy, Statement};

/// Resources that actions of a service are about and the service authorization reference does not list: the transforms
/// that a template names
/// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html>).
const UNLISTED: [(&str, &str); 1] = [("cloudformation", "arn:*:cloudformation:*:aws:transform/*")];

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    policy.statements.iter().flat_map(in_statement).collect()
}

fn in_statement(statement: &Statement<'_>) -> Vec<Finding> {
    let Some(actions) = reached(statement) else { return Vec::new() };
    let items = statement.resources.items.iter().filter(|item| !item.pattern.matches_anything());
    let apart = items.filter(|item| !actions.iter().any(|reached| may_be_about(reached, item)));
    apart.map(|item| finding(item, &actions)).collect()
}

/// Whether the action has resources that the pattern matches. Actions without resource types are asked about `*`.
fn may_be_about(reached: &Reached, item: &Item) -> bool {
    let mut unlisted = UNLISTED.iter().filter(|(prefix, _)| *prefix == reached.prefix);
    if unlisted.any(|(_, arn)| arns_meet(&Pattern::new(arn, false), &item.pattern)) {
        return true;
    }
    let mut types = reached.service.resource_types_of(reached.action).peekable();
    match types.peek() {
        Some(_) => types.any(|kind| kind.may_match(&item.pattern)),
        None => item.pattern.matches("*"),
    }
}

fn finding(item: &Item, actions: &[Reached]) -> Finding {
    let message = format!("no action here is about a resource like `{}`", item.text);
    let finding = Finding::new(Code::ResourceNeverMatches, &item.path, message);
    let mut arns: Vec<&str> = actions
        .iter()
        .flat_map(|reached| reached.service.resource_types_of(reached.action))
        .map(|kind| kind.arn.written())
        .collect();
    arns.sort_unstable();
    arns.dedup();
    match arns.as_slice() {
        [] => finding.help("these actions have no resources: write \"*\"").fix("\"*\""),
        few if few.len() <= 3 => finding.help(format!("theirs look like {}", few.join(", "))),
        _ => finding.help("the service's page in the service authorization reference shows which they have"),
    }
}
