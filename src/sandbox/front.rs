//! The front door: what happens to a request before and after its operation.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::fault::Fault;
use super::identity::Caller;
use super::input::Input;
use super::limits::Buckets;
use super::options::Options;
use super::progress::Progress;
use super::protocol::Protocol;
use super::request::{
    Answer, ApiError, ConnectionLost, HttpAnswer, HttpRequest, Request, Signature,
};
use super::services::{self, Operation, Service};
use super::state::State;
use super::store::Store;
use super::{Call, Error, Faults, Outcome, Sandbox};

/// The sandbox behind its lock.
pub(super) struct Core {
    state: State,
    store: Store,
    progress: Progress,
    options: Options,
    buckets: Buckets,
    log: Vec<Call>,
    /// Calls since the options were set, for `cut_after`.
    arrived: u64,
    /// Calls of each service's operations, for the faults.
    of_operation: HashMap<(&'static str, &'static str), u64>,
    /// Writes to the organization that are under way.
    organization_writes: usize,
}

/// A call that has arrived: what is known of it before it is carried out.
struct Arrival {
    service: &'static Service,
    operation: &'static Operation,
    signature: Signature,
    log: Call,
    fault: Option<Fault>,
    /// The network goes away with this call.
    cut: bool,
    /// Counted among the organization's writes under way.
    exclusive: bool,
}

/// The signature, the service and the operation of a request.
type Identified = (Signature, &'static Service, &'static Operation);

/// What the front door decides about a call that arrives.
enum Admission {
    Enter(Arrival),
    Refuse(HttpAnswer),
    Drop,
}

impl Sandbox {
    /// Answers a request, after the latency, or loses it.
    pub(super) async fn answer(&self, request: HttpRequest) -> Result<HttpAnswer, ConnectionLost> {
        let admission = self.core().admit(&request);
        let latency = self.core().options.latency;
        let mut under_way = UnderWay(self, false);
        if let Admission::Enter(arrival) = &admission {
            under_way.1 = arrival.exclusive;
        }
        if !latency.is_zero() && !matches!(admission, Admission::Drop) {
            tokio::time::sleep(latency).await;
        }
        match admission {
            Admission::Enter(arrival) => self.core().carry_out(arrival, &request),
            Admission::Refuse(answer) => Ok(answer),
            Admission::Drop => Err(ConnectionLost),
        }
    }
}

/// Ends a write to the organization when its call ends, even if its future is dropped.
struct UnderWay<'a>(&'a Sandbox, bool);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if self.1 {
            self.0.core().organization_writes -= 1;
        }
    }
}

impl Core {
    pub(super) fn new(state: State, store: Store, options: Options) -> Self {
        Self {
            state,
            store,
            progress: Progress::default(),
            options,
            buckets: Buckets::default(),
            log: Vec::new(),
            arrived: 0,
            of_operation: HashMap::new(),
            organization_writes: 0,
        }
    }

    pub(super) fn calls(&self) -> &[Call] {
        &self.log
    }

    pub(super) fn set_options(&mut self, options: Options) {
        self.options = options;
        self.arrived = 0;
    }

    pub(super) fn snapshot(&mut self) -> Value {
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
        Ok(())
    }

    /// Takes over what another process saved; the answer keeps other processes out.
    fn refresh(&mut self) -> Result<Option<std::fs::File>, Error> {
        let held = self.store.lock()?;
        if let Some(state) = self.store.changed()? {
            self.state = state;
        }
        Ok(held)
    }

    fn settle(&mut self) -> bool {
        services::settle(
            &mut self.state,
            &mut self.progress,
            &self.options.timings,
            now(),
        )
    }

    fn admit(&mut self, request: &HttpRequest) -> Admission {
        self.arrived += 1;
        if self
            .options
            .cut_after
            .is_some_and(|last| self.arrived > last)
        {
            self.log.push(Call {
                outcome: Outcome::Unreachable,
                ..blank_call(request)
            });
            return Admission::Drop;
        }
        let arrival = match self.recognize(request) {
            Ok(arrival) => arrival,
            Err(answer) => return Admission::Refuse(answer),
        };
        match self.hindrance(&arrival) {
            None => self.enter(arrival),
            Some((outcome, answer)) => {
                self.log.push(Call {
                    outcome,
                    ..arrival.log
                });
                answer.map_or(Admission::Drop, Admission::Refuse)
            }
        }
    }

    fn enter(&mut self, mut arrival: Arrival) -> Admission {
        let limits = self.options.limits.as_ref();
        if limits.is_some_and(|limits| limits.serialize_organization_writes)
            && is_organization_write(&arrival)
        {
            arrival.exclusive = true;
            self.organization_writes += 1;
        }
        Admission::Enter(arrival)
    }

    /// Finds out what the request asks for, or the answer to one that makes no sense.
    fn recognize(&mut self, request: &HttpRequest) -> Result<Arrival, HttpAnswer> {
        let mut log = blank_call(request);
        match self.identify(request, &mut log) {
            Ok((signature, service, operation)) => {
                Ok(self.arrival(signature, service, operation, log))
            }
            Err((protocol, error)) => {
                let answer = protocol.failure(&error, &self.request_id());
                self.log.push(log_refusal(log, &error));
                Err(answer)
            }
        }
    }

    /// Who asks which service for what; `log` learns as much of it as the request tells.
    fn identify(
        &self,
        request: &HttpRequest,
        log: &mut Call,
    ) -> Result<Identified, (Protocol, ApiError)> {
        let Some(signature) = Signature::of(request) else {
            let error = ApiError::new(
                "MissingAuthenticationToken",
                "Request is missing Authentication Token",
            );
            return Err((Protocol::Json, error.with_status(403)));
        };
        log.account = Caller::of(&signature, &self.state).account;
        let Some(service) = services::service(&signature.service) else {
            let (protocol, name) = Protocol::guess(request);
            let error = not_simulated(&signature.service, &name);
            log.operation = name;
            return Err((protocol, error));
        };
        let (name, operation) = service.protocol.operation(service, request);
        log.operation.clone_from(&name);
        let Some(operation) = operation else {
            return Err((service.protocol, not_simulated(service.name, &name)));
        };
        log.write = operation.is_write();
        Ok((signature, service, operation))
    }

    fn arrival(
        &mut self,
        signature: Signature,
        service: &'static Service,
        operation: &'static Operation,
        log: Call,
    ) -> Arrival {
        let nth = self
            .of_operation
            .entry((service.name, operation.name))
            .or_default();
        *nth += 1;
        let strike = |faults: Faults| faults.strike(service.name, operation.name, log.write, *nth);
        Arrival {
            fault: self.options.faults.and_then(strike),
            cut: self.options.cut_after == Some(self.arrived),
            exclusive: false,
            signature,
            service,
            operation,
            log,
        }
    }

    /// What keeps a call from being carried out: its outcome and the answer, if one arrives.
    fn hindrance(&mut self, arrival: &Arrival) -> Option<(Outcome, Option<HttpAnswer>)> {
        if let Some(error) = self.throttle(arrival) {
            return Some((Outcome::Throttled, Some(self.failure(arrival, &error))));
        }
        let fault = arrival.fault?;
        let error = match fault {
            Fault::InternalError => {
                ApiError::new("InternalFailure", "An internal error occurred.").with_status(500)
            }
            Fault::Unavailable => {
                ApiError::new("ServiceUnavailable", "The service is unavailable.").with_status(503)
            }
            Fault::Conflict => concurrent_modification(),
            Fault::ResetBefore => return Some((Outcome::Injected(fault.name()), None)),
            Fault::ResetAfter => return None,
        };
        Some((
            Outcome::Injected(fault.name()),
            Some(self.failure(arrival, &error)),
        ))
    }

    fn throttle(&mut self, arrival: &Arrival) -> Option<ApiError> {
        let limits = self.options.limits.as_ref()?;
        let call = &arrival.log;
        if !self.buckets.admit(
            limits,
            &call.account,
            &call.service,
            &call.operation,
            call.write,
        ) {
            let codes = &arrival.service.errors;
            return Some(
                ApiError::new(codes.throttled, "Rate exceeded").with_status(codes.throttled_status),
            );
        }
        let collides = limits.serialize_organization_writes && self.organization_writes > 0;
        (collides && is_organization_write(arrival)).then(concurrent_modification)
    }

    fn failure(&self, arrival: &Arrival, error: &ApiError) -> HttpAnswer {
        arrival.service.protocol.failure(error, &self.request_id())
    }

    fn carry_out(
        &mut self,
        arrival: Arrival,
        request: &HttpRequest,
    ) -> Result<HttpAnswer, ConnectionLost> {
        let result = self.perform(&arrival, request);
        let id = self.request_id();
        let answer = match &result {
            Ok(output) => arrival
                .service
                .protocol
                .answer(arrival.operation.name, output, &id),
            Err(error) => arrival.service.protocol.failure(error, &id),
        };
        let lost = arrival.cut || arrival.fault == Some(Fault::ResetAfter);
        let log = match &result {
            Ok(_) if lost => Call {
                outcome: Outcome::AnswerLost,
                ..arrival.log
            },
            Ok(_) => arrival.log,
            Err(error) => log_refusal(arrival.log, error),
        };
        self.log.push(log);
        if lost {
            Err(ConnectionLost)
        } else {
            Ok(answer)
        }
    }

    /// Runs the operation on the newest state and saves what it changed.
    fn perform(&mut self, arrival: &Arrival, request: &HttpRequest) -> Answer {
        let _held = self.refresh().map_err(unsaved)?;
        let settled = self.settle();
        let result = self.run(arrival, request);
        if settled || (result.is_ok() && arrival.operation.is_write()) {
            self.store.save(&self.state).map_err(unsaved)?;
        }
        result
    }

    fn run(&mut self, arrival: &Arrival, request: &HttpRequest) -> Answer {
        let Arrival {
            service, operation, ..
        } = arrival;
        let caller = Caller::of(&arrival.signature, &self.state);
        let action = format!("{}:{}", service.action_prefix, operation.name);
        if !caller.may(&action) {
            return Err(denied(service, &caller, &action));
        }
        (service.admit)(&self.state, &caller, operation)?;
        let members = service.protocol.members(request)?;
        (operation.answer)(&mut Request {
            state: &mut self.state,
            caller,
            region: arrival.signature.region.clone(),
            operation: operation.name,
            input: Input::new(members, &service.errors),
            now: now(),
        })
    }

    fn request_id(&self) -> String {
        format!("5a2db0c5-0000-4000-8000-{:012x}", self.log.len() + 1)
    }
}

fn is_organization_write(arrival: &Arrival) -> bool {
    arrival.log.write && arrival.service.name == "organizations"
}

/// A call of which only the signature is known.
fn blank_call(request: &HttpRequest) -> Call {
    let signature = Signature::of(request);
    let (service, region) = signature
        .map(|signature| (signature.service, signature.region))
        .unwrap_or_default();
    Call {
        service,
        region,
        operation: String::new(),
        account: String::new(),
        write: false,
        outcome: Outcome::Done,
    }
}

fn log_refusal(call: Call, error: &ApiError) -> Call {
    Call {
        outcome: Outcome::Refused(error.code.clone()),
        ..call
    }
}

fn denied(service: &Service, caller: &Caller, action: &str) -> ApiError {
    let why = format!("because no identity-based policy allows the {action} action");
    let message = format!(
        "User: {} is not authorized to perform: {action} on resource: * {why}",
        caller.arn
    );
    ApiError::new(service.errors.access_denied, message)
        .with_status(service.errors.access_denied_status)
}

/// AWS's wording where two writes to an organization meet.
fn concurrent_modification() -> ApiError {
    let conflict = "AWS Organizations can't complete your request because it conflicts with another attempt to modify \
                    the same entity. Try again later.";
    ApiError::new("ConcurrentModificationException", conflict)
}

fn not_simulated(service: &str, operation: &str) -> ApiError {
    let what = format!("{service} {operation}");
    ApiError::new(
        "UnknownOperationException",
        format!("{} is not simulated by the sandbox.", what.trim_end()),
    )
}

fn unsaved(error: Error) -> ApiError {
    ApiError::new("InternalFailure", error.to_string()).with_status(500)
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
