//! What GuardDuty keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// GuardDuty for the whole organization, in one region.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GuardDuty {
    /// The account that administers it.
    pub(crate) administrator: String,
    /// Whose GuardDuty it switches on: `ALL`, `NEW` or `NONE`.
    pub(crate) auto_enable: String,
    /// In whose accounts it switches protection plans on, where it was reported to.
    #[serde(default)]
    pub(crate) features: BTreeMap<String, String>,
    /// Whether GuardDuty does not know yet that it administers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) pending: bool,
}
