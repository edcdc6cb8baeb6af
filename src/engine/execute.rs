use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::event::{Event, Listener};
use crate::cloud::AwsError;
use crate::kinds::{Step, Workshop, WriteError, kind};
use crate::model::{Action, Address, Manual};

/// A change that was not made, and why.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What was to be changed.
    pub address: Address,
    /// How.
    pub action: Action,
    /// What went wrong, in AWS's words where it was AWS.
    pub error: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// How it ended.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What was changed and how, in the order in which it was finished.
    pub done: Vec<(Address, Action)>,
    /// What could not be changed.
    pub failed: Vec<Failure>,
    /// Those among the failed ones that a guard stopped.
    pub refused: Vec<Address>,
    /// Not tried, because what they need failed.
    pub skipped: Vec<Address>,
    /// What a person must do first.
    pub waits: Vec<Manual>,
    /// Not tried, because of an interruption.
    pub remaining: Vec<Address>,
    /// Whether it was stopped before everything had begun.
    pub interrupted: bool,
}

impl Outcome {
    /// Whether everything was done.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.skipped.is_empty() && self.waits.is_empty() && self.remaining.is_empty()
    }

    /// Adds what came of a further round.
    pub(super) fn extend(&mut self, further: Outcome) {
        self.done.extend(further.done);
        self.failed.extend(further.failed);
        self.refused.extend(further.refused);
        self.skipped.extend(further.skipped);
        self.waits.extend(further.waits);
        self.remaining.extend(further.remaining);
        self.interrupted |= further.interrupted;
    }
}

/// How long a change is tried again while AWS says that the organization is not ready for it: a new one may take
/// an hour.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html#API_CreateAccount_Errors>
const PATIENCE: Duration = Duration::from_secs(3600);
const TRY_EVERY: Duration = Duration::from_secs(15);

/// Refusals that pass when AWS has caught up with what was just made.
const NOT_READY: [&str; 3] = [
    "FinalizingOrganizationException",
    "PolicyChangesInProgressException",
    "PolicyTypeNotAvailableForOrganizationException",
];

/// Makes all changes, everything independent at once, each as soon as what it needs is done. Once `stop` is true
/// no change is begun any more.
pub(super) async fn execute(
    steps: Vec<Step>,
    shop: Arc<Workshop>,
    listener: Listener,
    mut stop: watch::Receiver<bool>,
) -> Outcome {
    let mut run = Run::new(steps, listener);
    (run.listener)(Event::Began { changes: run.waiting.len() });
    let mut tasks = JoinSet::new();
    loop {
        if !*stop.borrow() {
            for step in run.ready() {
                (run.listener)(Event::Started { address: step.change.address.clone(), action: step.change.action });
                tasks.spawn(make(step, Arc::clone(&shop), Arc::clone(&run.listener)));
            }
        }
        if tasks.is_empty() {
            break;
        }
        tokio::select! {
            Some(ended) = tasks.join_next() => match ended {
                Ok((step, result, took)) => run.end(&step, result, took),
                Err(error) => run.lost(&error.to_string()),
            },
            Ok(()) = stop.changed(), if !run.outcome.interrupted => run.interrupt(tasks.len()),
        }
    }
    run.finish()
}

struct Run {
    waiting: BTreeMap<Address, Step>,
    /// Begun and not ended.
    under_way: BTreeSet<Address>,
    listener: Listener,
    outcome: Outcome,
}

impl Run {
    fn new(steps: Vec<Step>, listener: Listener) -> Run {
        let waiting = steps.into_iter().map(|step| (step.change.address.clone(), step)).collect();
        Run { waiting, under_way: BTreeSet::new(), listener, outcome: Outcome::default() }
    }

    /// The changes that wait for nothing any more.
    fn ready(&mut self) -> Vec<Step> {
        let ready: Vec<Address> = self
            .waiting
            .values()
            .filter(|step| step.change.needs.iter().all(|need| !self.is_open(need)))
            .map(|step| step.change.address.clone())
            .collect();
        self.under_way.extend(ready.iter().cloned());
        ready.iter().filter_map(|address| self.waiting.remove(address)).collect()
    }

    fn is_open(&self, address: &Address) -> bool {
        self.waiting.contains_key(address) || self.under_way.contains(address)
    }

    fn end(&mut self, step: &Step, result: Result<(), WriteError>, took: Duration) {
        let (address, action) = (step.change.address.clone(), step.change.action);
        self.under_way.remove(&address);
        match result {
            Ok(()) => {
                (self.listener)(Event::Finished { address: address.clone(), action, milliseconds: took.as_millis() });
                self.outcome.done.push((address, action));
            }
            Err(WriteError::Waits(manual)) => {
                (self.listener)(Event::Waits { address: address.clone(), what: manual.what.clone() });
                self.outcome.waits.push(manual);
                self.skip_what_needs(&address);
            }
            Err(WriteError::Aws(error)) => self.fail(address, action, error.to_string(), error.help()),
            Err(WriteError::Refused { message, help }) => {
                self.outcome.refused.push(address.clone());
                self.fail(address, action, message, Some(help));
            }
            Err(WriteError::Failed { message, help }) => self.fail(address, action, message, Some(help)),
        }
    }

    fn fail(&mut self, address: Address, action: Action, error: String, help: Option<String>) {
        (self.listener)(Event::Failed { address: address.clone(), action, error: error.clone(), help: help.clone() });
        self.skip_what_needs(&address);
        self.outcome.failed.push(Failure { address, action, error, help });
    }

    fn skip_what_needs(&mut self, failed: &Address) {
        let mut causes = vec![failed.clone()];
        while let Some(cause) = causes.pop() {
            let skipped: Vec<Address> = self
                .waiting
                .values()
                .filter(|step| step.change.needs.contains(&cause))
                .map(|step| step.change.address.clone())
                .collect();
            for address in skipped {
                self.waiting.remove(&address);
                (self.listener)(Event::Skipped { address: address.clone(), because: cause.clone() });
                self.outcome.skipped.push(address.clone());
                causes.push(address);
            }
        }
    }

    /// A change ended without saying how: a fault of this program.
    fn lost(&mut self, error: &str) {
        self.outcome.interrupted = true;
        for address in std::mem::take(&mut self.under_way) {
            self.fail(address, Action::Update, error.to_owned(), Some("please report it; then run apply again".into()));
        }
    }

    fn interrupt(&mut self, under_way: usize) {
        self.outcome.interrupted = true;
        (self.listener)(Event::Interrupted { under_way, remaining: self.waiting.len() });
    }

    fn finish(mut self) -> Outcome {
        self.outcome.remaining = self.waiting.into_keys().collect();
        self.outcome
    }
}

async fn make(step: Step, shop: Arc<Workshop>, listener: Listener) -> (Step, Result<(), WriteError>, Duration) {
    let start = Instant::now();
    let Some(kind) = kind(&step.change.kind) else {
        let message = format!("{}: no kind is called {}", step.change.address, step.change.kind);
        let error = WriteError::Failed { message, help: "the plan was made by another version: plan again".into() };
        return (step, Err(error), start.elapsed());
    };
    loop {
        match kind.write(&step, &shop).await {
            Err(WriteError::Aws(error)) if is_not_ready(&error) && start.elapsed() < PATIENCE => {
                let message = format!("AWS is not ready ({}), trying again", error.code().unwrap_or_default());
                listener(Event::Progress { address: step.change.address.clone(), message });
                tokio::time::sleep(TRY_EVERY).await;
            }
            Err(WriteError::Aws(error)) => return (step, Err(shop.cloud.blame(error).into()), start.elapsed()),
            result => return (step, result, start.elapsed()),
        }
    }
}

fn is_not_ready(error: &AwsError) -> bool {
    NOT_READY.iter().any(|code| error.is(code))
}
