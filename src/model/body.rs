//! What several layers read of bodies. All else of a body is its kind's own, which has a type for it.

use serde_json::Value;

use super::Body;

/// The field of a body that holds a CloudFormation template.
pub const TEMPLATE: &str = "template";

/// The field of a policy's body that holds its document.
const CONTENT: &str = "content";

/// The document of a policy.
pub fn body_content(body: &Body) -> Option<&Value> {
    body.get(CONTENT)
}

/// The template of a stack or a stack set. Templates are large: they are read where they lie.
pub fn body_template(body: &Body) -> Option<&Value> {
    body.get(TEMPLATE)
}
