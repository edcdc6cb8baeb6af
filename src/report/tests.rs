//! What people see, from plain values.

pub(super) mod example;
mod findings;
pub(super) mod hostile;
mod screens;
mod shown;
mod words;
