use serde_json::{Value, json};

use super::*;

const JOHN: &str = "arn:aws:iam::123456789012:user/John";

fn one(text: &str) -> Denied {
    let mut denied = read_denied(text.as_bytes()).unwrap_or_else(|why| panic!("{text}: {why}"));
    assert_eq!(denied.len(), 1, "{text}: {denied:#?}");
    denied.remove(0)
}

fn action(denied: &Denied) -> &str {
    &denied.actions[0].action
}

fn said(denied: &Denied) -> (Option<DenyingPolicy>, bool) {
    let said = denied.said.as_ref().expect("it says something");
    (said.policy_type, said.explicit)
}

/// The examples of AWS's page, in its order, but for the accounts.
#[test]
fn every_form_of_awss_page_is_read() {
    use DenyingPolicy::*;
    let page = [
        (
            "codecommit:ListRepositories because no service control policy allows the codecommit:ListRespositories action",
            ServiceControl,
            false,
        ),
        ("codecommit:ListRepositories with an explicit deny in a service control policy", ServiceControl, true),
        (
            "secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:* with an explicit deny in a resource control policy",
            ResourceControl,
            true,
        ),
        (
            "codecommit:ListRepositories because no VPC endpoint policy allows the codecommit:ListRepositories action",
            VpcEndpoint,
            false,
        ),
        (
            "codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* with an explicit deny in a VPC endpoint policy",
            VpcEndpoint,
            true,
        ),
        (
            "codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* because no permissions boundary allows the codedeploy:ListDeployments action",
            PermissionsBoundary,
            false,
        ),
        ("sagemaker:ListModels with an explicit deny in a permissions boundary", PermissionsBoundary, true),
        (
            "codecommit:ListRepositories because no session policy allows the codecommit:ListRepositories action",
            Session,
            false,
        ),
        (
            "codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* with an explicit deny in a sessions policy",
            Session,
            true,
        ),
        (
            "secretsmanager:GetSecretValue because no resource-based policy allows the secretsmanager:GetSecretValue action",
            ResourceBased,
            false,
        ),
        (
            "secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:us-east-1:123456789012:secret:* with an explicit deny in a resource-based policy",
            ResourceBased,
            true,
        ),
        ("sts:AssumeRole because no role trust policy allows the sts:AssumeRole action", RoleTrust, false),
        ("sts:AssumeRole with an explicit deny in the role trust policy", RoleTrust, true),
        (
            "codecommit:ListRepositories because no identity-based policy allows the codecommit:ListRepositories action",
            IdentityBased,
            false,
        ),
        (
            "codedeploy:ListDeployments on resource: arn:aws:codedeploy:us-east-1:123456789012:deploymentgroup:* with an explicit deny in an identity-based policy",
            IdentityBased,
            true,
        ),
    ];
    for (rest, policy_type, explicit) in page {
        let denied = one(&format!("User: {JOHN} is not authorized to perform:\n{rest}"));
        assert_eq!(denied.principal.as_deref(), Some(JOHN), "{rest}");
        assert_eq!(action(&denied), rest.split(' ').next().unwrap(), "{rest}");
        assert_eq!(said(&denied), (Some(policy_type), explicit), "{rest}");
        let resource = rest.split("on resource: ").nth(1).map(|it| it.split(' ').next().unwrap());
        assert_eq!(denied.resource.as_deref(), resource, "{rest}");
        assert_eq!(denied.region.as_deref(), resource.map(|_| "us-east-1"), "{rest}");
    }
}

#[test]
fn a_vpc_endpoints_policy_may_deny_for_another() {
    let denied = one(
        "User: arn:aws:sts::111122223333:assumed-role/role-name/role-session-name is not authorized to perform: \
         SNS:Publish on resource: arn:aws:sns:us-east-1:444455556666:role-name-2 with an explicit deny in a VPC endpoint \
         policy transitively through a service control policy",
    );
    assert_eq!((action(&denied), said(&denied)), ("sns:Publish", (Some(DenyingPolicy::VpcEndpoint), true)));
    assert_eq!(denied.said.unwrap().through, Some(DenyingPolicy::ServiceControl));
    assert_eq!(denied.assumed, [Assumed::RoleWithoutPath]);
}

#[test]
fn the_denying_policys_arn_is_read_in_every_form_of_2026() {
    const SCP: &str =
        "arn:aws:organizations::777788889999:policy/o-exampleorgid/service_control_policy/p-examplepolicyid";
    let sentence = format!(
        "User: {JOHN} is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/k\" with an explicit deny in a service control policy"
    );
    for text in [
        format!("{sentence}: {SCP}"),
        format!("{sentence}, with policy ARN:\n{SCP}"),
        format!(
            "{sentence}: {SCP}. Go to https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/abc123 for complete details"
        ),
        format!("{sentence}: {SCP}. Encoded authorization failure message: kX7-_a"),
        format!("{sentence}: {SCP}\n\n  with aws_s3_bucket.x,\n  on main.tf line 1"),
    ] {
        let denied = one(&text);
        assert_eq!(denied.said.as_ref().unwrap().policy.as_deref(), Some(SCP), "{text}");
        assert_eq!(denied.resource.as_deref(), Some("arn:aws:s3:::b/k"), "{text}");
    }
    let identity = format!(
        "User: {JOHN} is not authorized to perform: iam:CreateRole with an explicit deny in an identity-based policy: arn:aws:iam::123456789012:policy/Example"
    );
    assert_eq!(one(&identity).said.unwrap().policy.as_deref(), Some("arn:aws:iam::123456789012:policy/Example"));
    assert_eq!(one(&sentence).said.unwrap().policy, None);
}

#[test]
fn the_id_by_which_aws_explains_a_denial_is_read_with_its_region() {
    let denied = one(
        "An error occurred (AccessDenied) when calling the GetRole operation: User: arn:aws:iam::500766168271:user/ben.k@x.co \
         is not authorized to perform: iam:GetRole on resource: role fe-lab-ssm-role because no identity-based policy allows \
         the iam:GetRole action. Go to \
         https://us-east-1.console.aws.amazon.com/iam/home?region=us-east-1#/authorization-details/d3xbfwcsdoam45n7ms6nv5pl0 \
         for complete details, or call the GetRequestAuthorizationDetails API with the following authorization id: \
         d3xbfwcsdoam45n7ms6nv5pl0",
    );
    let expected = Authorization { id: "d3xbfwcsdoam45n7ms6nv5pl0".into(), region: Some("us-east-1".into()) };
    assert_eq!(denied.authorization, Some(expected));
    assert_eq!(denied.resource.as_deref(), Some("arn:aws:iam::500766168271:role/fe-lab-ssm-role"));
    assert_eq!(denied.assumed, [Assumed::ResourceWithoutPath]);
    assert_eq!(said(&denied), (Some(DenyingPolicy::IdentityBased), false));
    assert_eq!(denied.region.as_deref(), Some("us-east-1"));
}

/// What tools put around one message.
#[test]
fn what_tools_put_around_a_message_is_taken_off() {
    const ROLE: &str = "arn:aws:sts::111111111111:assumed-role/deploy/ci-42";
    let sentence = format!(
        "User: {ROLE} is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:ap-south-1:111111111111:vpc/* with an explicit deny in a service control policy"
    );
    let wrapped = [
        format!("An error occurred (UnauthorizedOperation) when calling the CreateVpc operation: You are not authorized to perform this operation. {sentence}. Encoded authorization failure message: T-kSWIRFn32_fx"),
        format!("aws: [ERROR]: An error occurred (AccessDenied) when calling the CreateVpc operation: {sentence}"),
        format!("╷\n│ Error: creating EC2 VPC: operation error EC2: CreateVpc, https response error StatusCode: 403, RequestID: 952aafad-6adc, api error UnauthorizedOperation: You are not authorized to perform this operation. {sentence}\n│\n│   with aws_vpc.this,\n│   on main.tf line 1, in resource \"aws_vpc\" \"this\":\n╵"),
        format!("Resource handler returned message: \"{sentence} (Service: Ec2, Status Code: 403, Request ID: 5f6c)\" (RequestToken: 7d, HandlerErrorCode: AccessDenied)"),
        format!("{sentence} (Service: AmazonEC2; Status Code: 403; Error Code: UnauthorizedOperation; Request ID: 1; Proxy: null)"),
        format!("botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the CreateVpc operation: {sentence}"),
        format!("AccessDeniedException: {sentence}\n\tstatus code: 400, request id: c2bc9a1b"),
        format!("{{\"__type\":\"AccessDeniedException\",\"Message\":{}}}", Value::from(sentence.clone())),
        format!("<Error><Code>UnauthorizedOperation</Code><Message>{sentence}</Message></Error>"),
        "ResourceStatus       ResourceType         LogicalResourceId    ResourceStatusReason\n\
         --------------------------------------------------------------------------------\n\
         CREATE_FAILED        AWS::EC2::VPC        Vpc                  User: arn:aws:sts::1\n                                                               "
            .replace("User: arn:aws:sts::1\n", "Resource handler\n")
            + "returned message:\n          \"User: arn:aws:sts::111111111111:assumed-\n          role/deploy/ci-42 is not\n          authorized to perform: ec2:CreateVpc\n          on resource: arn:aws:ec2:ap-south-\n          1:111111111111:vpc/* with an\n          explicit deny in a service control\n          policy\"\n",
    ];
    for text in wrapped {
        let denied = one(&text);
        assert_eq!(denied.principal.as_deref(), Some(ROLE), "{text}");
        assert_eq!(action(&denied), "ec2:CreateVpc", "{text}");
        assert_eq!(denied.resource.as_deref(), Some("arn:aws:ec2:ap-south-1:111111111111:vpc/*"), "{text}");
        assert_eq!(denied.region.as_deref(), Some("ap-south-1"), "{text}");
        assert_eq!(said(&denied), (Some(DenyingPolicy::ServiceControl), true), "{text}");
    }
}

#[test]
fn what_the_console_shows_is_read_with_and_without_its_line_breaks() {
    let lines = "Access denied to servicecatalog:ListApplications\nYou don't have permission to servicecatalog:ListApplications. To request access, copy the following text and send it to your AWS administrator.\nUser: arn:aws:iam::167464048508:user/PRANAV\nAction: servicecatalog:ListApplications\nOn resource(s): arn:aws:servicecatalog:ap-south-1:167464048508:/applications/*\nContext: no identity-based policy allows the action";
    let denied = one(lines);
    assert_eq!(denied.principal.as_deref(), Some("arn:aws:iam::167464048508:user/PRANAV"));
    assert_eq!(action(&denied), "servicecatalog:ListApplications");
    assert_eq!(said(&denied), (Some(DenyingPolicy::IdentityBased), false));
    assert_eq!(denied.region.as_deref(), Some("ap-south-1"));
    let split = "User: arn:aws:iam::167464048508:user/x\nService: iam\nAction: ListUsers\nOn resource(s): arn:aws:iam::167464048508:user/\nContext: a service control policy explicitly denies the action";
    assert_eq!(
        (action(&one(split)), said(&one(split))),
        ("iam:ListUsers", (Some(DenyingPolicy::ServiceControl), true))
    );
    let joined = "User: arn:aws:iam::167464048508:user/PRANAVAction: iam:ListUsersOn resource(s): *Context: no identity-based policy allows the action";
    let denied = one(joined);
    assert_eq!(denied.principal.as_deref(), Some("arn:aws:iam::167464048508:user/PRANAV"));
    assert_eq!((action(&denied), denied.resource.as_deref()), ("iam:ListUsers", Some("*")));
}

#[test]
fn a_message_may_say_nothing_of_the_policy() {
    let denied = one(
        "User: arn:aws:iam::218007301253:user/bert-jan is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::218007301253:role/leave-org-role",
    );
    assert_eq!((denied.said, denied.region), (None, None));
    let denied = one(
        "User: arn:aws:iam::111111111111:user/x is not authorized to perform: ec2:RunInstances with an explicit deny",
    );
    assert_eq!(said(&denied), (None, true));
    let s3 = "User: arn:aws:iam::111111111111:user/x is not authorized to perform: s3:PutBucketAcl on resource: \"arn:aws:s3:::b\" because public access control lists (ACLs) are blocked by the BlockPublicAcls block public access setting";
    assert_eq!(said(&one(s3)), (Some(DenyingPolicy::BlockPublicAccess), true));
}

#[test]
fn several_messages_are_read_each_once() {
    let sentence = |user: &str| {
        format!(
            "ERROR User: arn:aws:iam::111111111111:user/{user} is not authorized to perform: s3:GetObject with an explicit deny in a service control policy\n"
        )
    };
    let text = [sentence("a"), sentence("b"), sentence("a")].concat();
    let denied = read_denied(text.as_bytes()).unwrap();
    let names: Vec<&str> = denied.iter().filter_map(|it| it.principal.as_deref()?.rsplit('/').next()).collect();
    assert_eq!(names, ["a", "b"]);
    assert!(denied.iter().all(|it| said(it) == (Some(DenyingPolicy::ServiceControl), true)));
}

#[test]
fn texts_that_report_no_denial_are_distinguished() {
    let why = |text: &str| read_denied(text.as_bytes()).unwrap_err();
    assert!(matches!(why(" \n"), NoDenial::Empty));
    assert!(matches!(why("the bucket does not exist"), NoDenial::Unknown));
    assert!(matches!(why("{\"a\": 1}"), NoDenial::Log(_)));
    assert!(matches!(
        why("An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"),
        NoDenial::Incomplete
    ));
    let encoded = "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized to perform this operation. Encoded authorization failure message: PNDOV1oGibO7Rp9X-_\n";
    assert!(matches!(why(encoded), NoDenial::Encoded(text) if text == "PNDOV1oGibO7Rp9X-_"));
    let event =
        json!({"eventSource": "s3.amazonaws.com", "eventName": "ListBuckets", "userIdentity": {"type": "Root"}});
    assert!(matches!(why(&event.to_string()), NoDenial::Events(1)));
}

fn decoded() -> Value {
    json!({"allowed": false, "explicitDeny": true,
        "matchedStatements": {"items": [{"statementId": "NoBigOnes", "effect": "DENY", "principals": {"items": [{"value": "AROA"}]},
            "actions": {"items": [{"value": "ec2:RunInstances"}]}, "resources": {"items": [{"value": "*"}]}, "conditions": {"items": []}}]},
        "failures": {"items": []},
        "context": {"principal": {"id": "AROA:Ana", "arn": "arn:aws:sts::111122223333:assumed-role/Developer/Ana"},
            "action": "RunInstances", "resource": "arn:aws:ec2:us-east-1:111122223333:instance/*",
            "conditions": {"items": [{"key": "ec2:InstanceType", "values": {"items": [{"value": "p5.48xlarge"}]}},
                {"key": "aws:Region", "values": {"items": [{"value": "us-east-1"}]}}, {"key": "aws:Account", "values": {"items": [{"value": "111122223333"}]}}]}}})
}

#[test]
fn what_sts_decodes_is_read_bare_and_as_the_cli_prints_it() {
    for text in [decoded().to_string(), json!({"DecodedMessage": decoded().to_string()}).to_string()] {
        let denied = one(&text);
        assert_eq!(action(&denied), "ec2:RunInstances");
        assert_eq!(denied.principal.as_deref(), Some("arn:aws:sts::111122223333:assumed-role/Developer/Ana"));
        assert_eq!(denied.region.as_deref(), Some("us-east-1"));
        assert_eq!(denied.context, [("ec2:InstanceType".to_owned(), vec!["p5.48xlarge".to_owned()])]);
        let said = denied.said.unwrap();
        assert_eq!((said.explicit, said.policy_type, said.sids), (true, None, vec!["NoBigOnes".to_owned()]));
    }
}

#[test]
fn awss_explanation_of_a_denial_is_read_with_its_context() {
    const SCP: &str = "arn:aws:organizations::777788889999:policy/o-exampleorgid/service_control_policy/p-ab12";
    let details = json!({
        "requestContext": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/Developer", "aws:RequestedRegion": ["us-east-1"], "aws:ViaAWSService": false},
        "evaluations": [
            {"action": "iam:GetRole", "resource": "arn:aws:iam::111122223333:role/x", "evaluatedEffect": "ALLOW", "checks": []},
            {"action": "iam:CreateRole", "resource": "arn:aws:iam::111122223333:role/x", "context": {"iam:PermissionsBoundary": []}, "evaluatedEffect": "EXPLICIT_DENY",
             "checks": [
                {"checkType": "PRINCIPAL", "evaluatedEffect": "ALLOW", "matchedPolicies": []},
                {"checkType": "SERVICE_CONTROL_POLICY", "evaluatedEffect": "EXPLICIT_DENY", "matchedPolicies": [
                    {"uri": "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess", "matchedStatements": [{"sid": "a", "evaluatedEffect": "ALLOW"}]},
                    {"uri": SCP, "matchedStatements": [{"sid": "NoRoles", "evaluatedEffect": "DENY"}]}]}]}],
        "policies": [{"type": "SERVICE_CONTROL_POLICY", "uri": SCP}]});
    let denied = one(&details.to_string());
    assert_eq!(denied.principal.as_deref(), Some("arn:aws:iam::111122223333:role/team/Developer"));
    assert_eq!((action(&denied), denied.region.as_deref()), ("iam:CreateRole", Some("us-east-1")));
    assert!(denied.context.contains(&("aws:ViaAWSService".to_owned(), vec!["false".to_owned()])));
    assert!(denied.context.contains(&("iam:PermissionsBoundary".to_owned(), vec![])));
    let said = denied.said.unwrap();
    assert_eq!((said.policy_type, said.explicit), (Some(DenyingPolicy::ServiceControl), true));
    assert_eq!((said.policy.as_deref(), said.sids), (Some(SCP), vec!["NoRoles".to_owned()]));
}

fn event() -> Value {
    json!({"eventVersion": "1.09", "eventID": "e-1", "eventTime": "2026-11-20T10:00:00Z", "eventType": "AwsApiCall",
        "eventSource": "sqs.amazonaws.com", "eventName": "SendMessage", "awsRegion": "eu-west-1", "sourceIPAddress": "203.0.113.7",
        "userAgent": "aws-cli/2", "errorCode": "AccessDenied", "recipientAccountId": "111111111111",
        "errorMessage": "User: arn:aws:sts::111111111111:assumed-role/x/y is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-west-1:111111111111:q with an explicit deny in a service control policy: arn:aws:organizations::777788889999:policy/o-exampleorgid/service_control_policy/p-ab12",
        "userIdentity": {"type": "AssumedRole", "principalId": "AROA:y", "arn": "arn:aws:sts::111111111111:assumed-role/x/y", "accountId": "111111111111",
            "sessionContext": {"sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111111111111:role/teams/x"}, "attributes": {"mfaAuthenticated": "false"}}}})
}

#[test]
fn an_event_is_read_in_every_envelope_with_all_that_it_shows() {
    let event = event();
    let envelopes = [
        event.to_string(),
        json!({"Records": [event, {"eventSource": "s3.amazonaws.com", "eventName": "ListBuckets", "userIdentity": {"type": "Root"}}]}).to_string(),
        json!({"detail-type": "AWS API Call via CloudTrail", "source": "aws.sqs", "detail": event}).to_string(),
        json!({"Events": [{"EventId": "e-1", "EventName": "SendMessage", "CloudTrailEvent": event.to_string()}]}).to_string(),
        format!("{event}\n{event}"),
    ];
    for text in envelopes {
        let denied = one(&text);
        assert_eq!(denied.principal.as_deref(), Some("arn:aws:iam::111111111111:role/teams/x"), "{text}");
        assert_eq!((action(&denied), denied.event.as_deref()), ("sqs:SendMessage", Some("e-1")), "{text}");
        assert_eq!(denied.resource.as_deref(), Some("arn:aws:sqs:eu-west-1:111111111111:q"));
        assert_eq!((denied.region.as_deref(), denied.assumed.len()), (Some("eu-west-1"), 0));
        assert_eq!(said(&denied), (Some(DenyingPolicy::ServiceControl), true));
        let held =
            |key: &str| denied.context.iter().find(|(known, _)| known == key).map(|(_, values)| values.as_slice());
        assert_eq!(held("aws:PrincipalArn"), Some(["arn:aws:iam::111111111111:role/teams/x".to_owned()].as_slice()));
        assert_eq!(held("aws:ViaAWSService"), Some(["false".to_owned()].as_slice()));
        assert_eq!(held("aws:SourceVpce"), Some([].as_slice()));
        assert_eq!(denied.unknown, ["aws:SecureTransport"]);
    }
}

#[test]
fn an_event_without_a_message_in_awss_words_needs_what_its_name_says() {
    let mut event = event();
    event["errorCode"] = json!("Client.UnauthorizedOperation");
    event["errorMessage"] =
        json!("You are not authorized to perform this operation. Encoded authorization failure message: yr2pXUaz");
    event["eventSource"] = json!("ec2.amazonaws.com");
    event["eventName"] = json!("RunInstances");
    event["requestParameters"] = json!({"tagSpecificationSet": {"items": [{"resourceType": "instance"}]}});
    let denied = one(&event.to_string());
    let actions: Vec<&str> = denied.actions.iter().map(|need| need.action.as_str()).collect();
    assert_eq!(actions, ["ec2:RunInstances", "ec2:CreateTags"]);
    assert_eq!((denied.said, denied.encoded.as_deref()), (None, Some("yr2pXUaz")));
    event["errorCode"] = json!("Client.InvalidVpcID.NotFound");
    assert!(matches!(read_denied(event.to_string().as_bytes()), Err(NoDenial::Events(1))));
}
