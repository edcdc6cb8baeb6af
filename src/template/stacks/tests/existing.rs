//! What is there already is left as it is, and referred to.

use std::collections::{BTreeMap, BTreeSet};

use landing_cloudformation::{DeploymentTarget, Version};
use serde_json::{Value, json};

use super::rendered;

/// The names of the resources that there can be only one of and that a template makes in an account and region.
fn made(template: &Value, account: &str, region: &str) -> BTreeSet<String> {
    let place = DeploymentTarget { account, region, partition: "aws", url_suffix: "amazonaws.com" };
    let given = BTreeMap::from([("BucketName".to_owned(), "b".to_owned())]);
    Version::new(template, &given).at(&place).claims().into_iter().map(|claim| claim.logical_id).collect()
}

const ONE: &str = "111111111111";
const OTHER: &str = "222222222222";

#[test]
fn an_account_or_region_that_has_a_recorder_gets_none() {
    let places = json!([ONE, format!("{OTHER}/us-east-1")]);
    let template = rendered("config-recorder", json!({"home_region": "eu-west-1", "existing": places}));
    assert!(made(&template, ONE, "eu-west-1").is_empty() && made(&template, OTHER, "us-east-1").is_empty());
    assert_eq!(made(&template, OTHER, "eu-west-1").len(), 2);
    assert!(template["Resources"].as_object().unwrap().values().all(|it| it["Condition"] == "IsMissing"));
}

#[test]
fn as_many_places_as_there_are_can_be_left_out() {
    let places: Vec<String> = (0..60).map(|nth| format!("{nth:012}")).collect();
    let template = rendered("guardduty", json!({"existing": places}));
    assert!(places.iter().all(|account| made(&template, account, "eu-west-1").is_empty()));
    assert_eq!(made(&template, ONE, "eu-west-1").len(), 1);
    let mut open = vec![&template["Conditions"]["IsThere"]];
    while let Some(condition) = open.pop() {
        if let Some(parts) = condition["Fn::Or"].as_array() {
            assert!((2..=10).contains(&parts.len()), "{} conditions", parts.len());
            open.extend(parts);
        }
    }
}

#[test]
fn buckets_and_keys_that_are_there_are_referred_to_and_their_policies_left_alone() {
    let key = "arn:aws:kms:eu-west-1:111111111111:key/k";
    let all = json!({"trail_bucket": "t", "config_bucket": "c", "access_log_bucket": "a", "key": key});
    let template = rendered("log-archive", json!({"existing": all}));
    let types: Vec<&Value> = template["Resources"].as_object().unwrap().values().map(|it| &it["Type"]).collect();
    assert_eq!(types, ["AWS::CloudFormation::WaitConditionHandle"]);
    let outputs = &template["Outputs"];
    assert_eq!((&outputs["TrailBucketName"]["Value"], &outputs["KeyArn"]["Value"]), (&json!("t"), &json!(key)));
    assert_eq!(outputs["ConfigBucketArn"]["Value"], json!({"Fn::Sub": "arn:${AWS::Partition}:s3:::c"}));
    let names =
        |template: &Value| -> BTreeSet<String> { template["Outputs"].as_object().unwrap().keys().cloned().collect() };
    assert_eq!(names(&template), names(&rendered("log-archive", json!({}))), "others take the same outputs");

    let one = rendered("log-archive", json!({"existing": {"access_log_bucket": "a"}}));
    let trail = &one["Resources"]["TrailBucket"];
    assert_eq!(trail["Properties"]["LoggingConfiguration"]["DestinationBucketName"], "a");
    assert!(trail.get("DependsOn").is_none() && one["Resources"].get("AccessLogBucketPolicy").is_none());
}

#[test]
fn a_trail_that_is_there_is_reported_to_anyone_who_asks_for_it() {
    let arn = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/theirs";
    let template = rendered("organization-trail", json!({"cloudwatch_logs": true, "existing": {"trail": arn}}));
    assert_eq!(template["Outputs"], json!({"TrailArn": {"Description": "The trail's ARN", "Value": arn}}));
    assert!(template["Resources"].get("Trail").is_none() && template["Resources"].get("LogGroup").is_none());
}
