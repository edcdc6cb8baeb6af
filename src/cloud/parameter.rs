use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use serde_json::{Value, json};

use super::clock::utc;
use super::{AccountAccess, AwsError, Cloud, Request, Service};

/// How often a throttled write is repeated.
const MAX_THROTTLED: u32 = 8;

const GET: &str = "ssm:GetParameter";
const PUT: &str = "ssm:PutParameter";

/// What AWS answers where there is no parameter of a name.
const NOT_FOUND: &str = "ParameterNotFound";

/// A parameter of Systems Manager's Parameter Store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// What it says.
    pub value: String,
    /// How often it has been written; AWS counts from 1.
    pub version: i64,
}

/// One version of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterVersion {
    /// What it says.
    pub value: String,
    /// Its number; AWS counts from 1.
    pub version: i64,
    /// When it was written, in UTC: `2026-11-29T15:04:05Z`.
    pub modified: String,
    /// The ARN of whom it was written by, where AWS says so.
    pub modified_by: Option<String>,
}

/// The longest page of versions.
/// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html>
const VERSIONS: u32 = 50;

impl Cloud {
    /// The versions of a parameter that AWS keeps, at most a hundred; none where there is no parameter.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>, AwsError> {
        let request = Request::new(Service::SSM, "GetParameterHistory", json!({"Name": name, "MaxResults": VERSIONS}));
        let members = ("Parameters", "NextToken", "NextToken");
        match self.list(&AccountAccess::own(), &self.recorded_in, request, members).await {
            Err(error) if error.is(NOT_FOUND) => Ok(Vec::new()),
            versions => Ok(versions?.iter().map(version).collect()),
        }
    }

    /// The parameter with this name in the home region; `None` where there is none.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn parameter(&self, name: &str) -> Result<Option<Parameter>, AwsError> {
        read(self.record(get(name)).await)
    }

    /// As [`Cloud::parameter`], for the parameter that holds the lease: it waits for no turn behind other calls.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn lease_parameter(&self, name: &str) -> Result<Option<Parameter>, AwsError> {
        read(self.record(get(name).for_the_lease()).await)
    }

    /// Writes a parameter and shows the version that it has got. Every write counts the version up, so nothing but a
    /// throttled one, which wrote nothing, is repeated here: not what the SDK would repeat after a lost answer.
    /// <https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html>
    ///
    /// # Errors
    /// When AWS refuses; `ParameterAlreadyExists` where there is one and `overwrite` is false.
    pub async fn put_parameter_once(
        &self,
        name: &str,
        description: &str,
        value: &str,
        overwrite: bool,
    ) -> Result<i64, AwsError> {
        let request = put(name, description, value, overwrite);
        let mut throttled = 0;
        loop {
            match self.record(request.clone()).await {
                Err(error) if error.is_throttled() && throttled < MAX_THROTTLED => {
                    throttled += 1;
                    tokio::time::sleep(Duration::from_millis(500) * throttled).await;
                }
                other => return written(&other?),
            }
        }
    }

    /// As [`Cloud::put_parameter_once`], for the parameter that holds the lease: it waits for no turn behind other calls,
    /// is not fenced, and is one attempt, throttled or not, so that its caller knows when it was sent.
    ///
    /// # Errors
    /// As there.
    pub async fn put_lease_parameter(
        &self,
        name: &str,
        description: &str,
        value: &str,
        overwrite: bool,
    ) -> Result<i64, AwsError> {
        written(&self.record(put(name, description, value, overwrite).for_the_lease()).await?)
    }

    /// A request where the blueprint's records are.
    async fn record(&self, request: Request) -> Result<Value, AwsError> {
        self.call(&AccountAccess::own(), &self.recorded_in, request).await
    }
}

fn get(name: &str) -> Request {
    Request::new(Service::SSM, "GetParameter", json!({"Name": name}))
}

fn put(name: &str, description: &str, value: &str, overwrite: bool) -> Request {
    let input = json!({
        "Name": name, "Type": "String", "Description": description, "Value": value, "Overwrite": overwrite,
    });
    Request::new(Service::SSM, "PutParameter", input).once()
}

/// The version that a written parameter has got.
fn written(reply: &Value) -> Result<i64, AwsError> {
    reply["Version"].as_i64().ok_or_else(|| AwsError::odd(PUT, "no version"))
}

fn version(version: &Value) -> ParameterVersion {
    let text = |name: &str| version[name].as_str().map(str::to_owned);
    ParameterVersion {
        value: text("Value").unwrap_or_default(),
        version: version["Version"].as_i64().unwrap_or_default(),
        modified: version["LastModifiedDate"].as_f64().map(at).unwrap_or_default(),
        modified_by: text("LastModifiedUser"),
    }
}

/// A time that AWS gives in seconds since 1970, in UTC.
fn at(seconds: f64) -> String {
    SystemTime::try_from(DateTime::from_secs_f64(seconds)).map(utc).unwrap_or_default()
}

fn read(reply: Result<Value, AwsError>) -> Result<Option<Parameter>, AwsError> {
    let reply = match reply {
        Err(error) if error.is(NOT_FOUND) => return Ok(None),
        other => other?,
    };
    let parameter = &reply["Parameter"];
    let (value, version) = (parameter["Value"].as_str(), parameter["Version"].as_i64());
    let (Some(value), Some(version)) = (value, version) else { return Err(AwsError::odd(GET, "no parameter")) };
    Ok(Some(Parameter { value: value.to_owned(), version }))
}
