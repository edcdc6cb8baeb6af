//! What the personas of machine learning may do, decided as IAM does: what the set allows and the boundary does too.

use landing_policy::{AttachedPolicy, Decision, Level, Policy, Request, evaluate};
use serde_json::Value;

use crate::model::Address;
use crate::sections::declare_text;

const PERSONAS: [&str; 3] = ["ml-data-engineer", "ml-data-scientist", "ml-devops"];
const PRINCIPAL: &str = "arn:aws:iam::111111111111:role/AWSReservedSSO_persona";
const ROLE: &str = "arn:aws:iam::111111111111:role/SageMaker-studio-eu-west-1";

/// The inline policies of the personas, by name, and the boundary's last.
fn policies() -> Vec<(String, Value)> {
    let text = format!(
        "version: 1\nname: ours\norganization: {{home_region: eu-west-1, account_email: '{{name}}@x.example'}}\n\
         accounts: [dev]\nstacks: {{limit: {{template: ml-boundary, in: [dev]}}}}\n\
         identity: {{permission_sets: [{}]}}\n",
        PERSONAS.join(", ")
    );
    let Ok(declared) = declare_text("landing.yaml", &text) else { panic!("it has mistakes") };
    let set = |name: &str| declared.desired.get(&Address::permission_set(name)).unwrap().body["inline_policy"].clone();
    let personas = PERSONAS.iter().map(|name| ((*name).to_owned(), set(name)));
    let stack = declared.desired.get(&Address::stack("dev", "limit", "eu-west-1")).unwrap();
    let boundary = stack.body["template"]["Resources"]["Boundary"]["Properties"]["PolicyDocument"].to_string();
    let boundary = boundary.replace(
        r#"{"Fn::Sub":"arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"}"#,
        r#""arn:aws:iam::111111111111:role/*""#,
    );
    personas.chain([("boundary".to_owned(), serde_json::from_str(&boundary).unwrap())]).collect()
}

fn level(document: &Value) -> Level {
    let policy = Policy::read(document).unwrap();
    Level { id: "111111111111".into(), policies: vec![AttachedPolicy { name: "it".into(), policy }] }
}

fn request(action: &str, resource: &str, context: &[(&str, &str)]) -> Request {
    let mut request = Request::new(PRINCIPAL, action, Some(resource));
    request.context = request.context.with("aws:PrincipalOrgID", ["o-a"]).with("aws:ResourceOrgID", ["o-a"]);
    for (key, value) in context {
        request.context = std::mem::take(&mut request.context).with(key, [*value]);
    }
    request
}

fn may(persona: &str, action: &str, resource: &str, context: &[(&str, &str)]) -> bool {
    let policies = policies();
    let of = |name: &str| level(&policies.iter().find(|(own, _)| own == name).unwrap().1);
    let verdict = evaluate(&[of("boundary"), of(persona)], &[], &request(action, resource, context));
    assert_ne!(verdict.decision, Decision::Undecided, "{persona} {action} {:?}", verdict.missing);
    verdict.decision == Decision::Allow
}

fn who_may(action: &str, resource: &str, context: &[(&str, &str)]) -> Vec<&'static str> {
    PERSONAS.into_iter().filter(|persona| may(persona, action, resource, context)).collect()
}

const ENGINEER: &str = PERSONAS[0];
const SCIENTIST: &str = PERSONAS[1];
const DEVOPS: &str = PERSONAS[2];

#[test]
fn each_persona_does_its_own_work() {
    let job = |kind: &str| format!("arn:aws:sagemaker:eu-west-1:111111111111:{kind}/x");
    assert_eq!(who_may("sagemaker:CreateProcessingJob", &job("processing-job"), &[]), [ENGINEER, SCIENTIST]);
    assert_eq!(who_may("sagemaker:CreateTrainingJob", &job("training-job"), &[]), [SCIENTIST]);
    assert_eq!(who_may("sagemaker:CreateEndpoint", &job("endpoint"), &[]), [DEVOPS]);
    assert_eq!(who_may("s3:PutObject", "arn:aws:s3:::data/x", &[]), [ENGINEER, SCIENTIST]);
    let workgroup = "arn:aws:athena:eu-west-1:111111111111:workgroup/primary";
    assert_eq!(who_may("athena:StartQueryExecution", workgroup, &[]), [ENGINEER]);
    let interface = "arn:aws:ec2:eu-west-1:111111111111:network-interface/x";
    assert_eq!(who_may("ec2:CreateNetworkInterface", interface, &[]), [SCIENTIST, DEVOPS]);
}

#[test]
fn roles_are_handed_to_sagemaker_and_keys_used_through_services_alone() {
    let sagemaker = [("iam:PassedToService", "sagemaker.amazonaws.com")];
    assert_eq!(who_may("iam:PassRole", ROLE, &sagemaker), PERSONAS);
    assert_eq!(who_may("iam:PassRole", ROLE, &[("iam:PassedToService", "ec2.amazonaws.com")]), [""; 0]);
    assert_eq!(who_may("iam:PassRole", "arn:aws:iam::111111111111:role/landing-apply", &sagemaker), [""; 0]);
    let key = "arn:aws:kms:eu-west-1:111111111111:key/x";
    assert_eq!(who_may("kms:Decrypt", key, &[("kms:ViaService", "s3.eu-west-1.amazonaws.com")]), PERSONAS);
    assert_eq!(who_may("kms:Decrypt", key, &[("kms:ViaService", "ssm.eu-west-1.amazonaws.com")]), [""; 0]);
    assert_eq!(who_may("kms:CreateGrant", key, &[("kms:GrantIsForAWSResource", "true")]), PERSONAS);
    assert_eq!(who_may("kms:CreateGrant", key, &[("kms:GrantIsForAWSResource", "false")]), [""; 0]);
}

#[test]
fn no_one_gets_data_out_or_changes_who_may_what() {
    let other = [("aws:ResourceOrgID", "o-other")];
    assert_eq!(who_may("s3:PutObject", "arn:aws:s3:::elsewhere/x", &other), [""; 0]);
    let bucket = "arn:aws:s3:::data";
    for action in ["s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock", "s3:DeleteBucket"] {
        assert_eq!(who_may(action, bucket, &[]), [""; 0], "{action}");
    }
    for action in ["iam:CreateRole", "iam:AttachRolePolicy", "iam:DeleteRolePermissionsBoundary", "sts:AssumeRole"] {
        assert_eq!(who_may(action, ROLE, &[]), [""; 0], "{action}");
    }
    assert_eq!(who_may("kms:ScheduleKeyDeletion", "arn:aws:kms:eu-west-1:111111111111:key/x", &[]), [""; 0]);
    let domain = "arn:aws:sagemaker:eu-west-1:111111111111:domain/d-x";
    assert_eq!(who_may("sagemaker:UpdateDomain", domain, &[]), [""; 0]);
}

fn listed(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// A context in which a statement's condition holds.
fn fulfilled(condition: &Value) -> Vec<(String, String)> {
    let operators = condition.as_object().into_iter().flatten();
    let keys = operators.flat_map(|(_, keys)| keys.as_object().into_iter().flatten());
    keys.filter_map(|(key, values)| {
        Some((key.clone(), listed(values).first()?.replace("${aws:PrincipalOrgID}", "o-a")))
    })
    .collect()
}

#[test]
fn the_boundary_takes_nothing_from_the_personas() {
    let policies = policies();
    let (boundary, personas) = policies.split_last().unwrap();
    let boundary = [level(&boundary.1)];
    let mut tried = 0;
    for (name, policy) in personas {
        for statement in policy["Statement"].as_array().unwrap() {
            let context = fulfilled(&statement["Condition"]);
            let context: Vec<(&str, &str)> =
                context.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            let resource = listed(&statement["Resource"])[0].replace("arn:*", "arn:aws");
            let resource = resource.replace("::*:", "::111111111111:").replace('*', "x");
            for action in listed(&statement["Action"]) {
                let verdict = evaluate(&boundary, &[], &request(&action.replace('*', "X"), &resource, &context));
                assert_eq!(verdict.decision, Decision::Allow, "{name}: {action} on {resource}");
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

#[test]
fn anyone_who_scales_the_first_endpoint_of_an_account_creates_the_role_for_it() {
    let service = "sagemaker.application-autoscaling.amazonaws.com";
    let role = |service: &str| format!("arn:aws:iam::111111111111:role/aws-service-role/{service}/AWSServiceRoleFor");
    let creates =
        |of: &str, asked: &str| who_may("iam:CreateServiceLinkedRole", &role(of), &[("iam:AWSServiceName", asked)]);
    assert_eq!(creates(service, service), [DEVOPS]);
    assert_eq!(creates("organizations.amazonaws.com", "organizations.amazonaws.com"), [""; 0]);
    assert_eq!(creates(service, "organizations.amazonaws.com"), [""; 0]);
}
