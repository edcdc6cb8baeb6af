#![doc = include_str!("../README.md")]

mod capabilities;
mod claims;
mod condition;
mod create_only;
mod dangling;
mod declared;
mod deployed;
mod diff;
mod duplicates;
mod limits;
mod loops;
mod misplaced;
mod network;
mod parse;
mod places;
mod same;
mod short_form;
mod unreadable;

pub use capabilities::capabilities;
pub use claims::{Claim, DeploymentTarget, Unique};
pub use create_only::{Update, create_only, update_between};
pub use dangling::{Dangling, dangling};
pub use declared::{Declared, declared_parameters, parameter_text};
pub use deployed::Version;
pub use diff::{Kind, Replaces, ResourceDiff, changed_outputs, template_diff};
pub use duplicates::Duplicates;
pub use limits::{excesses, is_large, unsupported_in_units};
pub use loops::Loop;
pub use misplaced::{Misplaced, misplaced_variables};
pub use network::networks;
pub use parse::{Mistake, parse, read};
pub use places::{nearest, places};
pub use same::same_template;
pub use unreadable::Unreadable;
