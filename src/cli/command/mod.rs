//! One file per command.

pub(super) mod apply;
pub(super) mod completions;
pub(super) mod doctor;
pub(super) mod drift;
pub(super) mod graph;
pub(super) mod guardrails;
pub(super) mod init;
pub(super) mod lint;
pub(super) mod man;
pub(super) mod permissions;
pub(super) mod plan;
pub(super) mod render;
pub(super) mod replay;
pub(super) mod sandbox;
pub(super) mod schema;
pub(super) mod simulate;
pub(super) mod validate;
