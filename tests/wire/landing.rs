//! landing at work on an endpoint, with the SDK's own HTTP client.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use landing::cloud::{Cloud, Connection};
use landing::engine::{Applied, ApplyError, Applying, apply, look_and_plan};
use landing::facts::Facts;
use landing::model::Plan;
use landing::sections::{Declared, declare};
use tokio::sync::watch;

/// Whether an apply may destroy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destroy {
    Never,
    Allowed,
}

pub struct Landing<'a> {
    pub url: &'a str,
}

impl Landing<'_> {
    pub async fn cloud(&self) -> Arc<Cloud> {
        credentials_of_nobody();
        let connection = Connection { endpoint_url: Some(self.url.to_owned()), ..Connection::default() };
        Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await)
    }

    pub async fn plan(&self, blueprint: &Path) -> Plan {
        let Declared { desired, blueprint, .. } = declared(blueprint);
        let cloud = self.cloud().await;
        let draft = look_and_plan(&cloud, &mut Facts::default(), &desired, &blueprint, &[]).await;
        draft.expect("it can be planned").plan
    }

    pub async fn apply(&self, blueprint: &Path, destroy: Destroy) -> Result<Applied, ApplyError> {
        let Declared { desired, blueprint, .. } = declared(blueprint);
        let (_keep, stop) = watch::channel(false);
        let applying = Applying {
            cloud: self.cloud().await,
            desired,
            blueprint,
            saved: None,
            targets: Vec::new(),
            allow_destroy: destroy == Destroy::Allowed,
            break_lock: false,
            holder: "a test".into(),
            listener: Arc::new(|_| {}),
            stop,
        };
        apply(applying, &mut |_| true).await
    }

    /// Applies and makes sure that everything was done, and that it leaves nothing to do.
    pub async fn applied(&self, blueprint: &Path) -> Applied {
        let applied = self.apply(blueprint, Destroy::Never).await.expect("it can be applied");
        let outcome = &applied.outcome;
        assert!(outcome.is_complete(), "{:#?} {:?} {:?}", outcome.failed, outcome.skipped, outcome.waits);
        let plan = self.plan(blueprint).await;
        assert!(plan.is_quiet(), "{:#?}", plan.changes);
        applied
    }
}

/// A file of this repository.
pub fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn declared(path: &Path) -> Declared {
    match declare(path) {
        Ok(declared) => declared,
        Err(failed) => panic!("{}", failed.diagnostics.render(&failed.sources, false, 100)),
    }
}

fn credentials_of_nobody() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
            // SAFETY: nothing in these tests reads the environment but through std, which has a lock.
            unsafe { std::env::set_var(name, "testing") };
        }
    });
}
