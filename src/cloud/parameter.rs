use std::time::{Duration, SystemTime};

use aws_sdk_ssm::config::Builder;
use aws_sdk_ssm::operation::get_parameter::GetParameterOutput;
use aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder;
use aws_sdk_ssm::types::{ParameterHistory, ParameterType};
use aws_smithy_types::retry::RetryConfig;

use super::clock::utc;
use super::front::MarkForTheLease;
use super::{AwsError, Cloud, Explain};

/// How often a throttled write is repeated.
const MAX_THROTTLED: u32 = 8;

const GET: &str = "ssm:GetParameter";
const PUT: &str = "ssm:PutParameter";

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
const VERSIONS: i32 = 50;

impl Cloud {
    /// The versions of a parameter that AWS keeps, at most a hundred; none where there is no parameter.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn parameter_history(&self, name: &str) -> Result<Vec<ParameterVersion>, AwsError> {
        let request = self.ssm.get_parameter_history().name(name).max_results(VERSIONS).into_paginator();
        let pages = request.send().collect::<Result<Vec<_>, _>>().await.explain("ssm:GetParameterHistory");
        match pages {
            Err(error) if error.is("ParameterNotFound") => Ok(Vec::new()),
            pages => Ok(pages?.iter().flat_map(|page| page.parameters()).map(version).collect()),
        }
    }

    /// The parameter with this name in the home region; `None` where there is none.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn parameter(&self, name: &str) -> Result<Option<Parameter>, AwsError> {
        read(self.ssm.get_parameter().name(name).send().await.explain(GET))
    }

    /// As [`Cloud::parameter`], for the parameter that holds the lease: it waits for no turn behind other calls.
    ///
    /// # Errors
    /// When AWS refuses.
    pub async fn lease_parameter(&self, name: &str) -> Result<Option<Parameter>, AwsError> {
        let request = self.ssm.get_parameter().name(name).customize().interceptor(MarkForTheLease);
        read(request.send().await.explain(GET))
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
        let request = self.put(name, description, value, overwrite);
        let mut throttled = 0;
        loop {
            match request.clone().customize().config_override(once()).send().await.explain(PUT) {
                Err(error) if error.is_throttled() && throttled < MAX_THROTTLED => {
                    throttled += 1;
                    tokio::time::sleep(Duration::from_millis(500) * throttled).await;
                }
                other => return Ok(other?.version()),
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
        let request = self.put(name, description, value, overwrite).customize();
        let reply = request.config_override(once()).interceptor(MarkForTheLease).send().await.explain(PUT);
        Ok(reply?.version())
    }

    fn put(&self, name: &str, description: &str, value: &str, overwrite: bool) -> PutParameterFluentBuilder {
        let request = self.ssm.put_parameter().name(name).r#type(ParameterType::String);
        request.description(description).value(value).overwrite(overwrite)
    }
}

/// The SDK's configuration without repeating.
fn once() -> Builder {
    Builder::new().retry_config(RetryConfig::disabled())
}

fn version(version: &ParameterHistory) -> ParameterVersion {
    let modified = version.last_modified_date().and_then(|date| SystemTime::try_from(*date).ok());
    ParameterVersion {
        value: version.value().unwrap_or_default().to_owned(),
        version: version.version(),
        modified: modified.map(utc).unwrap_or_default(),
        modified_by: version.last_modified_user().map(str::to_owned),
    }
}

fn read(reply: Result<GetParameterOutput, AwsError>) -> Result<Option<Parameter>, AwsError> {
    let reply = match reply {
        Err(error) if error.is("ParameterNotFound") => return Ok(None),
        other => other?,
    };
    let parameter = reply.parameter().ok_or_else(|| AwsError::odd(GET, "no parameter"))?;
    let value = parameter.value().unwrap_or_default().to_owned();
    Ok(Some(Parameter { value, version: parameter.version() }))
}
