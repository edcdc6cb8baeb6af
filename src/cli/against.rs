//! Looking at a snapshot in place of AWS, for every command that looks.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::exit::Exit;
use super::failure::Failure;
use super::global::Global;
use crate::cloud::{Cloud, Connection, offline};
use crate::engine::{Snapshot, SnapshotError};
use crate::facts::Facts;
use crate::model::Settings;
use crate::report::clean;

/// Where a command looks, unless that is AWS.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Against {
    /// Read this file that `landing snapshot` wrote instead of AWS, without credentials
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
}

/// What a command looks at.
pub(super) struct Looking {
    pub cloud: Arc<Cloud>,
    pub facts: Facts,
}

impl Against {
    /// Whether AWS is not asked.
    pub fn is_snapshot(&self) -> bool {
        self.against.is_some()
    }

    /// Connects to AWS by the blueprint's settings, or reads the snapshot.
    ///
    /// # Errors
    /// When the snapshot cannot be looked at, and as for connecting.
    pub async fn look(&self, global: &Global, settings: &Settings) -> Result<Looking, Failure> {
        let Some(file) = &self.against else {
            return Ok(Looking { cloud: global.connect(settings).await?, facts: Facts::default() });
        };
        let text = fs::read(file)
            .map_err(|error| Failure::new(format!("the snapshot {} cannot be read: {error}", file.display())))?;
        let snapshot = Snapshot::from_file(&text).map_err(|error| unusable(&file.display().to_string(), &error))?;
        let (region, home_region) = (snapshot.home_region.clone(), settings.home_region.as_str());
        if !home_region.is_empty() && region != home_region {
            return Err(elsewhere(file, &region, home_region));
        }
        let connection =
            Connection { http_client: Some(offline()), region: Some(region.clone()), ..Connection::default() };
        let cloud = Arc::new(Cloud::connect(&connection, Some(&region)).await);
        Ok(Looking { cloud, facts: snapshot.into_facts(&text) })
    }
}

/// Its stack sets are those of another region.
fn elsewhere(file: &Path, region: &str, home_region: &str) -> Failure {
    let region = clean(region);
    Failure::new(format!(
        "the snapshot {} looked from the home region {region}; that of the blueprint is {home_region}",
        file.display()
    ))
    .help("take a snapshot with this blueprint: `landing snapshot BLUEPRINT --out FILE`")
    .exit(Exit::REFUSED)
}

/// What is wrong with a file that is no snapshot, and what to do.
fn unusable(file: &str, error: &SnapshotError) -> Failure {
    const AGAIN: &str = "take a snapshot again: `landing snapshot --out FILE`";
    match error {
        SnapshotError::NotJson(why) => {
            Failure::new(format!("{file} is no snapshot, or not all of one: {}", clean(why))).help(AGAIN)
        }
        SnapshotError::NotASnapshot => Failure::new(format!("{file} is no snapshot: it has no `format`"))
            .help("name a file that `landing snapshot --out FILE` wrote"),
        SnapshotError::Format(format) => Failure::new(format!(
            "{file} is no snapshot that this version reads: its format is `{}`, not `{}`",
            clean(format),
            Snapshot::FORMAT
        ))
        .help(AGAIN),
        SnapshotError::Edited => {
            Failure::new(format!("the snapshot was edited: {file} does not have the digest that it names"))
                .help(AGAIN)
                .exit(Exit::REFUSED)
        }
        SnapshotError::Version(version) => {
            let (version, this) = (clean(version), env!("CARGO_PKG_VERSION"));
            Failure::new(format!("{file} was taken by landing {version}; this is {this}, which may ask otherwise"))
                .help(format!("{AGAIN}, or use landing {version}"))
                .exit(Exit::REFUSED)
        }
        SnapshotError::Unreadable(why) => {
            Failure::new(format!("{file} is no snapshot that this version can read: {}", clean(why))).help(AGAIN)
        }
    }
}
