use landing_cloudformation::parse;

use super::*;

fn body_of(template: &str, parameters: Value) -> Body {
    let template = parse(template).unwrap_or_else(|error| panic!("{error:?}"));
    Body::from_iter([("template".to_owned(), template), ("parameters".to_owned(), parameters)])
}

/// The fields in which two deployments differ: their paths, and for lists what is in them.
fn reported(after: &Body, before: &Body) -> Vec<String> {
    let line = |field: FieldChange| match field.path.as_str() {
        TAKES_AWAY | MAY_REPLACE | RETAINS => format!("{} {}", field.path, field.before),
        _ => field.path,
    };
    deployment_differences(after, before).into_iter().map(line).collect()
}

const STACK: &str = "
Parameters: {Prefix: {Type: String, Default: acme}, Days: {Type: Number, Default: 1}}
Resources:
  Kept: {Type: AWS::S3::Bucket, UpdateReplacePolicy: Retain, DeletionPolicy: Retain, Properties: {BucketName: !Sub '${Prefix}-a'}}
  Lost: {Type: AWS::S3::Bucket, Properties: {BucketName: !Join ['-', [!Ref Prefix, b]]}}
  Policy: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref Lost, PolicyDocument: {}}}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Days}}
";

#[test]
fn everything_that_is_replaced_may_be_or_stays_is_listed() {
    let before = body_of(STACK, json!({"Prefix": "acme", "Days": "1"}));
    let after = body_of(STACK, json!({"Prefix": "beta", "Days": "1"}));
    assert_eq!(
        reported(&after, &before),
        [
            "parameters.Prefix",
            "resources.Kept",
            "resources.Lost",
            "resources.Policy",
            "takes_away [\"Kept\",\"Lost\"]",
            "may_replace [\"Policy\"]",
            "retains [\"Kept\"]",
        ]
    );
    let days = body_of(STACK, json!({"Prefix": "acme", "Days": "2"}));
    assert_eq!(reported(&days, &before), ["parameters.Days", "resources.Topic"]);
}

#[test]
fn what_leaves_the_template_goes_or_stays() {
    let before = body_of(STACK, json!({}));
    let after = body_of("Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: 1}}}", json!({}));
    let fields = reported(&after, &before);
    assert!(fields.contains(&"takes_away [\"Lost\",\"Policy\"]".to_owned()), "{fields:?}");
    assert!(fields.contains(&"retains [\"Kept\"]".to_owned()), "{fields:?}");
    assert!(!fields.iter().any(|field| field.starts_with("may_replace")), "{fields:?}");
}

#[test]
fn what_is_reported_in_templates_is_known_from_the_rest() {
    for (path, expected) in [
        ("resources.A", true),
        ("template", true),
        ("takes_away", true),
        ("may_replace", true),
        ("retains", true),
        ("parameters.A", false),
        ("tags.resources.A", false),
        ("termination_protection", false),
    ] {
        assert_eq!(is_of_template(path), expected, "{path}");
    }
}

#[test]
fn only_lists_of_what_goes_are_destructive() {
    for (path, expected) in [
        ("takes_away", true),
        ("may_replace", true),
        ("retains", false),
        ("resources.takes_away", false),
        ("template", false),
    ] {
        let field = FieldChange { path: path.into(), before: Value::Null, after: Value::Null };
        assert_eq!(is_destructive(&field), expected, "{path}");
    }
}

#[test]
fn a_parameter_that_is_not_given_has_its_default_and_secrets_are_not_compared() {
    let template = "Parameters: {A: {Type: String, Default: '${root}'}, S: {Type: String, NoEcho: true, Default: x}}\nResources: {}";
    let before = body_of(template, json!({"A": "${root}", "S": "****"}));
    assert_eq!(reported(&body_of(template, json!({})), &before), [""; 0]);
    assert_eq!(reported(&body_of(template, json!({"A": "other"})), &before), ["parameters.A"]);
    assert_eq!(reported(&body_of(template, json!({"S": "{{resolve:ssm:/x}}"})), &before), [""; 0]);
}
