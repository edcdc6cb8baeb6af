//! What changes the state, one step at a time: what is due, a call, and what is due after it. The same steps from the same state
//! lead to the same state, whatever process takes them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::aws_error::Answer;
use crate::identity::Caller;
use crate::input::Input;
use crate::model::event_history::Event;
use crate::options::Options;
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{Due, Operation, Service};
use crate::services;
use crate::state::State;

/// A step, as a journal keeps it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Step {
    /// Seconds since 1970.
    pub(super) now: u64,
    /// What was due before the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) before: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) call: Option<Admitted>,
    /// What was due after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) after: Option<Vec<String>>,
}

/// A call that nothing keeps from being carried out.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Admitted {
    pub(super) service: String,
    pub(super) operation: String,
    pub(super) caller: Caller,
    pub(super) region: String,
    pub(super) members: Map<String, Value>,
    /// What CloudTrail records, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<Event>,
    /// How many events CloudTrail keeps.
    #[serde(default)]
    pub(super) event_history: usize,
}

impl Step {
    /// Whether it changes nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.before.is_none() && self.call.is_none() && self.after.is_none()
    }

    /// Takes the step that another process took.
    ///
    /// # Errors
    /// When its call is none that is simulated.
    pub(super) fn repeat(self, state: &mut State, progress: &mut Progress) -> Result<(), serde_json::Error> {
        if let Some(due) = self.before {
            repeat_due(due, self.now, state, progress);
        }
        if let Some(call) = self.call {
            let (service, operation) = call.found()?;
            // What it answered was answered by the other process.
            let _ = call.carry_out(service, operation, self.now, state);
        }
        if let Some(due) = self.after {
            repeat_due(due, self.now, state, progress);
        }
        Ok(())
    }
}

fn repeat_due(due: Vec<String>, now: u64, state: &mut State, progress: &mut Progress) {
    progress.repeat(due);
    // How long something takes is decided by what was due.
    services::settle(&mut Due { state, progress, options: &Options::default(), now });
    progress.follow_the_clock();
}

impl Admitted {
    fn found(&self) -> Result<(&'static Service, &'static Operation), serde_json::Error> {
        let service = services::service(&self.service);
        let operation = |service: &'static Service| service.operations().find(|it| it.name == self.operation);
        let found = service.and_then(|service| Some((service, operation(service)?)));
        let unknown = format!("{} {} is not simulated", self.service, self.operation);
        found.ok_or_else(|| serde::de::Error::custom(unknown))
    }

    /// Carries the call out.
    pub(super) fn carry_out(self, service: &Service, operation: &Operation, now: u64, state: &mut State) -> Answer {
        let Self { caller, region, members, event, event_history, .. } = self;
        let input = Input::new(members, &service.errors);
        let result = (operation.answer)(&mut Request { state, caller, region, operation: operation.name, input, now });
        if let Some(event) = event {
            state.events.add(event, &result, event_history);
        }
        result
    }
}
