use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::control_tower;
use super::fields::{body, differences};
use super::ownership::{self, TagIndex, is_tagged_as, owner};
use super::write::done_already;
use super::{Kind, Pending, Step, Workshop, WriteError, read};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::model::{Action, Address, Body, Desired, FieldChange, Found, Observed, Owner, Risk, Tags, Wanted};
use crate::policy::{PolicyType, minified, same_meaning};

/// Organization policies of every type: `scp/region-guard`, `tag-policy/cost-centre`.
pub(super) struct Policies;

impl Kind for Policies {
    fn name(&self) -> &'static str {
        "policy"
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        if !observed.found.contains_key(&Address::organization()) {
            return;
        }
        let Some(index) = TagIndex::new(look) else { return };
        for policy_type in types_to_read(desired, observed) {
            let Some(policies) = look.at(read::PoliciesOf(policy_type.api_name().into())) else { continue };
            bind_aws_managed(policy_type, policies, observed);
            let own: Vec<&read::PolicyFacts> = policies.iter().filter(|policy| !policy.aws_managed).collect();
            index.probe(own.iter().map(|policy| policy.id.as_str()));
            for policy in name_policies(desired, &index, policy_type, &own).into_iter().flatten() {
                add(desired, look, observed, policy_type, policy);
            }
        }
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let mut fields = differences(&wanted.body, &found.body);
        let Some(policy_type) = policy_type(&wanted.body) else { return fields };
        fields.retain(|field| field.path != "content" || !same_meaning(&field.before, &field.after, policy_type));
        fields
    }

    fn judge(&self, action: Action, fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Create => (Risk::None, "no policy of this type has the name".into()),
            Action::Delete => (Risk::Destructive, "the blueprint does not have it any more".into()),
            Action::Adopt => ownership::judge_adoption(fields),
            _ if fields.iter().any(|field| field.path == "content") => {
                (Risk::Disruptive, "what it says differs".into())
            }
            _ => (Risk::None, "it differs, not in what it says".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            match step.change.action {
                Action::Create => create(step, shop).await,
                Action::Delete => delete(step, shop).await,
                _ => update(step, shop).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "organizations:ListPolicies",
            "organizations:DescribePolicy",
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

/// The types that are enabled and those that the blueprint uses.
fn types_to_read(desired: &Desired, observed: &Observed) -> BTreeSet<PolicyType> {
    let enabled = observed.found.values().filter(|found| found.kind == "policy-type").map(|found| found.id.as_str());
    let enabled: BTreeSet<PolicyType> = enabled.filter_map(|name| name.parse().ok()).collect();
    enabled.into_iter().chain(desired.of_kind("policy").filter_map(|wanted| policy_type(&wanted.body))).collect()
}

fn policy_type(body: &Body) -> Option<PolicyType> {
    body.get("type").and_then(Value::as_str)?.parse().ok()
}

/// AWS's own policies are referred to by name, as in `scp/FullAWSAccess@ou/Workloads`.
fn bind_aws_managed(policy_type: PolicyType, policies: &[read::PolicyFacts], observed: &mut Observed) {
    for policy in policies.iter().filter(|policy| policy.aws_managed) {
        observed.bindings.bind(Address::new(policy_type.address_prefix(), [&policy.name]), policy.id.clone());
    }
}

/// One policy with the address that it has been given and its tags.
struct Named<'p> {
    policy: &'p read::PolicyFacts,
    address: Address,
    tags: Tags,
}

/// Gives each policy its address: by its address tag first, then by its name. Those whose tags are not known
/// yet are left out.
fn name_policies<'p>(
    desired: &Desired,
    index: &TagIndex<'_>,
    policy_type: PolicyType,
    policies: &[&'p read::PolicyFacts],
) -> Option<Vec<Named<'p>>> {
    let prefix = policy_type.address_prefix();
    let wanted: Vec<&Wanted> = desired.of_kind("policy").filter(|wanted| wanted.address.prefix() == prefix).collect();
    let by_name = |name: &str| {
        wanted
            .iter()
            .copied()
            .find(|wanted| wanted.body["name"] == name || wanted.was.iter().any(|was| was.name() == name))
    };
    let tags: Vec<Tags> =
        policies.iter().map(|policy| index.of(&policy.id, by_name(&policy.name).is_some())).collect::<Option<_>>()?;
    let by_tag: Vec<Option<&Wanted>> =
        tags.iter().map(|tags| wanted.iter().copied().find(|wanted| is_tagged_as(desired, wanted, tags))).collect();
    let taken: BTreeSet<&Address> = by_tag.iter().flatten().map(|wanted| &wanted.address).collect();
    Some(
        policies
            .iter()
            .zip(tags)
            .zip(&by_tag)
            .map(|((policy, tags), by_tag)| {
                let named = by_name(&policy.name).filter(|wanted| !taken.contains(&wanted.address));
                let address = by_tag.or(named).map(|wanted| wanted.address.clone());
                let address = address.unwrap_or_else(|| {
                    let natural = Address::new(prefix, [&policy.name]);
                    if taken.contains(&natural) {
                        Address::new(prefix, [format!("{} (2)", policy.name)])
                    } else {
                        natural
                    }
                });
                Named { policy, address, tags }
            })
            .collect(),
    )
}

/// A policy that the blueprint names or that is ours is read whole; of the others the name is enough.
fn add(desired: &Desired, look: &Look<'_>, observed: &mut Observed, policy_type: PolicyType, named: Named<'_>) {
    let Named { policy, address, tags } = named;
    let (owner, tags) = owner(desired, &address, tags);
    let owner = control_tower::owner_of_policy(owner, &policy.name, observed);
    let mut content = Value::Null;
    if desired.resources.contains_key(&address) || matches!(owner, Owner::This { .. }) {
        let Some(known) = look.at(read::PolicyContent(policy.id.clone())) else { return };
        content = known.clone();
    }
    observed.add(Found {
        kind: "policy".into(),
        id: policy.id.clone(),
        owner,
        body: body([
            ("type", json!(policy_type.api_name())),
            ("name", json!(policy.name)),
            ("description", json!(policy.description)),
            ("content", content),
            ("tags", json!(tags)),
        ]),
        parent: Some(Address::organization()),
        hangs_on: Vec::new(),
        address,
    });
}

async fn create(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    const OPERATION: &str = "organizations:CreatePolicy";
    let wanted = step.wanted()?;
    let body = shop.resolve(&wanted.body);
    let reply = shop
        .cloud
        .organizations
        .create_policy()
        .name(text(&body, "name"))
        .description(text(&body, "description"))
        .r#type(text(&body, "type").into())
        .content(minified(&body["content"]))
        .set_tags(Some(shop.tags(&wanted.address, &body)))
        .send()
        .await
        .explain(OPERATION);
    let id = match reply {
        Ok(reply) => reply.policy().and_then(|policy| policy.policy_summary()?.id()).unwrap_or_default().to_owned(),
        Err(error) if error.is("DuplicatePolicyException") => ours(wanted, shop, error).await?,
        Err(error) => return Err(error.into()),
    };
    shop.bind(&wanted.address, id);
    Ok(())
}

/// The id of the policy that an earlier attempt of ours made, whose answer was lost.
async fn ours(wanted: &Wanted, shop: &Workshop, error: AwsError) -> Result<String, WriteError> {
    let policies = read::PoliciesOf(text(&wanted.body, "type").into()).ask(&shop.cloud).await?;
    let Some(double) = policies.into_iter().find(|policy| wanted.body["name"] == policy.name.as_str()) else {
        return Err(error.into());
    };
    shop.made_before(&wanted.address, double.id).await
}

async fn update(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    let id = step.id()?;
    let wanted = step.wanted()?;
    let body = shop.resolve(&wanted.body);
    let changed = |path: &str| step.change.field(path).is_some();
    if changed("name") || changed("description") || changed("content") {
        let new = |path: &str| changed(path).then(|| text(&body, path).to_owned());
        shop.cloud
            .organizations
            .update_policy()
            .policy_id(id)
            .set_name(new("name"))
            .set_description(new("description"))
            .set_content(changed("content").then(|| minified(&body["content"])))
            .send()
            .await
            .explain("organizations:UpdatePolicy")?;
    }
    shop.write_tags(step, id).await
}

async fn delete(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    let result = shop
        .cloud
        .organizations
        .delete_policy()
        .policy_id(step.id()?)
        .send()
        .await
        .explain("organizations:DeletePolicy");
    done_already(result, &["PolicyNotFoundException"])?;
    shop.unbind(&step.change.address);
    Ok(())
}

fn text<'a>(body: &'a Body, key: &str) -> &'a str {
    body.get(key).and_then(Value::as_str).unwrap_or_default()
}
