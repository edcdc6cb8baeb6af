//! Cases: a request, the policies on its way, and what they decide.

mod answer;
mod case;
mod identity;
mod json;
mod levels;
mod single;

pub use answer::{Answer, answer};
pub use case::{Case, read_cases};
pub use identity::{IDENTITY_LEVEL, identity_level, read_identity_policy};
pub(super) use json::Part;
pub use levels::{Levels, read_levels};
pub(super) use levels::{resource_control, service_control};
pub use single::Asking;

#[cfg(test)]
mod tests;
