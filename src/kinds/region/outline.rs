use crate::kinds::shared::survey::{Survey, within};
use crate::outline::{Node, Outline};

/// Writes the regions that each account has opted in to.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of("region", outline) {
        let Some(account) = &found.parent else { continue };
        match outline.place(account) {
            Some(place) => place.list("opt_in_regions").push(Node::text(found.address.name())),
            None => outline.leave_out(found.address.clone(), within(account)),
        }
    }
}
