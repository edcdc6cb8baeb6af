use aws_sdk_identitystore::types::AttributeOperation;
use aws_smithy_types::Document;
use serde_json::{Value, json};

use super::fields::{body, differences};
use super::identity_center::Center;
use super::write::done_already;
use super::{Kind, Pending, Step, Workshop, WriteError, read};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::model::{Action, Address, Desired, FieldChange, Found, Manual, Observed, Owner, Risk, Wanted};

/// Groups of Identity Center's directory: `group/platform-team`.
///
/// Groups have no tags. One that landing makes says so at the end of its description, as `[landing:BLUEPRINT]`; only such
/// a one is changed or deleted. Every other group is looked up by its name and left as it is.
pub(super) struct Groups;

/// What stands before the blueprint's name in the description of a group that landing made.
const MARK: &str = "[landing:";

impl Kind for Groups {
    fn name(&self) -> &'static str {
        "group"
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let Some(center) = Center::known(observed) else { return };
        let Some(groups) = look.at(read::Groups(center.store)) else { return };
        for group in groups {
            add(desired, observed, group);
        }
        wait_for_missing(desired, observed);
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
            Action::Delete => {
                (Risk::Destructive, "the blueprint does not have it any more: who is in it is forgotten with it".into())
            }
            _ => (Risk::None, "its description differs".into()),
        }
    }

    fn write<'a>(&'a self, step: &'a Step, shop: &'a Workshop) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let center = Center::of(shop)?;
            match step.change.action {
                Action::Create => create(step, shop, &center).await,
                Action::Delete => delete(step, shop, &center).await,
                _ => update(step, shop, &center).await,
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

/// Every group is known by its id; those that the blueprint names or that are ours are things to compare.
fn add(desired: &Desired, observed: &mut Observed, group: &read::GroupFacts) {
    let address = address(desired, &group.name);
    observed.bindings.bind(address.clone(), group.id.clone());
    let (description, maker) = unmarked(&group.description);
    let is_ours = maker == Some(desired.blueprint.as_str());
    if !is_ours && !desired.resources.contains_key(&address) {
        return;
    }
    observed.add(Found {
        address,
        kind: "group".into(),
        id: group.id.clone(),
        owner: if is_ours { Owner::This { stale: None } } else { Owner::Shared },
        body: body([("description", json!(description))]),
        parent: Some(Address::organization()),
        hangs_on: Vec::new(),
    });
}

/// No two names differ only in the case of their letters: the blueprint may write a name in another.
fn address(desired: &Desired, name: &str) -> Address {
    let natural = Address::group(name);
    if desired.resources.contains_key(&natural) {
        return natural;
    }
    let mut wanted = desired.of_kind("group").map(|wanted| &wanted.address);
    wanted.find(|address| address.name().eq_ignore_ascii_case(name)).cloned().unwrap_or(natural)
}

/// Groups of an external directory come from there.
fn wait_for_missing(desired: &Desired, observed: &mut Observed) {
    if !desired.settings.identity.as_ref().is_some_and(|identity| identity.external) {
        return;
    }
    for wanted in desired.of_kind("group").filter(|wanted| !observed.found.contains_key(&wanted.address)) {
        observed.waiting.insert(wanted.address.clone());
        observed.manual.push(Manual {
            address: Some(wanted.address.clone()),
            what: format!(
                "Identity Center knows no group {}: have the identity provider send it, or correct its name",
                wanted.address.name()
            ),
            link: Some("https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html".into()),
        });
    }
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

async fn create(step: &Step, shop: &Workshop, center: &Center) -> Result<(), WriteError> {
    let wanted = step.wanted()?;
    let request = shop.cloud.identity_store.create_group().identity_store_id(&center.store);
    let request = request.display_name(wanted.address.name()).description(description(wanted, shop));
    let id = match request.send().await.explain("identitystore:CreateGroup") {
        Ok(reply) => reply.group_id().to_owned(),
        Err(error) if error.is("ConflictException") => ours(wanted, shop, center, error).await?,
        Err(error) => return Err(error.into()),
    };
    shop.bind(&wanted.address, id);
    Ok(())
}

fn description(wanted: &Wanted, shop: &Workshop) -> String {
    marked(wanted.body.get("description").and_then(Value::as_str).unwrap_or_default().trim(), &shop.blueprint)
}

/// The id of the group that an earlier attempt of ours made, whose answer was lost.
async fn ours(wanted: &Wanted, shop: &Workshop, center: &Center, error: AwsError) -> Result<String, WriteError> {
    let groups = read::Groups(center.store.clone()).ask(&shop.cloud).await?;
    let Some(double) = groups.into_iter().find(|group| group.name.eq_ignore_ascii_case(&wanted.address.name())) else {
        return Err(error.into());
    };
    if unmarked(&double.description).1 == Some(shop.blueprint.as_str()) {
        return Ok(double.id);
    }
    Err(WriteError::Failed {
        message: format!("{} has come into being since the plan was made, and not by landing", wanted.address),
        help: "plan again: it will be used as it is".into(),
    })
}

async fn update(step: &Step, shop: &Workshop, center: &Center) -> Result<(), WriteError> {
    let text = Document::from(description(step.wanted()?, shop));
    let operation = AttributeOperation::builder().attribute_path("description").attribute_value(text).build();
    let operation = operation.map_err(|error| AwsError::odd("identitystore:UpdateGroup", error.to_string()))?;
    let request = shop.cloud.identity_store.update_group().identity_store_id(&center.store).group_id(step.id()?);
    request.operations(operation).send().await.explain("identitystore:UpdateGroup")?;
    Ok(())
}

async fn delete(step: &Step, shop: &Workshop, center: &Center) -> Result<(), WriteError> {
    let request = shop.cloud.identity_store.delete_group().identity_store_id(&center.store).group_id(step.id()?);
    let result = request.send().await.explain("identitystore:DeleteGroup");
    done_already(result, &["ResourceNotFoundException"])?;
    shop.unbind(&step.change.address);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_comes_and_goes_without_a_trace() {
        for text in ["", "those who run it", "[landing: not a mark"] {
            assert_eq!(unmarked(&marked(text, "ours")), (text, Some("ours")));
        }
        assert_eq!(unmarked("made by hand [2024]"), ("made by hand [2024]", None));
    }
}
