use std::collections::BTreeMap;

use serde_json::json;

use super::control_tower;
use super::fields::{body, differences};
use super::ownership::{self, TagIndex, is_tagged_as, owner};
use super::write::done_already;
use super::{Kind, Pending, Step, Workshop, WriteError, read};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::model::{Action, Address, Desired, FieldChange, Found, Observed, Owner, Refusal, Risk, Tags, Wanted};

/// Organizational units: `ou/Workloads/Dev`.
///
/// A unit is known by its address tag, then by its name under its parent, then by an earlier name: so one that
/// was renamed by hand is still the same one.
pub(super) struct OrganizationalUnits;

/// Units below the root can be nested this deep.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
pub const MAX_DEPTH: usize = 5;

impl Kind for OrganizationalUnits {
    fn name(&self) -> &'static str {
        "organizational-unit"
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let Some(root) = observed.bindings.id(&Address::root()).map(str::to_owned) else { return };
        observed.control_tower = control_tower::find(desired, look, observed);
        let index = TagIndex::new(look);
        let wanted = by_parent(desired);
        let mut parents = vec![(root, Address::root(), 0)];
        while let Some((id, address, depth)) = parents.pop() {
            let Some(units) = look.at(read::UnitsOf(id)) else { continue };
            let Some(index) = &index else { continue };
            index.probe(units.iter().map(|unit| unit.id.as_str()));
            let wanted = wanted.get(&address).map(Vec::as_slice).unwrap_or_default();
            let Some(siblings) = name_siblings(desired, wanted, index, &address, units) else { continue };
            for (unit, address, tags) in siblings {
                if depth + 1 < MAX_DEPTH {
                    parents.push((unit.id.clone(), address.clone(), depth + 1));
                }
                let unit = found(desired, unit, address, tags, observed);
                observed.add(unit);
            }
        }
        refuse_taken_names(desired, observed);
    }

    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        let mut fields = differences(&wanted.body, &found.body);
        // A unit that is Control Tower's is referred to; nothing is written on it.
        fields.retain(|field| found.owner != Owner::ControlTower || field.path == "name");
        fields
    }

    fn judge(&self, action: Action, fields: &[FieldChange], found: Option<&Found>) -> (Risk, String) {
        match action {
            Action::Create => (Risk::None, "no such organizational unit".into()),
            Action::Delete => (Risk::Destructive, "the blueprint does not have it any more".into()),
            Action::Adopt => ownership::judge_adoption(fields),
            _ => {
                let renamed = fields.iter().any(|field| field.path == "name");
                let before = found.map(|found| found.body["name"].as_str().unwrap_or_default()).unwrap_or_default();
                let reason = if renamed { format!("it is called {before}") } else { "its tags differ".into() };
                (Risk::None, reason)
            }
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
            "organizations:ListOrganizationalUnitsForParent",
            "organizations:ListTagsForResource",
            "tag:GetResources",
            // Which of them AWS Control Tower governs.
            "organizations:ListAWSServiceAccessForOrganization",
            "organizations:ListPolicies",
            "organizations:ListTargetsForPolicy",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "organizations:CreateOrganizationalUnit",
            "organizations:UpdateOrganizationalUnit",
            "organizations:DeleteOrganizationalUnit",
            "organizations:TagResource",
            "organizations:UntagResource",
        ]
    }
}

/// Whether the unit at an index is a wanted one, by one sign or another.
type Rule<'a> = dyn Fn(&Wanted, usize) -> bool + 'a;

/// The units of the blueprint by what they are directly under.
fn by_parent(desired: &Desired) -> BTreeMap<&Address, Vec<&Wanted>> {
    let mut by_parent: BTreeMap<&Address, Vec<&Wanted>> = BTreeMap::new();
    for wanted in desired.of_kind("organizational-unit") {
        if let Some(parent) = &wanted.parent {
            by_parent.entry(parent).or_default().push(wanted);
        }
    }
    by_parent
}

/// Gives each unit under `parent` its address; `wanted` are the blueprint's units there. `None` while tags are still
/// being fetched.
fn name_siblings<'u>(
    desired: &Desired,
    wanted: &[&Wanted],
    index: &TagIndex<'_>,
    parent: &Address,
    units: &'u [read::Unit],
) -> Option<Vec<(&'u read::Unit, Address, Tags)>> {
    let named = |unit: &read::Unit| wanted.iter().any(|wanted| names(wanted).contains(&unit.name));
    let tags = units.iter().map(|unit| index.of(&unit.id, named(unit))).collect::<Option<Vec<Tags>>>()?;
    let mut given: Vec<Option<Address>> = vec![None; units.len()];
    let rules: [&Rule<'_>; 3] = [
        &|wanted, i| is_tagged_as(desired, wanted, &tags[i]),
        &|wanted, i| names(wanted).first() == Some(&units[i].name),
        &|wanted, i| names(wanted).contains(&units[i].name),
    ];
    for rule in rules {
        for wanted in wanted {
            if given.contains(&Some(wanted.address.clone())) {
                continue;
            }
            if let Some(i) = (0..units.len()).find(|i| given[*i].is_none() && rule(wanted, *i)) {
                given[i] = Some(wanted.address.clone());
            }
        }
    }
    let mut siblings = Vec::with_capacity(units.len());
    for ((unit, tags), given) in units.iter().zip(tags).zip(given.clone()) {
        let address = given.unwrap_or_else(|| free_address(parent, &unit.name, &siblings));
        siblings.push((unit, address, tags));
    }
    Some(siblings)
}

/// A unit's name in the blueprint, then the names that it had.
fn names(wanted: &Wanted) -> Vec<String> {
    std::iter::once(&wanted.address).chain(&wanted.was).map(Address::name).collect()
}

/// The natural address of a unit that the blueprint does not know, or that of a double with its number.
fn free_address(parent: &Address, name: &str, taken: &[(&read::Unit, Address, Tags)]) -> Address {
    let mut address = parent.child_unit(name);
    let mut number = 2;
    while taken.iter().any(|(_, other, _)| *other == address) {
        address = parent.child_unit(&format!("{name} ({number})"));
        number += 1;
    }
    address
}

fn found(desired: &Desired, unit: &read::Unit, address: Address, tags: Tags, observed: &Observed) -> Found {
    let (owner, tags) = owner(desired, &address, tags);
    let owner = control_tower::owner_in_unit(owner, &unit.id, observed);
    let parent = address.parent_unit();
    Found {
        kind: "organizational-unit".into(),
        id: unit.id.clone(),
        owner,
        body: body([("name", json!(unit.name)), ("tags", json!(tags))]),
        parent: Some(parent.clone()),
        hangs_on: vec![parent],
        address,
    }
}

/// AWS refuses a name that a sibling has; where that sibling keeps its name no order of changes helps.
fn refuse_taken_names(desired: &Desired, observed: &mut Observed) {
    let mut refusals = Vec::new();
    for wanted in desired.of_kind("organizational-unit") {
        let Some(found) = observed.found.get(&wanted.address) else { continue };
        if found.body.get("name") == wanted.body.get("name") {
            continue;
        }
        let holder = observed.found.values().find(|other| {
            other.kind == found.kind
                && other.address != wanted.address
                && other.parent == wanted.parent
                && other.body.get("name") == wanted.body.get("name")
        });
        let Some(holder) = holder else { continue };
        if !desired.resources.contains_key(&holder.address) || is_swap(desired, observed, wanted, holder) {
            refusals.push(Refusal {
                code: "name-taken".into(),
                address: Some(wanted.address.clone()),
                message: format!(
                    "{} cannot be renamed: a sibling has the name {}",
                    wanted.address, wanted.body["name"]
                ),
                help: "rename or remove that sibling first, or take another name in the blueprint".into(),
            });
        }
    }
    observed.refusals.extend(refusals);
}

/// Whether two siblings want each other's names.
fn is_swap(desired: &Desired, observed: &Observed, wanted: &Wanted, holder: &Found) -> bool {
    let (Some(other), Some(found)) = (desired.get(&holder.address), observed.found.get(&wanted.address)) else {
        return false;
    };
    other.body.get("name") == found.body.get("name")
}

async fn create(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    let wanted = step.wanted()?;
    let parent = shop.id(wanted.parent.as_ref().unwrap_or(&Address::root()))?;
    let name = wanted.body["name"].as_str().unwrap_or_default();
    let reply = shop
        .cloud
        .organizations
        .create_organizational_unit()
        .parent_id(&parent)
        .name(name)
        .set_tags(Some(shop.tags(&wanted.address, &wanted.body)))
        .send()
        .await
        .explain("organizations:CreateOrganizationalUnit");
    let id = match reply {
        Ok(reply) => reply.organizational_unit().and_then(|unit| unit.id()).unwrap_or_default().to_owned(),
        Err(error) if error.is("DuplicateOrganizationalUnitException") => ours(step, shop, &parent, error).await?,
        Err(error) => return Err(error.into()),
    };
    shop.bind(&wanted.address, id);
    Ok(())
}

/// The id of the unit that an earlier attempt of ours made, whose answer was lost.
async fn ours(step: &Step, shop: &Workshop, parent: &str, error: AwsError) -> Result<String, WriteError> {
    let wanted = step.wanted()?;
    let siblings = read::UnitsOf(parent.to_owned()).ask(&shop.cloud).await?;
    let double = siblings.into_iter().find(|unit| wanted.body["name"] == unit.name.as_str());
    let Some(double) = double else { return Err(error.into()) };
    shop.made_before(&wanted.address, double.id).await
}

async fn update(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    let id = step.id()?;
    if let Some(name) = step.change.field("name").and_then(|field| field.after.as_str()) {
        shop.cloud
            .organizations
            .update_organizational_unit()
            .organizational_unit_id(id)
            .name(name)
            .send()
            .await
            .explain("organizations:UpdateOrganizationalUnit")?;
    }
    shop.write_tags(step, id).await
}

async fn delete(step: &Step, shop: &Workshop) -> Result<(), WriteError> {
    let result = shop
        .cloud
        .organizations
        .delete_organizational_unit()
        .organizational_unit_id(step.id()?)
        .send()
        .await
        .explain("organizations:DeleteOrganizationalUnit");
    if result.as_ref().is_err_and(|error| error.is("OrganizationalUnitNotEmptyException")) {
        return Err(WriteError::Failed {
            message: format!("{} still holds accounts or organizational units", step.change.address),
            help: "move them elsewhere, or name them in the blueprint; a closed account stays for 90 days".into(),
        });
    }
    done_already(result, &["OrganizationalUnitNotFoundException"])?;
    shop.unbind(&step.change.address);
    Ok(())
}
