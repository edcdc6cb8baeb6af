//! The one way to AWS: clients made from one configuration, whose every call is counted, paced, retried and
//! explained where it fails. Knows no kind and no blueprint.

mod connection;
mod error;
mod front;
mod meter;
mod network;
mod object;
mod pace;
mod parameter;
mod retry;
mod site;

pub use connection::{Cloud, Connection};
pub use error::{AwsError, Cause, Explain};
pub use meter::{Detecting, Detections, Meter};
pub use pace::Pace;
pub use parameter::Parameter;
pub use site::Entrance;
