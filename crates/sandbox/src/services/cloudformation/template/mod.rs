//! CloudFormation templates, by "CloudFormation template sections" and "Intrinsic function reference" in its user
//! guide: how they are read, what makes them invalid, and what they come to in one place.

pub(super) mod assign;
mod check;
pub(super) mod evaluate;
mod functions;
pub(super) mod model;
pub(super) mod parameters;
mod parse;
pub(super) mod references;
pub(super) mod values;
