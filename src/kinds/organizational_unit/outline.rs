use super::resource::OrganizationalUnit;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::{Survey, within};
use crate::model::{Address, Owner};
use crate::outline::{Map, Node, Outline};

/// Writes the units, from the root down: what is in a unit that is left out is left out with it.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    for found in survey.of(OrganizationalUnit::KIND, outline) {
        let Some(unit) = OrganizationalUnit::of(&found.body) else { continue };
        let parent = found.parent.clone().unwrap_or_else(Address::root);
        if outline.place(&parent).is_none() {
            outline.leave_out(found.address.clone(), within(&parent, outline));
            continue;
        }
        let mut said = Map::default();
        // What is Control Tower's is referred to.
        if found.owner != Owner::ControlTower {
            said.set("tags", Node::tags(&unit.tags));
        }
        outline.units.insert(found.address.clone(), said);
    }
}
