//! What a template says, once it is read.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::parameters::Parameter;

/// A template whose form is right and whose references lead somewhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Template {
    pub(crate) description: Option<String>,
    pub(crate) metadata: Option<Value>,
    pub(crate) parameters: IndexMap<String, Parameter>,
    pub(super) mappings: Map<String, Value>,
    pub(super) conditions: Map<String, Value>,
    /// In an order in which each comes after those that it needs.
    pub(crate) resources: IndexMap<String, Resource>,
    pub(crate) outputs: IndexMap<String, Output>,
}

/// One resource as the template describes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Resource {
    /// Its type, such as `AWS::S3::Bucket`.
    pub(crate) kind: String,
    /// An object, with intrinsic functions.
    pub(crate) properties: Value,
    pub(crate) condition: Option<String>,
    pub(super) depends_on: Vec<String>,
    pub(crate) deletion_policy: Option<String>,
    pub(crate) update_replace_policy: Option<String>,
    pub(crate) metadata: Option<Value>,
}

/// One output as the template describes it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Output {
    pub(crate) value: Value,
    pub(crate) description: Option<String>,
    /// The name under which it is exported, with intrinsic functions.
    pub(crate) export: Option<Value>,
    pub(crate) condition: Option<String>,
}

impl Template {
    /// The types of its resources, each once, in order.
    pub(crate) fn resource_types(&self) -> Vec<&str> {
        let mut types: Vec<&str> = self.resources.values().map(|resource| resource.kind.as_str()).collect();
        types.sort_unstable();
        types.dedup();
        types
    }
}
