use serde_json::{Value, json};

use super::resource::EbsEncryption;
use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;
use crate::kinds::read::Seen;

/// Whether new EBS volumes of an account and region are encrypted, and by which key where that is asked.
#[derive(Debug)]
pub struct EbsEncryptionIn {
    /// How the account is entered.
    pub access: AccountAccess,
    /// The region.
    pub region: String,
    /// Whether to ask for the key too.
    pub with_key: bool,
}

impl Question for EbsEncryptionIn {
    type Answer = Seen<Option<EbsEncryption>>;

    fn key(&self) -> String {
        let account = self.access.account.as_deref().unwrap_or("management");
        let key = if self.with_key { "/key" } else { "" };
        format!("ec2/ebs-encryption/{account}/{}{key}", self.region)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        Seen::of(cloud, &self.access, self.look(cloud).await)
    }
}

impl EbsEncryptionIn {
    async fn look(&self, cloud: &Cloud) -> Result<Option<EbsEncryption>, AwsError> {
        let ask =
            |operation| cloud.call(&self.access, &self.region, Request::new(Service::EC2, operation, Value::Null));
        if ask("GetEbsEncryptionByDefault").await?["ebsEncryptionByDefault"] != json!("true") {
            return Ok(None);
        }
        let key = match self.with_key {
            true => ask("GetEbsDefaultKmsKeyId").await?["kmsKeyId"].as_str().map(str::to_owned),
            false => None,
        };
        Ok(Some(EbsEncryption { key }))
    }
}
