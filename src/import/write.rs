use std::collections::BTreeMap;
use std::sync::Arc;

use super::compact::compact;
use super::differences::{of_mistakes, of_plan};
use super::files::Files;
use super::scope;
use super::survey::Surveyed;
use super::told::{ImportError, Options, Told};
use crate::cloud::Cloud;
use crate::engine::look_and_plan;
use crate::facts::Facts;
use crate::kinds::{Survey, outline};
use crate::model::{Address, Desired, Found, Plan};
use crate::outline::{LeftOut, Outline};
use crate::sections::{Declared, declare_embedded};

/// A blueprint that was written, and what it wants.
pub(super) struct Written {
    pub files: Files,
    pub told: Told,
    pub declared: Declared,
}

/// Writes what was found. What landing would refuse or change is left out, and named, until nothing of that is left.
pub(super) async fn write(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    options: &Options,
    surveyed: &Surveyed,
) -> Result<Written, ImportError> {
    let mut left_out = scope::not_asked_for(&surveyed.observed, options)?;
    left_out.extend(surveyed.not_known.clone());
    loop {
        let (files, told) = outlined(surveyed, options, left_out.clone());
        let declared = match declare_embedded(&options.main, &files.all()) {
            Ok(declared) => declared,
            Err(failed) if leave_out(&mut left_out, of_mistakes(&failed, &files)) => continue,
            Err(failed) => return Err(ImportError::Refused(failed)),
        };
        let plan = planned(cloud, facts, &declared).await?;
        if !leave_out(&mut left_out, of_plan(&plan, &surveyed.observed)) {
            return Ok(Written { files, told, declared });
        }
    }
}

/// Adds what is new, and tells whether anything is.
fn leave_out(left_out: &mut BTreeMap<Address, LeftOut>, more: Vec<(Address, LeftOut)>) -> bool {
    let before = left_out.len();
    for (address, why) in more {
        left_out.entry(address).or_insert(why);
    }
    left_out.len() > before
}

fn outlined(surveyed: &Surveyed, options: &Options, left_out: BTreeMap<Address, LeftOut>) -> (Files, Told) {
    let survey = Survey {
        observed: &surveyed.observed,
        partition: surveyed.partition,
        without_full_access: &surveyed.without_full_access,
        folds: options.folds,
    };
    let mut outline = outline(&survey, Outline::without(left_out));
    let told = told(surveyed, &outline);
    let values = compact(&mut outline);
    (Files::of(&outline, values, &head(&told), options), told)
}

fn told(surveyed: &Surveyed, outline: &Outline) -> Told {
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    let is_told = |found: &&Found| {
        !outline.leaves_out(&found.address) && !found.address.is_root() && !found.address.is_organization()
    };
    for found in surveyed.observed.found.values().filter(is_told) {
        *written.entry(found.kind.clone()).or_default() += 1;
    }
    let organization = surveyed.observed.bindings.id(&Address::organization()).unwrap_or_default().to_owned();
    Told { organization, written, left_out: outline.left_out.clone(), remarks: outline.remarks.clone() }
}

/// What stands at the top of the first file.
fn head(told: &Told) -> String {
    let head = format!("What `landing import` found in {}.", told.organization);
    match told.left_out.len() {
        0 => head,
        count => format!("{head} Left out, see import.md: {count}."),
    }
}

async fn planned(cloud: &Arc<Cloud>, facts: &mut Facts, declared: &Declared) -> Result<Plan, ImportError> {
    let draft = look_and_plan(cloud, facts, &deep(&declared.desired), &declared.blueprint, &[]).await?;
    Ok(draft.plan)
}

/// What a blueprint wants, held against everything.
pub(super) fn deep(desired: &Desired) -> Desired {
    let mut desired = desired.clone();
    desired.settings.deep = true;
    desired
}
