//! Amazon SNS.

use serde_json::json;

use super::kind::{ResourceType, resource};

const TOPIC: &str = "AWS::SNS::Topic";

pub(super) const TYPES: &[ResourceType] = &[
    resource(TOPIC, |draft| draft.arn("sns", &draft.named("TopicName")))
        .attributes(|_, id| json!({"TopicArn": id, "TopicName": id.rsplit(':').next()}))
        .tagged(),
    resource("AWS::SNS::Subscription", |draft| {
        format!("{}:{}", draft.text("TopicArn").unwrap_or_default(), draft.uuid())
    })
    .required(&["Protocol", "TopicArn"])
    .refers(&[("TopicArn", TOPIC)])
    .attributes(|_, id| json!({"Arn": id})),
    resource("AWS::SNS::TopicPolicy", |draft| draft.generated())
        .required(&["PolicyDocument", "Topics"])
        .refers(&[("Topics", TOPIC)]),
];
