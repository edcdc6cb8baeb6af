use crate::kinds::shared::survey::Survey;
use crate::outline::{Node, Outline};

/// Writes what the management account may do about members' root users.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    let features = survey.of("root-access", outline);
    outline.organization.set("central_root_access", Node::texts(features.iter().map(|found| found.address.name())));
}
