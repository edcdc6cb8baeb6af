//! What stands in resources and conditions: patterns, variables, numbers, dates, addresses and ARNs.

mod arn;
mod date;
mod ip;
mod operand;
mod pattern;
mod variable;

pub use arn::account_of;
pub(super) use arn::{Arn, PARTS};
pub(super) use operand::Operand;
pub(super) use pattern::{Literal, Pattern, Unresolved};
pub(super) use variable::{Variable, next_variable};
