//! What a template makes that there can be only one of: by its type in an account and region, or by its name in an
//! account or the whole world.

use std::collections::BTreeSet;

use serde_json::Value;

use super::deployed::{Version, function};

/// A resource of a template, and what of it there can be only one of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The resource's name in the template.
    pub logical_id: String,
    /// Its type.
    pub resource_type: String,
    /// What it takes.
    pub takes: Unique,
}

/// What there can be only one of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unique {
    /// A region's one customer managed recorder of AWS Config.
    /// <https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html>
    ConfigurationRecorder,
    /// A region's one delivery channel of AWS Config.
    /// <https://docs.aws.amazon.com/config/latest/developerguide/manage-delivery-channel.html>
    DeliveryChannel,
    /// A region's one detector of GuardDuty.
    /// <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html>
    Detector,
    /// A region's one hub of Security Hub CSPM.
    /// <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html>
    Hub,
    /// A place among a region's analyzers of this type, such as ORGANIZATION, and its name.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html>
    Analyzer {
        /// What it looks at, as AWS names it.
        analyzer_type: String,
        /// Its name, where the template says one.
        name: Option<String>,
    },
    /// A trail's name in a region, where trails of other regions that record this one count too.
    Trail(String),
    /// A bucket's name, in the whole partition.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    Bucket(String),
    /// A role's name in an account.
    Role(String),
    /// A managed policy's path and name in an account: `/team/boundary`.
    ManagedPolicy(String),
    /// An account's one role of a service, by the service's principal.
    ServiceLinkedRole(String),
    /// The URL of an OpenID Connect provider in an account, without `https://`.
    IdentityProvider(String),
    /// A log group's name in a region.
    LogGroup(String),
    /// An alias of a key in a region: `alias/logs`.
    KeyAlias(String),
}

/// Where a template is deployed.
#[derive(Clone, Copy, Debug)]
pub struct DeploymentTarget<'a> {
    /// The account's id.
    pub account: &'a str,
    /// The region's code.
    pub region: &'a str,
    /// The partition's id, such as `aws`.
    pub partition: &'a str,
    /// What the names of the partition's hosts end with, such as `amazonaws.com`.
    pub url_suffix: &'a str,
}

impl DeploymentTarget<'_> {
    /// The pseudo parameters that follow from it.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>
    pub(super) fn pseudo_parameters(&self) -> [(&'static str, &str); 4] {
        [
            ("AWS::AccountId", self.account),
            ("AWS::Region", self.region),
            ("AWS::Partition", self.partition),
            ("AWS::URLSuffix", self.url_suffix),
        ]
    }
}

/// Returns what a resource with these properties takes.
type ClaimsOf = fn(&Value) -> Option<Unique>;

/// What resources take, by their type.
const CLAIMS: [(&str, ClaimsOf); 13] = [
    ("AWS::AccessAnalyzer::Analyzer", analyzer),
    ("AWS::CloudTrail::Trail", |it| named(it, "TrailName").map(Unique::Trail)),
    ("AWS::Config::ConfigurationRecorder", |_| Some(Unique::ConfigurationRecorder)),
    ("AWS::Config::DeliveryChannel", |_| Some(Unique::DeliveryChannel)),
    ("AWS::GuardDuty::Detector", |_| Some(Unique::Detector)),
    ("AWS::IAM::ManagedPolicy", managed_policy),
    ("AWS::IAM::OIDCProvider", identity_provider),
    ("AWS::IAM::Role", |it| named(it, "RoleName").map(Unique::Role)),
    ("AWS::IAM::ServiceLinkedRole", service_linked_role),
    ("AWS::KMS::Alias", |it| named(it, "AliasName").map(Unique::KeyAlias)),
    ("AWS::Logs::LogGroup", |it| named(it, "LogGroupName").map(Unique::LogGroup)),
    ("AWS::S3::Bucket", |it| named(it, "BucketName").map(Unique::Bucket)),
    ("AWS::SecurityHub::Hub", |_| Some(Unique::Hub)),
];

impl Version<'_> {
    /// What it will take where it is deployed, as far as parameters and the place show: a resource whose condition or
    /// name only CloudFormation knows takes nothing here.
    #[must_use]
    pub fn claims(&self) -> BTreeSet<Claim> {
        let takes = |resource: &Value| CLAIMS.iter().find(|(name, _)| resource["Type"] == *name);
        let resources = self.certain_resources(|resource| takes(resource).is_some());
        let claim = |(logical_id, resource): (String, Value)| {
            let (resource_type, takes) = takes(&resource)?;
            Some(Claim { logical_id, resource_type: (*resource_type).into(), takes: takes(&resource["Properties"])? })
        };
        resources.into_iter().filter_map(claim).collect()
    }
}

/// A property that is a text and does not depend on what is not known yet.
fn named(properties: &Value, property: &str) -> Option<String> {
    let value = properties.get(property)?;
    let text = value.as_str().filter(|_| function(value).is_none())?;
    (!text.is_empty() && !text.contains("${")).then(|| text.to_owned())
}

fn analyzer(properties: &Value) -> Option<Unique> {
    let name = named(properties, "AnalyzerName");
    Some(Unique::Analyzer { analyzer_type: named(properties, "Type")?, name })
}

fn managed_policy(properties: &Value) -> Option<Unique> {
    let path = if properties.get("Path").is_some() { named(properties, "Path")? } else { "/".to_owned() };
    Some(Unique::ManagedPolicy(format!("{path}{}", named(properties, "ManagedPolicyName")?)))
}

fn identity_provider(properties: &Value) -> Option<Unique> {
    let url = named(properties, "Url")?;
    Some(Unique::IdentityProvider(url.trim_start_matches("https://").to_owned()))
}

/// With a suffix there may be several for a service.
fn service_linked_role(properties: &Value) -> Option<Unique> {
    let service = named(properties, "AWSServiceName")?;
    properties.get("CustomSuffix").is_none().then_some(Unique::ServiceLinkedRole(service))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    const PLACE: DeploymentTarget<'_> = DeploymentTarget {
        account: "111111111111",
        region: "eu-west-1",
        partition: "aws",
        url_suffix: "amazonaws.com",
    };

    fn claimed(template: &Value, parameters: &[(&str, &str)]) -> Vec<Unique> {
        let given: BTreeMap<String, String> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let claims = Version::new(template, &given).at(&PLACE).claims();
        claims.into_iter().map(|claim| claim.takes).collect()
    }

    fn resource(resource_type: &str, properties: Value) -> Value {
        json!({"Parameters": {"Name": {"Type": "String"}}, "Resources": {"It": {"Type": resource_type, "Properties": properties}}})
    }

    #[test]
    fn what_a_region_has_once_is_claimed_by_its_type() {
        for (resource_type, takes) in [
            ("AWS::Config::ConfigurationRecorder", Unique::ConfigurationRecorder),
            ("AWS::Config::DeliveryChannel", Unique::DeliveryChannel),
            ("AWS::GuardDuty::Detector", Unique::Detector),
            ("AWS::SecurityHub::Hub", Unique::Hub),
        ] {
            assert_eq!(claimed(&resource(resource_type, json!({})), &[]), [takes], "{resource_type}");
        }
        assert_eq!(claimed(&resource("AWS::SNS::Topic", json!({"TopicName": "t"})), &[]), []);
    }

    #[test]
    fn names_are_claimed_as_parameters_and_the_place_make_them() {
        let bucket = json!({"BucketName": {"Fn::Sub": "${Name}-${AWS::AccountId}-${AWS::Region}"}});
        let expected = [Unique::Bucket("logs-111111111111-eu-west-1".into())];
        assert_eq!(claimed(&resource("AWS::S3::Bucket", bucket), &[("Name", "logs")]), expected);
        let policy = json!({"ManagedPolicyName": {"Ref": "Name"}, "Path": "/team/"});
        let expected = [Unique::ManagedPolicy("/team/boundary".into())];
        assert_eq!(claimed(&resource("AWS::IAM::ManagedPolicy", policy), &[("Name", "boundary")]), expected);
        let analyzer = json!({"Type": "ORGANIZATION", "AnalyzerName": "a"});
        let expected = [Unique::Analyzer { analyzer_type: "ORGANIZATION".into(), name: Some("a".into()) }];
        assert_eq!(claimed(&resource("AWS::AccessAnalyzer::Analyzer", analyzer), &[]), expected);
        let provider = resource("AWS::IAM::OIDCProvider", json!({"Url": "https://ci.example.com"}));
        assert_eq!(claimed(&provider, &[]), [Unique::IdentityProvider("ci.example.com".into())]);
    }

    #[test]
    fn names_that_cloudformation_makes_or_that_are_known_after_apply_are_not_claimed() {
        for name in [
            json!({"Fn::GetAtt": ["Other", "Name"]}),
            json!({"Fn::Sub": "x-${AWS::StackName}"}),
            json!("${stack/logs/archive/eu-west-1.Name}"),
            json!({"Ref": "AWS::NoValue"}),
        ] {
            assert_eq!(claimed(&resource("AWS::IAM::Role", json!({"RoleName": name})), &[]), [], "{name}");
        }
        assert_eq!(claimed(&resource("AWS::IAM::Role", json!({})), &[]), []);
    }

    #[test]
    fn a_resource_whose_condition_does_not_hold_or_is_not_known_claims_nothing() {
        let template = |left: Value| {
            json!({
                "Conditions": {"Made": {"Fn::Not": [{"Fn::Equals": [left, "111111111111"]}]}},
                "Resources": {"It": {"Type": "AWS::GuardDuty::Detector", "Condition": "Made"}},
            })
        };
        assert_eq!(claimed(&template(json!({"Ref": "AWS::AccountId"})), &[]), []);
        assert_eq!(claimed(&template(json!("222222222222")), &[]), [Unique::Detector]);
        assert_eq!(claimed(&template(json!({"Fn::ImportValue": "x"})), &[]), []);
    }
}
