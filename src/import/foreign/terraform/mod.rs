//! States of Terraform and OpenTofu: the output of `terraform show -json` and raw states of version 4. Resources are joined by
//! AWS's ids, never by their addresses; those that are only read (`data`) show names.

mod identity;
mod organization;
mod resource;
mod stacks;

use super::claim::{Foreign, reason};
use super::format::Format;
use super::json;
use super::ledger::Ledger;
use super::source::{Mistake, Source, text};
use super::tree::{Kind, Node};
use resource::{Resource, State, resources};

/// Reads states.
pub(super) fn read(files: &[String], source: &dyn Source) -> Result<Foreign, Mistake> {
    let mut ledger = Ledger::new(Format::Terraform);
    let states = files.iter().map(|file| state(file, source)).collect::<Result<Vec<Node>, Mistake>>()?;
    let mut found = Vec::new();
    for (file, root) in files.iter().zip(&states) {
        ledger.begin(root);
        found.extend(resources(file, root)?);
    }
    for resource in &found {
        resource.hide_secrets(&mut ledger);
    }
    let state = State { resources: &found };
    for resource in &found {
        claim(resource, &state, &mut ledger);
    }
    for root in &states {
        outputs(root, &mut ledger);
        ledger.rest(root, |_| reason::BOOKKEEPING);
    }
    Ok(ledger.end())
}

fn state(file: &str, source: &dyn Source) -> Result<Node, Mistake> {
    if file.ends_with(".tf") || file.ends_with(".hcl") {
        let help = "run `terraform show -json > state.json` where the code is, and give that file";
        return Err(Mistake::of(file, "it is code, which says less than a state", help));
    }
    json::parse(file, &text(source, file)?)
}

/// What a resource says. What is not claimed of its values has no place in a blueprint.
fn claim(resource: &Resource<'_>, state: &State<'_>, ledger: &mut Ledger) {
    let is_known = organization::claim(resource, state, ledger)
        || identity::claim(resource, state, ledger)
        || stacks::claim(resource, ledger);
    let why = if is_known { resource::why } else { |_: &str| reason::NO_KEY };
    let Kind::Map(fields) = &resource.values.kind else { return };
    for (field, value) in fields {
        ledger.rest(value, |_| why(field));
    }
}

/// Outputs repeat what resources say; one that is sensitive is not looked at.
fn outputs(root: &Node, ledger: &mut Ledger) {
    let outputs = root.at(&["values", "outputs"]).or_else(|| root.get("outputs"));
    for (_, output) in outputs.map(Node::entries).unwrap_or_default() {
        let is_secret = output.get("sensitive").is_some_and(Node::is_true);
        if let Some(value) = output.get("value") {
            if is_secret { ledger.hide(value) } else { ledger.unmapped(value, reason::BOOKKEEPING) }
        }
    }
}
