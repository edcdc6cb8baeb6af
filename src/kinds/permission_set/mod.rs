use landing_policy::{PolicyType, same_meaning};
use serde_json::json;

use super::read::SetId;
use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::facts::Look;
use crate::kinds::shared::control_tower;
use crate::kinds::shared::fields::differences;
use crate::kinds::shared::identity_center::{self, Center};
use crate::kinds::shared::ownership::{self, owner};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::model::{
    Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Owner, Risk, Tags, duration_minutes, iso_duration,
};
use crate::outline::Outline;
use outdated::Outdated;
use resource::{HELD, OUTDATED, POLICIES, PermissionSet};

mod kind_info;
mod outdated;
mod outline;
mod policies;
mod provision;
mod read;
pub(crate) mod resource;
pub(crate) mod section;
mod write;

/// Permission sets of IAM Identity Center: `permission-set/administrator`.
///
/// AWS cannot rename one. So a set is known by its name alone, and one that the blueprint gives another name is made
/// anew, assigned, and only then deleted under its old name.
pub(super) struct PermissionSets;

impl Kind for PermissionSets {
    fn name(&self) -> &'static str {
        PermissionSet::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let Some(center) = identity_center::find(desired, look, observed) else { return };
        let mut whole = Vec::new();
        for arn in look.at(read::PermissionSets(center.instance.clone())).into_iter().flatten() {
            let id = center.set(arn);
            let Some(facts) = look.at(read::PermissionSetOf(id.clone())) else { continue };
            let set = found(desired, observed, id, facts);
            match is_read_whole(desired, &set.address, &set.owner) {
                true => whole.push(set),
                false => set.add(observed),
            }
        }
        add_whole(whole, look, observed, &center);
    }

    fn differ(&self, wanted: &crate::model::Wanted, found: &Found) -> Vec<FieldChange> {
        let mut fields = differences(&wanted.body, &found.body);
        fields.retain(|field| field.path != HELD);
        // Its grammar is that of service control policies, and so is what makes no difference in it.
        let same = |field: &FieldChange| same_meaning(&field.before, &field.after, PolicyType::ServiceControl);
        fields.retain(|field| field.path != "inline_policy" || !same(field));
        // One that is Control Tower's is referred to, as long as it has the policies that the blueprint says.
        let is_said = |field: &FieldChange| POLICIES.contains(&field.path.as_str()) && !field.after.is_null();
        fields.retain(|field| found.owner != Owner::ControlTower || is_said(field));
        for field in fields.iter_mut().filter(|field| field.path == OUTDATED) {
            let before = json!(format!("an older version in {} accounts", field.before));
            *field = FieldChange { path: "provisioned".into(), before, after: json!("latest") };
        }
        fields
    }

    fn judge(&self, action: Action, fields: &[FieldChange], found: Option<&Found>) -> (Risk, String) {
        let (risk, reason) = match action {
            Action::Create => (Risk::None, "no permission set has the name".into()),
            Action::Delete => (Risk::Destructive, "no longer in the blueprint".into()),
            Action::Adopt => ownership::judge_adoption(fields, changed(fields)),
            _ => changed(fields).unwrap_or_else(|| (Risk::None, "its tags differ".into())),
        };
        (risk, with_holders(reason, fields, found))
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let center = Center::of(context)?;
            match step.change.action {
                Action::Create => write::create(step, context, &center).await,
                Action::Delete => write::delete(step, context, &center).await,
                _ => write::update(step, context, &center).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "sso:ListInstances",
            "sso:ListPermissionSets",
            "sso:DescribePermissionSet",
            "sso:ListTagsForResource",
            "sso:ListManagedPoliciesInPermissionSet",
            "sso:ListCustomerManagedPolicyReferencesInPermissionSet",
            "sso:GetInlinePolicyForPermissionSet",
            "sso:GetPermissionsBoundaryForPermissionSet",
            "sso:ListAccountsForProvisionedPermissionSet",
            "sso:ListPermissionSetsProvisionedToAccount",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "sso:CreatePermissionSet",
            "sso:UpdatePermissionSet",
            "sso:DeletePermissionSet",
            "sso:TagResource",
            "sso:UntagResource",
            "sso:AttachManagedPolicyToPermissionSet",
            "sso:DetachManagedPolicyFromPermissionSet",
            "sso:AttachCustomerManagedPolicyReferenceToPermissionSet",
            "sso:DetachCustomerManagedPolicyReferenceFromPermissionSet",
            "sso:PutInlinePolicyToPermissionSet",
            "sso:DeleteInlinePolicyFromPermissionSet",
            "sso:PutPermissionsBoundaryToPermissionSet",
            "sso:DeletePermissionsBoundaryFromPermissionSet",
            "sso:ProvisionPermissionSet",
            "sso:DescribePermissionSetProvisioningStatus",
        ]
    }
}

/// A reason with the closed accounts that a change of more than tags does not reach.
fn with_holders(reason: String, fields: &[FieldChange], found: Option<&Found>) -> String {
    let holders: Vec<Address> = found.into_iter().flat_map(holders).collect();
    if holders.is_empty() || fields.iter().all(|field| field.path.starts_with("tags.")) {
        return reason;
    }
    let holders: Vec<&str> = holders.iter().map(Address::as_str).collect();
    format!("{reason}; closed accounts keep the version that they have: {}", holders.join(", "))
}

/// The closed accounts that have a set, by their addresses or ids.
fn holders(found: &Found) -> impl Iterator<Item = Address> + use<> {
    PermissionSet::of(&found.body).into_iter().flat_map(|set| set.held_by_closed_accounts)
}

/// What the change of an existing set comes to, where it changes more than tags.
fn changed(fields: &[FieldChange]) -> Option<(Risk, String)> {
    let changes = |paths: &[&str]| fields.iter().any(|field| paths.contains(&field.path.as_str()));
    if changes(&POLICIES) {
        return Some((Risk::Disruptive, "the permissions that it grants differ".into()));
    }
    if changes(&["provisioned"]) {
        return Some((Risk::Disruptive, "accounts have an older version of it".into()));
    }
    let differs = fields.iter().any(|field| !field.path.starts_with("tags."));
    differs.then(|| (Risk::None, "it differs, but grants the same permissions".into()))
}

/// A set that was found, and as much of it as is known.
struct Set {
    id: SetId,
    address: Address,
    owner: Owner,
    set: PermissionSet,
}

impl Set {
    fn add(self, observed: &mut Observed) {
        observed.add(Found {
            address: self.address,
            kind: PermissionSet::KIND.into(),
            id: self.id.set,
            owner: self.owner,
            body: self.set.body(),
            parent: Some(Address::organization()),
            attached_to: Vec::new(),
        });
    }
}

/// A set without its policies, and whose it is.
fn found(desired: &Desired, observed: &Observed, id: SetId, facts: &read::PermissionSetFacts) -> Set {
    let address = Address::permission_set(&facts.name);
    let (owner, tags) = owner(desired, &address, facts.tags.clone());
    let owner = control_tower::owner_of_permission_set(owner, &facts.name, observed);
    let owner = if is_renamed(desired, &address, &owner) { Owner::This { stale: None } } else { owner };
    Set { id, address, owner, set: described(facts, tags) }
}

/// A set that the blueprint names or that is ours is read whole; of the others the name is enough.
fn is_read_whole(desired: &Desired, address: &Address, owner: &Owner) -> bool {
    desired.resources.contains_key(address) || matches!(owner, Owner::This { .. })
}

/// Adds sets with what they let people do and where they are, each as soon as all of that is known.
fn add_whole(sets: Vec<Set>, look: &Look<'_>, observed: &mut Observed, center: &Center) {
    let outdated = Outdated::find(sets.iter().map(|set| &set.id), look, observed, center);
    for mut it in sets {
        let (policies, provisioned) = (look.at(read::PoliciesIn(it.id.clone())), look.at(outdated::everywhere(&it.id)));
        let (Some(policies), Some(provisioned), Some(outdated)) = (policies, provisioned, outdated.of(&it.id)) else {
            continue;
        };
        allow(&mut it.set, policies);
        hold(observed, &it.address, provisioned, &mut it.set);
        it.set.outdated = Some(outdated).filter(|accounts| *accounts > 0);
        it.add(observed);
    }
}

fn is_open(observed: &Observed, id: &str) -> bool {
    observed.bindings.address(id).is_some_and(|account| observed.has_open(account))
}

/// Notes which closed accounts have a set: it cannot be deleted before AWS has removed them.
fn hold(observed: &mut Observed, address: &Address, provisioned: &[String], set: &mut PermissionSet) {
    let closed = provisioned.iter().filter(|id| !is_open(observed, id));
    let closed = closed.map(|id| observed.bindings.address(id).cloned().unwrap_or_else(|| Address::account(id)));
    set.held_by_closed_accounts = closed.collect();
    if let Some(first) = set.held_by_closed_accounts.first() {
        observed.held.insert(address.clone(), first.clone());
    }
}

/// Whether the set is unmanaged and the blueprint says that one of its own had this name: then it goes as an owned one
/// does.
fn is_renamed(desired: &Desired, address: &Address, owner: &Owner) -> bool {
    *owner == Owner::Unmanaged
        && !desired.resources.contains_key(address)
        && desired.of_kind(PermissionSet::KIND).any(|wanted| wanted.was.contains(address))
}

fn described(facts: &read::PermissionSetFacts, tags: Tags) -> PermissionSet {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    PermissionSet {
        name: facts.name.clone(),
        description: given(&facts.description),
        session: duration_minutes(&facts.session).map_or_else(|| facts.session.clone(), iso_duration),
        relay_state: given(&facts.relay_state),
        tags,
        ..PermissionSet::default()
    }
}

/// Adds what the set lets people do, in the order that wanted ones have.
fn allow(set: &mut PermissionSet, policies: &read::SetPolicies) {
    set.managed_policies.clone_from(&policies.managed);
    set.managed_policies.sort();
    set.customer_managed_policies.clone_from(&policies.customer_managed);
    set.customer_managed_policies.sort();
    set.inline_policy.clone_from(&policies.inline);
    set.boundary.clone_from(&policies.boundary);
}
