use crate::cloud::{AwsError, Cloud};
use crate::facts::Question;
use crate::kinds::shared::site::KnownDeployments as Places;

/// Where the blueprint of this name has had stacks: what the parameter says, nothing where there is none.
#[derive(Debug)]
pub struct DeploymentRecord(pub String);

const HELP: &str = "landing does not write that: find out who did, and correct the parameter in the home region or delete it; without \
                    it landing does not find those of its stacks that the blueprint does not name any more";

impl Question for DeploymentRecord {
    type Answer = String;

    fn key(&self) -> String {
        format!("ssm/whereabouts-of/{}", self.0)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<String, AwsError> {
        if self.0.is_empty() {
            return Ok(String::new());
        }
        let name = Places::parameter(&self.0);
        let parameter = cloud.parameter(&name).await?;
        let text = parameter.map(|parameter| parameter.value).unwrap_or_default();
        match Places::foreign(&text, cloud.partition) {
            None => Ok(text),
            Some(wrong) => {
                Err(AwsError::unusable("ssm:GetParameter", format!("the parameter {name} says {wrong}"), HELP))
            }
        }
    }
}
