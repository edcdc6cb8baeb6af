//! Who applied what and when: one record for each apply that had something to do, in one parameter of Parameter Store
//! beside the lease. Every record is a version of the parameter, of which AWS keeps the last hundred.
//! <https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html>

mod record;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::timeout;

use super::apply::{Applied, Applying};
use crate::cloud::{AwsError, Cloud, unpack, utc};
use crate::model::Plan;

pub use self::record::{Ended, Record};

/// The parameters of all blueprints begin with this.
pub const HISTORY_PARAMETERS: &str = "/landing/history/";

const DESCRIPTION: &str = "Who applied the blueprint and when: `landing history` shows it";

/// Writing a record may take this long. Nothing depends on it.
const WITHIN: Duration = Duration::from_secs(10);

/// One record as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRecord {
    /// Its number: the version of the parameter, counted by AWS from the first apply on.
    pub number: i64,
    /// When AWS says that it was written, in UTC.
    pub written: String,
    /// The ARN of whom AWS says that it was written by.
    pub written_by: Option<String>,
    /// What it says; nothing where landing did not write it so.
    pub record: Option<Record>,
}

/// The parameter in which the records of a blueprint are.
#[must_use]
pub fn history_parameter(blueprint: &str) -> String {
    format!("{HISTORY_PARAMETERS}{blueprint}")
}

/// Writes down what an apply did, and gives why that failed: the apply itself is done, and stays as it is. `shown` is the plan
/// that was agreed to.
pub(super) async fn record(applying: &Applying, shown: &Plan, begun: SystemTime, applied: &Applied) -> Option<String> {
    if shown.is_quiet() {
        return None;
    }
    let text = Record::of(shown, applied, &utc(begun)).to_text();
    let name = history_parameter(&applying.desired.blueprint);
    let write = applying.cloud.put_parameter_once(&name, DESCRIPTION, &text, true);
    match timeout(WITHIN, write).await {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some(format!("ssm:PutParameter got no answer within {} seconds", WITHIN.as_secs())),
    }
}

/// The records of a blueprint that AWS still keeps, the latest first.
///
/// # Errors
/// When AWS refuses.
pub async fn history(cloud: &Arc<Cloud>, blueprint: &str) -> Result<Vec<StoredRecord>, AwsError> {
    let versions = cloud.parameter_history(&history_parameter(blueprint)).await?;
    let mut kept: Vec<StoredRecord> = versions
        .into_iter()
        .map(|version| StoredRecord {
            number: version.version,
            written: version.modified,
            written_by: version.modified_by,
            record: unpack(&version.value).and_then(|text| Record::from_text(&text)),
        })
        .collect();
    kept.sort_by_key(|kept| std::cmp::Reverse(kept.number));
    Ok(kept)
}

#[cfg(test)]
mod tests;
