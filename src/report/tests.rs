//! What people see, from plain values.

pub(super) mod example;
mod findings;
mod shown;
mod words;
