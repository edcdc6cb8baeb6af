//! AWS Budgets.

use serde_json::Value;

use super::kind::{Draft, ResourceType, resource};
use crate::shared::inventory::all;
use crate::state::State;

pub(super) const TYPES: &[ResourceType] =
    &[resource("AWS::Budgets::Budget", identify).global().required(&["Budget"]).check(check)];

/// The budget's name, which is unique in its account.
fn identify(draft: &Draft<'_>) -> String {
    let name = draft.properties.pointer("/Budget/BudgetName").and_then(Value::as_str);
    name.map_or_else(|| draft.generated(), str::to_owned)
}

fn check(state: &State, draft: &Draft<'_>) -> Result<(), String> {
    let own = |stack: &str| stack == draft.stack_id;
    let id = identify(draft);
    let taken = all(state, draft.place, draft.kind.name).any(|(name, budget)| *name == id && !own(&budget.stack));
    if taken {
        return Err(format!("Error creating budget: {id} - the budget already exists."));
    }
    let given = |path: &str| draft.properties.pointer(path).is_some();
    if given("/Budget/BudgetType") && given("/Budget/TimeUnit") {
        return Ok(());
    }
    Err("Properties validation failed: a Budget needs a BudgetType and a TimeUnit".into())
}
