//! How the tagging API lags behind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::tags::Tags;

/// How the tagging API differs from what is so, since it is eventually consistent.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Tagging {
    /// What it lags behind.
    pub(crate) lag: Lag,
    /// While it is stale: the tags that it still knows, by the resource's ARN.
    pub(crate) stale: BTreeMap<String, Tags>,
}

/// What the tagging API answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Lag {
    /// The tags as they are.
    #[default]
    None,
    /// Nothing yet.
    Empty,
    /// The tags in `stale`.
    Stale,
}
