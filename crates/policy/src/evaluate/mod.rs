//! What service and resource control policies decide about a request.
//!
//! Three answers are possible: a request that depends on something no one knows is undecided, never
//! guessed. Sources:
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html> and
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>.

mod condition;
mod levels;
mod matching;
mod request;
mod verdict;

pub(super) use levels::Candidates;
pub(super) use request::{ANONYMOUS, Held, is_account_id};

pub use levels::{AttachedPolicy, DenialReason, Level, evaluate, evaluate_with_identity, grounds};
pub use request::{Context, Request, Unlisted};
pub use verdict::{DecidedBy, Decision, DecisionKind, Verdict};

#[cfg(test)]
mod tests;
