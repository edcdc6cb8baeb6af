use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::cloud::{AwsError, Cloud, Request, Service};
use crate::facts::Question;

/// The state of every region of one account: `ENABLED`, `DISABLED`, `ENABLED_BY_DEFAULT`, `ENABLING` …
#[derive(Debug)]
pub struct RegionsOf(pub Option<String>);

impl Question for RegionsOf {
    type Answer = BTreeMap<String, String>;

    fn key(&self) -> String {
        format!("account/regions/{}", self.0.as_deref().unwrap_or("own"))
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let request = Request::new(Service::ACCOUNT, "ListRegions", json!({"AccountId": self.0}));
        let members = ("Regions", "NextToken", "NextToken");
        let regions = cloud.list_global(request.route("POST", "/listRegions"), members).await?;
        let state = |region: &Value| {
            Some((region["RegionName"].as_str()?.to_owned(), region["RegionOptStatus"].as_str()?.to_owned()))
        };
        Ok(regions.iter().filter_map(state).collect())
    }
}
