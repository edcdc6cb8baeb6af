use super::resource::Attachment;
use crate::kinds::shared::allow_list::allows;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::model::Address;
use crate::outline::{Entry, Node, Outline};

/// Writes which policies are attached to what, and where FullAWSAccess is not. Of what is attached to something that is left
/// out, the policy is left out.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    // They belong to whom their policy belongs to.
    let attached = survey.observed.found.values().filter(|found| found.kind == Attachment::KIND);
    for found in attached {
        let Some((policy, target)) = found.address.split_target().filter(|_| !outline.is_known(&found.address)) else {
            continue;
        };
        let key = outline.policy_keys.get(&policy).cloned();
        if let (Some(key), Some(place)) = (key, outline.place(&target)) {
            place.add("policies", Entry::new("", Node::text(key)));
        }
    }
    for target in survey.without_full_access {
        if !outline.is_known(target) {
            say_what_is_missing(target, survey, outline);
        }
    }
}

/// Says that FullAWSAccess is not attached, where anything is said of the target.
fn say_what_is_missing(target: &Address, survey: &Survey<'_>, outline: &mut Outline) {
    let has_list = has_allow_list(target, survey, outline);
    let Some(place) = outline.place(target) else { return };
    place.set("full_aws_access", false);
    if !has_list {
        place.put(Entry::new("allows_nothing", true).saying("no policy that is attached here allows anything"));
    }
}

/// Whether one of the service control policies that are written there allows something.
fn has_allow_list(target: &Address, survey: &Survey<'_>, outline: &Outline) -> bool {
    let attached = survey.observed.found.values().filter(|found| found.kind == Attachment::KIND);
    let mut scps = attached
        .filter_map(|found| found.address.split_target())
        .filter(|(policy, at)| at == target && policy.is_scp());
    scps.any(|(policy, _)| {
        let found = survey.observed.found.get(&policy).filter(|_| outline.policy_keys.contains_key(&policy));
        found.is_some_and(|found| allows(&found.body))
    })
}
