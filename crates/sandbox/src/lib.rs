#![doc = include_str!("../README.md")]
//!
//! ## Inside
//!
//! A request passes the front door (`front`: counting, latency, limits, faults, cuts), is understood by its wire protocol
//! (`protocol`), and is answered by the operation that a service lists (`services`). What no service lists fails with
//! "not simulated"; nothing is pretended.
//!
//! The layers, each of which knows only those before it: `model` (what each service keeps), `state` (all of it), `shared`
//! (what several services ask of it), `resources` (what CloudFormation makes), and `services`, of which none knows
//! another's operations and `services::SERVICES` knows all.

mod authorizer;
mod aws_error;
mod connector;
mod core;
mod error;
mod fault;
mod front;
mod http;
mod identity;
mod ids;
mod input;
mod lags;
pub mod limits;
mod log;
mod model;
mod options;
mod paging;
mod progress;
mod protocol;
mod record;
mod request;
mod resources;
mod sandbox;
mod serve;
mod service;
mod services;
mod shared;
mod state;
mod step;
mod store;
mod tags;

pub use crate::authorizer::{Attempt, Authorizer, Denial, Identity, Level, Policies};
pub use crate::error::Error;
pub use crate::fault::Faults;
pub use crate::lags::Lags;
pub use crate::limits::Limits;
pub use crate::log::{Call, Outcome};
pub use crate::options::{Options, Timings};
pub use crate::sandbox::Sandbox;
pub use crate::store::delete;
