use std::any::Any;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::apply::reported_to_stop;
use super::event::{Counts, Event, Listener, UnderWay, WaitingFor};
use super::outcome::{Failure, Outcome};
use crate::cloud::{Awaited, AwsError, CallScope, waiting};
use crate::kinds::{Pending, Step, WriteContext, WriteError, kind};
use crate::model::{Action, Address};
use activity::Activity;
use queue::Queue;

#[cfg(test)]
mod tests;

mod activity;
mod queue;

/// How often it is said how far the apply is.
const COUNT_EVERY: Duration = Duration::from_secs(2);

/// How long a change is tried again while AWS says that the organization is not ready for it: a new one may take
/// an hour.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html#API_CreateAccount_Errors>
const PATIENCE: Duration = Duration::from_secs(3600);
const TRY_EVERY: Duration = Duration::from_secs(15);

/// Refusals that pass when AWS has caught up with what was just made.
const NOT_READY: [&str; 2] = ["FinalizingOrganizationException", "PolicyChangesInProgressException"];

/// Makes one change.
pub(super) trait Writer: Send + Sync + 'static {
    /// Makes the change of `step`.
    fn write<'a>(&'a self, step: &'a Step) -> Pending<'a, Result<(), WriteError>>;
}

impl Writer for WriteContext {
    fn write<'a>(&'a self, step: &'a Step) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let Some(kind) = kind(&step.change.kind) else {
                let message = format!("{}: unknown kind {}", step.change.address, step.change.kind);
                let help = "the plan was saved by another version of landing: run `landing plan` again".into();
                return Err(WriteError::Failed { message, help });
            };
            kind.write(step, self).await.map_err(|error| match error {
                WriteError::Aws(error) => self.cloud.in_account(error).into(),
                other => other,
            })
        })
    }
}

/// Makes all changes, everything independent at once, each as soon as what it needs is done and what it comes after has
/// ended. Once `stop` is true, or the lease was found to be lost, no change is begun any more, those that have changed
/// nothing are stopped, and the others are left to AWS where they have to wait for more than a few seconds.
pub(super) async fn execute<W: Writer>(
    steps: Vec<Step>,
    writer: Arc<W>,
    listener: Listener,
    mut stop: watch::Receiver<bool>,
) -> Outcome {
    let mut run = Run::new(steps, listener);
    (run.listener)(Event::Began { changes: run.waiting.len() });
    let mut tick = interval_at(Instant::now() + COUNT_EVERY, COUNT_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        if *stop.borrow_and_update() || run.is_stopped {
            run.interrupt();
        } else {
            run.start_ready(&writer, &stop);
        }
        if run.tasks.is_empty() {
            return run.finish();
        }
        tokio::select! {
            Some(ended) = run.tasks.join_next_with_id() => run.ended(ended),
            Ok(()) = stop.changed() => {}
            _ = tick.tick() => run.count(),
        }
    }
}

/// How the task of a change ended: without a result where it was stopped.
type Ended = (Option<Result<(), WriteError>>, Duration);

struct Run {
    waiting: BTreeMap<Address, Step>,
    queue: Queue,
    /// Begun and not ended.
    under_way: BTreeMap<Address, Task>,
    tasks: JoinSet<Ended>,
    /// Whose task it is: one that panics shows nothing but its id.
    addresses: HashMap<Id, Address>,
    listener: Listener,
    outcome: Outcome,
    activity: Arc<Activity>,
    /// How many changes there are.
    all: usize,
    /// What was last said of how far the apply is.
    counted: Counts,
    /// Whether a change was stopped: what it would have made others must not take for done.
    is_stopped: bool,
}

struct Task {
    action: Action,
    scope: CallScope,
}

impl Run {
    fn new(steps: Vec<Step>, listener: Listener) -> Run {
        Run {
            queue: Queue::of(&steps),
            all: steps.len(),
            counted: Counts::default(),
            activity: Arc::default(),
            waiting: steps.into_iter().map(|step| (step.change.address.clone(), step)).collect(),
            under_way: BTreeMap::new(),
            tasks: JoinSet::new(),
            addresses: HashMap::new(),
            listener,
            outcome: Outcome::default(),
            is_stopped: false,
        }
    }

    fn start_ready<W: Writer>(&mut self, writer: &Arc<W>, stop: &watch::Receiver<bool>) {
        for address in self.queue.take_ready() {
            let Some(step) = self.waiting.remove(&address) else { continue };
            let action = step.change.action;
            let scope = self.scope(&address, action);
            let (writer, listener) = (Arc::clone(writer), Arc::clone(&self.listener));
            let task = make(step, writer, listener, scope.clone(), stop.clone());
            self.addresses.insert(self.tasks.spawn(task).id(), address.clone());
            self.under_way.insert(address, Task { action, scope });
        }
    }

    /// The scope of the calls of a change.
    fn scope(&self, address: &Address, action: Action) -> CallScope {
        let heard = || (Arc::clone(&self.listener), address.clone());
        let (started, waits) = (heard(), heard());
        let (activity, changed) = (Arc::clone(&self.activity), address.clone());
        CallScope::new(
            move || started.0(Event::Started { address: started.1.clone(), action }),
            move |message| waits.0(Event::Progress { address: waits.1.clone(), message }),
            move |awaited| activity.note(&changed, awaited),
        )
    }

    /// Says how far the apply is, where that is new.
    fn count(&mut self) {
        let counts = self.counts();
        if counts != self.counted {
            (self.listener)(Event::Counts(counts.clone()));
            self.counted = counts;
        }
    }

    fn counts(&self) -> Counts {
        let (begun, later) = (self.under_way.len(), self.waiting.len());
        let mut waiting = self.activity.reasons();
        if later > 0 {
            waiting.push(WaitingFor { what: OTHERS_FIRST.into(), changes: later, seconds: None });
            waiting.sort_by_key(|it| std::cmp::Reverse(it.changes));
        }
        Counts {
            of: self.all,
            ended: self.all - begun - later,
            in_progress: begun.saturating_sub(self.activity.waiting()),
            waiting,
        }
    }

    fn ended(&mut self, ended: Result<(Id, Ended), JoinError>) {
        let id = ended.as_ref().map_or_else(JoinError::id, |(id, _)| *id);
        let Some(address) = self.addresses.remove(&id) else { return };
        let Some(Task { action, scope }) = self.under_way.remove(&address) else { return };
        self.activity.note(&address, None);
        let ended_address = address.clone();
        match ended {
            Ok((_, (Some(result), took))) => self.end(address, action, result, took),
            Ok((_, (None, _))) => self.stopped(address, action, scope.has_written()),
            Err(error) => {
                let why = panicked(&address, error);
                self.fail(address, action, why);
            }
        }
        self.queue.ended(&ended_address);
    }

    /// A change was stopped before it ended; AWS goes on with what it was asked for.
    fn stopped(&mut self, address: Address, action: Action, is_asked: bool) {
        if is_asked {
            (self.listener)(Event::Left { address: address.clone(), action });
            self.outcome.asked.push((address.clone(), action));
        } else {
            (self.listener)(Event::Stopped { address: address.clone() });
        }
        self.outcome.remaining.push(address);
        self.is_stopped = true;
    }

    fn end(&mut self, address: Address, action: Action, result: Result<(), WriteError>, took: Duration) {
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
            Err(WriteError::Aws(error)) => {
                self.fail(address, action, Why { cause: error.reason(), help: error.help(), error: error.to_string() });
            }
            Err(WriteError::Refused { message, help }) => {
                self.outcome.refused.push(address.clone());
                let why = Why::reported(&address, message, help);
                self.fail(address, action, why);
            }
            Err(WriteError::Failed { message, help }) => {
                let why = Why::reported(&address, message, help);
                self.fail(address, action, why);
            }
        }
    }

    fn fail(&mut self, address: Address, action: Action, why: Why) {
        let Why { error, cause, help } = why;
        (self.listener)(Event::Failed {
            address: address.clone(),
            action,
            error: error.clone(),
            cause: cause.clone(),
            help: help.clone(),
        });
        self.skip_what_needs(&address);
        self.outcome.failed.push(Failure { address, action, error, cause, help });
    }

    /// Skips what needs the failed change, and what needs that. What only comes after it goes on.
    fn skip_what_needs(&mut self, failed: &Address) {
        let mut missing = vec![failed.clone()];
        while let Some(need) = missing.pop() {
            for address in self.queue.ended(&need) {
                let is_skipped = self.waiting.get(&address).is_some_and(|step| step.change.needs.contains(&need));
                if !is_skipped {
                    continue;
                }
                self.waiting.remove(&address);
                (self.listener)(Event::Skipped { address: address.clone(), because: failed.clone() });
                self.outcome.skipped.push(address.clone());
                self.outcome.skipped_because.insert(address.clone(), failed.clone());
                missing.push(address);
            }
        }
    }

    /// Stops what has changed nothing yet. What AWS may have carried out in part is finished, or left after a few seconds.
    fn interrupt(&mut self) {
        let is_over = self.waiting.is_empty() && self.under_way.is_empty();
        if is_over || std::mem::replace(&mut self.outcome.interrupted, true) {
            return;
        }
        let changes: Vec<UnderWay> = self
            .under_way
            .iter()
            .filter(|(_, task)| !task.scope.stop())
            .map(|(address, task)| UnderWay { address: address.clone(), action: task.action })
            .collect();
        let stopped = self.under_way.len() - changes.len();
        let remaining = self.outcome.remaining.len() + self.waiting.len() + stopped;
        (self.listener)(Event::Interrupted { under_way: changes.len(), remaining, changes });
    }

    fn finish(mut self) -> Outcome {
        self.outcome.remaining.extend(self.waiting.into_keys());
        self.outcome.remaining.sort();
        self.outcome.interrupted |= self.is_stopped;
        self.outcome
    }
}

/// Why changes wait that were not begun.
const OTHERS_FIRST: &str = "other changes come first";

/// Why a change failed.
struct Why {
    error: String,
    cause: String,
    help: Option<String>,
}

impl Why {
    /// What may be the same for others but for the address.
    fn reported(address: &Address, error: String, help: String) -> Why {
        Why { cause: error.replace(address.as_str(), "…"), error, help: Some(help) }
    }
}

/// A task that panicked: a fault of this program, and of this change alone.
fn panicked(address: &Address, error: JoinError) -> Why {
    let message = match error.try_into_panic() {
        Ok(panic) => text_of(panic.as_ref()),
        Err(error) => error.to_string(),
    };
    let help = "this is a defect of landing, not of the blueprint: report it with this message; then run apply again, \
                which continues from what AWS has";
    Why::reported(address, format!("landing panicked: {message}"), help.into())
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".into())
}

async fn make<W: Writer>(
    step: Step,
    writer: Arc<W>,
    listener: Listener,
    scope: CallScope,
    stop: watch::Receiver<bool>,
) -> Ended {
    let result = scope.run(try_until_ready(&step, &*writer, &listener, stop)).await;
    (result.flatten(), scope.took())
}

/// Tries again while AWS is not ready. `None` once the apply is reported to stop.
async fn try_until_ready<W: Writer>(
    step: &Step,
    writer: &W,
    listener: &Listener,
    stop: watch::Receiver<bool>,
) -> Option<Result<(), WriteError>> {
    let start = Instant::now();
    loop {
        let error = match writer.write(step).await {
            Err(WriteError::Aws(error)) if is_not_ready(&error) && start.elapsed() < PATIENCE => error,
            result => return Some(result),
        };
        let code = error.code().unwrap_or_default();
        let minutes = PATIENCE.as_secs() / 60;
        let message = format!("AWS is not ready ({code}); tried again for {minutes} min at most");
        listener(Event::Progress { address: step.change.address.clone(), message });
        tokio::select! {
            () = waiting(|| Awaited::aws("AWS is not ready"), tokio::time::sleep(TRY_EVERY)) => {}
            () = reported_to_stop(stop.clone()) => return None,
        }
    }
}

fn is_not_ready(error: &AwsError) -> bool {
    NOT_READY.iter().any(|code| error.is(code))
}
