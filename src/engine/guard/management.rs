use super::Guarded;
use crate::kinds::OfKind;
use crate::model::{Action, Refusal, Role};

/// AWS closes the management account by no call of Organizations, and only after every member has left.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_close_management.html>
pub(super) fn guard(guarded: &Guarded<'_>) -> Vec<Refusal> {
    let closed = guarded.changes.iter().filter(|change| {
        change.is_a(Role::Account)
            && change.action == Action::Delete
            && change.fields.iter().any(|field| field.path == "state")
            && guarded.places.is_management(&change.address)
    });
    let refusal = |address: &crate::model::Address| Refusal {
        code: "management-account".into(),
        address: Some(address.clone()),
        message: format!("{address} is the management account, which AWS does not close while it has an organization"),
        help: "take its `state: closed` away: a person closes it in the console, after every member has left".into(),
    };
    closed.map(|change| refusal(&change.address)).collect()
}
