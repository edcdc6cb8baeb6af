use super::*;

fn event(text: &str) -> Event<'_> {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn what_cloudtrail_writes_has_a_name_a_source_and_an_identity() {
    for (text, expected) in [
        (r#"{"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "userIdentity": {}}"#, true),
        (r#"{"eventSource": "s3.amazonaws.com", "eventName": "X", "eventType": "AwsServiceEvent"}"#, true),
        (r#"{"eventSource": "s3.amazonaws.com", "eventName": "GetObject"}"#, false),
        (r#"{"eventSource": "s3.amazonaws.com", "userIdentity": {}}"#, false),
        (r#"{"eventName": "GetObject", "userIdentity": {}}"#, false),
        (r#"{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "userIdentity": {}}"#, false),
    ] {
        assert_eq!(event(text).is_of_cloudtrail(), expected, "{text}");
    }
}

#[test]
fn services_call_by_their_type_or_by_their_name_alone() {
    let caller = |identity: &str| match event(&format!(r#"{{"userIdentity": {identity}}}"#)).caller() {
        Caller::Service(name) => format!("service {}", name.unwrap_or_default()),
        Caller::Anonymous => "anonymous".to_owned(),
        Caller::Principal => "principal".to_owned(),
    };
    for (identity, expected) in [
        (r#"{"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}"#, "service ec2.amazonaws.com"),
        (r#"{"invokedBy": "ec2.amazonaws.com"}"#, "service ec2.amazonaws.com"),
        (r#"{"type": "IAMUser", "invokedBy": "ec2.amazonaws.com", "arn": "arn:aws:iam::1:user/a"}"#, "principal"),
        (r#"{"type": "WebIdentityUser"}"#, "anonymous"),
    ] {
        assert_eq!(caller(identity), expected, "{identity}");
    }
    assert!(matches!(event("{}").caller(), Caller::Service(None)));
}
