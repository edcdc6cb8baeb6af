//! `landing` creates and maintains AWS landing zones from one declarative blueprint.
//!
//! Data goes one way: `blueprint` → `sections` → `model` ← `kinds` ← `engine` (diff, order, guard, execute) →
//! `report`. `ARCHITECTURE.md` describes the modules and the invariants.

pub mod cli;
pub mod cloud;
mod declaration;
pub mod engine;
pub mod facts;
pub mod hierarchy;
pub mod import;
pub mod kinds;
pub mod model;
pub mod outline;
pub mod report;
pub mod sections;
pub mod template;
pub mod why;
