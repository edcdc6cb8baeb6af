//! `landing` sets up and keeps AWS landing zones from one declarative blueprint.

pub mod blueprint;
