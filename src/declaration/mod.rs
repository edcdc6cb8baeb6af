//! A blueprint being turned into what it wants: what every section uses. Mistakes with their places, names that AWS knows,
//! tags, targets, templates, and the wishes that follow from others.

pub mod administrator;
pub mod aws_names;
pub mod document;
pub mod email;
pub mod except;
pub mod guardrail_rows;
pub mod guardrail_uses;
pub mod name_or;
pub mod one_or_many;
pub mod policy_file;
pub mod shape;
pub mod state;
pub mod tags;
pub mod target;
pub mod targets;
pub mod template;
pub mod temporary;
pub mod trust;
pub mod until;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use landing_blueprint::{Diagnostic, Diagnostics, Failed, Place, Sources, did_you_mean};
use landing_policy::{PolicyType, Quotas};
use serde_json::Value;

use crate::model::{Address, BlueprintId, Desired, Tags, Wanted, no_fields};

use self::document::Written;
use self::guardrail_rows::InPolicy;

/// What a blueprint wants, with what is needed to speak about it.
#[derive(Debug)]
pub struct Declared {
    /// Everything that it wants.
    pub desired: Desired,
    /// Its name and digest.
    pub blueprint: BlueprintId,
    /// What is odd but can be planned.
    pub warnings: Diagnostics,
    /// The files, for showing places in them.
    pub sources: Sources,
    /// Where each resource was written that someone wrote.
    pub places: BTreeMap<Address, Place>,
    /// Where the parts of its policies are written, by the policies' addresses.
    pub policies: BTreeMap<Address, Written>,
    /// The guardrails in the policies that are made of such.
    pub guardrails: BTreeMap<Address, Vec<InPolicy>>,
}

/// A blueprint being turned into what it wants.
pub(crate) struct Declaration {
    pub desired: Desired,
    /// What was found in what the blueprint wants, so far.
    pub diagnostics: Diagnostics,
    /// What was found in how it is written.
    read: Diagnostics,
    pub sources: Sources,
    pub quotas: Quotas,
    pub defaults: Defaults,
    /// What guardrails want inside of accounts.
    pub guardrail_rows: crate::declaration::guardrail_rows::Rows,
    /// Where each address was written.
    pub places: BTreeMap<Address, Place>,
    /// Where the parts of each policy are written.
    pub policies: BTreeMap<Address, Written>,
    /// The guardrails in the policies that are made of such.
    pub guardrails: BTreeMap<Address, Vec<InPolicy>>,
    /// The account that has each email, in lower case.
    pub emails: HashMap<String, Address>,
    /// The groups' names, in lower case and as they are first written.
    pub group_names: HashMap<String, String>,
    /// The policies that are said to be guardrails, by where these are named.
    pub of_guardrails: BTreeMap<Place, OfGuardrails>,
    /// The policies under `policies`, by their keys; `None` for one that cannot be used.
    pub named_policies: BTreeMap<String, Option<Address>>,
    /// Regions that are newer than the table of regions.
    pub extra_regions: BTreeSet<String>,
    /// Services whose trusted access stays as it is, whatever needs it.
    pub unmanaged_services: BTreeSet<String>,
    /// How many more times what was meant is looked for: that takes long, and no one reads so many mistakes.
    suggestions_left: usize,
}

/// What a policy is that is said to be guardrails.
#[derive(Clone, Debug)]
pub(crate) struct OfGuardrails {
    pub policy_type: PolicyType,
    pub content: Value,
    /// What it is for, where the blueprint does not say it.
    pub description: String,
    /// Whether one of them is meant to shut out even landing's own roles.
    pub may_lock_out: bool,
    /// The guardrails.
    pub guardrails: Vec<InPolicy>,
}

/// How many mistakes get a suggestion.
const SUGGESTIONS: usize = 200;

/// What may be found only because something that is wrong was removed.
const FOLLOW_ON: [&str; 3] = ["unknown-name", "allow-list", "missing"];

/// What holds for every account or resource that does not say otherwise.
#[derive(Default)]
pub(crate) struct Defaults {
    pub account_email: Option<String>,
    pub tags: Tags,
    pub opt_in_regions: Vec<crate::declaration::state::Switch>,
    pub iam_user_access_to_billing: Option<bool>,
}

impl Declaration {
    /// Nothing yet of a blueprint that was read from `sources`, where `read` was found on the way.
    pub fn new(sources: Sources, read: Diagnostics) -> Declaration {
        Declaration {
            read,
            of_guardrails: BTreeMap::new(),
            named_policies: BTreeMap::new(),
            extra_regions: BTreeSet::new(),
            unmanaged_services: BTreeSet::new(),
            suggestions_left: SUGGESTIONS,
            guardrail_rows: crate::declaration::guardrail_rows::Rows::new(),
            desired: Desired::default(),
            diagnostics: Diagnostics::new(),
            sources,
            quotas: Quotas::default(),
            defaults: Defaults::default(),
            places: BTreeMap::new(),
            policies: BTreeMap::new(),
            guardrails: BTreeMap::new(),
            emails: HashMap::new(),
            group_names: HashMap::new(),
        }
    }

    /// Wants a resource that is written at `place`. Two resources at one address are a mistake.
    pub fn want(&mut self, wanted: Wanted, place: Place) {
        if let Some(first) = self.places.get(&wanted.address) {
            let message = format!("{} is in the blueprint twice", wanted.address);
            let help = match wanted.address.is_account() {
                true => "keep one of them, or distinguish them: `{key: ANOTHER, name: …}`",
                false => "keep one of them, or give one another name",
            };
            self.diagnostics.push(
                Diagnostic::error("duplicate", message)
                    .at(place)
                    .label("a second time")
                    .also(*first, "first here")
                    .help(help),
            );
            return;
        }
        self.places.insert(wanted.address.clone(), place);
        let wanted = if place.is_somewhere() { wanted.from(self.sources.at(place)) } else { wanted };
        self.desired.add(wanted);
    }

    /// Wants something that follows from something else, once, however often it follows.
    pub fn want_also(&mut self, kind: &str, address: &Address, needs: &[Address], place: Place) {
        if !self.desired.resources.contains_key(address) {
            let wanted = Wanted::new(kind, address.clone(), no_fields()).under(Address::organization());
            self.want(wanted.needing(needs.iter().cloned()), place);
        }
    }

    /// A mistake at `place`.
    pub fn mistake(&mut self, code: &'static str, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, message.into()).at(place).help(help.into()));
    }

    /// A parameter that the `holder` does not have, in the map at `given`.
    pub fn unknown_parameter(&mut self, code: &'static str, holder: &str, name: &str, given: Place, known: &[&str]) {
        let near = did_you_mean(name, known.iter().copied()).map(|near| format!("did you mean `{near}`? "));
        let help = match known {
            [] => "remove it: it has no parameters".to_owned(),
            known => format!("{}its parameters: {}", near.unwrap_or_default(), known.join(", ")),
        };
        let place = self.sources.key(given, name);
        self.mistake(code, place, format!("{holder} has no parameter {name}"), help);
    }

    /// A name that has no resource.
    pub fn unknown<'a>(
        &mut self,
        what: &str,
        name: &str,
        place: Place,
        known: impl Iterator<Item = &'a str> + Clone,
        otherwise: &str,
    ) {
        let near = if self.may_suggest() { did_you_mean(name, known) } else { None };
        let help = near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"));
        self.mistake("unknown-name", place, format!("no {what} is called `{name}`"), help);
    }

    /// Whether there is time to look for what was meant by one more name.
    pub fn may_suggest(&mut self) -> bool {
        let may = self.may_still_suggest();
        self.suggestions_left = self.suggestions_left.saturating_sub(1);
        may
    }

    /// The same without counting.
    pub fn may_still_suggest(&self) -> bool {
        self.suggestions_left > 0
    }

    /// Keeps a mistake that was found in what the blueprint says, unless it may follow from one in how it says it.
    fn keep_what_stands_alone(diagnostics: Diagnostics) -> Diagnostics {
        let mut kept = Diagnostics::new();
        let is_near_miss = |help: &Option<String>| help.as_ref().is_some_and(|help| help.starts_with("did you mean"));
        for diagnostic in diagnostics.iter() {
            if !FOLLOW_ON.contains(&diagnostic.code) || is_near_miss(&diagnostic.help) {
                kept.push(diagnostic.clone());
            }
        }
        kept
    }

    /// Whether the blueprint has been found wrong so far.
    pub fn has_errors(&self) -> bool {
        self.read.has_errors() || self.diagnostics.has_errors()
    }

    /// A name that `was` says and that the blueprint has as well: nothing is renamed as long as both are there. Policies may
    /// exchange names together with what they say.
    fn warn_of_vain_was(&mut self) {
        let resources = &self.desired.resources;
        let in_use = |wanted: &Wanted, was: &Address| {
            let is_beside =
                was.parent_unit() == wanted.address.parent_unit() && was.prefix() == wanted.address.prefix();
            wanted.kind != "policy" && is_beside && resources.contains_key(was)
        };
        let vain = resources.values().filter_map(|it| Some((it, it.was.iter().find(|was| in_use(it, was))?)));
        let warnings = vain.map(|(wanted, was)| {
            let message = format!("{was}, which `was` of {} names, is in the blueprint too", wanted.address);
            let place = self.places.get(&wanted.address).copied().unwrap_or(Place::NOWHERE);
            let help = "where both exist neither is renamed, and what they hold moves: leave `was` out, or rename in two applies";
            Diagnostic::warning("was", message).at(place).help(help)
        });
        let warnings: Vec<Diagnostic> = warnings.collect();
        warnings.into_iter().for_each(|warning| self.diagnostics.push(warning));
    }

    pub fn finish(mut self, name: &str) -> Result<Declared, Box<Failed>> {
        self.warn_of_vain_was();
        let Declaration {
            mut desired,
            read: mut diagnostics,
            diagnostics: found,
            sources,
            places,
            policies,
            guardrails,
            ..
        } = self;
        // Where something was removed because it is wrong, the blueprint cannot be used, whatever is left of it.
        let found = if diagnostics.has_errors() { Declaration::keep_what_stands_alone(found) } else { found };
        diagnostics.extend(found);
        diagnostics.drop_repeated();
        if diagnostics.has_errors() {
            return Err(Box::new(Failed { diagnostics, sources }));
        }
        name.clone_into(&mut desired.blueprint);
        let blueprint = BlueprintId { name: name.to_owned(), sha256: sources.sha256(), commit: None };
        Ok(Declared { desired, blueprint, warnings: diagnostics, sources, places, policies, guardrails })
    }
}
