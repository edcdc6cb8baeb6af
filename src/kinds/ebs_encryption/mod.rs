mod kind_info;
mod outline;
mod read;
mod resource;
pub(crate) mod section;

use std::time::Duration;

use serde_json::{Value, json};

use super::{Kind, Pending, Step, WriteContext, WriteError, differences};
use crate::cloud::{AccountAccess, AwsError, Request, Service};
use crate::facts::Look;
use crate::kinds::shared::account_setting;
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::Survey;
use crate::kinds::shared::wait::Wait;
use crate::model::{Action, Body, Desired, FieldChange, Found, KindInfo, Observed, Risk, Wanted};
use crate::outline::Outline;

use read::EbsEncryptionIn;
use resource::EbsEncryption;

/// Whether new EBS volumes of an account and region are encrypted: `ebs-encryption/ACCOUNT/REGION`. CloudFormation has no type
/// for it. <https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html>
pub(super) struct EbsEncryptions;

/// How long EC2 may not know a new management account yet. AWS says that it takes minutes.
const PATIENCE: Duration = Duration::from_secs(900);

impl Kind for EbsEncryptions {
    fn name(&self) -> &'static str {
        EbsEncryption::KIND
    }

    fn kind_info(&self) -> &'static KindInfo {
        &kind_info::KIND_INFO
    }

    fn recognize(&self, desired: &Desired, look: &Look<'_>, observed: &mut Observed) {
        account_setting::recognize(desired, look, observed, |rule, access, region| EbsEncryptionIn {
            access,
            region,
            with_key: key(&rule.body).is_some(),
        });
    }

    /// AWS shows the key's ARN, whichever way it was named.
    fn differ(&self, wanted: &Wanted, found: &Found) -> Vec<FieldChange> {
        match (key(&wanted.body), key(&found.body)) {
            (Some(after), Some(before)) if is_same_key(&after, &before) => Vec::new(),
            _ => differences(&wanted.body, &found.body),
        }
    }

    fn expand(&self, desired: &Desired, observed: &Observed) -> Vec<Wanted> {
        account_setting::expand::<EbsEncryption>(desired, observed)
    }

    fn judge(&self, action: Action, _fields: &[FieldChange], _found: Option<&Found>) -> (Risk, String) {
        match action {
            // Encryption by default is about volumes that are created from then on, and not about those that exist.
            // <https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html>
            Action::Delete => (Risk::None, "the blueprint says `state: absent`".into()),
            Action::Create => (Risk::None, "new volumes are not encrypted unless the request says so".into()),
            _ => (Risk::None, "another key encrypts new volumes".into()),
        }
    }

    fn outline(&self, survey: &Survey<'_>, outline: &mut Outline) {
        outline::outline(survey, outline);
    }

    fn write<'a>(&'a self, step: &'a Step, context: &'a WriteContext) -> Pending<'a, Result<(), WriteError>> {
        Box::pin(async move {
            let wanted = step.wanted()?;
            let place = Place {
                access: context.access(wanted.parent.as_ref().unwrap_or(&wanted.address))?,
                region: wanted.address.name(),
                step,
                context,
            };
            if step.change.action == Action::Delete {
                place.call("DisableEbsEncryptionByDefault", Value::Null).await?;
                return Ok(());
            }
            place.call("EnableEbsEncryptionByDefault", Value::Null).await?;
            if let Some(key) = step.resource::<EbsEncryption>()?.key {
                place.call("ModifyEbsDefaultKmsKeyId", json!({"KmsKeyId": key})).await?;
            }
            Ok(())
        })
    }

    fn reads(&self) -> &'static [&'static str] {
        &["ec2:GetEbsEncryptionByDefault", "ec2:GetEbsDefaultKmsKeyId", "sts:AssumeRole"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["ec2:EnableEbsEncryptionByDefault", "ec2:DisableEbsEncryptionByDefault", "ec2:ModifyEbsDefaultKmsKeyId"]
    }
}

fn key(body: &Body) -> Option<String> {
    EbsEncryption::of(body)?.key
}

/// Keys are named by ARN, by id, and by alias; AWS shows an alias's ARN as it was given.
fn is_same_key(wanted: &str, found: &str) -> bool {
    wanted == found
        || found
            .rsplit_once(":key/")
            .or(found.rsplit_once(":alias/"))
            .is_some_and(|(_, name)| name == wanted.strip_prefix("alias/").unwrap_or(wanted))
}

struct Place<'a> {
    access: AccountAccess,
    region: String,
    step: &'a Step,
    context: &'a WriteContext,
}

impl Place<'_> {
    /// Makes a call as soon as EC2 knows the account.
    async fn call(&self, operation: &'static str, input: Value) -> Result<Value, WriteError> {
        let mut wait = Wait::new(self.context, &self.step.change.address, PATIENCE);
        loop {
            let request = Request::new(Service::EC2, operation, input.clone());
            match self.context.cloud.call(&self.access, &self.region, request).await {
                Err(error) if self.access.account.is_none() && is_not_ready(&error) => {
                    let waited = wait.next(format!("EC2 is not ready there: {}", error.message)).await;
                    waited.map_err(|_| WriteError::from(error))?;
                }
                other => return Ok(other?),
            }
        }
    }
}

/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html>
fn is_not_ready(error: &AwsError) -> bool {
    ["OptInRequired", "PendingVerification", "AuthFailure"].iter().any(|code| error.is(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_however_it_is_named() {
        let key = "arn:aws:kms:eu-west-1:111111111111:key/1234";
        assert!(is_same_key(key, key) && is_same_key("1234", key) && !is_same_key("alias/1", key));
        assert!(is_same_key("alias/ebs", "arn:aws:kms:eu-west-1:111111111111:alias/ebs"));
        assert!(!is_same_key("ebs", "arn:aws:kms:eu-west-1:111111111111:alias/other"));
    }
}
