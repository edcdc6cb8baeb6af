mod account;
mod data;
mod existing;
mod logging;
mod machine_learning;
mod needs;
mod network;
mod parameters;
mod security;

use super::catalogue::StackTemplate;
pub use existing::{Existing, existing};
pub use needs::Need;

/// The templates, by what they are about.
static FAMILIES: [&[StackTemplate]; 6] =
    [logging::STACKS, security::STACKS, network::STACKS, data::STACKS, machine_learning::STACKS, account::STACKS];

/// Every built-in template of a stack.
pub fn stacks() -> impl Iterator<Item = &'static StackTemplate> + Clone {
    FAMILIES.into_iter().flatten()
}

/// The built-in template of a stack that is called so.
pub fn stack(name: &str) -> Option<&'static StackTemplate> {
    stacks().find(|template| template.name == name)
}

#[cfg(test)]
mod tests;
