use serde_json::Value;

use super::resource::AccountAlias;
use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;
use crate::kinds::read::Seen;

/// The alias of an account; none where it has none.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html>
#[derive(Debug)]
pub struct AliasOf(pub AccountAccess);

impl Question for AliasOf {
    type Answer = Seen<Option<AccountAlias>>;

    fn key(&self) -> String {
        format!("iam/account-alias/{}", self.0.account.as_deref().unwrap_or("management"))
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        Seen::of(cloud, &self.0, look(cloud, &self.0).await)
    }
}

/// An account has one alias, though IAM answers a list.
pub(super) async fn look(cloud: &Cloud, access: &AccountAccess) -> Result<Option<AccountAlias>, AwsError> {
    let request = Request::new(Service::IAM, "ListAccountAliases", Value::Null);
    let reply = cloud.call(access, &cloud.region, request).await?;
    let first = reply["AccountAliases"].as_array().and_then(|aliases| aliases.first());
    Ok(first.and_then(Value::as_str).map(|alias| AccountAlias { alias: alias.to_owned() }))
}
