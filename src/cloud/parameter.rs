use std::time::Duration;

use aws_sdk_ssm::config::Builder;
use aws_sdk_ssm::operation::get_parameter::GetParameterOutput;
use aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder;
use aws_sdk_ssm::types::ParameterType;
use aws_smithy_types::retry::RetryConfig;

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

impl Cloud {
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

    /// Writes a parameter and tells the version that it has got. Every write counts the version up, so nothing but a
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

fn read(reply: Result<GetParameterOutput, AwsError>) -> Result<Option<Parameter>, AwsError> {
    let reply = match reply {
        Err(error) if error.is("ParameterNotFound") => return Ok(None),
        other => other?,
    };
    let parameter = reply.parameter().ok_or_else(|| AwsError::odd(GET, "no parameter"))?;
    let value = parameter.value().unwrap_or_default().to_owned();
    Ok(Some(Parameter { value, version: parameter.version() }))
}
