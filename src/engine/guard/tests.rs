//! Each guard by plain values: what it refuses, and what beside that it lets pass.

mod control_tower;
mod emptiness;
mod expectations;
mod lock_out;
mod management;
mod occupied;
mod places;
mod protected;
