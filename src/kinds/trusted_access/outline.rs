use crate::kinds::shared::survey::Survey;
use crate::outline::{Node, Outline};

/// Writes the services that are trusted.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let services = survey.of("trusted-access", outline);
    outline.organization.set("trusted_access", Node::texts(services.iter().map(|found| &found.id)));
}
