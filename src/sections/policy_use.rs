//! Policies at the places where they are attached.

use landing_blueprint::Spanned;

use crate::declaration::Declaration;
use crate::declaration::name_or::NameOr;
use crate::kinds::section::attachment::{FullAccess, attach, check_places, declare_full_access};
use crate::kinds::section::policy::{PolicySection, declare_one, exempt_roles, inline, named, type_of};
use crate::model::{Address, body_content};

/// A policy at the place where it is attached: the name of one under `policies` or of a built-in template, or the policy
/// itself.
pub(super) type PolicyUse = NameOr<PolicySection>;

/// The same for a policy at the place where it is attached.
pub(super) fn exempt_roles_of_use(policy: &PolicyUse) -> Vec<String> {
    match policy {
        NameOr::Name(_) => Vec::new(),
        NameOr::Map(section) => exempt_roles(section),
    }
}

/// Wants a policy that follows from something else, once, and attaches it to `target`.
pub(super) fn declare_made(
    name: &Spanned<String>,
    section: &PolicySection,
    target: &Address,
    declaration: &mut Declaration,
) {
    let Some(policy_type) = type_of(section, declaration) else { return };
    let address = Address::new(policy_type.address_prefix(), [&name.value]);
    let content = declaration.desired.get(&address).and_then(|policy| body_content(&policy.body));
    let is_same = content == section.own_content();
    if is_same || declare_one(name, section, declaration).is_some() {
        attach(&address, target, name.place, declaration);
        check_places(target, 1, declaration);
    }
}

/// Attaches policies to `target`, making those that are written here.
pub(super) fn declare_uses(
    target: &Address,
    uses: &[PolicyUse],
    full_access: FullAccess<'_>,
    declaration: &mut Declaration,
) {
    for policy in uses {
        let (address, place) = match policy {
            NameOr::Name(name) => (named(name, declaration), name.place),
            NameOr::Map(section) => (inline(section, declaration), section.place),
        };
        if let Some(address) = address {
            attach(&address, target, place, declaration);
        }
    }
    check_places(target, uses.len(), declaration);
    declare_full_access(target, full_access, declaration);
}
