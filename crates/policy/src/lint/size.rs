//! Policies that are nearly as long as they may be.

use super::code::Code;
use super::finding::Finding;
use crate::view::Policy;
use crate::{Language, Quotas, size};

/// From this share of the quota on, in percent, it is worth knowing.
const NEARLY: usize = 90;

pub(super) fn find(policy: &Policy<'_>, quotas: &Quotas) -> Vec<Finding> {
    let (size, limit) = (size(policy.document), quotas.limits(policy.policy_type).size);
    let finding = (is_nearly_full(policy, quotas) && size <= limit).then(|| {
        let message = format!("{size} of {limit} characters are used, white space left aside");
        Finding::new(Code::NearlyFull, "", message).help("join statements, shorten Sids or begin a second policy")
    });
    finding.into_iter().collect()
}

/// Whether the policy is about as long as it may be, or longer.
pub(super) fn is_nearly_full(policy: &Policy<'_>, quotas: &Quotas) -> bool {
    let limit = quotas.limits(policy.policy_type).size;
    policy.policy_type.language() == Language::Iam && size(policy.document) * 100 >= limit * NEARLY
}
