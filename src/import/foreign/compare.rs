use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::claim::{Fact, Foreign, Meaning, Named, ResourceClaim, Subject};
use super::document;
use super::format::Format;
use super::live::Live;
use crate::model::{Address, Found, Observed, Owner, duration_minutes};

/// What the files of another tool say, held against the live organization.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The tool.
    pub format: Format,
    /// The files.
    pub sheets: Vec<ComparedFile>,
    /// What the organization has of the kinds that the files speak of, and no file says.
    pub only_live: BTreeSet<Address>,
    /// What is said beside resources, for the caller that reads the blueprint.
    pub comments: BTreeMap<Address, String>,
    /// The units that a permission set is meant for as a whole, by the set and who has it.
    pub whole_units: BTreeMap<(Address, Address), BTreeSet<Address>>,
}

/// A file, with what became of each of its leaves.
#[derive(Clone, Debug)]
pub struct ComparedFile {
    /// Its path.
    pub file: String,
    /// How many leaves it has.
    pub leaves: usize,
    /// What became of them.
    pub judged: Vec<Judged>,
}

/// What became of a claim.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The way to its first leaf.
    pub path: String,
    /// The line, where it is known.
    pub line: Option<usize>,
    /// The leaves that are counted for it.
    pub leaves: usize,
    /// What became of it.
    pub outcome: ClaimOutcome,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimOutcome {
    /// The live organization has the same, and the blueprint says it.
    Agrees,
    /// The live organization has something else, which is what the blueprint says.
    Differs(Difference),
    /// It has no place in a blueprint, or is not compared; with the reason.
    Unmapped(String),
}

/// Where a file and the live organization differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about: the address, or what the file calls what is not there.
    pub about: String,
    /// What the file says.
    pub says: String,
    /// What is live.
    pub live: String,
    /// Whether there is no such resource at all.
    pub is_absent: bool,
}

impl ComparedFile {
    /// How many leaves came to something.
    pub fn count(&self, is: impl Fn(&ClaimOutcome) -> bool) -> usize {
        self.judged.iter().filter(|it| is(&it.outcome)).map(|it| it.leaves).sum()
    }
}

impl Compared {
    /// The differences: file, way, line, and what differs. What is not there is reported once for each file.
    pub fn differences(&self) -> Vec<(&ComparedFile, &Judged, &Difference)> {
        let mut absent = BTreeSet::new();
        let all = self.sheets.iter().flat_map(|sheet| sheet.judged.iter().map(move |judged| (sheet, judged)));
        let differ = all.filter_map(|(sheet, judged)| match &judged.outcome {
            ClaimOutcome::Differs(difference) => Some((sheet, judged, difference)),
            _ => None,
        });
        differ
            .filter(|(sheet, _, it)| !it.is_absent || absent.insert((sheet.file.as_str(), it.about.as_str())))
            .collect()
    }
}

/// Holds what files say against what was found. Where they differ, the live organization is right and both are reported.
///
/// `without_full_access` are the places without FullAWSAccess, `unread` are the names of kinds that were not looked at, with the reason.
pub(in crate::import) fn compare(
    foreign: &Foreign,
    observed: &Observed,
    without_full_access: &BTreeSet<Address>,
    unread: &BTreeMap<&str, &str>,
) -> Compared {
    let court = ClaimComparison { live: Live::new(observed), without: without_full_access, unread };
    let sheets = foreign.sheets.iter().map(|sheet| ComparedFile {
        file: sheet.file.clone(),
        leaves: sheet.leaves,
        judged: sheet
            .claims
            .iter()
            .map(|claim| Judged {
                path: claim.path.clone(),
                line: claim.line,
                leaves: claim.leaves,
                outcome: court.outcome(&claim.meaning),
            })
            .collect(),
    });
    let mut comments = BTreeMap::new();
    for (subject, comment) in &foreign.comments {
        if let Some(address) = court.live.resolve(subject) {
            comments.entry(address).or_insert_with(|| comment.clone());
        }
    }
    let mut whole_units: BTreeMap<(Address, Address), BTreeSet<Address>> = BTreeMap::new();
    for (set, principal, unit) in &foreign.whole_units {
        let [set, principal, unit] = [set, principal, unit].map(|subject| court.live.resolve(subject));
        if let (Some(set), Some(principal), Some(unit)) = (set, principal, unit) {
            whole_units.entry((set, principal)).or_default().insert(unit);
        }
    }
    let (format, only_live) = (foreign.format, court.only_live(foreign));
    Compared { format, sheets: sheets.collect(), only_live, comments, whole_units }
}

/// Kinds of which a file that speaks of one is expected to say all.
const WHOLE: [&str; 9] = [
    "account",
    "assignment",
    "attachment",
    "delegated-administrator",
    "organizational-unit",
    "permission-set",
    "policy",
    "policy-type",
    "trusted-access",
];

struct ClaimComparison<'a> {
    live: Live<'a>,
    without: &'a BTreeSet<Address>,
    unread: &'a BTreeMap<&'a str, &'a str>,
}

impl ClaimComparison<'_> {
    fn outcome(&self, meaning: &Meaning) -> ClaimOutcome {
        let fact = match meaning {
            Meaning::Fact(fact) => fact,
            Meaning::Unmapped(reason) => return ClaimOutcome::Unmapped((*reason).to_owned()),
        };
        if let Some(reason) = self.unread.get(fact.about.kind()) {
            return ClaimOutcome::Unmapped((*reason).to_owned());
        }
        if let Subject::FullAccess(place) = &fact.about {
            return self.full_access(place);
        }
        let Some(address) = self.live.resolve(&fact.about) else { return absent(&fact.about) };
        match self.live.observed.found.get(&address) {
            Some(found) => self.says(fact, found),
            None => self.without_fields(fact, &address),
        }
    }

    /// What is there and has no fields that were read: the organization, the root, closed accounts, groups.
    fn without_fields(&self, fact: &Fact, address: &Address) -> ClaimOutcome {
        if self.live.observed.accounts.contains_key(address) {
            return ClaimOutcome::Unmapped("the account is closed: AWS removes it 90 days after that".into());
        }
        if address.is_organization() || address.is_root() {
            return ClaimOutcome::Agrees;
        }
        if let Subject::Principal(..) = fact.about {
            return ClaimOutcome::Unmapped("groups and users stay as they are: assignments name them".into());
        }
        absent(&fact.about)
    }

    fn full_access(&self, place: &Subject) -> ClaimOutcome {
        match self.live.resolve(place) {
            None => absent(place),
            Some(address) if self.without.contains(&address) => {
                differs(&address, "FullAWSAccess is attached", "it is not")
            }
            Some(_) => ClaimOutcome::Agrees,
        }
    }

    fn says(&self, fact: &Fact, found: &Found) -> ClaimOutcome {
        let address = &found.address;
        match &fact.says {
            ResourceClaim::IsThere => match fact.about.named().and_then(|named| named.id.as_deref()) {
                Some(id) if self.live.id(address).is_some_and(|live| live != id) && !is_composed(id) => {
                    differs(address, format!("its id is {id}"), self.live.id(address).unwrap_or_default())
                }
                _ => ClaimOutcome::Agrees,
            },
            ResourceClaim::Parent(parent) => {
                let live = self.live.parent(address);
                if live.is_some() && self.live.resolve(parent).as_ref() == live {
                    return ClaimOutcome::Agrees;
                }
                let live = live.map_or_else(|| "it is in the root".into(), |live| format!("it is in {live}"));
                differs(address, format!("it is in {}", parent.called()), live)
            }
            ResourceClaim::Field(field, said) => self.field(found, field, said),
            ResourceClaim::Item(field, said) => {
                if items(found, field).any(|live| live == said) {
                    return ClaimOutcome::Agrees;
                }
                differs(address, format!("{} has {}", words(field), shown(said)), "it is not there")
            }
            ResourceClaim::AllItems(field, said) => {
                let more: Vec<String> = items(found, field).filter(|live| !said.contains(live)).map(shown).collect();
                only_live(address, &words(field), &more)
            }
            ResourceClaim::Tag(key, said) => match tag(found, key) {
                Some(live) if live == said => ClaimOutcome::Agrees,
                Some(live) => differs(address, format!("tag {key}: {}", short(said)), short(live)),
                None => differs(address, format!("tag {key}: {}", short(said)), "there is no such tag"),
            },
            ResourceClaim::AllTags(said) => {
                let tags = found.body.get("tags").and_then(Value::as_object).into_iter().flatten();
                let more = tags.filter(|(key, _)| !said.contains(key));
                let more: Vec<String> = more.map(|(key, value)| format!("{key}: {}", shown(value))).collect();
                only_live(address, "tags", &more)
            }
        }
    }

    fn field(&self, found: &Found, field: &'static str, said: &Value) -> ClaimOutcome {
        let none = Value::Null;
        let live = found.body.get(field).unwrap_or(&none);
        if said.is_object() && live.is_object() && field != "boundary" {
            let places = document::differences(said, live);
            return match places.is_empty() {
                true => ClaimOutcome::Agrees,
                false => differs(
                    &found.address,
                    format!("{}: other text", words(field)),
                    format!("differs at {}", places.join(", ")),
                ),
            };
        }
        match is_same(field, said, live) {
            true => ClaimOutcome::Agrees,
            false => differs(&found.address, format!("{}: {}", words(field), shown(said)), shown(live)),
        }
    }

    /// What is live of the kinds that the files speak of, and that no file says.
    fn only_live(&self, foreign: &Foreign) -> BTreeSet<Address> {
        let facts = foreign.sheets.iter().flat_map(|sheet| &sheet.claims).filter_map(|claim| match &claim.meaning {
            Meaning::Fact(fact) => Some(fact),
            Meaning::Unmapped(_) => None,
        });
        let mut kinds = BTreeSet::new();
        let mut said = BTreeSet::new();
        for fact in facts {
            kinds.insert(fact.about.kind());
            said.extend(self.live.resolve(&fact.about));
        }
        let found = self.live.observed.found.values();
        let found = found.filter(|found| WHOLE.contains(&found.kind.as_str()) && kinds.contains(found.kind.as_str()));
        // Attachments are whose their policy is; AWS's own policies are on everything.
        let observed = self.live.observed;
        let is_ours = |found: &&Found| match found.address.split_target() {
            Some((policy, _)) if found.address.assigned().is_none() => {
                observed.found.get(&policy).is_some_and(|policy| policy.owner == Owner::Unmanaged)
            }
            _ => !matches!(found.owner, Owner::Other(_) | Owner::ControlTower),
        };
        let ours = found.filter(is_ours);
        ours.map(|found| &found.address).filter(|address| !said.contains(*address)).cloned().collect()
    }
}

impl Subject {
    fn named(&self) -> Option<&Named> {
        match self {
            Subject::Account(named)
            | Subject::Unit(named)
            | Subject::Policy(_, named)
            | Subject::PermissionSet(named) => Some(named),
            _ => None,
        }
    }
}

/// Ids that Terraform puts together of several are not compared.
fn is_composed(id: &str) -> bool {
    id.contains(',')
}

fn is_same(field: &str, said: &Value, live: &Value) -> bool {
    let text = |value: &Value| value.as_str().map(str::trim_end).unwrap_or_default().to_owned();
    match (said, live) {
        (Value::String(_) | Value::Null, Value::String(_) | Value::Null) => {
            let (said, live) = (text(said), text(live));
            match field {
                "session" => duration_minutes(&said).is_some_and(|minutes| duration_minutes(&live) == Some(minutes)),
                "email" => said.eq_ignore_ascii_case(&live),
                _ => said == live,
            }
        }
        _ => said == live,
    }
}

fn items<'f>(found: &'f Found, field: &str) -> impl Iterator<Item = &'f Value> {
    found.body.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn tag<'f>(found: &'f Found, key: &str) -> Option<&'f str> {
    found.body.get("tags")?.get(key)?.as_str()
}

fn differs(about: &Address, says: impl Into<String>, live: impl Into<String>) -> ClaimOutcome {
    ClaimOutcome::Differs(Difference {
        about: about.to_string(),
        says: says.into(),
        live: live.into(),
        is_absent: false,
    })
}

fn absent(about: &Subject) -> ClaimOutcome {
    let (says, live) = ("it is there".into(), "there is no such resource".into());
    ClaimOutcome::Differs(Difference { about: about.called(), says, live, is_absent: true })
}

fn only_live(about: &Address, what: &str, more: &[String]) -> ClaimOutcome {
    match more.is_empty() {
        true => ClaimOutcome::Agrees,
        false => differs(about, format!("no other {what}"), format!("there are also {}", more.join(", "))),
    }
}

fn words(field: &str) -> String {
    field.replace('_', " ")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::String(text) => short(text),
        other => short(&other.to_string()),
    }
}

/// The beginning of a text.
fn short(text: &str) -> String {
    const MOST: usize = 100;
    match text.chars().nth(MOST) {
        None => text.to_owned(),
        Some(_) => format!("{}…", text.chars().take(MOST).collect::<String>()),
    }
}
