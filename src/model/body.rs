//! What several layers read of bodies. All else of a body is its kind's own, which has a type for it.

use serde_json::Value;

use super::Body;

/// The field of a body that holds a CloudFormation template.
pub const TEMPLATE: &str = "template";

/// The field of a policy's body that holds its document.
const CONTENT: &str = "content";

/// The field that says what AWS calls a resource.
const NAME: &str = "name";

/// The fields of a resource that is there or not, and of which there is no more to say: a region that is opted in to, a policy
/// type that is enabled.
#[must_use]
pub fn no_fields() -> Body {
    Body::new()
}

/// What AWS calls a resource, in the kinds whose resources have a `name` beside their address.
#[must_use]
pub fn body_name(body: &Body) -> Option<&str> {
    body.get(NAME)?.as_str()
}

/// The document of a policy.
pub fn body_content(body: &Body) -> Option<&Value> {
    body.get(CONTENT)
}

/// The template of a stack or a stack set. Templates are large: they are read where they lie.
pub fn body_template(body: &Body) -> Option<&Value> {
    body.get(TEMPLATE)
}
