//! A simulated AWS with landing at its door.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use landing::cloud::{Clock, Cloud, Connection, Pace};
use landing::engine::{Applied, ApplyError, Applying, Draft, PlanError, apply, look_and_plan};
use landing::facts::Facts;
use landing::model::{Address, Date, Plan};
use landing::sections::{Declared, declare, declare_text};
use landing_blueprint::Failed;
use landing_sandbox::{Options, Outcome, Sandbox};
use serde_json::Value;
use tokio::sync::watch;

/// What an apply is reported beside the blueprint.
#[derive(Clone, Debug, Default)]
pub struct How {
    pub allow_destroy: bool,
    pub break_lock: bool,
    pub saved: Option<Plan>,
}

pub const DESTROY: How = How { allow_destroy: true, break_lock: false, saved: None };

/// A blueprint in memory.
pub fn declared(text: &str) -> Declared {
    without_mistakes(declare_text("landing.yaml", text))
}

/// A blueprint that draws in files of a folder.
fn declared_in(folder: &Path, text: &str) -> Declared {
    let path = folder.join("landing.yaml");
    std::fs::write(&path, text).expect("the folder can be written");
    without_mistakes(declare(&path))
}

fn without_mistakes(declared: Result<Declared, Box<Failed>>) -> Declared {
    match declared {
        Ok(declared) => declared,
        Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
    }
}

/// A built-in blueprint's text.
pub fn builtin(name: &str) -> &'static str {
    landing::sections::builtin::files(name).expect("it is built in")[0].1
}

/// Runs a test of several worlds, each of which has a paused clock of its own.
pub fn on_a_paused_clock<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime starts").block_on(test)
}

/// The state of a simulated AWS in which `before` has been applied, blueprint by blueprint; [`World::restored`] continues from it
/// as often as a test begins there. It has a thread of its own, since the test may have a runtime already.
pub fn state_after(before: &[&str]) -> Value {
    let made = async || {
        let world = World::new();
        for text in before {
            world.applied(text, DESTROY).await;
        }
        world.at_rest().await
    };
    let made = std::thread::scope(|threads| threads.spawn(|| on_a_paused_clock(made())).join());
    made.expect("it can be applied")
}

/// Tokio's clock, which tests pause: the machine's would not wait for them.
pub fn clock() -> Clock {
    let start = tokio::time::Instant::now();
    Clock::reading(move || start.elapsed())
}

pub struct World {
    pub sandbox: Sandbox,
    pub pace: Pace,
    /// Whether plans look at what costs a call for each account.
    pub deep: bool,
    /// The day that ends (`until`) are held against, where there is one.
    pub today: Option<&'static str>,
    /// What plans and applies are limited to; nothing where there is none.
    pub targets: Vec<Address>,
    /// The folder of the files that blueprints draw in; those of most tests draw in nothing.
    pub folder: Option<PathBuf>,
}

impl World {
    pub fn new() -> World {
        World {
            sandbox: Sandbox::new(Options::default()),
            pace: Pace::OnceThrottled,
            deep: false,
            today: None,
            targets: Vec::new(),
            folder: None,
        }
    }

    /// A world with the state of another one.
    pub fn restored(state: &Value) -> World {
        let sandbox = Sandbox::restore(state.clone(), Options::default()).expect("it is a state");
        World { sandbox, ..World::new() }
    }

    pub async fn cloud(&self) -> Arc<Cloud> {
        let connection = Connection {
            http_client: Some(self.sandbox.http_client()),
            pace: Some(self.pace),
            clock: Some(clock()),
            ..Connection::default()
        };
        Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await)
    }

    /// How many calls the simulated AWS throttled.
    pub async fn throttled(&self) -> usize {
        self.sandbox.calls().iter().filter(|call| call.outcome == Outcome::Throttled).count()
    }

    pub fn declared(&self, text: &str) -> Declared {
        let mut declared = match &self.folder {
            Some(folder) => declared_in(folder, text),
            None => declared(text),
        };
        declared.desired.settings.deep = self.deep;
        declared.desired.settings.today = self.today.and_then(Date::parse);
        declared
    }

    pub async fn plan(&self, text: &str) -> Result<Draft, PlanError> {
        let declared = self.declared(text);
        let cloud = self.cloud().await;
        look_and_plan(&cloud, &mut Facts::default(), &declared.desired, &declared.blueprint, &self.targets).await
    }

    /// What `landing drift` finds, stacks' own drift included.
    pub async fn drift(&self, text: &str) -> Plan {
        let mut declared = self.declared(text);
        declared.desired.settings.deep = true;
        declared.desired.settings.detects_drift = true;
        let (cloud, mut facts) = (self.cloud().await, Facts::default());
        let draft = look_and_plan(&cloud, &mut facts, &declared.desired, &declared.blueprint, &[]).await;
        draft.expect("drift can be looked for").plan
    }

    pub async fn apply(&self, text: &str, how: How) -> Result<Applied, ApplyError> {
        self.apply_listening(text, how, Arc::new(|_| {})).await
    }

    pub async fn apply_listening(
        &self,
        text: &str,
        how: How,
        listener: landing::engine::Listener,
    ) -> Result<Applied, ApplyError> {
        self.apply_by(self.cloud().await, text, how, listener).await
    }

    /// Applies by certain clients.
    pub async fn apply_by(
        &self,
        cloud: Arc<Cloud>,
        text: &str,
        how: How,
        listener: landing::engine::Listener,
    ) -> Result<Applied, ApplyError> {
        let (_keep, stop) = watch::channel(false);
        apply(Applying { listener, ..self.applying(cloud, text, how, stop) }, &mut |_| true).await
    }

    /// An apply without a listener, which `stop` stops.
    pub fn applying(&self, cloud: Arc<Cloud>, text: &str, how: How, stop: watch::Receiver<bool>) -> Applying {
        let declared = self.declared(text);
        Applying {
            cloud,
            desired: declared.desired,
            blueprint: declared.blueprint,
            saved: how.saved,
            targets: self.targets.clone(),
            allow_destroy: how.allow_destroy,
            break_lock: how.break_lock,
            holder: "a test".into(),
            listener: Arc::new(|_| {}),
            stop,
        }
    }

    /// Applies and makes sure that everything was done.
    pub async fn applied(&self, text: &str, how: How) -> Applied {
        let applied = self.apply(text, how).await.expect("it can be applied");
        let outcome = &applied.outcome;
        assert!(outcome.is_complete(), "{:#?} {:?} {:?}", outcome.failed, outcome.skipped, outcome.waits);
        applied
    }

    /// The simulated AWS once it has nothing to do any more, such as following accounts out of units and into others.
    pub async fn at_rest(&self) -> Value {
        loop {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            let snapshot = self.sandbox.snapshot();
            if !is_at_work(&snapshot["stack_sets"]) {
                return snapshot;
            }
        }
    }

    /// Plans and makes sure that there is nothing to do.
    pub async fn quiet(&self, text: &str) -> Plan {
        let draft = self.plan(text).await.expect("it can be planned");
        assert!(draft.plan.is_quiet(), "{:#?}", draft.plan.changes);
        draft.plan
    }
}

/// All resources of a type that stacks have made, in a snapshot: account, region, id and properties.
pub fn resources<'a>(snapshot: &'a Value, resource_type: &'a str) -> Vec<(&'a str, &'a str, &'a str, &'a Value)> {
    let mut found = Vec::new();
    for (account, regions) in snapshot["resources"].as_object().into_iter().flatten() {
        for (region, types) in regions.as_object().into_iter().flatten() {
            for (id, resource) in types[resource_type].as_object().into_iter().flatten() {
                found.push((account.as_str(), region.as_str(), id.as_str(), &resource["properties"]));
            }
        }
    }
    found
}

/// Whether an operation of a stack set is under way.
fn is_at_work(stack_sets: &Value) -> bool {
    let sets = stack_sets["regions"].as_object().into_iter().flatten();
    let sets = sets.flat_map(|(_, sets)| sets.as_object().into_iter().flatten());
    let mut operations = sets.flat_map(|(_, set)| set["operations"].as_array().into_iter().flatten());
    operations.any(|operation| operation["status"] == "RUNNING" || operation["status"] == "QUEUED")
}
