//! Organizations in the simulated AWS that are as their blueprint wants them.

use std::sync::Arc;

use landing::cloud::{Cloud, Connection, Pace};
use landing::engine::{Applying, apply, look_and_plan};
use landing::facts::Facts;
use landing::model::Plan;
use landing::sections::{Declared, declare_text};
use landing_sandbox::{Options, Sandbox};
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use super::{Size, text};

/// Where the blueprints are at home.
pub const REGION: &str = "eu-west-1";

/// An organization, and the blueprint that it was made from.
pub struct Estate {
    pub size: Size,
    state: Value,
}

impl Estate {
    /// Makes it as a user would: by an apply, on a clock that does not wait.
    pub fn new(size: Size) -> Estate {
        let sandbox = Sandbox::new(Options::default());
        let clock = Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime starts");
        clock.block_on(make(&sandbox, declared(size)));
        Estate { size, state: sandbox.snapshot() }
    }

    /// The same with another state.
    pub fn with_state(&self, state: Value) -> Estate {
        Estate { size: self.size, state }
    }

    /// An AWS with this organization that behaves as `options` say.
    pub fn sandbox(&self, options: Options) -> Sandbox {
        Sandbox::restore(self.state.clone(), options).expect("it is a snapshot")
    }

    /// The state of the simulated AWS.
    pub fn state(&self) -> &Value {
        &self.state
    }
}

async fn make(sandbox: &Sandbox, declared: Declared) {
    let (_keep, stop) = watch::channel(false);
    let applying = Applying {
        cloud: cloud(sandbox, Pace::OnceThrottled).await,
        desired: declared.desired,
        blueprint: declared.blueprint,
        saved: None,
        targets: Vec::new(),
        allow_destroy: false,
        break_lock: false,
        holder: "a benchmark".into(),
        listener: Arc::new(|_| {}),
        stop,
    };
    let applied = apply(applying, &mut |_| true).await.expect("it can be applied");
    assert!(applied.outcome.is_complete(), "{:?}", applied.outcome.failed);
}

/// The blueprint of an organization of that size.
pub fn declared(size: Size) -> Declared {
    understood(&text::blueprint(size))
}

/// A blueprint, read and declared.
pub fn understood(text: &str) -> Declared {
    match declare_text("landing.yaml", text) {
        Ok(declared) => declared,
        Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
    }
}

/// Clients as the program makes them.
pub async fn cloud(sandbox: &Sandbox, pace: Pace) -> Arc<Cloud> {
    let http_client = Some(sandbox.http_client());
    let connection = Connection { http_client, pace: Some(pace), ..Connection::default() };
    Arc::new(Cloud::connect(&connection, Some(REGION)).await)
}

/// Reads everything and plans; there must be nothing to do.
pub async fn plan(cloud: &Arc<Cloud>, facts: &mut Facts, declared: &Declared) -> Plan {
    let draft = look_and_plan(cloud, facts, &declared.desired, &declared.blueprint, &[]).await;
    let plan = draft.expect("it can be planned").plan;
    assert!(plan.is_quiet(), "{:#?}", plan.changes);
    plan
}

/// A runtime of one thread, on which work is measured.
pub fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime starts")
}

/// A runtime as the program's own, on which waiting is measured.
pub fn all_threads() -> Runtime {
    Builder::new_multi_thread().enable_all().build().expect("a runtime starts")
}
