use landing_blueprint::Place;
use landing_policy::{PolicyType, how_to_pack};
use serde_json::Value;

use crate::declaration::Declaration;
use crate::declaration::trust::policy_type_address;
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
    for policy_type in PolicyType::ALL {
        let prefix = policy_type.address_prefix();
        let attached: Vec<Address> = declaration
            .desired
            .of_kind(Attachment::KIND)
            .filter(|wanted| wanted.parent.as_ref() == Some(target) && wanted.address.prefix() == prefix)
            .map(|wanted| wanted.address.clone())
            .collect();
        let aws_managed = matches!(policy_type, PolicyType::ServiceControl | PolicyType::ResourceControl);
        let limit = declaration.quotas.limits(policy_type).per_target.saturating_sub(usize::from(aws_managed));
        let Some(last) = attached.last().filter(|_| attached.len() > limit) else { continue };
        let place = declaration.places.get(last).copied().unwrap_or(Place::NOWHERE);
        let beside = if aws_managed { " beside AWS's own" } else { "" };
        let message = format!("{target} has {} policies of type {prefix}, AWS takes {limit}{beside}", attached.len());
        let documents: Vec<Value> =
            attached.iter().filter_map(|attachment| content_of(attachment, declaration)).collect();
        let size = declaration.quotas.limits(policy_type).size;
        declaration.mistake("too-many", place, message, how_to_pack(&documents, policy_type, size, limit));
    }
}

/// What the policy says that is attached so.
fn content_of(attachment: &Address, declaration: &Declaration) -> Option<Value> {
    let (policy, _) = attachment.hanging()?;
    body_content(&declaration.desired.get(&policy)?.body).cloned()
}

/// An allow-list takes the place of FullAWSAccess; without one nothing would be allowed.
pub(crate) fn take_full_access(target: &Address, place: Place, declaration: &mut Declaration) {
    let is_list = |policy: &Address| declaration.desired.get(policy).is_some_and(|policy| allows(&policy.body));
    let replaced = declaration
        .desired
        .of_kind(Attachment::KIND)
        .filter_map(|wanted| wanted.address.hanging())
        .any(|(policy, at)| at == *target && policy.prefix() == "scp" && is_list(&policy));
    if !replaced {
        let message = format!("without FullAWSAccess nothing would be allowed in {target}");
        declaration.mistake("allow-list", place, message, "attach an SCP here that says what is allowed");
        return;
    }
    let address = Address::new("scp", ["FullAWSAccess"]).at(target);
    let needs = [target.clone(), policy_type_address(PolicyType::ServiceControl)];
    let wanted = Attachment {}.wanted(address).under(target.clone());
    declaration.want(wanted.needing(needs).present(false), place);
}
