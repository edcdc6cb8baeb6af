use std::collections::BTreeMap;

use crate::blueprint::{Diagnostic, Diagnostics, Failed, Place, Sources, did_you_mean};
use crate::model::{Address, BlueprintId, Body, Desired, Wanted};
use crate::policy::Quotas;

use super::Declared;

/// A blueprint being turned into what it wants.
pub(super) struct Declaration {
    pub desired: Desired,
    pub diagnostics: Diagnostics,
    pub sources: Sources,
    pub quotas: Quotas,
    pub defaults: Defaults,
    /// Where each address was written.
    pub places: BTreeMap<Address, Place>,
}

/// What holds for every account or thing that does not say otherwise.
#[derive(Default)]
pub(super) struct Defaults {
    pub account_email: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub contacts: super::contact::Contacts,
    pub opt_in_regions: Vec<super::organization::Switch>,
    pub iam_user_access_to_billing: Option<bool>,
}

impl Declaration {
    pub fn new(sources: Sources, diagnostics: Diagnostics) -> Declaration {
        Declaration {
            desired: Desired::default(),
            diagnostics,
            sources,
            quotas: Quotas::default(),
            defaults: Defaults::default(),
            places: BTreeMap::new(),
        }
    }

    /// Wants a thing that is written at `place`. Two things at one address are a mistake.
    pub fn want(&mut self, wanted: Wanted, place: Place) {
        if let Some(first) = self.places.get(&wanted.address) {
            let message = format!("{} is in the blueprint twice", wanted.address);
            self.diagnostics.push(
                Diagnostic::error("duplicate", message)
                    .at(place)
                    .label("a second time")
                    .also(*first, "first here")
                    .help("keep one of them, or give one another name"),
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
            let wanted = Wanted::new(kind, address.clone(), Body::new()).under(Address::organization());
            self.want(wanted.needing(needs.iter().cloned()), place);
        }
    }

    /// A mistake at `place`.
    pub fn mistake(&mut self, code: &'static str, place: Place, message: impl Into<String>, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(code, message.into()).at(place).help(help.into()));
    }

    /// Something was named that is not there.
    pub fn unknown<'a>(
        &mut self,
        what: &str,
        name: &str,
        place: Place,
        known: impl Iterator<Item = &'a str> + Clone,
        otherwise: &str,
    ) {
        let help = match did_you_mean(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => otherwise.to_owned(),
        };
        self.mistake("unknown-name", place, format!("no {what} is called `{name}`"), help);
    }

    pub fn finish(self, name: &str) -> Result<Declared, Box<Failed>> {
        let Declaration { mut desired, diagnostics, sources, .. } = self;
        if diagnostics.has_errors() {
            return Err(Box::new(Failed { diagnostics, sources }));
        }
        name.clone_into(&mut desired.blueprint);
        let blueprint = BlueprintId { name: name.to_owned(), sha256: sources.sha256() };
        Ok(Declared { desired, blueprint, warnings: diagnostics, sources })
    }
}
