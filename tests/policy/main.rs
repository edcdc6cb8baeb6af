//! Policies against what others wrote and against tables of our own: what a request is answered, which documents AWS
//! takes, and that no text makes anything panic.

mod commands;
mod corpus;
mod folder;
#[path = "../../fuzz/src/lib.rs"]
mod inputs;
mod lint;
mod lint_blueprint;
mod logs;
mod minify;
mod mutated;
mod operators;
mod organization;
mod paths;
#[path = "../../benches/policy/random.rs"]
mod random;
mod replay;
mod replay_rcps;
mod robust;
mod shared_cases;
mod simulate;
mod world;
