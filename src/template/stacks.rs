mod account;
mod data;
mod existing;
mod logging;
mod machine_learning;
mod needs;
mod network;
mod security;

use super::catalogue::StackTemplate;
use super::parameter::{Parameter, Preset, Shape};
pub use existing::{Existing, existing};
pub use needs::Need;

/// The templates, by what they are about.
static FAMILIES: [&[StackTemplate]; 6] =
    [logging::STACKS, security::STACKS, network::STACKS, data::STACKS, machine_learning::STACKS, account::STACKS];

/// The days for which CloudWatch Logs keeps events.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
const LOG_DAYS: [u64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

const ORGANIZATION: Parameter =
    parameter("OrganizationId", "the organization's id", Shape::Text, Preset::Text("${organization}"));
const MANAGEMENT: Parameter =
    parameter("ManagementAccountId", "the management account's id", Shape::Text, Preset::Text("${management}"));
const TRAIL: Parameter =
    parameter("TrailName", "the organization trail's name", Shape::Text, Preset::Text("organization-trail"));

const fn parameter(name: &'static str, about: &'static str, shape: Shape, preset: Preset) -> Parameter {
    Parameter { name, about, shape, preset }
}

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
