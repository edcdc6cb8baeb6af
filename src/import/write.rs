use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use landing_blueprint::Failed;

use super::beside::Base;
use super::compact::compact;
use super::differences::{of_mistakes, of_plan};
use super::files::Files;
use super::foreign::{Compared, compare};
use super::scope;
use super::summary::{ImportError, ImportSummary, Options};
use super::survey::Surveyed;
use crate::cloud::Cloud;
use crate::engine::look_and_plan;
use crate::facts::Facts;
use crate::kinds::{KINDS, Survey, outline};
use crate::model::{Address, Desired, Found, Part, Plan};
use crate::outline::{LeftOut, Map, Outline};
use crate::sections::{Declared, declare_changed, declare_embedded};

/// A blueprint that was written, and what it wants.
pub(super) struct Written {
    pub files: Files,
    pub summary: ImportSummary,
    pub declared: Arc<Declared>,
    /// The first file of the blueprint that the files are added to, as it includes them.
    pub including: Option<String>,
    /// What the blueprint that they are added to had already; nothing for a blueprint of its own.
    pub known: BTreeSet<Address>,
    pub into: Option<Base>,
}

/// Writes what was found. What landing would refuse or change is left out, and named, until nothing of that is left.
pub(super) async fn write(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    options: &Options,
    surveyed: &Surveyed,
) -> Result<Written, ImportError> {
    let observed = &surveyed.observed;
    let beside = options.into.as_ref().map(|into| into.beside(observed));
    let known = beside.as_ref().map(|beside| beside.known.clone()).unwrap_or_default();
    let mut left_out = scope::not_asked_for(observed, &known, options)?;
    left_out.extend(surveyed.not_known.clone());
    let before = match &options.into {
        Some(into) => Some(planned(cloud, facts, &into.declared).await?),
        None => None,
    };
    let compared = options
        .foreign
        .as_ref()
        .map(|foreign| compare(foreign, observed, &surveyed.without_full_access, &unread(surveyed, options)));
    loop {
        let begun = match &beside {
            Some(beside) => Outline::beside(beside.clone(), left_out.clone()),
            None => Outline::without(left_out.clone()),
        };
        let (files, mut summary) = outlined(surveyed, options, begun, compared.as_ref());
        summary.foreign.clone_from(&compared);
        let including = including(options, &files)?;
        let declared = match declared(options, &files, including.as_deref()) {
            Ok(declared) => declared,
            Err(failed) if leave_out(&mut left_out, of_mistakes(&failed, &files)) => continue,
            Err(failed) => return Err(ImportError::Refused(failed)),
        };
        let plan = planned(cloud, facts, &declared).await?;
        let mut differences = of_plan(&plan, before.as_ref(), observed);
        if before.is_some() {
            // What else it would do follows from the blueprint's own rules.
            differences.retain(|(address, _)| observed.found.contains_key(address) && !known.contains(address));
        }
        if !leave_out(&mut left_out, differences) {
            return Ok(Written { files, summary, declared, including, known, into: options.into.clone() });
        }
    }
}

/// The first file of the blueprint that these are added to, as it includes them.
fn including(options: &Options, files: &Files) -> Result<Option<String>, ImportError> {
    match options.into.as_ref().filter(|_| !files.is_empty()) {
        Some(into) => into.including(&options.main).map(Some).ok_or(ImportError::NotIncluded(options.main.clone())),
        None => Ok(None),
    }
}

/// Reads what was written, with what it is added to.
fn declared(options: &Options, files: &Files, including: Option<&str>) -> Result<Arc<Declared>, Box<Failed>> {
    let Some(into) = &options.into else { return declare_embedded(&options.main, &files.all()).map(Arc::new) };
    match (into.declared.sources.files().next(), including) {
        (Some(first), Some(text)) => {
            declare_changed(&into.declared, &[(first, text.to_owned())], &files.all()).map(Arc::new)
        }
        _ => Ok(into.declared.clone()),
    }
}

/// Adds what is new, and returns whether anything is.
fn leave_out(left_out: &mut BTreeMap<Address, LeftOut>, more: Vec<(Address, LeftOut)>) -> bool {
    let before = left_out.len();
    for (address, why) in more {
        left_out.entry(address).or_insert(why);
    }
    left_out.len() > before
}

/// The kinds that were not looked at, by their names, with the reason.
fn unread<'s>(surveyed: &'s Surveyed, options: &Options) -> BTreeMap<&'s str, &'static str> {
    let known = surveyed.not_known.keys().map(|kind| (kind.as_str(), "AWS did not report what exists"));
    let asked_for = [Part::Identity, Part::Contacts, Part::Regions, Part::Settings, Part::Stacks];
    let not_asked = KINDS.iter().filter(|kind| {
        let part = kind.kind_info().part;
        asked_for.contains(&part) && !options.parts.contains(&part)
    });
    known.chain(not_asked.map(|kind| (kind.name(), "the command was not asked for it"))).collect()
}

fn outlined(
    surveyed: &Surveyed,
    options: &Options,
    begun: Outline,
    compared: Option<&Compared>,
) -> (Files, ImportSummary) {
    let none = BTreeMap::new();
    let survey = Survey {
        observed: &surveyed.observed,
        partition: surveyed.partition,
        without_full_access: &surveyed.without_full_access,
        folds: options.folds,
        whole_units: compared.map_or(&none, |compared| &compared.whole_units),
    };
    let mut outline = outline(&survey, begun);
    let summary = summary(surveyed, &outline);
    let values = if outline.is_added() { Map::default() } else { compact(&mut outline) };
    outline.drop_units_without_news();
    let comments = compared.map(|compared| compared.comments.clone()).unwrap_or_default();
    (Files::of(&outline, values, &head(&summary, outline.is_added()), options, &comments), summary)
}

fn summary(surveyed: &Surveyed, outline: &Outline) -> ImportSummary {
    let mut written: BTreeMap<String, usize> = BTreeMap::new();
    let is_shown = |found: &&Found| {
        let address = &found.address;
        let is_written = !outline.leaves_out(address) && !outline.is_known(address);
        is_written && !address.is_root() && !address.is_organization()
    };
    for found in surveyed.observed.found.values().filter(is_shown) {
        *written.entry(found.kind.clone()).or_default() += 1;
    }
    let organization = surveyed.observed.bindings.id(&Address::organization()).unwrap_or_default().to_owned();
    let (left_out, remarks) = (outline.left_out.clone(), outline.remarks.clone());
    ImportSummary { organization, written, left_out, remarks, foreign: None }
}

/// What stands at the top of the first file.
fn head(summary: &ImportSummary, is_added: bool) -> String {
    let head = format!("What `landing import` found in {}.", summary.organization);
    match summary.left_out.len() {
        // The report goes once the file is part of a blueprint.
        _ if is_added => head,
        0 => head,
        count => format!("{head} Left out, see import.md: {count}."),
    }
}

/// What a blueprint would do, held against everything.
pub(super) async fn planned(cloud: &Arc<Cloud>, facts: &mut Facts, declared: &Declared) -> Result<Plan, ImportError> {
    let draft = look_and_plan(cloud, facts, &deep(&declared.desired), &declared.blueprint, &[]).await?;
    Ok(draft.plan)
}

/// What a blueprint wants, held against everything.
pub(super) fn deep(desired: &Desired) -> Desired {
    let mut desired = desired.clone();
    desired.settings.deep = true;
    desired
}
