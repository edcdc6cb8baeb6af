//! Policies that can say the same in fewer characters.

use super::code::Code;
use super::finding::Finding;
use super::size::is_nearly_full;
use crate::policy::minify::unwrapped;
use crate::policy::view::Policy;
use crate::policy::{Quotas, shortened, size};

/// Lists of one value are left alone, as long as there is room: that they become shorter is not worth a word.
pub(super) fn find(policy: &Policy<'_>, quotas: &Quotas) -> Vec<Finding> {
    let short = shortened(policy.document, policy.policy_type);
    let (before, after) = (size(policy.document), size(&short));
    let counts = is_nearly_full(policy, quotas) || short != unwrapped(policy.document);
    let finding = (after < before && counts).then(|| {
        let message = format!("the same can be said in {after} characters instead of {before}");
        Finding::new(Code::ShorterForm, "", message)
            .help("join the statements that differ in one list alone, and leave out what others cover")
            .fix(format!("{short:#}"))
    });
    finding.into_iter().collect()
}
