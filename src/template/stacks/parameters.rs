//! Parameters of several templates.

use super::super::parameter::{Parameter, Preset, Shape};

/// The days for which CloudWatch Logs keeps events.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
pub(super) const LOG_DAYS: [u64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

pub(super) const ORGANIZATION: Parameter =
    parameter("OrganizationId", "the organization's id", Shape::Text, Preset::Text("${organization}"));
pub(super) const MANAGEMENT: Parameter =
    parameter("ManagementAccountId", "the management account's id", Shape::Text, Preset::Text("${management}"));
pub(super) const TRAIL: Parameter =
    parameter("TrailName", "the organization trail's name", Shape::Text, Preset::Text("organization-trail"));

pub(super) const fn parameter(name: &'static str, about: &'static str, shape: Shape, preset: Preset) -> Parameter {
    Parameter { name, about, shape, preset }
}
