//! What is behind the sandbox's lock, and how a request is answered with it.

use std::fs::File;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};

use crate::authorizer::{Attempt, Denial, Policies};
use crate::aws_error::{Answer, ApiError};
use crate::error::Error;
use crate::front::{Admission, Arrival, FrontDoor};
use crate::http::{ConnectionLost, HttpAnswer, HttpRequest};
use crate::identity::Caller;
use crate::input::Input;
use crate::log::Call;
use crate::model::event_history::Event;
use crate::options::Options;
use crate::progress::Progress;
use crate::request::Request;
use crate::service::{Due, Service};
use crate::services;
use crate::shared::readiness;
use crate::state::State;
use crate::store::Store;

/// The sandbox behind its lock.
pub(super) struct Core {
    state: State,
    store: Store,
    /// Whether the state has changed since it was last saved.
    unsaved: bool,
    progress: Progress,
    door: FrontDoor,
}

impl Core {
    pub(super) fn new(state: State, store: Store, options: Options) -> Self {
        Self { state, store, unsaved: false, progress: Progress::default(), door: FrontDoor::new(options) }
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
        // If the file cannot be read any more, the state in memory is the newest there is.
        let _held = self.refresh();
        self.settle();
        self.state.to_json()
    }

    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Value)) -> Result<(), Error> {
        let _held = self.refresh()?;
        self.settle();
        let mut json = self.state.to_json();
        change(&mut json);
        let state = State::from_json(json).map_err(|error| Error::State(None, error))?;
        self.store.save(&state)?;
        self.state = state;
        self.unsaved = false;
        Ok(())
    }

    /// Takes over what another process saved; the answer keeps other processes out.
    fn refresh(&mut self) -> Result<Option<File>, Error> {
        let held = self.store.lock()?;
        if let Some(state) = self.store.changed()? {
            self.state = state;
            self.unsaved = false;
        }
        Ok(held)
    }

    /// Finishes everything in progress that is due.
    fn settle(&mut self) {
        let (state, progress, options) = (&mut self.state, &mut self.progress, self.door.options());
        self.unsaved |= services::settle(&mut Due { state, progress, options, now: now() });
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

    /// Runs the operation on the newest state and saves what it changed.
    fn perform(&mut self, arrival: &Arrival, request: &HttpRequest) -> Answer {
        let _held = self.refresh().map_err(|error| not_saved(&error))?;
        self.settle();
        let result = self.run(arrival, request);
        // What this has begun counts from now.
        self.settle();
        self.unsaved |= result.is_ok() && arrival.operation.is_kept();
        if self.unsaved {
            self.store.save(&self.state).map_err(|error| not_saved(&error))?;
            self.unsaved = false;
        }
        result
    }

    fn run(&mut self, arrival: &Arrival, request: &HttpRequest) -> Answer {
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
        let event = self.event(arrival, &caller, &members, request);
        let result = (operation.answer)(&mut Request {
            state: &mut self.state,
            caller,
            region: arrival.signature.region.clone(),
            operation: operation.name,
            input: Input::new(members, &service.errors),
            now: now(),
        });
        if let Some(event) = event {
            self.state.events.add(event, &result, self.door.options().event_history);
        }
        result
    }

    /// What CloudTrail is to record of a call, where it is one that changes something.
    fn event(
        &self,
        arrival: &Arrival,
        caller: &Caller,
        members: &Map<String, Value>,
        request: &HttpRequest,
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
            time: now(),
            shown_from: now() + options.lags.events.as_secs(),
            ..Event::default()
        })
    }

    /// Refuses what policies deny, where somebody decides by them.
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
