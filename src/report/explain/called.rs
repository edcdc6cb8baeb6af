//! Which resource a text means: an address, an id, an ARN, an email or a name.

use std::collections::BTreeSet;

use crate::kinds::OfKind;
use crate::model::{Address, Inventory, InventoryItem, Role, body_name};

/// Whether this is a group or a user.
pub(super) fn is_principal(address: &Address) -> bool {
    [Address::group(""), Address::user("")].iter().any(|it| it.prefix() == address.prefix())
}

/// `group` or `user`.
pub(super) fn principal_noun(principal: &Address) -> &str {
    principal.prefix()
}

/// A way in which a text may mean something.
type Way<'a> = &'a dyn Fn(&Address, Option<&InventoryItem>) -> bool;

/// Everything that a text may mean: several where it is ambiguous, none where nothing is called so. What is said in full, by
/// an address, an id, an ARN or an email, counts before names.
#[must_use]
pub fn called(text: &str, inventory: &Inventory) -> Vec<Address> {
    let all = explainable(inventory);
    let found = |is_such: &dyn Fn(&Address, Option<&InventoryItem>) -> bool| -> Vec<Address> {
        all.iter().filter(|address| is_such(address, inventory.get(address))).cloned().collect()
    };
    let by_name = |is_same: fn(&str, &str) -> bool| {
        move |address: &Address, item: Option<&InventoryItem>| {
            names(address, item).iter().any(|name| is_same(name, text))
        }
    };
    let exact = by_name(|name, text| name == text);
    let alike = by_name(|name, text| name.to_lowercase() == text.to_lowercase());
    let in_full =
        |address: &Address, item: Option<&InventoryItem>| address.as_str() == text || is_in_full(address, item, text);
    let ways: [Way<'_>; 3] = [&in_full, &exact, &alike];
    let found = ways.iter().map(|way| found(way)).find(|found| !found.is_empty()).unwrap_or_default();
    let own = |address: Address| match &inventory.management {
        Some(management) if address.is_management() => management.clone(),
        _ => address,
    };
    found.into_iter().map(own).collect::<BTreeSet<_>>().into_iter().collect()
}

/// The addresses of all that can be explained.
#[must_use]
pub fn explainable(inventory: &Inventory) -> BTreeSet<Address> {
    let closed = inventory.closed.keys();
    let all = inventory.items.keys().chain(inventory.gone.keys()).chain(closed);
    let assigned = all.clone().filter_map(Address::assigned).map(|(_, principal, _)| principal);
    let mut found: BTreeSet<Address> = all.filter(|address| address.split_target().is_none()).cloned().collect();
    found.extend(assigned);
    found.extend([Address::root(), Address::management()]);
    found
}

/// Whether a resource has this id, ARN or email.
fn is_in_full(address: &Address, item: Option<&InventoryItem>, text: &str) -> bool {
    let Some(item) = item else { return false };
    let is_email = || item.body.get("email").and_then(|email| email.as_str()).is_some_and(|email| same(email, text));
    let Some(id) = &item.id else { return is_email() };
    // What has no id of its own, such as a setting of an account, has its last name there: that of the account.
    let is_known = *id != address.name() && is_known_by_id(item);
    let is_id = id == text && is_known;
    let of_arn = text.starts_with("arn:") && is_known && last(id) == last(text);
    is_id || of_arn || is_email()
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The end of an ARN, which is the id alone.
fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn is_known_by_id(item: &InventoryItem) -> bool {
    !matches!(item.kind_info().role, Role::OptIn | Role::Attachment | Role::Assignment)
        && item.kind_info().administered.is_none()
}

/// What people may call it: by its last name, AWS's name, the path of a unit, the name of a stack.
fn names(address: &Address, item: Option<&InventoryItem>) -> Vec<String> {
    let role = item.map(|item| item.kind_info().role);
    let is_named = is_principal(address)
        || matches!(
            role,
            Some(Role::Account | Role::Unit | Role::Policy | Role::PermissionSet | Role::Stack | Role::StackSet)
        );
    if !is_named {
        return Vec::new();
    }
    let mut names = match role {
        Some(Role::Stack) => address.parts().get(1).cloned().into_iter().collect(),
        _ => vec![address.name()],
    };
    names.extend(item.and_then(|item| body_name(&item.body)).map(str::to_owned));
    names.push(address.parts().join("/"));
    names
}
