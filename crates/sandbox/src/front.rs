//! The front door: what happens to a request before and after its operation.

use std::collections::HashMap;

use serde_json::Value;
use tokio::time::Instant;

use crate::aws_error::{Answer, ApiError};
use crate::fault::{Fault, Faults};
use crate::http::{ConnectionLost, HttpAnswer, HttpRequest, Signature};
use crate::identity::Caller;
use crate::limits::Buckets;
use crate::log::{Call, Outcome};
use crate::options::Options;
use crate::protocol::Protocol;
use crate::service::{Operation, Service};
use crate::services;
use crate::state::State;

/// Counts, limits, loses and logs calls.
pub(super) struct RequestGate {
    options: Options,
    buckets: Buckets,
    log: Vec<Call>,
    /// Calls since the options were set, for `cut_after`.
    arrived: u64,
    /// Calls of each service's operations, for the faults.
    of_operation: HashMap<(&'static str, &'static str), u64>,
    /// Writes to the organization that are under way.
    organization_writes: usize,
    /// When the first of them arrived since the options were set: since then another program holds the lock.
    locked_since: Option<Instant>,
}

/// A call that has arrived: what is known of it before it is carried out.
pub(super) struct Arrival {
    pub(super) service: &'static Service,
    pub(super) operation: &'static Operation,
    pub(super) signature: Signature,
    /// Counted among the organization's writes under way.
    pub(super) exclusive: bool,
    log: Call,
    fault: Option<Fault>,
    /// The network goes away with this call.
    cut: bool,
}

/// The signature, the service and the operation of a request.
type Identified = (Signature, &'static Service, &'static Operation);

/// What the front door decides about a call that arrives.
pub(super) enum Admission {
    Enter(Box<Arrival>),
    Refuse(HttpAnswer),
    Drop,
}

impl RequestGate {
    pub(super) fn new(options: Options) -> Self {
        Self {
            options,
            buckets: Buckets::default(),
            log: Vec::new(),
            arrived: 0,
            of_operation: HashMap::new(),
            organization_writes: 0,
            locked_since: None,
        }
    }

    pub(super) fn calls(&self) -> &[Call] {
        &self.log
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    pub(super) fn set_options(&mut self, options: Options) {
        self.options = options;
        self.arrived = 0;
        self.locked_since = None;
    }

    pub(super) fn end_organization_write(&mut self) {
        self.organization_writes -= 1;
    }

    /// Decides about a call that arrives; `state` shows who its caller is.
    pub(super) fn admit(&mut self, request: &HttpRequest, state: &State) -> Admission {
        self.arrived += 1;
        if self.options.cut_after.is_some_and(|last| self.arrived > last) {
            self.log.push(Call { outcome: Outcome::Unreachable, ..blank_call(request) });
            return Admission::Drop;
        }
        let arrival = match self.recognize(request, state) {
            Ok(arrival) => arrival,
            Err(_) if self.is_cut() => return Admission::Drop,
            Err(answer) => return Admission::Refuse(answer),
        };
        // The call with which the network goes away happens, whatever else is set.
        let hindrance = if arrival.cut { None } else { self.hindrance(&arrival) };
        match hindrance {
            None => Admission::Enter(Box::new(self.enter(arrival))),
            Some((outcome, answer)) => {
                self.log.push(Call { outcome, ..arrival.log });
                answer.map_or(Admission::Drop, Admission::Refuse)
            }
        }
    }

    /// Whether the network goes away with the call that has just arrived.
    fn is_cut(&self) -> bool {
        self.options.cut_after == Some(self.arrived)
    }

    fn enter(&mut self, mut arrival: Arrival) -> Arrival {
        arrival.exclusive = self.serializes(&arrival);
        self.organization_writes += usize::from(arrival.exclusive);
        arrival
    }

    /// Finds out what the request asks for, or the answer to one that makes no sense.
    fn recognize(&mut self, request: &HttpRequest, state: &State) -> Result<Arrival, HttpAnswer> {
        let mut log = blank_call(request);
        match identify(request, state, &mut log) {
            Ok((signature, service, operation)) => Ok(self.arrival(signature, service, operation, log)),
            Err((protocol, error)) => {
                let answer = protocol.failure(&error, &self.request_id());
                self.log.push(log_refusal(log, &error));
                Err(answer)
            }
        }
    }

    fn arrival(
        &mut self,
        signature: Signature,
        service: &'static Service,
        operation: &'static Operation,
        log: Call,
    ) -> Arrival {
        let nth = self.of_operation.entry((service.name, operation.name)).or_default();
        *nth += 1;
        let strike = |faults: Faults| faults.strike(service.name, operation.name, log.write, *nth);
        Arrival {
            fault: self.options.faults.and_then(strike),
            cut: self.is_cut(),
            exclusive: false,
            signature,
            service,
            operation,
            log,
        }
    }

    /// What keeps a call from being carried out: its outcome and the answer, if one arrives.
    fn hindrance(&mut self, arrival: &Arrival) -> Option<(Outcome, Option<HttpAnswer>)> {
        if self.is_throttled(arrival) {
            let codes = &arrival.service.errors;
            let error = ApiError::new(codes.throttled, "Rate exceeded").with_status(codes.throttled_status);
            return Some((Outcome::Throttled, Some(self.failure(arrival, &error))));
        }
        if self.is_locked(arrival) || self.collides(arrival) {
            let error = concurrent_modification();
            return Some((Outcome::Refused(error.code.clone()), Some(self.failure(arrival, &error))));
        }
        let fault = arrival.fault?;
        let error = match fault {
            Fault::InternalError => ApiError::new("InternalFailure", "An internal error occurred.").with_status(500),
            Fault::Unavailable => ApiError::new("ServiceUnavailable", "The service is unavailable.").with_status(503),
            Fault::Conflict => concurrent_modification(),
            Fault::ResetBefore => return Some((Outcome::Injected(fault.name()), None)),
            Fault::ResetAfter => return None,
        };
        Some((Outcome::Injected(fault.name()), Some(self.failure(arrival, &error))))
    }

    fn is_throttled(&mut self, arrival: &Arrival) -> bool {
        let limits = self.options.limits.as_ref();
        limits.is_some_and(|limits| !self.buckets.admit(limits, &arrival.log))
    }

    /// Whether another program holds the lock that a write to the organization takes.
    fn is_locked(&mut self, arrival: &Arrival) -> bool {
        let lag = self.options.lags.organization_lock;
        if lag.is_zero() || !arrival.log.write || arrival.service.name != "organizations" {
            return false;
        }
        self.locked_since.get_or_insert_with(Instant::now).elapsed() < lag
    }

    /// Whether AWS refuses a write because another one is under way.
    fn collides(&self, arrival: &Arrival) -> bool {
        self.serializes(arrival) && self.organization_writes > 0
    }

    fn serializes(&self, arrival: &Arrival) -> bool {
        let limits = self.options.limits.as_ref();
        let serialized = limits.is_some_and(|limits| limits.serialize_organization_writes);
        serialized && arrival.log.write && arrival.service.name == "organizations"
    }

    fn failure(&self, arrival: &Arrival, error: &ApiError) -> HttpAnswer {
        arrival.service.protocol.failure(error, &self.request_id())
    }

    /// Logs a call that was carried out, and answers it unless the answer is to be lost.
    pub(super) fn leave(&mut self, arrival: Arrival, result: &Answer) -> Result<HttpAnswer, ConnectionLost> {
        let id = self.request_id();
        let protocol = arrival.service.protocol;
        let lost = arrival.cut || arrival.fault == Some(Fault::ResetAfter);
        let (answer, outcome) = match result {
            Ok(output) => (protocol.answer(arrival.operation.name, output, &id), Outcome::Done),
            Err(error) => (protocol.failure(error, &id), Outcome::Refused(error.code.clone())),
        };
        let outcome = if lost && result.is_ok() { Outcome::AnswerLost } else { outcome };
        self.log.push(Call { outcome, ..arrival.log });
        if lost { Err(ConnectionLost) } else { Ok(answer) }
    }

    fn request_id(&self) -> String {
        format!("5a2db0c5-0000-4000-8000-{:012x}", self.log.len() + 1)
    }
}

/// Who asks which service for what; `log` learns as much of it as the request shows.
fn identify(request: &HttpRequest, state: &State, log: &mut Call) -> Result<Identified, (Protocol, ApiError)> {
    let Some(signature) = Signature::of(request) else {
        let error = ApiError::new("MissingAuthenticationToken", "Request is missing Authentication Token");
        return Err((Protocol::Json, error.with_status(403)));
    };
    log.account = Caller::of(&signature, state).account;
    let Some(service) = services::service(&signature.service) else {
        let (protocol, name) = Protocol::guess(request);
        let error = not_simulated(&signature.service, &name);
        log.operation = name;
        return Err((protocol, error));
    };
    let (name, operation) = service.operation(request);
    log.operation.clone_from(&name);
    let Some(operation) = operation else {
        return Err((service.protocol, not_simulated(service.name, &name)));
    };
    log.write = operation.is_write();
    if log.write {
        // A request that cannot be read is refused later.
        log.input = service.protocol.members(request, operation.path).map(Value::Object).unwrap_or_default();
    }
    Ok((signature, service, operation))
}

/// A call of which only the signature is known.
fn blank_call(request: &HttpRequest) -> Call {
    let signature = Signature::of(request);
    let (service, region) = signature.map(|signature| (signature.service, signature.region)).unwrap_or_default();
    Call {
        service,
        region,
        operation: String::new(),
        account: String::new(),
        write: false,
        input: Value::Null,
        outcome: Outcome::Done,
    }
}

fn log_refusal(call: Call, error: &ApiError) -> Call {
    Call { outcome: Outcome::Refused(error.code.clone()), ..call }
}

/// AWS's wording where two writes to an organization meet.
fn concurrent_modification() -> ApiError {
    let conflict = "AWS Organizations can't complete your request because it conflicts with another attempt to modify \
                    the same entity. Try again later.";
    ApiError::new("ConcurrentModificationException", conflict)
}

fn not_simulated(service: &str, operation: &str) -> ApiError {
    let what = format!("{service} {operation}");
    ApiError::new("UnknownOperationException", format!("{} is not simulated by the sandbox.", what.trim_end()))
}
