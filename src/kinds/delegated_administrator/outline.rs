use super::resource::DelegatedAdministrator;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::{Survey, within};
use crate::model::Address;
use crate::outline::{Entry, Map, Node, Outline};

/// Writes which account administers which service.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of(DelegatedAdministrator::KIND, outline) {
        let Some(administrator) = DelegatedAdministrator::of(&found.body) else { continue };
        let account = Address::account(&administrator.account);
        if !outline.has_place(&account) {
            outline.leave_out(found.address.clone(), within(&account, outline));
            continue;
        }
        let said: Map =
            [("service", Node::text(&administrator.service)), ("account", Node::text(&administrator.account))]
                .into_iter()
                .collect();
        let entry = Entry::new("", said.in_one_line()).of(&found.address);
        outline.organization.add("delegated_administrators", entry);
    }
}
