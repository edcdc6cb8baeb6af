use std::collections::BTreeMap;

use aws_sdk_identitystore::types::AttributeOperation;
use aws_smithy_types::Document;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::kinds::shared::fields::differences;
use crate::kinds::shared::identity_center::Center;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::write::done_already;
use crate::model::{
    Action, Address, Desired, FieldChange, Found, IdentitySettings, KindInfo, Manual, Observed, Owner, Risk, Wanted,
};
use resource::Group;

mod kind_info;
pub(super) mod read;
pub(crate) mod resource;

/// Groups of Identity Center's directory: `group/platform-team`.
///
/// Groups have no tags. One that landing makes says so at the end of its description, as `[landing:BLUEPRINT]`; only such
/// a one is changed or deleted. Every other group is looked up by its name and left as it is.
pub(super) struct Groups;

/// What stands before the blueprint's name in the description of a group that landing made.
const MARK: &str = "[landing:";

/// How an identity provider sends people and groups.
const PROVISIONING: &str = "https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html";

impl Kind for Groups {
    fn name(&self) -> &'static str {
        Group::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let Some(center) = Center::known(observed) else { return };
        let Some(groups) = look.at(read::Groups(center.store)) else { return };
        let names = Names::of(desired);
        for group in groups {
            add(desired, observed, names.address(&group.name), group);
        }
        wait_for_missing(desired, groups, &names, observed);
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        match found.owner {
            Owner::This { .. } => differences(&wanted.body, &found.body),
            _ => Vec::new(),
        }
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Create => (Risk::None, "the directory has no such group".into()),
            Action::Delete => (Risk::Destructive, "no longer in the blueprint: its members are removed with it".into()),
            _ => (Risk::None, "its description differs".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let center = Center::of(context)?;
            match step.change.action {
                Action::Create => create(step, context, &center).await,
                Action::Delete => delete(step, context, &center).await,
                _ => update(step, context, &center).await,
            }
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["identitystore:ListGroups"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["identitystore:CreateGroup", "identitystore:UpdateGroup", "identitystore:DeleteGroup"]
    }
}

/// Every group is known by its id; those that the blueprint names or that are ours are resources to compare.
fn add(desired: &Desired, observed: &mut Observed, address: Address, group: &read::GroupFacts) {
    observed.bindings.bind(address.clone(), group.id.clone());
    let (description, maker) = unmarked(&group.description);
    // Where an identity provider owns the directory landing makes no groups, whatever a description says.
    let is_external = desired.settings.identity.as_ref().is_some_and(|identity| identity.external);
    let is_ours = maker == Some(desired.blueprint.as_str()) && !is_external;
    if !is_ours && !desired.resources.contains_key(&address) {
        return;
    }
    observed.add(Found {
        address,
        kind: Group::KIND.into(),
        id: group.id.clone(),
        owner: if is_ours { Owner::This { stale: None } } else { Owner::Shared },
        body: Group { description: description.to_owned() }.body(),
        parent: Some(Address::organization()),
        attached_to: Vec::new(),
    });
}

/// The blueprint's groups by their names. No two names of a directory differ only in the case of their letters: the blueprint may
/// write a name in another.
struct Names<'a> {
    desired: &'a Desired,
    in_small_letters: BTreeMap<String, &'a Address>,
}

impl<'a> Names<'a> {
    /// Found once: a directory may have thousands of groups.
    fn of(desired: &'a Desired) -> Names<'a> {
        let mut in_small_letters = BTreeMap::new();
        for wanted in desired.of_kind(Group::KIND) {
            in_small_letters.entry(wanted.address.name().to_ascii_lowercase()).or_insert(&wanted.address);
        }
        Names { desired, in_small_letters }
    }

    /// The address of a group that the directory has: the blueprint's, where it names the group.
    fn address(&self, name: &str) -> Address {
        let natural = Address::group(name);
        if self.desired.resources.contains_key(&natural) {
            return natural;
        }
        self.in_small_letters.get(&name.to_ascii_lowercase()).map_or(natural, |address| (*address).clone())
    }
}

/// Groups of an external directory come from there.
fn wait_for_missing(desired: &Desired, groups: &[read::GroupFacts], names: &Names<'_>, observed: &mut Observed) {
    let Some(identity) = desired.settings.identity.as_ref().filter(|identity| identity.external) else { return };
    for wanted in desired.of_kind(Group::KIND).filter(|wanted| !observed.found.contains_key(&wanted.address)) {
        let what = format!(
            "the directory has no such group{}: have the identity provider send it, or write its name as it is there{}",
            what_waits(identity, &wanted.address),
            what_is_there(names, groups)
        );
        observed.waiting.insert(wanted.address.clone());
        observed.findings.manual.push(Manual {
            address: Some(wanted.address.clone()),
            what,
            link: Some(PROVISIONING.into()),
        });
    }
}

/// The assignments that a group which is not there yet is to have.
fn what_waits(identity: &IdentitySettings, group: &Address) -> String {
    let rules = identity.assignments.iter().filter(|rule| rule.principal == *group);
    let waits = rules.map(|rule| format!("{} in {}", rule.permission_set.name(), rule.target));
    let waits: Vec<String> = waits.collect();
    if waits.is_empty() { String::new() } else { format!(", so that {} cannot be assigned", listed(waits)) }
}

/// Groups that the blueprint does not name: one of them may be meant.
fn what_is_there(names: &Names<'_>, groups: &[read::GroupFacts]) -> String {
    let others = groups.iter().filter(|group| names.desired.get(&names.address(&group.name)).is_none());
    let others: Vec<String> = others.map(|group| group.name.clone()).collect();
    match others.is_empty() {
        true if groups.is_empty() => " (it has no groups at all: is automatic provisioning on?)".into(),
        true => String::new(),
        false => format!(" (it has {})", listed(others)),
    }
}

/// So many of a list are named.
const SHOWN: usize = 6;

fn listed(names: Vec<String>) -> String {
    let more = names.len().saturating_sub(SHOWN);
    let named = names.into_iter().take(SHOWN).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

/// A description with the mark of the blueprint that the group is made for.
fn marked(description: &str, blueprint: &str) -> String {
    format!("{description} {MARK}{blueprint}]").trim_start().to_owned()
}

/// A description without its mark, and the blueprint in that mark.
fn unmarked(description: &str) -> (&str, Option<&str>) {
    match description.strip_suffix(']').and_then(|rest| rest.rsplit_once(MARK)) {
        Some((text, blueprint)) => (text.trim_end(), Some(blueprint)),
        None => (description, None),
    }
}

async fn create(step: &Step, context: &WriteContext, center: &Center) -> Result<(), WriteError> {
    let (wanted, description) = (step.wanted()?, description(step, context)?);
    let request = context.cloud.identity_store.create_group().identity_store_id(&center.store);
    let request = request.display_name(wanted.address.name()).description(&description);
    let id = match request.send().await.explain("identitystore:CreateGroup") {
        Ok(reply) => reply.group_id().to_owned(),
        Err(error) if error.is("ConflictException") => ours(wanted, &description, context, center, error).await?,
        Err(error) => return Err(error.into()),
    };
    context.bind(&wanted.address, id);
    Ok(())
}

/// The description that AWS is given, with the mark of the blueprint.
fn description(step: &Step, context: &WriteContext) -> Result<String, WriteError> {
    let group: Group = step.resource()?;
    Ok(marked(group.description.trim(), &context.blueprint))
}

/// The id of the group that an earlier attempt of ours made, whose answer was lost.
async fn ours(
    wanted: &Wanted,
    description: &str,
    context: &WriteContext,
    center: &Center,
    error: AwsError,
) -> Result<String, WriteError> {
    let groups = read::Groups(center.store.clone()).ask(&context.cloud).await?;
    let Some(double) = groups.into_iter().find(|group| group.name.eq_ignore_ascii_case(&wanted.address.name())) else {
        return Err(error.into());
    };
    if double.description == description {
        return Ok(double.id);
    }
    Err(WriteError::Failed {
        message: format!("{} was created by another program since the plan was made", wanted.address),
        help: "plan again: it will be used as it is".into(),
    })
}

async fn update(step: &Step, context: &WriteContext, center: &Center) -> Result<(), WriteError> {
    let text = Document::from(description(step, context)?);
    let operation = AttributeOperation::builder().attribute_path("description").attribute_value(text).build();
    let operation = operation.map_err(|error| AwsError::odd("identitystore:UpdateGroup", error.to_string()))?;
    let request = context.cloud.identity_store.update_group().identity_store_id(&center.store).group_id(step.id()?);
    request.operations(operation).send().await.explain("identitystore:UpdateGroup")?;
    Ok(())
}

async fn delete(step: &Step, context: &WriteContext, center: &Center) -> Result<(), WriteError> {
    let request = context.cloud.identity_store.delete_group().identity_store_id(&center.store).group_id(step.id()?);
    let result = request.send().await.explain("identitystore:DeleteGroup");
    done_already(result, &["ResourceNotFoundException"])?;
    context.unbind(&step.change.address);
    Ok(())
}

#[cfg(test)]
mod tests;
