//! Who made the differences that drift finds, by CloudTrail's event history of the management account.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Draft;
use crate::cloud::{AwsError, Cloud};
use crate::kinds::read::{RecordedEvent, events_named};
use crate::kinds::{OfKind, nature};
use crate::model::{
    Action, Address, Author, Change, ChangedBy, Does, History, Note, Observed, Plan, Recorded, Trace, global_region,
};

/// The most calls of one look, which take half a second each.
const MOST_CALLS: usize = 50;

/// The most pages of fifty events of one name.
const MOST_PAGES: usize = 4;

/// A difference, and what events that explain it have.
#[derive(Debug)]
struct Sought {
    address: Address,
    region: String,
    marks: Vec<String>,
    traces: Vec<Trace>,
}

/// The events of each region and name that were asked for.
#[derive(Debug, Default)]
struct Archive {
    heard: BTreeMap<(String, &'static str), Heard>,
    calls: usize,
}

#[derive(Debug, Default)]
struct Heard {
    events: Vec<RecordedEvent>,
    /// Whether there are more.
    is_cut: bool,
}

/// Says of each difference who made it, and of what is unmanaged and new who made that. Where CloudTrail does not tell, a note
/// says so.
pub async fn tell_who(cloud: &Cloud, draft: &mut Draft) {
    let Draft { plan, observed, .. } = draft;
    let differing = sought_changes(plan, observed, cloud);
    let unmanaged = sought_unmanaged(plan, observed, cloud);
    let all: Vec<&Sought> = differing.iter().chain(&unmanaged).collect();
    let mut archive = Archive::default();
    match archive.ask_all(cloud, &all).await {
        Ok(()) => tell(plan, &differing, &unmanaged, &archive),
        Err(error) => plan.notes.push(Note {
            address: None,
            what: format!("who made the changes is not known: {error}"),
            about: Vec::new(),
        }),
    }
    plan.api_calls = cloud.meter.calls();
}

fn tell(plan: &mut Plan, differing: &[Sought], unmanaged: &[Sought], archive: &Archive) {
    for change in &mut plan.changes {
        let sought = differing.iter().find(|sought| sought.address == change.address);
        change.changed_by = sought.and_then(|sought| changed_by(change.action, sought, archive));
    }
    let made = unmanaged.iter().filter_map(|sought| Some((sought.address.clone(), author(sought, archive)?)));
    plan.unmanaged_made_by = made.collect();
}

/// What is missing may never have been there, and what is adopted may be old: without an event, nothing is said of them.
fn changed_by(action: Action, sought: &Sought, archive: &Archive) -> Option<ChangedBy> {
    let is_expected = !matches!(action, Action::Create | Action::Adopt);
    let not_known = || ChangedBy::NotKnown { not_known: archive.why_not_known(sought) };
    author(sought, archive).map(ChangedBy::Author).or_else(|| is_expected.then(not_known))
}

/// The newest event that explains it. One of landing's own may be it: then nobody has changed the resource since.
fn author(sought: &Sought, archive: &Archive) -> Option<Author> {
    let of_trace = |trace: &Trace| {
        let event = archive.events(&sought.region, trace.event).find(|event| is_about(event, sought))?;
        match trace.does {
            Does::EndMaking(began) => archive.beginning(&sought.region, began, event).or(Some(event)),
            _ => Some(event),
        }
    };
    let newest = sought.traces.iter().filter_map(of_trace).max_by(|one, other| one.author.time.cmp(&other.author.time));
    newest.map(|event| event.author.clone())
}

fn is_about(event: &RecordedEvent, sought: &Sought) -> bool {
    !event.is_refused && sought.marks.iter().all(|mark| event.texts.contains(mark))
}

impl Archive {
    async fn ask_all(&mut self, cloud: &Cloud, sought: &[&Sought]) -> Result<(), AwsError> {
        for (region, name) in names(sought) {
            let heard = self.ask(cloud, &region, name, sought).await?;
            self.heard.insert((region, name), heard);
        }
        Ok(())
    }

    /// Asks until every difference that such an event may explain has one, or the bound is reached.
    async fn ask(
        &mut self,
        cloud: &Cloud,
        region: &str,
        name: &'static str,
        sought: &[&Sought],
    ) -> Result<Heard, AwsError> {
        let asking: Vec<_> = sought.iter().filter(|it| it.region == region && it.has_trace(name)).collect();
        let is_told = |heard: &Heard| asking.iter().all(|it| heard.events.iter().any(|event| is_about(event, it)));
        let mut heard = Heard { is_cut: true, ..Heard::default() };
        let mut token = None;
        for _ in 0..MOST_PAGES {
            if self.calls == MOST_CALLS || (!asking.is_empty() && is_told(&heard)) {
                break;
            }
            self.calls += 1;
            let page = events_named(cloud, region, name, token.as_deref()).await?;
            heard.events.extend(page.events);
            token = page.next;
            if token.is_none() {
                heard.is_cut = false;
                break;
            }
        }
        Ok(heard)
    }

    fn events(&self, region: &str, name: &'static str) -> impl Iterator<Item = &RecordedEvent> {
        self.heard.get(&(region.to_owned(), name)).into_iter().flat_map(|heard| &heard.events)
    }

    /// The event that began what `end` ended: both name the request, which Organizations gives an id that begins with `car-`.
    fn beginning(&self, region: &str, name: &'static str, end: &RecordedEvent) -> Option<&RecordedEvent> {
        let request = end.texts.iter().find(|text| text.starts_with("car-"))?;
        self.events(region, name).find(|event| event.texts.contains(request))
    }

    fn why_not_known(&self, sought: &Sought) -> String {
        let is_cut = |trace: &Trace| self.heard.get(&(sought.region.clone(), trace.event)).is_none_or(|it| it.is_cut);
        match sought.traces.iter().any(is_cut) {
            true => "there are more events than landing asks for".into(),
            false => "no event in the last 90 days".into(),
        }
    }
}

impl Sought {
    /// What is looked for of a resource; nothing where its kind has no events that would explain it.
    fn new(
        address: &Address,
        history: &History,
        observed: &Observed,
        cloud: &Cloud,
        explains: impl Fn(Does) -> bool,
    ) -> Option<Sought> {
        let traces: Vec<Trace> = history.traces.iter().filter(|trace| explains(trace.does)).copied().collect();
        let found = observed.found.get(address).map(|found| found.id.as_str());
        let id = observed.bindings.id(address).or(found);
        let marks = (history.marks)(address, id, &observed.bindings)?;
        let region = match history.recorded {
            Recorded::Globally => global_region(cloud.partition).to_owned(),
            Recorded::WithIdentityCenter => {
                observed.identity_center_region.clone().unwrap_or_else(|| cloud.region.clone())
            }
        };
        (!traces.is_empty()).then(|| Sought { address: address.clone(), region, marks, traces })
    }

    fn has_trace(&self, name: &str) -> bool {
        self.traces.iter().any(|trace| trace.event == name)
    }
}

fn sought_changes(plan: &Plan, observed: &Observed, cloud: &Cloud) -> Vec<Sought> {
    let of_change = |change: &Change| {
        Sought::new(&change.address, &change.nature().history, observed, cloud, |does| explains(does, change))
    };
    plan.changes.iter().filter_map(of_change).collect()
}

fn sought_unmanaged(plan: &Plan, observed: &Observed, cloud: &Cloud) -> Vec<Sought> {
    let of_thing = |address: &Address| {
        let found = observed.found.get(address)?;
        Sought::new(address, &nature(&found.kind).history, observed, cloud, makes)
    };
    plan.unmanaged.iter().filter_map(of_thing).collect()
}

fn makes(does: Does) -> bool {
    matches!(does, Does::Make | Does::EndMaking(_))
}

/// Whether such an event may have led to the difference that a change corrects.
fn explains(does: Does, change: &Change) -> bool {
    match (change.action, does) {
        (Action::Create, does) => does == Does::Delete,
        (Action::Delete | Action::Adopt, does) => makes(does),
        (Action::Move, does) => does == Does::Move,
        (Action::Update, Does::Change(fields)) => {
            change.fields.iter().any(|field| fields.iter().any(|start| field.path.starts_with(start)))
        }
        (Action::Update, _) => false,
    }
}

/// The regions and names of events to be asked for, each once.
fn names(sought: &[&Sought]) -> BTreeSet<(String, &'static str)> {
    let of_trace = |trace: &Trace| match trace.does {
        Does::EndMaking(began) => vec![trace.event, began],
        _ => vec![trace.event],
    };
    let of_one = |it: &&Sought| {
        let region = it.region.clone();
        it.traces.iter().flat_map(of_trace).map(move |name| (region.clone(), name)).collect::<Vec<_>>()
    };
    sought.iter().flat_map(of_one).collect()
}

#[cfg(test)]
mod tests;
