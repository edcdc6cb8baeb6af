use std::collections::BTreeSet;

use serde_json::Value;

use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;

/// Which features of central root access IAM has switched on for the organization: `RootCredentialsManagement`,
/// `RootSessions`.
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html>
#[derive(Debug)]
pub struct RootAccess;

impl Question for RootAccess {
    type Answer = BTreeSet<String>;

    fn key(&self) -> String {
        "iam/organizations-features".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = Request::new(Service::IAM, "ListOrganizationsFeatures", Value::Null);
        match cloud.call(&AccountAccess::own(), &cloud.region, request).await {
            // Nothing can be on before the organization trusts IAM.
            Err(error) if error.is("ServiceAccessNotEnabledException") => Ok(BTreeSet::new()),
            Err(error) => Err(error),
            Ok(reply) => {
                let features = reply["EnabledFeatures"].as_array().into_iter().flatten();
                Ok(features.filter_map(Value::as_str).map(str::to_owned).collect())
            }
        }
    }
}
