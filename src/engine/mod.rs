//! From what is wanted and what is found to a plan, and from a plan to what is done. Knows kinds only by
//! their one trait; `diff`, `order`, `reach`, `guard` and `plan` are pure.

mod accounts;
mod against;
mod apply;
mod diff;
mod event;
mod execute;
mod guard;
mod hierarchies;
mod history;
mod inventory;
mod lease;
mod moves;
mod names;
mod order;
mod outcome;
mod plan;
mod plan_file;
mod reach;
mod readable;
#[cfg(test)]
mod scene;
mod shown;
mod snapshot;
mod targets;
#[cfg(test)]
mod tests;
mod versions;
mod who;

pub use accounts::look_at_accounts;
pub use apply::{Applied, ApplyError, Applying, Consent, apply, apply_and_hold};
pub use event::{Counts, Event, Listener, UnderWay, WaitingFor};
pub use hierarchies::Hierarchies;
pub use history::{Ended, Record, StoredRecord, history, history_parameter};
pub use inventory::{declared, declared_whole, look_at_inventory, look_at_whole};
pub use lease::{LEASE_PARAMETER, LEASE_WATCHED_FOR, Lease, LeaseError};
pub use outcome::{Failure, Outcome};
pub use plan::{Draft, PlanError, draft, look_and_plan, look_at_full_access, look_at_policies, look_who_asks};
pub use plan_file::{PlanFileError, seal, seal_to, sha256, unseal};
pub use readable::{Readable, look_and_plan_readable};
pub use shown::stale;
pub use snapshot::{Snapshot, SnapshotError, survey};
pub use targets::Unmatched;
pub use who::show_who;
