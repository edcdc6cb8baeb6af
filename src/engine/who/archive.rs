//! The events that were asked for, in bounded calls.

use std::collections::{BTreeMap, BTreeSet};

use super::sought::{Site, UnexplainedChange};
use crate::cloud::{AccountAccess, AwsError, Cloud};
use crate::kinds::read::{RecordedEvent, events_named};
use crate::model::{Author, Does, Trace};

/// The most calls of one look, which take half a second each.
const MOST_CALLS: usize = 50;

/// The most pages of fifty events of one name.
const MOST_PAGES: usize = 4;

/// The most member accounts that are entered for their events.
const MOST_ACCOUNTS: usize = 10;

/// The events of each event history and name that were asked for.
#[derive(Debug, Default)]
pub(super) struct Archive {
    pub histories: BTreeMap<(Site, &'static str), RecordedEvents>,
    pub calls: usize,
    /// Why the history of an account is not read; that of the management account has no id.
    pub shut: BTreeMap<Option<String>, String>,
}

#[derive(Debug, Default)]
pub(super) struct RecordedEvents {
    pub events: Vec<RecordedEvent>,
    /// Whether there are more.
    pub is_cut: bool,
}

impl Archive {
    pub async fn ask_all(&mut self, cloud: &Cloud, sought: &[&UnexplainedChange]) {
        let mut entered = BTreeSet::new();
        for (site, name) in names(sought) {
            let Some(account) = &site.account else {
                self.ask(cloud, site, name, sought).await;
                continue;
            };
            if !entered.contains(account) && entered.len() == MOST_ACCOUNTS {
                let why = format!("landing enters {MOST_ACCOUNTS} accounts for it at most");
                self.shut.insert(site.account, why);
                continue;
            }
            entered.insert(account.clone());
            self.ask(cloud, site, name, sought).await;
        }
    }

    /// A role that is refused once in an account is not tried for other events.
    async fn ask(&mut self, cloud: &Cloud, site: Site, name: &'static str, sought: &[&UnexplainedChange]) {
        let asking: Vec<&UnexplainedChange> = sought.iter().copied().filter(|it| it.site == site).collect();
        let Some(access) = asking.first().map(|it| it.access.clone()) else { return };
        if self.calls == MOST_CALLS || self.shut.contains_key(&site.account) {
            return;
        }
        match self.pages(cloud, (&access, &site.region), name, &asking).await {
            Ok(histories) => drop(self.histories.insert((site, name), histories)),
            Err(error) => drop(self.shut.insert(site.account, error.to_string())),
        }
    }

    /// Asks until every difference that such an event may explain has one, or the bound is reached.
    async fn pages(
        &mut self,
        cloud: &Cloud,
        place: (&AccountAccess, &str),
        name: &'static str,
        sought: &[&UnexplainedChange],
    ) -> Result<RecordedEvents, AwsError> {
        let asking: Vec<_> = sought.iter().filter(|it| it.has_trace(name)).collect();
        let is_shown =
            |histories: &RecordedEvents| asking.iter().all(|it| histories.events.iter().any(|event| it.is_in(event)));
        let mut histories = RecordedEvents { is_cut: true, ..RecordedEvents::default() };
        let mut token = None;
        for _ in 0..MOST_PAGES {
            if self.calls == MOST_CALLS || (!asking.is_empty() && is_shown(&histories)) {
                break;
            }
            self.calls += 1;
            let page = events_named(cloud, place, name, token.as_deref()).await?;
            histories.events.extend(page.events);
            token = page.next;
            if token.is_none() {
                histories.is_cut = false;
                break;
            }
        }
        Ok(histories)
    }

    /// Why the management account's event history was not read.
    pub fn refused(&self) -> Option<&String> {
        self.shut.get(&None)
    }

    /// The newest event that explains it. One of landing's own may be it: then nothing has changed the resource since, unless the
    /// account itself can change it and leaves its events in its own history.
    pub fn author(&self, sought: &UnexplainedChange) -> Option<Author> {
        self.newest(sought).filter(|author| !(author.is_landing && sought.may_be_inside))
    }

    fn newest(&self, sought: &UnexplainedChange) -> Option<Author> {
        let of_trace = |trace: &Trace| {
            let event = self.events(&sought.site, trace.event).find(|event| sought.is_in(event))?;
            match trace.does {
                Does::EndMaking(began) => self.beginning(&sought.site, began, event).or(Some(event)),
                _ => Some(event),
            }
        };
        let newest =
            sought.traces.iter().filter_map(of_trace).max_by(|one, other| one.author.time.cmp(&other.author.time));
        newest.map(|event| event.author.clone())
    }

    fn events(&self, site: &Site, name: &'static str) -> impl Iterator<Item = &RecordedEvent> {
        self.histories.get(&(site.clone(), name)).into_iter().flat_map(|histories| &histories.events)
    }

    /// The event that began what `end` ended: both name the request, which Organizations gives an id that begins with `car-`.
    fn beginning(&self, site: &Site, name: &'static str, end: &RecordedEvent) -> Option<&RecordedEvent> {
        let (_, request) = end.texts.iter().find(|(_, text)| text.starts_with("car-"))?;
        self.events(site, name).find(|event| event.texts.iter().any(|(_, text)| text == request))
    }

    /// Why no event explains it; nothing where the management account's history was not read, which a note says.
    pub fn why_not_known(&self, sought: &UnexplainedChange) -> Option<String> {
        if let Some(why) = self.shut.get(&sought.site.account) {
            return sought.site.account.as_ref().map(|account| format!("not looked up in {account}: {why}"));
        }
        let histories: Option<Vec<&RecordedEvents>> =
            sought.traces.iter().map(|trace| self.histories.get(&(sought.site.clone(), trace.event))).collect();
        Some(match histories {
            None => format!("not looked up: landing asks CloudTrail {MOST_CALLS} times at most"),
            Some(histories) if histories.iter().any(|histories| histories.is_cut) => {
                "there are more events than landing asks for".into()
            }
            Some(_) if sought.may_be_inside => {
                "no event in the management account shows it, and the account's own history was not looked up".into()
            }
            Some(_) => "no event in the last 90 days".into(),
        })
    }
}

/// The event histories and names of events to be asked for, each once; those of the management account first.
pub(super) fn names(sought: &[&UnexplainedChange]) -> BTreeSet<(Site, &'static str)> {
    let of_trace = |trace: &Trace| match trace.does {
        Does::EndMaking(began) => vec![trace.event, began],
        _ => vec![trace.event],
    };
    let of_one = |it: &&UnexplainedChange| {
        let site = it.site.clone();
        it.traces.iter().flat_map(of_trace).map(move |name| (site.clone(), name)).collect::<Vec<_>>()
    };
    sought.iter().flat_map(of_one).collect()
}
