use super::resource::{Boundary, CustomerManagedPolicy, PermissionSet};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::model::duration_minutes;
use crate::outline::{Entry, Map, Node, Outline};
use crate::template;

/// A session of Identity Center that nothing is said of, in minutes.
const SESSION: u32 = 60;

/// Writes the permission sets.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of(PermissionSet::KIND, outline) {
        let Some(set) = PermissionSet::of(&found.body) else { continue };
        let mut said = said(&set, survey);
        if let Some(policy) = &set.inline_policy {
            let inline = match Outline::is_short(policy) {
                true => Node::value(policy),
                false => {
                    let name = format!("permission set {}", set.name);
                    let path = outline.document(&found.address, "policies", &name, policy);
                    [("file", Node::text(path))].into_iter().collect::<Map>().in_one_line().into()
                }
            };
            said.set("inline_policy", inline);
        }
        said.arrange(&[
            "template",
            "description",
            "session",
            "relay_state",
            "managed_policies",
            "customer_managed_policies",
            "inline_policy",
            "boundary",
            "exclusive",
            "tags",
        ]);
        let entry = Entry::new(&set.name, said.in_one_line()).of(&found.address);
        outline.identity.within("permission_sets", |sets| sets.put(entry));
    }
}

fn said(set: &PermissionSet, survey: &Survey<'_>) -> Map {
    let mut said = Map::default();
    let is_empty =
        set.inline_policy.is_none() && set.managed_policies.is_empty() && set.customer_managed_policies.is_empty();
    if is_empty && template::permission_set(&set.name).is_some() {
        said.set("template", Node::text("none"));
    }
    if let Some(description) = &set.description {
        said.set("description", Node::text(description));
    }
    if let Some(minutes) = duration_minutes(&set.session).filter(|minutes| *minutes != SESSION) {
        said.set("session", Node::text(session(minutes)));
    }
    if let Some(state) = &set.relay_state {
        said.set("relay_state", Node::text(state));
    }
    said.set("managed_policies", Node::texts(set.managed_policies.iter().map(|arn| managed(arn, survey))));
    said.set(
        "customer_managed_policies",
        Node::List(set.customer_managed_policies.iter().map(customer_managed).collect()),
    );
    if let Some(boundary) = &set.boundary {
        let boundary: Map = match boundary {
            Boundary::Managed(arn) => [("managed", Node::text(managed(arn, survey)))].into_iter().collect(),
            Boundary::CustomerManaged(policy) => [("customer_managed", customer_managed(policy))].into_iter().collect(),
        };
        said.set("boundary", boundary.in_one_line());
    }
    said.set("tags", Node::tags(&set.tags));
    said
}

/// `8h`, `90m`.
fn session(minutes: u32) -> String {
    match minutes % 60 {
        0 => format!("{}h", minutes / 60),
        _ => format!("{minutes}m"),
    }
}

/// One of AWS's managed policies without what its ARN has in common with the others.
fn managed<'a>(arn: &'a str, survey: &Survey<'_>) -> &'a str {
    arn.strip_prefix(&format!("arn:{}:iam::aws:policy/", survey.partition)).unwrap_or(arn)
}

fn customer_managed(policy: &CustomerManagedPolicy) -> Node {
    let CustomerManagedPolicy { name, path } = policy;
    match path.as_str() {
        "/" => Node::text(name),
        _ => [("name", Node::text(name)), ("path", Node::text(path))].into_iter().collect::<Map>().in_one_line().into(),
    }
}
