//! Templates: policies and stacks as texts with places for values. Rendering them, the ones that are built in, and what
//! a CloudFormation template says. Values in, values out.

mod catalogue;
mod control;
mod endpoint;
mod guardrails;
mod helpers;
mod hook;
mod json;
mod parameter;
mod permission_sets;
mod policies;
mod render;
mod stacks;

pub use catalogue::{PolicyTemplate, StackTemplate};
pub use guardrails::{
    Behaviour, Guardrail, GuardrailParameter, Guidance, Rendered, guardrail, guardrail_saying, guardrails,
    guardrails_denying,
};
pub use parameter::{Parameter, ParameterProblem, Preset, Shape, check, fill};
pub use permission_sets::{PermissionSetTemplate, permission_set, permission_sets};
pub use policies::{policies, policy};
pub use render::render;
pub use stacks::{Existing, Need, existing, stack, stacks};
