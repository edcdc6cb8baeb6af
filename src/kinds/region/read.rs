use std::collections::BTreeMap;

use crate::cloud::{AwsError, Cloud, Explain};
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
        let regions = cloud
            .account
            .list_regions()
            .set_account_id(self.0.clone())
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await
            .explain("account:ListRegions")?;
        Ok(regions
            .iter()
            .filter_map(|region| {
                Some((region.region_name()?.to_owned(), region.region_opt_status()?.as_str().to_owned()))
            })
            .collect())
    }
}
