mod kind_info;
mod lists;
mod outline;
pub mod read;
pub mod resource;

use std::collections::BTreeMap;

use super::{Kind, Pending, Step, WriteContext, WriteError};
use crate::cloud::{AwsError, Explain};
use crate::facts::{Look, Question};
use crate::kinds::read::Accounts;
use crate::kinds::shared::control_tower;
use crate::kinds::shared::fields::differences;
use crate::kinds::shared::names::{Candidate, assign, free_addresses, refuse_taken_names, temporary_name};
use crate::kinds::shared::ownership::{self, TagIndex, owner};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::write::done_already;
use crate::model::{Action, Address, Desired, FieldChange, Found, KindInfo, Observed, Owner, Risk, Tags, Wanted};
use crate::outline::Outline;

use lists::Lists;
use resource::OrganizationalUnit;

/// Organizational units: `ou/Workloads/Dev`.
///
/// A unit is known by its address tag, then by its name under its parent, then by an earlier address or name: so one that
/// was renamed by hand is still the same one.
pub(super) struct OrganizationalUnits;

/// Units below the root can be nested this deep.
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
pub const MAX_DEPTH: usize = 5;

/// What AWS answers where a sibling has the name.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_UpdateOrganizationalUnit.html>
const NAME_TAKEN: &str = "DuplicateOrganizationalUnitException";

impl Kind for OrganizationalUnits {
    fn name(&self) -> &'static str {
        OrganizationalUnit::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn has_address(&self, address: &Address) -> bool {
        address.is_unit()
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        let Some(root) = observed.bindings.id(&Address::root()).map(str::to_owned) else { return };
        observed.control_tower = control_tower::find(look, observed);
        let index = TagIndex::new(look);
        let lists = Lists::new(desired, look, index.as_ref());
        let mut walk = Walk { wanted: by_parent(desired), desired, look, index: index.as_ref(), is_whole: true };
        let root = Place { id: root, address: Address::root(), depth: 0 };
        let left_out = walk.below(vec![root], |place| lists.takes(&place.id, &place.address), observed);
        let is_known = walk.is_whole && look.at(Accounts).is_some();
        match walk.index.filter(|_| is_known && !left_out.is_empty()) {
            Some(index) if lists::are_wanted(left_out.len(), desired, look, index, observed) => {
                walk.below(left_out, |_| true, observed);
            }
            Some(_) => observed.findings.unlisted_units = left_out.len(),
            None => {}
        }
        refuse_taken_names(self.name(), desired, observed);
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
            Action::Delete => (Risk::Destructive, "no longer in the blueprint".into()),
            Action::Adopt => ownership::judge_adoption(fields, renamed(fields, found)),
            _ => renamed(fields, found).unwrap_or_else(|| (Risk::None, "its tags differ".into())),
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
            "organizations:ListOrganizationalUnitsForParent",
            "organizations:ListTagsForResource",
            "tag:GetResources",
            // Which of them AWS Control Tower governs.
            "organizations:ListAWSServiceAccessForOrganization",
            "organizations:ListPolicies",
            "organizations:ListTargetsForPolicy",
            "controltower:ListLandingZones",
            "controltower:GetLandingZone",
            "controltower:ListEnabledBaselines",
            "controltower:ListEnabledControls",
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

/// The root or a unit whose list of units is read.
struct Place {
    id: String,
    address: Address,
    /// Levels below the root.
    depth: usize,
}

/// Finds units from the root down.
struct Walk<'a> {
    wanted: BTreeMap<&'a Address, Vec<&'a Wanted>>,
    desired: &'a Desired,
    look: &'a Look<'a>,
    index: Option<&'a TagIndex<'a>>,
    /// Whether every list that was looked for is known, and the tags of what it has.
    is_whole: bool,
}

impl Walk<'_> {
    /// Adds what is below these places, and gives those whose lists `takes` leaves out.
    fn below(&mut self, mut places: Vec<Place>, takes: impl Fn(&Place) -> bool, observed: &mut Observed) -> Vec<Place> {
        let mut left_out = Vec::new();
        while let Some(place) = places.pop() {
            if place.depth == MAX_DEPTH {
                continue;
            }
            if !takes(&place) {
                left_out.push(place);
            } else {
                let found = self.directly_below(&place, observed);
                self.is_whole &= found.is_some();
                places.extend(found.into_iter().flatten());
            }
        }
        left_out
    }

    /// `None` while it is being fetched.
    fn directly_below(&self, place: &Place, observed: &mut Observed) -> Option<Vec<Place>> {
        let units = self.look.at(read::UnitsOf(place.id.clone()))?;
        let index = self.index?;
        index.probe(units.iter().map(|unit| unit.id.as_str()));
        let wanted = self.wanted.get(&place.address).map(Vec::as_slice).unwrap_or_default();
        let siblings = name_siblings(self.desired, wanted, index, &place.address, units)?;
        let add = |(unit, address, tags): (&read::Unit, Address, Tags)| {
            observed.add(found(self.desired, unit, address.clone(), tags, observed));
            Place { id: unit.id.clone(), address, depth: place.depth + 1 }
        };
        Some(siblings.into_iter().map(add).collect())
    }
}

fn renamed(fields: &[FieldChange], found: Option<&Found>) -> Option<(Risk, String)> {
    let is_renamed = fields.iter().any(|field| field.path == "name");
    let before = found.and_then(|found| OrganizationalUnit::of(&found.body)).unwrap_or_default().name;
    is_renamed.then(|| (Risk::None, format!("it is called {before}")))
}

/// The units of the blueprint by what they are directly under.
fn by_parent(desired: &Desired) -> BTreeMap<&Address, Vec<&Wanted>> {
    let mut by_parent: BTreeMap<&Address, Vec<&Wanted>> = BTreeMap::new();
    for wanted in desired.of_kind(OrganizationalUnit::KIND) {
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
    let candidates: Vec<Candidate<'_>> =
        units.iter().zip(&tags).map(|(unit, tags)| Candidate { id: &unit.id, name: &unit.name, tags }).collect();
    // What a unit holds does not say which one it is: what is in it can go elsewhere by itself.
    let given = assign(&desired.blueprint, wanted, &candidates, &|_, _| false);
    let addresses = free_addresses(&given, &candidates, |name| parent.child_unit(name));
    drop(candidates);
    Some(units.iter().zip(addresses).zip(tags).map(|((unit, address), tags)| (unit, address, tags)).collect())
}

/// A unit's name in the blueprint, then the names that it had.
fn names(wanted: &Wanted) -> Vec<String> {
    std::iter::once(&wanted.address).chain(&wanted.was).map(Address::name).collect()
}

fn found(desired: &Desired, unit: &read::Unit, address: Address, tags: Tags, observed: &Observed) -> Found {
    let (owner, tags) = owner(desired, &address, tags);
    let owner = control_tower::owner_in_unit(owner, &unit.id, observed);
    let parent = address.parent_unit();
    Found {
        kind: OrganizationalUnit::KIND.into(),
        id: unit.id.clone(),
        owner,
        body: OrganizationalUnit { name: unit.name.clone(), tags }.body(),
        parent: Some(parent.clone()),
        attached_to: vec![parent],
        address,
    }
}

async fn create(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let wanted = step.wanted()?;
    let parent = context.id(wanted.parent.as_ref().unwrap_or(&Address::root()))?;
    let unit: OrganizationalUnit = step.resource()?;
    let reply = context
        .cloud
        .organizations
        .create_organizational_unit()
        .parent_id(&parent)
        .name(&unit.name)
        .set_tags(Some(context.tags(&wanted.address, &unit.tags)))
        .send()
        .await
        .explain("organizations:CreateOrganizationalUnit");
    let id = match reply {
        Ok(reply) => reply.organizational_unit().and_then(|unit| unit.id()).unwrap_or_default().to_owned(),
        Err(error) if error.is(NAME_TAKEN) => ours(&unit, step, context, &parent, error).await?,
        Err(error) => return Err(error.into()),
    };
    context.bind(&wanted.address, id);
    Ok(())
}

/// The id of the unit that an earlier attempt of ours made, whose answer was lost.
async fn ours(
    wanted: &OrganizationalUnit,
    step: &Step,
    context: &WriteContext,
    parent: &str,
    error: AwsError,
) -> Result<String, WriteError> {
    let siblings = read::UnitsOf(parent.to_owned()).ask(&context.cloud).await?;
    let double = siblings.into_iter().find(|unit| unit.name == wanted.name);
    let Some(double) = double else { return Err(error.into()) };
    context.made_before(&step.change.address, double.id).await
}

async fn update(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let id = step.id()?;
    if let Some(name) = step.change.field("name").and_then(|field| field.after.as_str()) {
        match rename(context, id, name).await {
            Err(error) if error.is(NAME_TAKEN) => {
                make_room(step, context, name, error).await?;
                rename(context, id, name).await?;
            }
            renamed => renamed?,
        }
    }
    context.write_tags(step, id).await
}

async fn rename(context: &WriteContext, id: &str, name: &str) -> Result<(), AwsError> {
    let request = context.cloud.organizations.update_organizational_unit().organizational_unit_id(id).name(name);
    request.send().await.explain("organizations:UpdateOrganizationalUnit")?;
    Ok(())
}

/// Names change in a circle: the sibling that has the name gets its own later, and a temporary one until then.
async fn make_room(step: &Step, context: &WriteContext, name: &str, taken: AwsError) -> Result<(), WriteError> {
    let parent = context.id(step.wanted()?.parent.as_ref().unwrap_or(&Address::root()))?;
    let siblings = read::UnitsOf(parent).ask(&context.cloud).await?;
    let holder = siblings.into_iter().find(|unit| unit.name == name && context.will_rename(&unit.id, name));
    let Some(holder) = holder else { return Err(taken.into()) };
    Ok(rename(context, &holder.id, &temporary_name(&holder.id)).await?)
}

async fn delete(step: &Step, context: &WriteContext) -> Result<(), WriteError> {
    let result = context
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
            help: "write in the blueprint where they go; AWS keeps a closed account for 90 days, and landing moves it"
                .into(),
        });
    }
    done_already(result, &["OrganizationalUnitNotFoundException"])?;
    context.unbind(&step.change.address);
    Ok(())
}

#[cfg(test)]
mod tests;
