use std::collections::BTreeMap;
use std::sync::Arc;

use super::compact::compact;
use super::differences::{of_mistakes, of_plan};
use super::files::Files;
use super::foreign::{Compared, compare};
use super::scope;
use super::survey::Surveyed;
use super::told::{ImportError, Options, Told};
use crate::cloud::Cloud;
use crate::engine::look_and_plan;
use crate::facts::Facts;
use crate::kinds::{KINDS, Survey, outline};
use crate::model::{Address, Desired, Found, Part, Plan};
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
    let compared = options
        .foreign
        .as_ref()
        .map(|foreign| compare(foreign, &surveyed.observed, &surveyed.without_full_access, &unread(surveyed, options)));
    loop {
        let (files, mut told) = outlined(surveyed, options, left_out.clone(), compared.as_ref());
        told.foreign.clone_from(&compared);
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

/// The kinds that were not looked at, by their names, with the reason.
fn unread<'s>(surveyed: &'s Surveyed, options: &Options) -> BTreeMap<&'s str, &'static str> {
    let known = surveyed.not_known.keys().map(|kind| (kind.as_str(), "AWS did not tell what there is"));
    let asked_for = [Part::Identity, Part::Contacts, Part::Regions, Part::Settings, Part::Stacks];
    let not_asked = KINDS.iter().filter(|kind| {
        let part = kind.nature().part;
        asked_for.contains(&part) && !options.parts.contains(&part)
    });
    known.chain(not_asked.map(|kind| (kind.name(), "the command was not asked for it"))).collect()
}

fn outlined(
    surveyed: &Surveyed,
    options: &Options,
    left_out: BTreeMap<Address, LeftOut>,
    compared: Option<&Compared>,
) -> (Files, Told) {
    let none = BTreeMap::new();
    let survey = Survey {
        observed: &surveyed.observed,
        partition: surveyed.partition,
        without_full_access: &surveyed.without_full_access,
        folds: options.folds,
        whole_units: compared.map_or(&none, |compared| &compared.whole_units),
    };
    let mut outline = outline(&survey, Outline::without(left_out));
    let told = told(surveyed, &outline);
    let values = compact(&mut outline);
    let comments = compared.map(|compared| compared.comments.clone()).unwrap_or_default();
    (Files::of(&outline, values, &head(&told), options, &comments), told)
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
    let (left_out, remarks) = (outline.left_out.clone(), outline.remarks.clone());
    Told { organization, written, left_out, remarks, foreign: None }
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
