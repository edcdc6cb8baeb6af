use std::time::Duration;

use aws_sdk_ssm::config::Builder;
use aws_sdk_ssm::types::ParameterType;
use aws_smithy_types::retry::RetryConfig;

use super::{AwsError, Cloud, Explain};

/// How often a throttled write is repeated.
const MAX_THROTTLED: u32 = 8;

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
        const OPERATION: &str = "ssm:GetParameter";
        let reply = self.ssm.get_parameter().name(name).send().await.explain(OPERATION);
        let reply = match reply {
            Err(error) if error.is("ParameterNotFound") => return Ok(None),
            other => other?,
        };
        let parameter = reply.parameter().ok_or_else(|| AwsError::odd(OPERATION, "no parameter"))?;
        let value = parameter.value().unwrap_or_default().to_owned();
        Ok(Some(Parameter { value, version: parameter.version() }))
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
        let request = self
            .ssm
            .put_parameter()
            .name(name)
            .r#type(ParameterType::String)
            .description(description)
            .value(value)
            .overwrite(overwrite);
        let mut throttled = 0;
        loop {
            let once = Builder::new().retry_config(RetryConfig::disabled());
            let reply = request.clone().customize().config_override(once).send().await.explain("ssm:PutParameter");
            match reply {
                Err(error) if is_throttled(&error) && throttled < MAX_THROTTLED => {
                    throttled += 1;
                    tokio::time::sleep(Duration::from_millis(500) * throttled).await;
                }
                other => return Ok(other?.version()),
            }
        }
    }
}

fn is_throttled(error: &AwsError) -> bool {
    error.code().is_some_and(|code| code.contains("Throttl") || code.contains("TooManyUpdates"))
}
