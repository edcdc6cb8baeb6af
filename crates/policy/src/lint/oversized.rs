//! Policies with more in them than rules compare.

use super::code::Code;
use super::finding::Finding;
use crate::view::{COMPARED, Policy};

pub(super) fn find(policy: &Policy<'_>) -> Option<Finding> {
    (!policy.is_comparable()).then(|| {
        let message = format!(
            "the rules were not applied: {} statements and values, and they compare at most {COMPARED}",
            policy.weight()
        );
        Finding::new(Code::Oversized, "", message).help("split the policy, and lint the parts")
    })
}
