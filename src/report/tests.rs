//! What people see, from plain values.

mod example;
mod findings;
mod shown;
mod words;
