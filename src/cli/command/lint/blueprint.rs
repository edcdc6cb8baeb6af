//! All policies of a blueprint, each where it is written.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use landing_blueprint::{Diagnostic, Diagnostics, Failed, FileId, Offer, Place, Sources};
use landing_policy::{Code, Finding, Fix, Part, PolicyType, Severity, lint as lint_policy, lint_path};
use serde_json::Value;

use super::super::super::failure::Failure;
use super::super::super::session::Session;
use super::paths::{OnPath, content, organization_context, paths};
use crate::kinds::of_role;
use crate::model::{Address, Presence, Role, Wanted, body_content, references};
use crate::report::{Found, Indent, Linted, Replacement};
use crate::sections::{Declared, Written};

/// What was found in each file that holds something of the blueprint. What makes the blueprint unusable is found too, and
/// then nothing else.
///
/// # Errors
/// When there is no such file.
pub(super) fn lint(path: &Path, session: &Session) -> Result<Vec<Linted>, Failure> {
    if !path.is_file() {
        return Err(Failure::new(format!("there is no blueprint {}", path.display())));
    }
    match session.read(path) {
        Ok(declared) => {
            let (color, layout) = (session.out.colors_stderr(), session.out.layout_of_stderr());
            session.out.say(&declared.warnings.render(&declared.sources, color, layout.width));
            let lookup = Lookup { declared: &declared };
            Ok(in_files(&declared.sources, &lookup.places(), lookup.findings()))
        }
        Err(failed) => {
            let Failed { diagnostics, sources } = *failed;
            let mistakes = mistakes(&diagnostics, &sources);
            if mistakes.is_empty() {
                return Err(Failure::new(diagnostics.render(&sources, false, usize::MAX)));
            }
            Ok(in_files(&sources, &[], mistakes))
        }
    }
}

/// What was found where; the range in it says nothing yet.
type Placed = (Place, Found);

/// What makes the blueprint unusable, as far as it has a place, and what can be written instead.
fn mistakes(diagnostics: &Diagnostics, sources: &Sources) -> Vec<Placed> {
    let offers = diagnostics.iter().filter_map(|diagnostic| diagnostic.offer.as_deref());
    let offered = offers.map(|offer| shorter(offer, sources));
    placed(diagnostics).chain(offered).collect()
}

fn placed(diagnostics: &Diagnostics) -> impl Iterator<Item = Placed> {
    let found = |diagnostic: &Diagnostic| {
        let place = diagnostic.place?;
        let severity = match diagnostic.severity {
            landing_blueprint::Severity::Error => Severity::Error,
            landing_blueprint::Severity::Warning => Severity::Warning,
        };
        let (message, help) = (diagnostic.message.clone(), diagnostic.help.clone());
        let found = Found { code: diagnostic.code, severity, message, help, range: place.range(), fix: None };
        Some((place, found))
    };
    diagnostics.iter().filter_map(found)
}

/// A shorter policy, offered where exactly the longer one is written: not where a value of the blueprint came in.
fn shorter(offer: &Offer, sources: &Sources) -> Placed {
    let indent = indent_at(offer.place, sources);
    let says: Option<Value> = serde_yaml::from_str(&indent.put_before(sources.excerpt(offer.place))).ok();
    let is_written = says.as_ref() == Some(&offer.replaced) && references(&offer.replaced).is_empty();
    let range = offer.place.range();
    let found = Found {
        code: Code::ShorterForm.name(),
        severity: Code::ShorterForm.severity(),
        message: offer.message.clone(),
        help: Some(offer.help.to_owned()),
        fix: is_written.then(|| Replacement { range: range.clone(), text: indent.put(&offer.text) }),
        range,
    };
    (offer.place, found)
}

/// How far the lines of what stands at a place are indented.
fn indent_at(place: Place, sources: &Sources) -> Indent {
    let (start, text) = (place.range().start, sources.text(place.file()));
    let is_json = sources.name(place.file()).ends_with(".json");
    if is_json { Indent::of_line(text, start) } else { Indent::up_to(text, start) }
}

/// The files of `places` and of what was found, in the order in which they are read, each resource found once.
fn in_files(sources: &Sources, places: &[Place], placed: Vec<Placed>) -> Vec<Linted> {
    let mut files: BTreeMap<FileId, Linted> = BTreeMap::new();
    let mut known: HashSet<(FileId, Found)> = HashSet::new();
    let of_places = places.iter().map(|place| (*place, None));
    for (place, found) in of_places.chain(placed.into_iter().map(|(place, found)| (place, Some(found)))) {
        let file = place.file();
        let is_new = |found: &Found| known.insert((file, found.clone()));
        let linted = files.entry(file).or_insert_with(|| Linted {
            name: sources.name(file).to_owned(),
            text: sources.text(file).to_owned(),
            found: Vec::new(),
        });
        linted.found.extend(found.filter(is_new));
    }
    files.into_values().collect()
}

struct Lookup<'a> {
    declared: &'a Declared,
}

impl Lookup<'_> {
    /// Where something of the blueprint is written.
    fn places(&self) -> Vec<Place> {
        let policies = self.declared.policies.values().map(|written| written.value_at(""));
        self.declared.places.values().copied().chain(policies).filter(|place| place.is_somewhere()).collect()
    }

    fn findings(&self) -> Vec<Placed> {
        let desired = &self.declared.desired;
        let around = organization_context(desired);
        let mut placed = Vec::new();
        for policy in of_role(desired, Role::Policy).filter(|policy| policy.presence == Presence::Present) {
            let Some(policy_type) = PolicyType::from_address_prefix(policy.address.prefix()) else { continue };
            let findings = lint_policy(&content(policy), policy_type, &around);
            placed.extend(findings.into_iter().filter_map(|finding| self.in_policy(&policy.address, finding)));
        }
        placed.extend(paths(desired).iter().flat_map(|on_path| self.on_path(on_path)));
        placed
    }

    fn on_path(&self, on_path: &OnPath) -> Vec<Placed> {
        let findings = lint_path(&on_path.levels, on_path.policy_type, &on_path.around);
        findings.into_iter().filter_map(|finding| self.at_level(&on_path.levels, finding)).collect()
    }

    /// A finding of `/LEVEL` or of `/LEVEL/policies/NUMBER/policy/…`, where that stands in the blueprint.
    fn at_level(&self, levels: &Value, finding: Finding) -> Option<Placed> {
        let parts: Vec<&str> = finding.path.splitn(6, '/').collect();
        let level = &levels[parts.get(1)?.parse::<usize>().ok()?];
        let policy = parts.get(3).and_then(|number| level["policies"][number.parse::<usize>().ok()?]["name"].as_str());
        let policy = policy.map(Address::parse).filter(|policy| self.declared.policies.contains_key(policy));
        let Some(policy) = policy else {
            let place = self.place_of_level(&Address::parse(level["id"].as_str()?))?;
            return Some((place, Found::new(&finding, place.range())));
        };
        let may = &self.declared.desired.settings.may_lock_out;
        if finding.code == Code::LockOut && may.contains(&policy) {
            return None;
        }
        let path = parts.get(5).map(|rest| format!("/{rest}")).unwrap_or_default();
        self.in_policy(&policy, Finding { path, fix: None, ..finding })
    }

    /// Where a unit or an account is written; of the root, what is attached to it, or the blueprint's first line.
    fn place_of_level(&self, level: &Address) -> Option<Place> {
        let places = &self.declared.places;
        let attached = || {
            let is_attached = |address: &&Address| address.split_target().is_some_and(|(_, target)| target == *level);
            places.iter().find(|(address, _)| is_attached(address)).map(|(_, place)| place)
        };
        let found = places.get(level).filter(|place| place.is_somewhere()).or_else(attached);
        let first = || places.values().filter(|place| place.is_somewhere()).min();
        found.or_else(first).copied()
    }

    /// A finding of a policy where that is written, or else named.
    fn in_policy(&self, policy: &Address, finding: Finding) -> Option<Placed> {
        let written = self.declared.policies.get(policy)?;
        let place = place_in(written, &finding.path, finding.part);
        let fix = finding.fix.as_ref().and_then(|fix| self.replacement(policy, written, fix));
        let fix = fix.filter(|(at, _)| at.file() == place.file()).map(|(_, fix)| fix);
        let mut found = Found { fix, ..Found::new(&finding, place.range()) };
        if !written.is_exact() {
            let at = if finding.path.is_empty() { String::new() } else { format!(" at {}", finding.path) };
            found.message = format!("policy {}{at}: {}", policy.name(), finding.message);
        }
        Some((place, found))
    }

    /// What is offered instead, if exactly what it replaces is written there: not where a value of the blueprint came
    /// in, or a reference.
    fn replacement(&self, policy: &Address, written: &Written, fix: &Fix) -> Option<(Place, Replacement)> {
        let wanted: &Wanted = self.declared.desired.get(policy).filter(|_| written.is_exact())?;
        let replaced = body_content(&wanted.body)?.pointer(&fix.path)?;
        let sources = &self.declared.sources;
        let place = place_in(written, &fix.path, fix.part);
        let indent = indent_at(place, sources);
        // A block's first line stands behind what others stand below.
        let says: Option<Value> = serde_yaml::from_str(&indent.put_before(sources.excerpt(place))).ok();
        let is_written = match fix.part {
            Part::Key => says.is_some_and(|key| Some(key) == last_name(&fix.path).map(Value::from)),
            Part::Value => says.as_ref() == Some(replaced) && references(replaced).is_empty(),
        };
        is_written.then(|| (place, Replacement { range: place.range(), text: indent.put(&fix.text) }))
    }
}

fn place_in(written: &Written, path: &str, part: Part) -> Place {
    match part {
        Part::Key => written.key_at(path),
        Part::Value => written.value_at(path),
    }
}

/// The member that a JSON pointer ends with.
fn last_name(pointer: &str) -> Option<String> {
    pointer.rsplit_once('/').map(|(_, name)| name.replace("~1", "/").replace("~0", "~"))
}
