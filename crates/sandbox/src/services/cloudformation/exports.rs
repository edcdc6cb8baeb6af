//! Exports and imports between the stacks of an account and region, see "Exporting stack output values" in the user
//! guide.

use serde_json::json;

use super::common::{PAGES, place};
use super::errors::invalid;
use crate::aws_error::Answer;
use crate::model::cloudformation::{Stack, StackOutput};
use crate::model::resources::Place;
use crate::request::Request;
use crate::service::{Operation, operation};
use crate::state::State;

pub(super) const OPERATIONS: &[Operation] =
    &[operation("ListExports", list_exports), operation("ListImports", list_imports)];

fn others<'a>(state: &'a State, place: &Place, stack: &'a Stack) -> impl Iterator<Item = &'a Stack> {
    let stacks = state.stacks.in_place(place).into_iter().flat_map(|regional| regional.stacks.values());
    stacks.filter(|other| other.id != stack.id)
}

/// Whether a stack may have these outputs: no other exports the same name, and what others import stays as it is.
pub(super) fn check(state: &State, place: &Place, stack: &Stack, outputs: &[StackOutput]) -> Result<(), String> {
    for name in outputs.iter().filter_map(|output| output.export.as_ref()) {
        if let Some(other) = others(state, place, stack).find(|other| other.exported().any(|export| export == name)) {
            return Err(format!("Export with name {name} is already exported by stack {}.", other.name));
        }
    }
    for old in &stack.outputs {
        let Some(name) = &old.export else { continue };
        let kept = outputs.iter().any(|output| output.export.as_ref() == Some(name) && output.value == old.value);
        if !kept && let Some(user) = importer(state, place, stack, name) {
            return Err(format!("Export {name} cannot be updated as it is in use by {user}"));
        }
    }
    Ok(())
}

/// Why a stack cannot go: another imports from it.
pub(super) fn in_use(state: &State, place: &Place, stack: &Stack) -> Option<String> {
    stack.exported().find_map(|name| {
        let user = importer(state, place, stack, name)?;
        Some(format!("Export {name} cannot be deleted as it is in use by {user}"))
    })
}

fn importer<'a>(state: &'a State, place: &Place, stack: &'a Stack, name: &str) -> Option<&'a str> {
    others(state, place, stack).find(|other| other.imports.contains(name)).map(|other| other.name.as_str())
}

fn list_exports(request: &mut Request<'_>) -> Answer {
    let stacks = request.state.stacks.in_place(&place(request)).into_iter().flat_map(|all| all.stacks.values());
    let exports = stacks.flat_map(|stack| stack.outputs.iter().map(move |output| (stack, output)));
    let exports = exports.filter_map(|(stack, output)| Some((stack, output.export.as_ref()?, &output.value)));
    let exports: Vec<_> = exports.collect();
    PAGES.page(
        request,
        "Exports",
        &exports,
        |(stack, name, value)| json!({"ExportingStackId": stack.id, "Name": name, "Value": value}),
    )
}

fn list_imports(request: &mut Request<'_>) -> Answer {
    let name = request.input.text("ExportName")?;
    let stacks = request.state.stacks.in_place(&place(request)).into_iter().flat_map(|all| all.stacks.values());
    let users: Vec<_> = stacks.filter(|stack| stack.imports.contains(name)).collect();
    if users.is_empty() {
        return Err(invalid(format!("Export '{name}' is not imported by any stack.")));
    }
    PAGES.page(request, "Imports", &users, |stack| json!(stack.name))
}
