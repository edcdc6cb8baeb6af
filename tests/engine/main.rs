//! The engine against the simulated AWS: through the SDK, its signing and its parsing.

mod account_settings;
mod bootstrap;
mod calls;
mod control_tower;
mod converges;
mod cut;
mod directory;
mod draw;
mod drift;
mod guardrails;
mod guards;
mod hand;
mod identity;
mod kinds;
mod large_templates;
mod limits;
mod ml_stacks;
mod moves;
mod occupied;
mod picture;
mod refusals;
mod requirements;
mod security_stacks;
mod stack_sets;
mod stacks;
mod world;
