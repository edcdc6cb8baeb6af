//! What accounts keep about themselves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What accounts keep about themselves, by account.
pub(crate) type AccountSettings = BTreeMap<String, Settings>;

/// What one account keeps about itself.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// The ContactInformation structure, if one was put.
    pub(crate) contact: Option<Value>,
    /// The AlternateContact structures by type.
    pub(crate) alternate_contacts: BTreeMap<String, Value>,
    /// The opt-in status of regions that are not as they come.
    pub(crate) regions: BTreeMap<String, String>,
}
