//! The commands that decide about policies: what they print about a request, a log, a folder, an organization.

mod commands;
#[path = "../../crates/policy/tests/policy/event.rs"]
mod event;
mod folder;
mod lint_blueprint;
mod logs;
mod organization;
mod simulate;
mod why;
#[path = "../../crates/policy/tests/policy/world.rs"]
mod world;
