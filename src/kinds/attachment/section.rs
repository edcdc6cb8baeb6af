use landing_blueprint::{Place, Spanned};
use landing_policy::{PolicyType, how_to_pack};
use serde_json::Value;

use crate::declaration::Declaration;
use crate::declaration::trust::policy_type_address;
use crate::kinds::attachment::full_access::FULL_ACCESS;
use crate::kinds::attachment::resource::Attachment;
use crate::kinds::shared::allow_list::allows;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, body_content};

/// Wants a policy attached to `target`.
pub(crate) fn attach(policy: &Address, target: &Address, place: Place, declaration: &mut Declaration) {
    let mut needs = vec![policy.clone(), target.clone()];
    needs.extend(type_need(policy));
    let wanted = Attachment {}.wanted(policy.at(target)).under(target.clone()).needing(needs);
    declaration.want(wanted, place);
}

fn type_need(policy: &Address) -> Option<Address> {
    PolicyType::from_address_prefix(policy.prefix()).map(policy_type_address)
}

/// Holds a target's policies against its places. FullAWSAccess takes one too, for as long as it is there.
pub(crate) fn check_places(target: &Address, uses: usize, declaration: &mut Declaration) {
    if uses == 0 {
        return;
    }
    let there = declaration.desired.of_kind(Attachment::KIND);
    let there = there.filter(|wanted| wanted.parent.as_ref() == Some(target) && !is_full_access(&wanted.address));
    let there: Vec<Address> = there.map(|wanted| wanted.address.clone()).collect();
    for policy_type in PolicyType::ALL {
        let prefix = policy_type.address_prefix();
        let attached: Vec<&Address> = there.iter().filter(|attachment| attachment.prefix() == prefix).collect();
        let aws_managed = matches!(policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl);
        let limit = declaration.quotas.limits(policy_type).per_target.saturating_sub(usize::from(aws_managed));
        let Some(last) = attached.last().filter(|_| attached.len() > limit) else { continue };
        let place = declaration.places.get(*last).copied().unwrap_or(Place::NOWHERE);
        let beside = if aws_managed { " beside AWS's own" } else { "" };
        let message = format!("{target} has {} policies of type {prefix}, AWS takes {limit}{beside}", attached.len());
        let documents: Vec<Value> =
            attached.iter().filter_map(|attachment| content_of(attachment, declaration)).collect();
        let size = declaration.quotas.limits(policy_type).size;
        declaration.mistake("too-many", place, message, how_to_pack(&documents, policy_type, size, limit));
    }
}

/// Whether it is the attachment of FullAWSAccess.
pub(crate) fn is_full_access(attachment: &Address) -> bool {
    attachment.split_target().is_some_and(|(policy, _)| policy.is_scp() && policy.name() == FULL_ACCESS)
}

/// What the policy says that is attached so.
fn content_of(attachment: &Address, declaration: &Declaration) -> Option<Value> {
    let (policy, _) = attachment.split_target()?;
    body_content(&declaration.desired.get(&policy)?.body).cloned()
}

/// What a place of the blueprint says about FullAWSAccess.
#[derive(Clone, Copy)]
pub(crate) struct FullAccess<'a> {
    /// Whether it is to be attached there; none where nothing is said.
    pub attached: Option<&'a Spanned<bool>>,
    /// Whether no policy there allows anything, on purpose.
    pub allows_nothing: Option<&'a Spanned<bool>>,
}

/// Wants FullAWSAccess attached to `target` or not, as it is said there.
pub(crate) fn declare_full_access(target: &Address, said: FullAccess<'_>, declaration: &mut Declaration) {
    let allows_nothing = said.allows_nothing.filter(|it| it.value);
    if let Some(place) = allows_nothing.map(|it| it.place).filter(|_| said.attached.is_none_or(|it| it.value)) {
        let message =
            format!("`allows_nothing` without `full_aws_access: false`: FullAWSAccess allows everything in {target}");
        declaration.mistake("allow-list", place, message, "write `full_aws_access: false` beside it, or remove it");
        return;
    }
    let Some(attached) = said.attached else { return };
    if !attached.value && !is_allow_list_right(target, attached, allows_nothing, declaration) {
        return;
    }
    let address = Address::new("scp", [FULL_ACCESS]).at(target);
    let needs = [target.clone(), policy_type_address(PolicyType::ServiceControl)];
    let wanted = Attachment {}.wanted(address).under(target.clone());
    declaration.want(wanted.needing(needs).present(attached.value), attached.place);
}

/// An allow-list takes the place of FullAWSAccess: without one nothing is allowed, which must be said.
fn is_allow_list_right(
    target: &Address,
    attached: &Spanned<bool>,
    allows_nothing: Option<&Spanned<bool>>,
    declaration: &mut Declaration,
) -> bool {
    let list = allow_list(target, declaration);
    let (place, message, help) = match (list, allows_nothing) {
        (Some(_), None) | (None, Some(_)) => return true,
        (None, None) => (
            attached.place,
            format!("without FullAWSAccess nothing would be allowed in {target}"),
            "attach an SCP here that says what is allowed, or write `allows_nothing: true` beside it if that is meant",
        ),
        (Some(list), Some(said)) => (
            said.place,
            format!("`allows_nothing` is not true in {target}: {list}, which is attached there, allows something"),
            "remove `allows_nothing`, or do not attach the policy there",
        ),
    };
    declaration.mistake("allow-list", place, message, help);
    false
}

/// A policy that is attached to `target` and allows something.
fn allow_list(target: &Address, declaration: &Declaration) -> Option<Address> {
    let attached = declaration.desired.of_kind(Attachment::KIND).filter_map(|wanted| wanted.address.split_target());
    let mut here = attached.filter(|(policy, at)| at == target && policy.prefix() == "scp");
    let is_list = |policy: &Address| declaration.desired.get(policy).is_some_and(|policy| allows(&policy.body));
    here.find(|(policy, _)| is_list(policy)).map(|(policy, _)| policy)
}

#[cfg(test)]
mod tests;
