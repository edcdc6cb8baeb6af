use crate::kinds::shared::survey::{Survey, within};
use crate::outline::{Entry, Node, Outline};

/// Writes the regions that each account has opted in to.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of("region", outline) {
        let Some(account) = &found.parent else { continue };
        match outline.place(account) {
            Some(place) => place.add("opt_in_regions", Entry::new("", Node::text(found.address.name()))),
            None => outline.leave_out(found.address.clone(), within(account, outline)),
        }
    }
}
