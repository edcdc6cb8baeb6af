use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;
use crate::kinds::read::Seen;

/// GuardDuty's one code for what it refuses, be it wrong values or an account that it does not know as administrator.
pub const REFUSED: &str = "BadRequestException";

/// How the account that administers GuardDuty has it for the organization in a region.
#[derive(Debug)]
pub struct GuardDutyIn {
    /// How the administrator's account is entered.
    pub access: AccountAccess,
    /// The region.
    pub region: String,
}

/// GuardDuty's detector in an account and region.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detector {
    /// Its id.
    pub id: String,
    /// Whose GuardDuty it switches on: `ALL`, `NEW` or `NONE`.
    pub auto_enable: String,
    /// In whose accounts it switches protection plans on, by AWS's name of the plan: `ALL`, `NEW` or `NONE`.
    #[serde(default)]
    pub features: BTreeMap<String, String>,
}

impl Question for GuardDutyIn {
    type Answer = Seen<Option<Detector>>;

    fn key(&self) -> String {
        format!("guardduty/detector/{}/{}", self.access.account.as_deref().unwrap_or("management"), self.region)
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        Seen::of(cloud, &self.access, self.detector(cloud).await)
    }
}

impl GuardDutyIn {
    async fn detector(&self, cloud: &Cloud) -> Result<Option<Detector>, AwsError> {
        let Some(id) = detector_id(cloud, &self.access, &self.region).await? else { return Ok(None) };
        let reply = match cloud.call(&self.access, &self.region, configuration(&id)).await {
            // The account was designated a moment ago.
            Err(error) if error.is(REFUSED) => return Ok(None),
            reply => reply?,
        };
        let auto_enable = reply["autoEnableOrganizationMembers"].as_str().unwrap_or("NONE").to_owned();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let features = reply["features"].as_array().into_iter().flatten();
        let features = features.filter_map(|it| Some((text(&it["name"])?, text(&it["autoEnable"])?))).collect();
        Ok(Some(Detector { id, auto_enable, features }))
    }
}

/// Asks how an administrator has it for the organization, by the id of its detector.
pub fn configuration(detector: &str) -> Request {
    let request = Request::new(Service::GUARDDUTY, "DescribeOrganizationConfiguration", Value::Null);
    request.route("GET", format!("/detector/{detector}/admin"))
}

/// The detector of an account and region: there is one, or none.
///
/// # Errors
/// When the account cannot be entered, or AWS refuses.
pub async fn detector_id(cloud: &Cloud, access: &AccountAccess, region: &str) -> Result<Option<String>, AwsError> {
    let request = Request::new(Service::GUARDDUTY, "ListDetectors", Value::Null).route("GET", "/detector");
    let reply = cloud.call(access, region, request).await?;
    Ok(reply["detectorIds"][0].as_str().map(str::to_owned))
}
