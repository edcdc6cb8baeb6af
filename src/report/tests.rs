//! What people see, from plain values.

pub(super) mod example;
mod findings;
mod screens;
mod shown;
mod words;
