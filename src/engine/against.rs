//! A plan against a snapshot: what the snapshot does not know is said and never taken for missing.

use std::collections::BTreeSet;

use super::plan::Draft;
use crate::cloud::AwsError;
use crate::facts::{Recorded, unanswered};
use crate::kinds::unknown_with;
use crate::model::{Address, Against, Change, NotKnown, Summary};

/// Takes out of a draft whatever rests on a question that the recorded facts do not answer, and says so.
///
/// # Errors
/// When what has no answer is what everything rests on, such as the units of the organization.
pub(super) fn leave_out_unknown(draft: &mut Draft, missed: &[String], recorded: &Recorded) -> Result<(), AwsError> {
    let unknown = std::mem::take(&mut draft.observed.findings.unknown);
    let mut not_known = Vec::new();
    for (name, questions) in &unknown {
        let kinds = unknown_with(name).ok_or_else(|| unanswered(questions))?;
        let left_out = leave_out(draft, &kinds);
        not_known.push(NotKnown { kind: Some(name.clone()), left_out, questions: questions.clone() });
    }
    let of_kinds: BTreeSet<&String> = unknown.values().flatten().collect();
    let checks: Vec<String> = missed.iter().filter(|question| !of_kinds.contains(question)).cloned().collect();
    if !checks.is_empty() {
        not_known.push(NotKnown { kind: None, left_out: Vec::new(), questions: checks });
    }
    let Recorded { taken, sha256 } = recorded.clone();
    draft.plan.against = Some(Against { taken, sha256, not_known });
    Ok(())
}

/// Takes out all changes of these kinds, and gives their addresses.
pub(super) fn leave_out(draft: &mut Draft, kinds: &[&str]) -> Vec<Address> {
    let is_out = |change: &Change| kinds.contains(&change.kind.as_str());
    let plan = &mut draft.plan;
    let waiting = plan.waiting.iter().map(|waiting| &waiting.change);
    let out: BTreeSet<Address> =
        plan.changes.iter().chain(waiting).filter(|it| is_out(it)).map(|it| it.address.clone()).collect();
    plan.changes.retain(|change| !is_out(change));
    plan.waiting.retain(|waiting| !is_out(&waiting.change));
    let is_about = |address: &Option<Address>| address.as_ref().is_some_and(|address| out.contains(address));
    plan.refusals.retain(|refusal| !is_about(&refusal.address));
    plan.manual.retain(|manual| !is_about(&manual.address));
    for change in &mut plan.changes {
        change.needs.retain(|need| !out.contains(need));
    }
    let Summary { unchanged, outside, .. } = plan.summary;
    plan.summary = Summary { waiting: plan.waiting.len(), outside, ..Summary::of(&plan.changes, unchanged) };
    out.into_iter().collect()
}
