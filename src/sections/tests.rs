//! What holds for every section.

mod closed_values;
mod damaged;
mod hostile;
mod left_out;
