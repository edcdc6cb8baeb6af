//! All that holds for one account, unit, policy, permission set, group, user or stack, and where it comes from.
//!
//! Each has its file, which makes a [`Page`] of an inventory; text, Markdown and JSON are views of the page.

mod access;
mod account;
mod called;
mod change;
mod guardrail;
mod json;
mod markdown;
mod other;
mod page;
mod permission_set;
mod place;
mod policies;
mod policy;
mod principal;
mod stack;
mod statement;
mod text;
mod unit;
mod world;

#[cfg(test)]
mod tests;

use super::graph::View;
use crate::kinds::OfKind;
use crate::model::{Address, Inventory, Role};
use world::World;

pub use called::{called, explainable};
pub use json::explain_json;
pub use markdown::explain_markdown;
pub use page::Page;
pub use text::explain_text;

impl Page {
    /// Explains what is at an address; `None` where nothing is.
    #[must_use]
    pub fn of(address: &Address, inventory: &Inventory, view: View) -> Option<Page> {
        let world = World { inventory, view };
        if address.is_root_or_unit() {
            return Some(unit::page(address, &world));
        }
        if address.is_any_account() {
            return Some(account::page(address, &world));
        }
        if called::is_principal(address) {
            return Some(principal::page(address, &world));
        }
        let item = inventory.get(address)?;
        Some(match item.kind_info().role {
            Role::Policy => policy::page(address, item, &world),
            Role::PermissionSet => permission_set::page(address, item, &world),
            Role::Stack | Role::StackSet => stack::page(address, item, &world),
            _ => other::page(address, item, &world),
        })
    }
}
