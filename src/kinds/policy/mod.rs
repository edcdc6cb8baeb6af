use std::collections::BTreeSet;

use landing_policy::{PolicyType, decides_alike, minified, same_meaning};
use serde_json::Value;

use super::read::{PoliciesOf, PolicyContent, PolicyFacts, TargetsOf};
use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::kinds::shared::control_tower;
use crate::kinds::shared::fields::differences;
use crate::kinds::shared::names::{Candidate, assign, free_addresses, refuse_taken_names, temporary_name};
use crate::kinds::shared::ownership::{self, TagIndex, is_owned, owner};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::write::{changed_since, done_already};
use crate::model::{
    Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Owner, Risk, Tags, Wanted, body_content,
};
use crate::outline::Outline;
use resource::Policy;

pub(super) mod effective;
pub(super) mod effective_policy;
mod kind_info;
mod outline;
mod read;
mod resource;
pub(crate) mod section;

/// Organization policies of every type: `scp/region-guard`, `tag-policy/cost-centre`.
pub(super) struct Policies;

/// What AWS answers where another policy of the type has the name.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_UpdatePolicy.html>
const NAME_TAKEN: &str = "DuplicatePolicyException";

impl Kind for Policies {
    fn name(&self) -> &'static str {
        Policy::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn has_address(&self, address: &Address) -> bool {
        PolicyType::from_address_prefix(address.prefix()).is_some() && address.split_target().is_none()
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let Some(index) = TagIndex::new(look) else { return };
        for policy_type in types_to_read(desired, observed) {
            let Some(policies) = look.at(PoliciesOf(policy_type.api_name().into())) else { continue };
            bind_aws_managed(policy_type, policies, observed);
            let own: Vec<&PolicyFacts> = policies.iter().filter(|policy| !policy.aws_managed).collect();
            index.probe(own.iter().map(|policy| policy.id.as_str()));
            for policy in name_policies(desired, look, &index, policy_type, &own, observed).into_iter().flatten() {
                add(desired, look, observed, policy_type, policy);
            }
        }
        refuse_taken_names(self.name(), desired, observed);
        effective::recognize(desired, look, observed);
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let mut fields = differences(&wanted.body, &found.body);
        let Some(policy_type) = policy_type(wanted) else { return fields };
        let is_lenient = |path: &str| wanted.lenient.iter().any(|field| field == path);
        fields.retain(|field| match field.path.as_str() {
            "content" if is_lenient("content") => !decides_alike(&field.before, &field.after, policy_type),
            "content" => !same_meaning(&field.before, &field.after, policy_type),
            "description" => !is_lenient("description"),
            _ => true,
        });
        fields
    }

    fn judge(&self, action: Action, fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Create => (Risk::None, "no policy of this type has the name".into()),
            Action::Delete => (Risk::Destructive, "no longer in the blueprint".into()),
            Action::Adopt => ownership::judge_adoption(fields, changed(fields)),
            _ => changed(fields).unwrap_or_else(|| (Risk::None, "its tags differ".into())),
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            match step.change.action {
                Action::Create => create(step, context).await,
                Action::Delete => delete(step, context).await,
                _ => update(step, context).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "organizations:ListPolicies",
            "organizations:DescribePolicy",
            "organizations:ListAccountsWithInvalidEffectivePolicy",
            "organizations:ListEffectivePolicyValidationErrors",
            "organizations:ListTagsForResource",
            "tag:GetResources",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "organizations:CreatePolicy",
            "organizations:UpdatePolicy",
            "organizations:DeletePolicy",
            "organizations:TagResource",
            "organizations:UntagResource",
        ]
    }
}

/// What the change of an existing policy comes to, where it changes more than tags.
fn changed(fields: &[FieldChange]) -> Option<(Risk, String)> {
    let has = |path: &str| fields.iter().any(|field| field.path == path);
    if has("content") {
        return Some((Risk::Disruptive, "its content differs".into()));
    }
    let differs = if has("name") { "its name differs, its content does not" } else { "its description differs" };
    (has("name") || has("description")).then(|| (Risk::None, differs.into()))
}

/// The types that are enabled and those that the blueprint uses.
fn types_to_read(desired: &Desired, observed: &Observed) -> BTreeSet<PolicyType> {
    let enabled = observed.found.values().filter(|found| found.kind == "policy-type").map(|found| found.id.as_str());
    let enabled: BTreeSet<PolicyType> = enabled.filter_map(|name| name.parse().ok()).collect();
    enabled.into_iter().chain(desired.of_kind(Policy::KIND).filter_map(policy_type)).collect()
}

fn policy_type(policy: &Wanted) -> Option<PolicyType> {
    PolicyType::from_address_prefix(policy.address.prefix())
}

/// AWS's own policies are referred to by name, as in `scp/FullAWSAccess@ou/Workloads`.
fn bind_aws_managed(policy_type: PolicyType, policies: &[PolicyFacts], observed: &mut Observed) {
    for policy in policies.iter().filter(|policy| policy.aws_managed) {
        observed.bindings.bind(Address::new(policy_type.address_prefix(), [&policy.name]), policy.id.clone());
    }
}

/// One policy with the address that it has been given and its tags.
struct Named<'p> {
    policy: &'p PolicyFacts,
    address: Address,
    tags: Tags,
}

/// Gives each policy its address. `None` while tags, or documents that distinguish policies, are not known yet.
fn name_policies<'p>(
    desired: &Desired,
    look: &Look<'_>,
    index: &TagIndex<'_>,
    policy_type: PolicyType,
    policies: &[&'p PolicyFacts],
    observed: &Observed,
) -> Option<Vec<Named<'p>>> {
    let prefix = policy_type.address_prefix();
    let wanted: Vec<&Wanted> =
        desired.of_kind(Policy::KIND).filter(|wanted| wanted.address.prefix() == prefix).collect();
    let names: BTreeSet<String> =
        wanted.iter().flat_map(|it| std::iter::once(&it.address).chain(&it.was)).map(Address::name).collect();
    let tags: Vec<Tags> =
        policies.iter().map(|policy| index.of(&policy.id, names.contains(&policy.name))).collect::<Option<_>>()?;
    let is_read = |(policy, tags): (&&PolicyFacts, &Tags)| {
        let is_compared = names.contains(&policy.name) || is_owned(desired, tags);
        if !is_compared {
            return true;
        }
        // Where it is attached is asked beside what it says, which takes long: AWS answers two of these a second.
        look.at(TargetsOf(policy.id.clone()));
        look.at(PolicyContent(policy.id.clone())).is_some()
    };
    // All are looked for before any is waited for, so that they are asked at once.
    let unread = policies.iter().zip(&tags).filter(|it| !is_read(*it)).count();
    if unread > 0 {
        return None;
    }
    let candidates: Vec<Candidate<'_>> = policies
        .iter()
        .zip(&tags)
        .map(|(policy, tags)| Candidate { id: &policy.id, name: &policy.name, tags })
        .collect();
    let says_it = |wanted: &Wanted, nth: usize| says(wanted, policies[nth], policy_type, look, observed);
    let given = assign(&desired.blueprint, &wanted, &candidates, &says_it);
    let addresses = free_addresses(&given, &candidates, |name| Address::new(prefix, [name]));
    drop(candidates);
    let named = policies.iter().zip(addresses).zip(tags);
    Some(named.map(|((policy, address), tags)| Named { policy, address, tags }).collect())
}

/// Whether a policy has the document that is wanted.
fn says(wanted: &Wanted, policy: &PolicyFacts, policy_type: PolicyType, look: &Look<'_>, observed: &Observed) -> bool {
    let content = body_content(&wanted.body).map(|content| observed.bindings.resolve_value(content));
    let found = look.at(PolicyContent(policy.id.clone()));
    content.zip(found).is_some_and(|(wanted, found)| same_meaning(found, &wanted, policy_type))
}

/// A policy that the blueprint names or that is ours is read whole; of the others the name is enough.
fn add(desired: &Desired, look: &Look<'_>, observed: &mut Observed, policy_type: PolicyType, named: Named<'_>) {
    let Named { policy, address, tags } = named;
    let (owner, tags) = owner(desired, &address, tags);
    let owner = control_tower::owner_of_policy(owner, &policy.name, observed);
    let mut content = Value::Null;
    if desired.resources.contains_key(&address) || matches!(owner, Owner::This { .. }) {
        let Some(known) = look.at(PolicyContent(policy.id.clone())) else { return };
        content = known.clone();
    }
    let found =
        Policy { policy_type, name: policy.name.clone(), description: policy.description.clone(), content, tags };
    observed.add(Found {
        kind: Policy::KIND.into(),
        id: policy.id.clone(),
        owner,
        body: found.body(),
        parent: Some(Address::organization()),
        attached_to: Vec::new(),
        address,
    });
}

async fn create(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    const OPERATION: &str = "organizations:CreatePolicy";
    let wanted = step.wanted()?;
    let policy: Policy = step.resolved(context)?;
    let reply = context
        .cloud
        .organizations
        .create_policy()
        .name(&policy.name)
        .description(&policy.description)
        .r#type(policy.policy_type.api_name().into())
        .content(minified(&policy.content))
        .set_tags(Some(context.tags(&wanted.address, &policy.tags)))
        .send()
        .await
        .explain(OPERATION);
    let id = match reply {
        Ok(reply) => reply.policy().and_then(|policy| policy.policy_summary()?.id()).unwrap_or_default().to_owned(),
        Err(error) if error.is(NAME_TAKEN) => ours(wanted, &policy, context, error).await?,
        Err(error) => return Err(error.into()),
    };
    context.bind(&wanted.address, id);
    Ok(())
}

/// The id of the policy that an earlier attempt of ours made, whose answer was lost.
async fn ours(wanted: &Wanted, policy: &Policy, context: &WriteContext, taken: AwsError) -> Result<String, WriteError> {
    let Some(double) = holder(policy, context).await? else { return Err(taken.into()) };
    let content = PolicyContent(double.id.clone()).ask(&context.cloud).await?;
    let is_same = same_meaning(&content, &policy.content, policy.policy_type);
    let id = context.made_before(&wanted.address, double.id).await?;
    if is_same { Ok(id) } else { Err(changed_since(&wanted.address)) }
}

/// The policy of the same type that has the name already.
async fn holder(policy: &Policy, context: &WriteContext) -> Result<Option<PolicyFacts>, AwsError> {
    let policies = PoliciesOf(policy.policy_type.api_name().into()).ask(&context.cloud).await?;
    Ok(policies.into_iter().find(|other| other.name == policy.name))
}

async fn update(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let id = step.id()?;
    let changed = |path: &str| step.change.field(path).is_some();
    if changed("name") || changed("description") || changed("content") {
        let policy: Policy = step.resolved(context)?;
        match rewrite(step, &policy, context, id).await {
            Err(error) if error.is(NAME_TAKEN) => {
                make_room(&policy, context, error).await?;
                rewrite(step, &policy, context, id).await?;
            }
            rewritten => rewritten?,
        }
    }
    context.write_tags(step, id).await
}

async fn rewrite(step: &Step, policy: &Policy, context: &WriteContext, id: &str) -> Result<(), AwsError> {
    let changed = |path: &str| step.change.field(path).is_some();
    let request = context.cloud.organizations.update_policy().policy_id(id);
    let request = request
        .set_name(changed("name").then(|| policy.name.clone()))
        .set_description(changed("description").then(|| policy.description.clone()))
        .set_content(changed("content").then(|| minified(&policy.content)));
    request.send().await.explain("organizations:UpdatePolicy")?;
    Ok(())
}

/// Names change in a circle: the policy that has the name gets its own later, and a temporary one until then.
async fn make_room(policy: &Policy, context: &WriteContext, taken: AwsError) -> Result<(), WriteError> {
    let holder = holder(policy, context).await?.filter(|holder| context.will_rename(&holder.id, &policy.name));
    let Some(holder) = holder else { return Err(taken.into()) };
    let request = context.cloud.organizations.update_policy().policy_id(&holder.id).name(temporary_name(&holder.id));
    request.send().await.explain("organizations:UpdatePolicy")?;
    Ok(())
}

async fn delete(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let result = context
        .cloud
        .organizations
        .delete_policy()
        .policy_id(step.id()?)
        .send()
        .await
        .explain("organizations:DeletePolicy");
    done_already(result, &["PolicyNotFoundException"])?;
    context.unbind(&step.change.address);
    Ok(())
}

#[cfg(test)]
mod tests;
