//! AWS Config, by its API reference (version 2014-11-12): what records, and where that is delivered.

use serde_json::{Value, json};

use crate::aws_error::{Answer, ErrorCodes};
use crate::model::resources::Place;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::inventory;

pub(super) const SERVICE: Service = Service {
    name: "config",
    action_prefix: "config",
    protocol: Protocol::Json,
    errors: ErrorCodes::JSON,
    operations: &[&[
        operation("DescribeConfigurationRecorders", describe_configuration_recorders),
        operation("DescribeDeliveryChannels", describe_delivery_channels),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

/// The properties of the caller's resources of a type in the region, by name.
fn properties(request: &Request<'_>, kind: &str) -> Vec<(String, Value)> {
    let place = Place { account: request.caller.account.clone(), region: request.region.clone() };
    let all = inventory::all(request.state, &place, kind);
    all.map(|(name, resource)| (name.clone(), resource.properties.clone())).collect()
}

fn describe_configuration_recorders(request: &mut Request<'_>) -> Answer {
    let shown = properties(request, "AWS::Config::ConfigurationRecorder").into_iter().map(|(name, recorder)| {
        json!({
            "arn": format!(
                "arn:{}:config:{}:{}:configuration-recorder/{name}",
                request.state.partition, request.region, request.caller.account
            ),
            "name": name,
            "roleARN": recorder.get("RoleARN"),
            "recordingScope": "PAID",
        })
    });
    Ok(json!({"ConfigurationRecorders": shown.collect::<Vec<_>>()}))
}

fn describe_delivery_channels(request: &mut Request<'_>) -> Answer {
    let shown = properties(request, "AWS::Config::DeliveryChannel")
        .into_iter()
        .map(|(name, channel)| json!({"name": name, "s3BucketName": channel.get("S3BucketName")}));
    Ok(json!({"DeliveryChannels": shown.collect::<Vec<_>>()}))
}
