use super::Guarded;
use crate::kinds::OfKind;
use crate::model::{Action, Address, Refusal, Role};

pub(super) fn guard(guarded: &Guarded<'_>) -> Vec<Refusal> {
    closed(guarded).into_iter().chain(doubles(guarded)).collect()
}

/// A stack of the management account that the blueprint wants by both of its names: CloudFormation knows one.
fn doubles(guarded: &Guarded<'_>) -> Vec<Refusal> {
    let of_management = guarded.changes.iter().filter(|change| {
        let is_its = |parent: &Address| parent.is_account() && guarded.places.is_management(parent);
        change.is_a(Role::Stack) && change.action != Action::Delete && change.parent.as_ref().is_some_and(is_its)
    });
    let twice = of_management.filter_map(|change| {
        let [_, name, region] = <[String; 3]>::try_from(change.address.parts()).ok()?;
        let twin = Address::stack(Address::management().as_str(), &name, &region);
        guarded.desired.get(&twin).map(|_| (&change.address, twin))
    });
    let refusal = |(address, twin): (&Address, Address)| Refusal {
        code: "management-account".into(),
        address: Some(address.clone()),
        message: format!("{address} and {twin} are one stack: both names are the management account's"),
        help: "write one of the two names under the stack's `in`".into(),
    };
    twice.map(refusal).collect()
}

/// AWS closes the management account by no call of Organizations, and only after every member has left.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_close_management.html>
fn closed(guarded: &Guarded<'_>) -> Vec<Refusal> {
    let closed = guarded.changes.iter().filter(|change| {
        change.is_a(Role::Account)
            && change.action == Action::Delete
            && change.fields.iter().any(|field| field.path == "state")
            && guarded.places.is_management(&change.address)
    });
    let refusal = |address: &Address| Refusal {
        code: "management-account".into(),
        address: Some(address.clone()),
        message: format!("{address} is the management account, which AWS does not close while it has an organization"),
        help: "remove its `state: closed`: a person closes it in the console, after every member has left".into(),
    };
    closed.map(|change| refusal(&change.address)).collect()
}
