//! The callers whom the state names.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A caller whom the state names, by access key, by role ARN, or as `*` for every key that nothing else names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Principal {
    /// As IAM writes it; `arn:PARTITION:iam::ACCOUNT:root` is the root user.
    pub(crate) arn: String,
    /// The account that the principal belongs to; taken from the ARN when empty.
    pub(crate) account: String,
    /// Actions it may not call, such as `organizations:CreatePolicy`, `organizations:*` or `*`.
    pub(crate) deny: Vec<String>,
    /// The documents of its own policies; an administrator has none.
    pub(crate) policies: Option<Vec<Value>>,
}

/// The principals that the state names.
pub(crate) type Principals = BTreeMap<String, Principal>;
