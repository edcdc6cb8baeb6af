use crate::cloud::{AwsError, Cloud};
use crate::facts::Question;
use crate::kinds::site::Whereabouts as Places;

/// Where the blueprint of this name has had stacks: what the parameter says, nothing where there is none.
#[derive(Debug)]
pub struct Whereabouts(pub String);

impl Question for Whereabouts {
    type Answer = String;

    fn key(&self) -> String {
        format!("ssm/whereabouts-of/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<String, AwsError> {
        if self.0.is_empty() {
            return Ok(String::new());
        }
        let parameter = cloud.parameter(&Places::parameter(&self.0)).await?;
        Ok(parameter.map(|parameter| parameter.value).unwrap_or_default())
    }
}
