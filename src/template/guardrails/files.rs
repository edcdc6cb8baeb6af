//! Which guardrails are built in.

/// The built-in guardrails, by name, with their texts: the files in `templates/guardrails`, which `build.rs` lists.
pub(super) const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/guardrails.rs"));
