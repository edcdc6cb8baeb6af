//! Policies that are nearly as long as they may be.

use super::finding::{Code, Finding};
use crate::policy::view::Policy;
use crate::policy::{Language, size};

/// From this share of the quota on, in percent, it is worth knowing.
const NEARLY: usize = 90;

pub(super) fn find(policy: &Policy<'_>) -> Vec<Finding> {
    let (size, limit) = (size(policy.document), policy.quotas.limits(policy.policy_type).size);
    let is_near = policy.policy_type.language() == Language::Iam && size <= limit && size * 100 >= limit * NEARLY;
    let finding = is_near.then(|| {
        let message = format!("{size} of {limit} characters are used, white space left aside");
        Finding::new(Code::NearlyFull, "", message).help("join statements, shorten Sids or begin a second policy")
    });
    finding.into_iter().collect()
}
