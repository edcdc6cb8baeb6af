//! The services beside Organizations that the sandbox simulates, as the AWS CLI finds them.

use serde_json::{Value, json};

use super::aws_cli::{Aws, text};
use super::boto::Boto;
use super::{python, sandbox};

#[test]
fn parameters_have_versions_and_are_overwritten_only_on_request() {
    let Some(environment) = python::environment() else { return };
    let sandbox = sandbox::serve(&[]);
    let aws = Aws { environment, url: &sandbox.url };
    let put = "ssm put-parameter --name /landing/lock --type String --value";
    assert_eq!(aws.run(&format!("{put} one"))["Version"], 1);
    assert_eq!(aws.refusal(&format!("{put} two")), "ParameterAlreadyExists");
    assert_eq!(aws.run(&format!("{put} two --overwrite"))["Version"], 2);
    let parameter = &aws.run("ssm get-parameter --name /landing/lock")["Parameter"];
    assert_eq!((&parameter["Value"], &parameter["Version"]), (&json!("two"), &json!(2)));
    let elsewhere = "--region eu-west-1 ssm get-parameter --name /landing/lock";
    assert_eq!(aws.refusal(elsewhere), "ParameterNotFound");
}

#[test]
fn a_member_account_is_entered_by_its_access_role() {
    let Some(environment) = python::environment() else { return };
    let sandbox = sandbox::serve(&[]);
    let mut boto = Boto::connect(environment, &sandbox.url);
    boto.organizations("CreateOrganization", json!({}));
    let made = boto.create_account("dev", "dev@example.com");
    let account = text(&made["AccountId"]);
    let aws = Aws { environment, url: &sandbox.url };
    let management = aws.run("sts get-caller-identity");
    assert_ne!(text(&management["Account"]), account);
    let role = format!("arn:aws:iam::{account}:role/OrganizationAccountAccessRole");
    let session = aws.run(&format!("sts assume-role --role-arn {role} --role-session-name test"));
    let identity = python::json(
        environment
            .program("aws")
            .args(["--endpoint-url", &sandbox.url, "sts", "get-caller-identity"])
            .env("AWS_ACCESS_KEY_ID", text(&session["Credentials"]["AccessKeyId"]))
            .env("AWS_SECRET_ACCESS_KEY", text(&session["Credentials"]["SecretAccessKey"]))
            .env("AWS_SESSION_TOKEN", text(&session["Credentials"]["SessionToken"])),
    );
    assert_eq!(text(&identity["Account"]), account);
    let arn = format!("arn:aws:sts::{account}:assumed-role/OrganizationAccountAccessRole/test");
    assert_eq!(text(&identity["Arn"]), arn);
    let missing = format!("arn:aws:iam::{account}:role/NoSuchRole");
    let refused = aws.refusal(&format!("sts assume-role --role-arn {missing} --role-session-name test"));
    assert_eq!(refused, "AccessDenied");
}

#[test]
fn services_are_trusted_by_their_own_calls() {
    let Some(environment) = python::environment() else { return };
    let sandbox = sandbox::serve(&[]);
    let aws = Aws { environment, url: &sandbox.url };
    aws.run("organizations create-organization");
    assert_eq!(aws.run("ram enable-sharing-with-aws-organization")["returnValue"], true);
    aws.run("cloudformation activate-organizations-access");
    let access = aws.run("cloudformation describe-organizations-access");
    assert_eq!(access["Status"], "ENABLED");
    let trusted = aws.run("organizations list-aws-service-access-for-organization");
    let mut services: Vec<&str> = trusted["EnabledServicePrincipals"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|service| text(&service["ServicePrincipal"]))
        .collect();
    services.sort_unstable();
    assert_eq!(services, ["member.org.stacksets.cloudformation.amazonaws.com", "ram.amazonaws.com"]);
}

#[test]
fn contacts_of_members_want_trusted_access_and_tags_are_found_by_the_tagging_service() {
    let Some(environment) = python::environment() else { return };
    let sandbox = sandbox::serve(&[]);
    let mut boto = Boto::connect(environment, &sandbox.url);
    boto.organizations("CreateOrganization", json!({}));
    let made = boto.create_account("dev", "dev@example.com");
    let account = text(&made["AccountId"]);
    let aws = Aws { environment, url: &sandbox.url };
    let get = format!("account get-alternate-contact --account-id {account} --alternate-contact-type SECURITY");
    assert_eq!(aws.refusal(&get), "AccessDeniedException");
    aws.run("organizations enable-aws-service-access --service-principal account.amazonaws.com");
    assert_eq!(aws.refusal(&get), "ResourceNotFoundException");
    let put = format!("account put-alternate-contact --account-id {account} --alternate-contact-type SECURITY");
    let contact = "--name Ann --title CISO --email-address ann@example.com --phone-number +15550100";
    aws.run(&format!("{put} {contact}"));
    assert_eq!(aws.run(&get)["AlternateContact"]["EmailAddress"], "ann@example.com");
    aws.run(&format!("organizations tag-resource --resource-id {account} --tags Key=stage,Value=dev"));
    let found = aws.run("resourcegroupstaggingapi get-resources --resource-type-filters organizations:account");
    let tagged: Vec<(&str, &Value)> = found["ResourceTagMappingList"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|resource| (text(&resource["ResourceARN"]), &resource["Tags"]))
        .collect();
    let [(arn, tags)] = tagged[..] else { panic!("{found}") };
    assert!(arn.ends_with(account), "{arn}");
    assert_eq!(*tags, json!([{"Key": "stage", "Value": "dev"}]));
}

/// The management account's events of this name in a region, each with its record.
fn events(aws: &Aws<'_>, region: &str, name: &str) -> Vec<(Value, Value)> {
    let lookup = format!("--region {region} cloudtrail lookup-events --lookup-attributes");
    let answer = aws.run(&format!("{lookup} AttributeKey=EventName,AttributeValue={name}"));
    let events = answer["Events"].as_array().expect("a list").iter();
    let record = |event: &Value| serde_json::from_str(text(&event["CloudTrailEvent"])).expect("a record is JSON");
    events.map(|event| (event.clone(), record(event))).collect()
}

#[test]
fn calls_that_change_something_are_in_the_event_history_of_their_region() {
    let Some(environment) = python::environment() else { return };
    let sandbox = sandbox::serve(&[]);
    let aws = Aws { environment, url: &sandbox.url };
    aws.run("organizations create-organization");
    let root = text(&aws.run("organizations list-roots")["Roots"][0]["Id"]).to_owned();
    for name in ["A", "B"] {
        aws.run(&format!("organizations create-organizational-unit --parent-id {root} --name {name}"));
    }
    aws.refusal(&format!("organizations create-organizational-unit --parent-id {root} --name A"));
    aws.run("--region eu-west-1 ssm put-parameter --name /a --type String --value one");
    let made = events(&aws, "us-east-1", "CreateOrganizationalUnit");
    let names: Vec<&str> = made.iter().map(|(_, record)| text(&record["requestParameters"]["name"])).collect();
    assert_eq!(names, ["A", "B", "A"], "the newest comes first");
    let (event, record) = &made[1];
    assert_eq!((&event["EventSource"], &event["ReadOnly"]), (&json!("organizations.amazonaws.com"), &json!("false")));
    assert_eq!((&event["EventId"], &event["Username"]), (&record["eventID"], &json!("admin")));
    assert_eq!(record["userIdentity"]["arn"], "arn:aws:iam::111111111111:user/admin");
    assert_eq!((&record["awsRegion"], &record["recipientAccountId"]), (&json!("us-east-1"), &json!("111111111111")));
    assert!(text(&record["responseElements"]["organizationalUnit"]["id"]).starts_with("ou-"));
    assert!(text(&record["userAgent"]).contains("aws-cli"), "{record}");
    assert!(record.get("errorCode").is_none());
    assert_eq!(made[0].1["errorCode"], "DuplicateOrganizationalUnitException");
    assert_eq!(events(&aws, "us-east-1", "PutParameter"), []);
    assert_eq!(events(&aws, "eu-west-1", "PutParameter").len(), 1);
    assert_eq!(events(&aws, "us-east-1", "ListRoots"), [], "what is read only is not kept");
    let two = "cloudtrail lookup-events --max-items 2 --page-size 2";
    assert!(text(&aws.run(&format!("--region us-east-1 {two}"))["NextToken"]).len() > 1);
    let odd = "--region us-east-1 cloudtrail lookup-events --start-time 2026-02-01 --end-time 2026-01-01";
    assert_eq!(aws.refusal(odd), "InvalidTimeRangeException");
}
