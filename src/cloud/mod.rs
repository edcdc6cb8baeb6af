//! The one way to AWS: clients made from one configuration, whose every call is counted, paced, retried and
//! explained where it fails. Knows no kind and no blueprint.

mod answer;
mod call;
mod clock;
mod connection;
mod constraint;
mod error;
mod fence;
mod front;
mod help;
mod meter;
mod network;
mod new_accounts;
mod object;
mod offline;
mod operation;
mod pace;
mod packed;
mod parameter;
mod regional;
mod retry;
mod scope;
mod service;
mod site;
mod throttle;
mod xml;

pub use answer::AnswerLimits;
pub use clock::{Clock, time_of_day, utc};
pub use connection::{APP_NAME, Cloud, Connection};
pub use error::{AwsError, Cause, Details, Explain};
pub use fence::Fence;
pub use meter::{Detecting, Detections, Meter};
pub use new_accounts::NewAccounts;
pub(crate) use new_accounts::unknown_there_in;
pub use offline::offline;
pub use pace::{Pace, Queue};
pub use packed::{pack, unpack};
pub use parameter::{Parameter, ParameterVersion};
pub use regional::Regional;
pub use scope::{Awaited, CallScope, WaitEnd, reported_to_stop, waiting};
#[cfg(test)]
pub(crate) use scope::{pretend_call, pretend_lost_lease, pretend_write};
pub use service::{Hosts, Request, Service};
pub use site::AccountAccess;
