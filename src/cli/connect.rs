use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use landing_sandbox::{Lags, Limits, Options, Sandbox};

use super::credentials::ensure_profile;
use super::failure::Failure;
use super::global::{Global, SANDBOX_STATE, SimulatedLags};
use crate::cloud::{Cloud, Connection, Pace};
use crate::model::Settings;

/// How many calls the simulated CloudTrail keeps, which the state file has.
const EVENTS: usize = 300;

impl Global {
    /// The state file of the simulated AWS, if the run is against that. An option that says how it behaves implies it.
    pub fn simulated(&self) -> Option<PathBuf> {
        let behaves = [
            self.latency_ms.is_some(),
            self.limits.is_some(),
            self.lags.is_some(),
            self.faults.is_some(),
            self.cut_after.is_some(),
        ];
        self.sandbox.clone().or_else(|| behaves.contains(&true).then(|| SANDBOX_STATE.into()))
    }

    /// Opens the simulated AWS that is kept in `state`.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is something else.
    pub fn open_sandbox(&self, state: &Path) -> Result<Sandbox, Failure> {
        let options = Options {
            latency: Duration::from_millis(self.latency_ms.unwrap_or_default()),
            limits: self.limits.map(|_| Limits::aws()),
            lags: self.lags.map_or_else(Lags::default, SimulatedLags::lags),
            faults: self.faults,
            cut_after: self.cut_after,
            event_history: EVENTS,
            ..Options::default()
        };
        Ok(Sandbox::open(state, options)?)
    }

    /// Clients for AWS or what takes its place, by the settings of the blueprint.
    ///
    /// # Errors
    /// When the sandbox cannot be opened, and when there is no such profile.
    pub async fn connect(&self, settings: &Settings) -> Result<Arc<Cloud>, Failure> {
        let mut connection = Connection {
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            rates: settings.request_rates.clone(),
            ..Connection::default()
        };
        match self.simulated() {
            Some(state) => {
                connection.http_client = Some(self.open_sandbox(&state)?.http_client());
                connection.pace = Some(if self.limits.is_some() { Pace::FromTheStart } else { Pace::OnceThrottled });
            }
            None => ensure_profile(self)?,
        }
        let home_region = Some(settings.home_region.as_str()).filter(|region| !region.is_empty());
        Ok(Arc::new(Cloud::connect(&connection, home_region).await))
    }
}

impl SimulatedLags {
    fn lags(self) -> Lags {
        match self {
            Self::Aws => Lags::aws(),
            Self::Short => Lags::short(),
        }
    }
}
