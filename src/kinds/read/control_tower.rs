use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::cloud::{AccountAccess, AwsError, Cloud, Request, Service};
use crate::facts::Question;

/// What AWS Control Tower governs, by its own account of it. `None` where it has no landing zone: then only its policies say
/// what it governs.
/// <https://docs.aws.amazon.com/controltower/latest/APIReference/Welcome.html>
#[derive(Debug)]
pub struct ControlTowerLandingZone;

/// A landing zone of AWS Control Tower.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandingZoneFacts {
    /// The ids of the organizational units with an enabled baseline or control.
    pub units: Vec<String>,
    /// Whether it enrolls accounts that are moved into a governed unit, and takes its baselines from those that are moved out.
    /// <https://docs.aws.amazon.com/controltower/latest/userguide/account-auto-enrollment.html>
    pub enrolls: bool,
}

impl Question for ControlTowerLandingZone {
    type Answer = Option<LandingZoneFacts>;

    fn key(&self) -> String {
        "control-tower/landing-zone".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let zones = call(cloud, &cloud.region, "ListLandingZones", "/list-landingzones", json!({})).await?;
        let Some(arn) = zones["landingZones"][0]["arn"].as_str() else { return Ok(None) };
        // All else is answered in the landing zone's home region alone.
        let region = arn.split(':').nth(3).unwrap_or(&cloud.region);
        let input = json!({"landingZoneIdentifier": arn});
        let zone = call(cloud, region, "GetLandingZone", "/get-landingzone", input).await?;
        let remedies = zone["landingZone"]["remediationTypes"].as_array();
        let enrolls = remedies.into_iter().flatten().any(|remedy| remedy == "INHERITANCE_DRIFT");
        let baselines = ("ListEnabledBaselines", "/list-enabled-baselines", "enabledBaselines");
        let controls = ("ListEnabledControls", "/list-enabled-controls", "enabledControls");
        let (mut units, more) = tokio::try_join!(targets(cloud, region, baselines), targets(cloud, region, controls))?;
        units.extend(more);
        units.sort_unstable();
        units.dedup();
        Ok(Some(LandingZoneFacts { units, enrolls }))
    }
}

async fn call(
    cloud: &Cloud,
    region: &str,
    operation: &'static str,
    path: &'static str,
    input: Value,
) -> Result<Value, AwsError> {
    let request = Request::new(Service::CONTROL_TOWER, operation, input).route("POST", path);
    cloud.call(&AccountAccess::own(), region, request).await
}

/// The ids of the units that what an operation lists is enabled on.
async fn targets(
    cloud: &Cloud,
    region: &str,
    (operation, path, member): (&'static str, &'static str, &'static str),
) -> Result<Vec<String>, AwsError> {
    let request = Request::new(Service::CONTROL_TOWER, operation, json!({"maxResults": 100})).route("POST", path);
    let targets = cloud.list(&AccountAccess::own(), region, request, (member, "nextToken", "nextToken")).await?;
    Ok(targets.iter().filter_map(|enabled| unit(enabled["targetIdentifier"].as_str()?)).collect())
}

/// `ou-…` of `arn:aws:organizations::111111111111:ou/o-…/ou-…`; nothing for an account or the root.
fn unit(arn: &str) -> Option<String> {
    arn.rsplit('/').next().filter(|id| id.starts_with("ou-")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::unit;

    #[test]
    fn only_units_are_reported_from_their_arns() {
        let arn = "arn:aws:organizations::111111111111:ou/o-aaaaaaaaaa/ou-abcd-11111111";
        assert_eq!(unit(arn).as_deref(), Some("ou-abcd-11111111"));
        assert_eq!(unit("arn:aws:organizations::111111111111:account/o-aaaaaaaaaa/222222222222"), None);
        assert_eq!(unit("arn:aws:organizations::111111111111:root/o-aaaaaaaaaa/r-abcd"), None);
    }
}
