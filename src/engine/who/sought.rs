//! What is looked for of each difference, and in which event history.

use crate::cloud::AccountAccess;
use crate::kinds::read::RecordedEvent;
use crate::kinds::{OfKind, kind_info, looked_into};
use crate::model::{Action, Address, Change, Desired, Does, History, Mark, Observed, Recorded, Trace, global_region};

/// An account's event history in one region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    /// The member account's id; the management account comes first.
    pub account: Option<String>,
    pub region: String,
}

/// A difference, and what events that explain it have.
#[derive(Debug)]
pub(super) struct UnexplainedChange {
    pub address: Address,
    pub site: Site,
    pub access: AccountAccess,
    pub marks: Vec<Mark>,
    pub traces: Vec<Trace>,
    /// Whether the events may be in the account's own history, which is not read for it.
    pub may_be_inside: bool,
}

impl UnexplainedChange {
    pub fn has_trace(&self, name: &str) -> bool {
        self.traces.iter().any(|trace| trace.event == name)
    }

    /// Whether an event is about it and has changed something.
    pub fn is_in(&self, event: &RecordedEvent) -> bool {
        let has = |mark: &Mark| event.texts.iter().any(|(key, text)| mark.is_in(key, text));
        !event.is_refused && self.marks.iter().all(has)
    }
}

/// What was found, and where landing runs.
#[derive(Clone, Copy)]
pub(super) struct HistoryContext<'a> {
    pub desired: &'a Desired,
    pub observed: &'a Observed,
    pub region: &'a str,
    pub partition: &'a str,
}

impl HistoryContext<'_> {
    /// What is looked for of a difference, or why nothing is.
    pub fn of_change(self, change: &Change) -> Result<UnexplainedChange, String> {
        let history = &change.kind_info().history;
        self.sought(&change.address, change.parent.as_ref(), history, |does| explains(does, change))
    }

    /// What is looked for of something that is in no blueprint.
    pub fn of_unmanaged(self, address: &Address) -> Option<UnexplainedChange> {
        let found = self.observed.found.get(address)?;
        self.sought(address, found.parent.as_ref(), &kind_info(&found.kind).history, makes).ok()
    }

    fn sought(
        self,
        address: &Address,
        parent: Option<&Address>,
        history: &History,
        explains: impl Fn(Does) -> bool,
    ) -> Result<UnexplainedChange, String> {
        let HistoryContext { observed, .. } = self;
        let traces: Vec<Trace> = history.traces.iter().filter(|trace| explains(trace.does)).copied().collect();
        if traces.is_empty() {
            return Err("the calls that landing knows do not lead to this difference alone".into());
        }
        let found = observed.found.get(address).map(|found| found.id.as_str());
        let id = observed.bindings.id(address).or(found);
        let marks = (history.marks)(address, id, &observed.bindings).ok_or("its id is not known")?;
        let access = self.access(history.recorded, parent).ok_or("the id of its account is not known")?;
        let site = Site { account: access.account.clone(), region: self.region(history.recorded, address) };
        let is_of_a_member = parent.is_some_and(|account| !self.is_management(account));
        let may_be_inside = history.recorded == Recorded::GloballyUnlessInside && is_of_a_member;
        Ok(UnexplainedChange { address: address.clone(), site, access, marks, traces, may_be_inside })
    }

    fn is_management(self, account: &Address) -> bool {
        let id = |address: &Address| self.observed.bindings.id(address);
        account.is_management() || id(account) == id(&Address::management())
    }

    fn access(self, recorded: Recorded, account: Option<&Address>) -> Option<AccountAccess> {
        match recorded.is_inside() {
            true => looked_into(self.desired, self.observed, account?),
            false => Some(AccountAccess::own()),
        }
    }

    fn region(self, recorded: Recorded, address: &Address) -> String {
        match recorded {
            Recorded::Globally | Recorded::GloballyUnlessInside | Recorded::InsideGlobally => {
                global_region(self.partition).to_owned()
            }
            Recorded::WithIdentityCenter => {
                self.observed.identity_center_region.clone().unwrap_or_else(|| self.region.to_owned())
            }
            Recorded::AtHome => self.region.to_owned(),
            Recorded::InsideRegion => address.name(),
        }
    }
}

pub(super) fn makes(does: Does) -> bool {
    matches!(does, Does::Make | Does::EndMaking(_))
}

/// Whether such an event may have led to the difference that a change corrects.
pub(super) fn explains(does: Does, change: &Change) -> bool {
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
