//! What templates come to: functions, conditions, mappings, pseudo parameters.

use crate::stack_support::{create, message, output, parameter, stacks, status};

#[tokio::test(start_paused = true)]
async fn functions_come_to_what_the_user_guide_says() {
    let (_, client) = stacks();
    let template = r#"
Parameters:
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
  Stage: {Type: String, Default: prod, AllowedValues: [dev, prod]}
Mappings:
  Sizes: {prod: {Nodes: 3}, dev: {Nodes: 1}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [!Condition IsProd]
  Any: !Or [!Condition IsProd, !Condition IsDev]
  Both: !And [!Condition IsProd, !Condition IsDev]
Resources:
  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
  Never: {Type: AWS::Example::Robot, Condition: IsDev}
Outputs:
  Join: {Value: !Join [":", !Ref Names]}
  Select: {Value: !Select [1, !Ref Names]}
  Split: {Value: !Select [2, !Split ["-", "x-y-z"]]}
  Sub: {Value: !Sub ["${AWS::StackName}/${!Kept}/${Own}", {Own: !Ref "AWS::Region"}]}
  Map: {Value: !FindInMap [Sizes, !Ref Stage, Nodes]}
  If: {Value: !If [Both, x, !If [Any, y, z]]}
  Cidr: {Value: !Select [1, !Cidr ["10.0.0.0/16", 2, 8]]}
  Zone: {Value: !Select [0, !GetAZs ""]}
  Base64: {Value: !Base64 landing}
  Pseudo: {Value: !Sub "arn:${AWS::Partition}:x::${AWS::AccountId}:${AWS::URLSuffix}"}
  Dynamic: {Value: "{{resolve:ssm:/a}}"}
  Absent: {Value: x, Condition: IsDev}
"#;
    let stack = create(&client, "words", template).await;
    let expected = [
        ("Join", "a:b:c"),
        ("Select", "b"),
        ("Split", "z"),
        ("Sub", "words/${Kept}/ap-southeast-2"),
        ("Map", "3"),
        ("If", "y"),
        ("Cidr", "10.0.1.0/24"),
        ("Zone", "ap-southeast-2a"),
        ("Base64", "bGFuZGluZw=="),
        ("Pseudo", "arn:aws:x::111111111111:amazonaws.com"),
        ("Dynamic", "{{resolve:ssm:/a}}"),
    ];
    for (key, value) in expected {
        assert_eq!(output(&stack, key), value, "{key}");
    }
    assert_eq!(stack.outputs().len(), expected.len());
}

#[tokio::test(start_paused = true)]
async fn a_property_of_no_value_is_absent_and_dependencies_come_first() {
    let (sandbox, client) = stacks();
    let template = "
Resources:
  A: {Type: AWS::SNS::Topic, DependsOn: [B], Properties: {TopicName: a, DisplayName: !Ref AWS::NoValue}}
  B: {Type: AWS::SNS::Topic}
";
    create(&client, "order", template).await;
    let reported = crate::stack_support::events(&client, "order").await;
    assert_eq!(reported[1], "B CREATE_IN_PROGRESS");
    let topics = &sandbox.snapshot()["resources"]["111111111111"]["ap-southeast-2"]["AWS::SNS::Topic"];
    let made = &topics["arn:aws:sns:ap-southeast-2:111111111111:a"]["properties"];
    assert_eq!(*made, serde_json::json!({"TopicName": "a"}));
}

#[tokio::test(start_paused = true)]
async fn json_and_yaml_say_the_same() {
    let (_, client) = stacks();
    let json = r#"{"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "${AWS::Region}-x"}}}},
                   "Outputs": {"Name": {"Value": {"Fn::GetAtt": "T.TopicName"}}}}"#;
    assert_eq!(output(&create(&client, "one", json).await, "Name"), "ap-southeast-2-x");
}

/// <https://github.com/aws-cloudformation/cfn-language-discussion/issues/96>
#[tokio::test(start_paused = true)]
async fn the_last_of_two_keys_counts_and_a_date_stays_a_text() {
    let (_, client) = stacks();
    let template = "
Resources:
  Handle: {Type: AWS::Example::Robot}
  Handle: {Type: AWS::CloudFormation::WaitConditionHandle}
Outputs:
  Said: {Value: first, Value: last}
  Date: {Value: 2012-10-17}
";
    let stack = create(&client, "twice", template).await;
    assert_eq!(status(&stack), "CREATE_COMPLETE");
    assert_eq!((output(&stack, "Said"), output(&stack, "Date")), ("last", "2012-10-17"));
}

#[tokio::test(start_paused = true)]
async fn mistakes_are_worded_as_cloudformation_words_them() {
    let (_, client) = stacks();
    let topic = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: ";
    let cases = [
        ("[]".to_owned(), "Template format error: unsupported structure."),
        ("Resources: {}".into(), "Template format error: At least one Resources member must be defined."),
        ("Things: {}".into(), "Invalid template property or properties [Things]"),
        (
            format!("{topic}!GetAtt X.Arn}}}}}}"),
            "Template error: instance of Fn::GetAtt references undefined resource X",
        ),
        (
            "Resources: {A: {Type: T, DependsOn: B}, B: {Type: T, DependsOn: A}}".into(),
            "Circular dependency between resources: [A, B]",
        ),
        (
            "Resources: {A: {Properties: {}}}".into(),
            "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
        ),
        (
            "Resources: {A: &a {Type: T}, B: *a}".into(),
            "Template error: YAML aliases are not allowed in CloudFormation templates",
        ),
        ("Resources: [A\n".into(), "Template format error: YAML not well-formed. (line 2, column 1)"),
        ("{\"Resources\": }".into(), "Template format error: JSON not well-formed. (line 1, column 15)"),
        ("Transform: X\nResources: {A: {Type: T}}".into(), "not simulated: the template section Transform"),
    ];
    for (template, expected) in cases {
        let refused = client.create_stack().stack_name("wrong").template_body(&template).send().await;
        assert_eq!(message(refused), expected, "{template}");
    }
    for argument in ["!GetAtt T", "!GetAtt [T]", "!GetAtt T.", "!GetAtt ['', Arn]", "{Fn::GetAtt: 5}"] {
        let template = format!("{topic}{argument}}}}}}}");
        let refused = client.create_stack().stack_name("wrong").template_body(&template).send().await;
        assert_eq!(
            message(refused),
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource \
             attribute",
            "{template}"
        );
    }
    let allowed = "
Parameters: {Stage: {Type: String, AllowedValues: [dev]}}
Resources: {T: {Type: AWS::SNS::Topic}}
";
    let create = |value: &str| {
        client.create_stack().stack_name("wrong").template_body(allowed).parameters(parameter("Stage", value))
    };
    assert_eq!(message(create("prod").send().await), "Parameter 'Stage' must be one of AllowedValues");
    let unknown = create("dev").parameters(parameter("Other", "x")).send().await;
    assert_eq!(message(unknown), "Parameters: [Other] do not exist in the template");
}

#[tokio::test(start_paused = true)]
async fn an_attribute_that_there_is_not_fails_the_resource() {
    let (_, client) = stacks();
    let template = "
Resources:
  A: {Type: AWS::SNS::Topic}
  B: {Type: AWS::SNS::Topic, Properties: {DisplayName: !GetAtt A.Colour}}
";
    assert_eq!(status(&create(&client, "wrong", template).await), "ROLLBACK_COMPLETE");
}
