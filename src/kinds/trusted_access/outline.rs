use crate::kinds::shared::survey::Survey;
use crate::model::Address;
use crate::outline::{Entry, Map, Node, Outline};

/// Writes the services that are trusted. What is left out is not to be enabled by something else that needs it.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of("trusted-access", outline) {
        outline.organization.add("trusted_access", Entry::new("", Node::text(&found.id)).of(&found.address));
    }
    if outline.is_added() {
        return;
    }
    let left_out: Vec<Address> =
        outline.left_out.keys().filter(|address| address.is_trusted_access()).cloned().collect();
    for address in left_out.into_iter().filter(|address| !address.name().is_empty()) {
        let said: Map =
            [("name", Node::text(address.name())), ("state", Node::text("unmanaged"))].into_iter().collect();
        outline.organization.add("trusted_access", Entry::new("", said.in_one_line()).of(&address));
    }
}
