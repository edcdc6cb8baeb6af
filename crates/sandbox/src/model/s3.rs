//! The objects in buckets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ids::hexadecimal;

/// Objects by bucket and key. Bucket names are one name space.
pub(crate) type Objects = BTreeMap<String, BTreeMap<String, Object>>;

/// An object.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Object {
    pub(crate) body: String,
    pub(crate) modified: u64,
}

impl Object {
    pub(crate) fn etag(&self) -> String {
        format!("\"{}\"", hexadecimal(&self.body, 32))
    }
}
