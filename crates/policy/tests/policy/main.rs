//! Policies against what others wrote and against tables of our own: what a request is answered, which documents AWS
//! takes, and that no text makes anything panic.

#![expect(clippy::print_stderr, clippy::unwrap_used, reason = "helpers of tests fail at once")]

mod corpus;
mod deciding;
mod event;
#[path = "../../fuzz/src/lib.rs"]
mod inputs;
mod lint;
mod minify;
mod mutated;
mod operators;
mod paths;
mod random;
mod replay;
mod replay_rcps;
mod robust;
mod shared_cases;
mod world;
