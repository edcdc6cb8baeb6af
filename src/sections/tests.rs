//! What holds for every section.

mod closed_values;
mod hostile;
mod left_out;
