//! What Parameter Store keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Parameters by account, region and name.
pub(crate) type Parameters = BTreeMap<String, BTreeMap<String, BTreeMap<String, Parameter>>>;

/// A parameter's latest version.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Parameter {
    pub(crate) value: String,
    /// `String`, `StringList` or `SecureString`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) version: u64,
    pub(crate) modified: u64,
    /// Whether reads do not show it yet, but what was there before.
    pub(crate) unseen: bool,
    pub(crate) before: Option<Box<Parameter>>,
    /// The ARN of whom it was written by.
    #[serde(rename = "modified_by", skip_serializing_if = "String::is_empty")]
    pub(crate) writer: String,
    /// The versions before this one, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) history: Vec<Version>,
}

/// An earlier version of a parameter.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Version {
    pub(crate) value: String,
    pub(crate) version: u64,
    pub(crate) modified: u64,
    #[serde(rename = "modified_by")]
    pub(crate) writer: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) labels: Vec<String>,
}

impl Parameter {
    /// The latest version, as one among others.
    pub(crate) fn as_version(&self) -> Version {
        let Parameter { value, version, modified, writer, .. } = self.clone();
        Version { value, version, modified, writer, labels: Vec::new() }
    }

    /// What its latest version holds.
    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    /// Gives it a new version, as another service does that manages it.
    pub(crate) fn overwrite(&mut self, kind: &str, value: &str) {
        kind.clone_into(&mut self.kind);
        value.clone_into(&mut self.value);
        self.version += 1;
    }

    /// What a read shows.
    pub(crate) fn seen(&self) -> Option<&Self> {
        if self.unseen { self.before.as_deref() } else { Some(self) }
    }
}
