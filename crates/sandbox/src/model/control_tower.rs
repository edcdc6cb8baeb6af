//! What AWS Control Tower governs.

use serde::{Deserialize, Serialize};

/// A landing zone and what is enabled on organizational units.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ControlTower {
    /// The landing zone's home region; nothing without a landing zone.
    pub(crate) region: Option<String>,
    /// Whether accounts are enrolled where they are moved.
    pub(crate) auto_enrollment: bool,
    /// The ARNs of units with an enabled baseline.
    pub(crate) baselines: Vec<String>,
    /// The ARNs of units with an enabled control.
    pub(crate) controls: Vec<String>,
}
