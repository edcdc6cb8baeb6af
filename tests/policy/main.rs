//! Policies against what others wrote and against tables of our own: what a request is answered, which documents AWS
//! takes, and that no text makes anything panic.

mod commands;
mod corpus;
mod folder;
mod lint;
mod lint_blueprint;
mod minify;
mod operators;
mod organization;
mod paths;
mod replay;
mod robust;
mod shared_cases;
mod world;
