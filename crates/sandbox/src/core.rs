//! What is behind the sandbox's lock, and how a request is answered with it.

use std::fs::File;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::authorizer::{Attempt, Denial, Policies};
use crate::aws_error::{Answer, ApiError};
use crate::error::Error;
use crate::front::{Admission, Arrival, RequestGate};
use crate::http::{ConnectionLost, HttpAnswer, HttpRequest};
use crate::identity::Caller;
use crate::log::Call;
use crate::model::event_history::Event;
use crate::options::Options;
use crate::progress::Progress;
use crate::service::{Due, Service};
use crate::services;
use crate::shared::readiness;
use crate::state::State;
use crate::step::{Admitted, Step};
use crate::store::Store;

/// The sandbox behind its lock.
pub(super) struct Core {
    state: State,
    store: Store,
    /// Whether the state has changed in a way that could not be kept.
    unsaved: bool,
    progress: Progress,
    door: RequestGate,
}

impl Core {
    pub(super) fn new(state: State, store: Store, options: Options) -> Self {
        Self { state, store, unsaved: false, progress: Progress::default(), door: RequestGate::new(options) }
    }

    pub(super) fn calls(&self) -> &[Call] {
        self.door.calls()
    }

    pub(super) fn set_options(&mut self, options: Options) {
        self.door.set_options(options);
    }

    /// Ends a write to the organization that was under way.
    pub(super) fn end_organization_write(&mut self) {
        self.door.end_organization_write();
    }

    pub(super) fn snapshot(&mut self) -> Value {
        // If the file cannot be read or written any more, the state in memory is the newest there is.
        let _held = self.refresh();
        let now = now();
        let _ = self.settle(now).map_or(Ok(()), |due| self.keep(&Step { now, before: Some(due), ..Step::default() }));
        self.state.to_json()
    }

    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Value)) -> Result<(), Error> {
        let _held = self.refresh()?;
        self.unsaved |= self.settle(now()).is_some();
        let mut json = self.state.to_json();
        change(&mut json);
        let state = State::from_json(json).map_err(|error| Error::State(None, error))?;
        let mut state = State { saves: self.state.saves, ..state };
        self.store.save(&mut state)?;
        self.state = state;
        self.unsaved = false;
        Ok(())
    }

    /// Takes over what other processes changed; the answer keeps them out.
    pub(super) fn refresh(&mut self) -> Result<Option<File>, Error> {
        let held = self.store.lock()?;
        if let Some(state) = self.store.changed()? {
            self.state = state;
            self.unsaved = false;
        }
        for step in self.store.steps()? {
            step.repeat(&mut self.state, &mut self.progress).map_err(|error| Error::State(None, error))?;
        }
        Ok(held)
    }

    /// Finishes everything in progress that is due; what that is, if anything changed.
    fn settle(&mut self, now: u64) -> Option<Vec<String>> {
        let (state, progress, options) = (&mut self.state, &mut self.progress, self.door.options());
        let changed = services::settle(&mut Due { state, progress, options, now });
        let due = progress.take_due();
        (changed || !due.is_empty()).then_some(due)
    }

    /// Keeps a step that was taken, before anyone learns of it.
    fn keep(&mut self, step: &Step) -> Result<(), Error> {
        let kept = match (self.unsaved, step.is_empty()) {
            (false, true) => Ok(()),
            (false, false) => self.store.add(step, &mut self.state),
            (true, _) => self.store.save(&mut self.state),
        };
        self.unsaved = kept.is_err();
        kept
    }

    pub(super) fn admit(&mut self, request: &HttpRequest) -> (Admission, std::time::Duration) {
        (self.door.admit(request, &self.state), self.door.options().latency)
    }

    pub(super) fn carry_out(&mut self, arrival: Arrival, request: &HttpRequest) -> Result<HttpAnswer, ConnectionLost> {
        let result = self.perform(&arrival, request);
        let mut answer = self.door.leave(arrival, &result)?;
        if request.method == "HEAD" {
            // Not even an error has a body then.
            answer.body.clear();
        }
        Ok(answer)
    }

    /// Runs the operation on the newest state and keeps what it changed.
    fn perform(&mut self, arrival: &Arrival, request: &HttpRequest) -> Answer {
        let _held = self.refresh().map_err(|error| not_saved(&error))?;
        let now = now();
        let mut step = Step { now, before: self.settle(now), ..Step::default() };
        let result = self.admitted(arrival, request, now).and_then(|call| {
            if arrival.operation.is_kept() && self.store.is_shared() {
                step.call = Some(call.clone());
            }
            call.carry_out(arrival.service, arrival.operation, now, &mut self.state)
        });
        // What this has begun counts from now.
        step.after = self.settle(now);
        self.keep(&step).map_err(|error| not_saved(&error))?;
        result
    }

    /// The call, if nothing keeps its caller from it.
    fn admitted(&self, arrival: &Arrival, request: &HttpRequest, now: u64) -> Result<Admitted, ApiError> {
        let Arrival { service, operation, .. } = arrival;
        let caller = Caller::of(&arrival.signature, &self.state);
        if let Some(error) = readiness::refusal(&self.state, &caller, service, &arrival.signature.region) {
            return Err(error);
        }
        let action = format!("{}:{}", service.action_prefix, operation.name);
        if !caller.may(&action) {
            let reason = format!("because no identity-based policy allows the {action} action");
            return Err(denied(service, &caller, &Denial { action, resource: "*".into(), reason }));
        }
        (service.admit)(&self.state, &caller, operation)?;
        let members = service.protocol.members(request, operation.path)?;
        self.authorize(arrival, &caller, &members)?;
        Ok(Admitted {
            service: service.name.to_owned(),
            operation: operation.name.to_owned(),
            event: self.event(arrival, &caller, &members, request, now),
            event_history: self.door.options().event_history,
            caller,
            region: arrival.signature.region.clone(),
            members,
        })
    }

    /// What CloudTrail is to record of a call, where it is one that changes something.
    fn event(
        &self,
        arrival: &Arrival,
        caller: &Caller,
        members: &Map<String, Value>,
        request: &HttpRequest,
        now: u64,
    ) -> Option<Event> {
        let Arrival { service, operation, signature, .. } = arrival;
        let options = self.door.options();
        (operation.is_write() && options.event_history > 0).then(|| Event {
            account: caller.account.clone(),
            region: signature.region.clone(),
            source: format!("{}.amazonaws.com", service.name),
            name: operation.name.to_owned(),
            identity: caller.identity(),
            agent: request.header("user-agent").unwrap_or_default().to_owned(),
            input: Value::Object(members.clone()),
            time: now,
            shown_from: now + options.lags.events.as_secs(),
            ..Event::default()
        })
    }

    /// Refuses what policies deny, where someone decides by them.
    fn authorize(&self, arrival: &Arrival, caller: &Caller, members: &Map<String, Value>) -> Result<(), ApiError> {
        let Some(authorizer) = &self.door.options().authorizer else { return Ok(()) };
        let Arrival { service, operation, .. } = arrival;
        let attempt = Attempt {
            caller: &caller.arn,
            account: &caller.account,
            service: service.action_prefix,
            operation: operation.name,
            region: &arrival.signature.region,
            input: members,
        };
        match authorizer.denial(&attempt, &Policies::new(&self.state)) {
            Some(denial) => Err(denied(service, caller, &denial)),
            None => Ok(()),
        }
    }
}

impl Drop for Core {
    /// Writes the state file once more, so that it is complete without the journal once no process uses it. Where that fails, the
    /// process that opens it next reads the rest from the journal.
    fn drop(&mut self) {
        if self.store.has_added()
            && let Ok(_held) = self.refresh()
        {
            let _ = self.store.save(&mut self.state);
        }
    }
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
fn denied(service: &Service, caller: &Caller, denial: &Denial) -> ApiError {
    let Denial { action, resource, reason } = denial;
    let user = &caller.arn;
    let message = format!("User: {user} is not authorized to perform: {action} on resource: {resource} {reason}");
    ApiError::new(service.errors.access_denied, message).with_status(service.errors.access_denied_status)
}

fn not_saved(error: &Error) -> ApiError {
    ApiError::new("InternalFailure", error.to_string()).with_status(500)
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
