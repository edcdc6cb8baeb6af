//! Policies that can say the same in fewer characters.

use super::code::Code;
use super::finding::Finding;
use super::size::is_nearly_full;
use crate::minify::unwrapped;
use crate::view::Policy;
use crate::{Quotas, ShorterForm};

/// Lists of one value are left alone, as long as there is room: that they become shorter is not worth a word.
pub(super) fn find(policy: &Policy<'_>, quotas: &Quotas) -> Vec<Finding> {
    let shorter = ShorterForm::of(policy.document, policy.policy_type);
    let counts =
        |shorter: &ShorterForm| is_nearly_full(policy, quotas) || shorter.document != unwrapped(policy.document);
    shorter.into_iter().filter(counts).map(finding).collect()
}

fn finding(shorter: ShorterForm) -> Finding {
    let finding = Finding::new(Code::ShorterForm, "", shorter.message());
    finding.help(ShorterForm::HELP).fix(shorter.text())
}
