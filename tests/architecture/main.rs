//! The invariants of the source tree, read from its text: who may know whom, who may touch the world, how resources
//! are named. A failure says where, and what to do instead.

#![expect(clippy::panic, reason = "helpers of tests fail at once")]

mod circles;
mod documents;
mod effects;
mod imports;
mod kinds;
mod layers;
mod literals;
mod manners;
mod source;
mod strip;
