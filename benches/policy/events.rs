//! CloudTrail events as a company of some size makes them: deployments, batch jobs and people, in twenty accounts.

use serde_json::{Value, json};

use super::random::Random;

/// How many accounts there are.
pub const ACCOUNTS: usize = 20;
/// How many roles each account has; each runs behind two addresses.
const WORKLOADS: usize = 15;
/// How many sorts of calls a workload makes.
const OF_WORKLOAD: usize = 5;
const REGIONS: [&str; 3] = ["eu-west-1", "eu-central-1", "us-east-1"];
const AGENTS: [&str; 4] = [
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.76.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.32.5 os/linux lang/go#1.23.3 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.193.0",
    "Boto3/1.35.71 md/Botocore#1.35.71 ua/2.0 os/linux#6.1.115 md/arch#x86_64 lang/python#3.12.7 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.35.71",
    "aws-sdk-java/2.29.20 md/io#sync md/http#Apache ua/2.1 os/Linux#5.10.228 lang/java#17.0.13 md/OpenJDK_64-Bit_Server_VM#17.0.13+11-LTS vendor/Amazon.com_Inc.",
    "[Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36]",
];

/// What a call is made with: the account, the region and where its values come from.
struct Call<'r> {
    account: String,
    workload: usize,
    region: &'static str,
    random: &'r mut Random,
}

/// Event source, event name, and what the call says and is reported.
type Sort = (&'static str, &'static str, fn(&mut Call<'_>) -> Said);

/// Request parameters, response elements, resources.
type Said = (Value, Value, Option<Value>);

/// The sorts of calls, those that are frequent several times.
const SORTS: [Sort; 16] = [
    ("kms.amazonaws.com", "Decrypt", decrypt),
    ("kms.amazonaws.com", "Decrypt", decrypt),
    ("kms.amazonaws.com", "GenerateDataKey", decrypt),
    ("sts.amazonaws.com", "AssumeRole", assume_role),
    ("sts.amazonaws.com", "AssumeRole", assume_role),
    ("s3.amazonaws.com", "GetObject", object),
    ("s3.amazonaws.com", "PutObject", object),
    ("s3.amazonaws.com", "GetBucketAcl", bucket),
    ("ec2.amazonaws.com", "DescribeInstances", describe),
    ("ec2.amazonaws.com", "DescribeVpcs", describe),
    ("ec2.amazonaws.com", "RunInstances", run_instances),
    ("ssm.amazonaws.com", "GetParameter", parameter),
    ("dynamodb.amazonaws.com", "DescribeTable", table),
    ("lambda.amazonaws.com", "GetFunction20150331v2", function),
    ("iam.amazonaws.com", "GetRole", role),
    ("logs.amazonaws.com", "CreateLogStream", log_stream),
];

pub fn account(number: usize) -> String {
    format!("{}", 210_000_000_000 + 7_654_321 * number)
}

/// One event as CloudTrail writes it.
pub fn event(random: &mut Random) -> Value {
    let number = random.below(ACCOUNTS);
    // Most is done in the region where an account's workloads run.
    let region = if percent(random, 90) { REGIONS[number % 2] } else { *random.one(&REGIONS) };
    let account = account(number);
    // A workload makes few sorts of calls, again and again.
    let workload = random.below(WORKLOADS);
    let (source, name, said) = SORTS[(workload + random.below(OF_WORKLOAD)) % SORTS.len()];
    let mut call = Call { account, workload, region, random };
    let (parameters, response, resources) = said(&mut call);
    let Call { account, random, .. } = call;
    let mut event = json!({
        "eventVersion": "1.11",
        "userIdentity": identity(&account, workload, random),
        "eventTime": format!("2026-11-{:02}T{:02}:{:02}:{:02}Z", 1 + random.below(28), random.below(24), random.below(60), random.below(60)),
        "eventSource": source,
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": format!("203.0.113.{}", 10 * workload + random.below(2)),
        "userAgent": random.one(&AGENTS),
        "requestParameters": parameters,
        "responseElements": response,
        "requestID": uuid(random),
        "eventID": uuid(random),
        "readOnly": name.starts_with("Get") || name.starts_with("Describe"),
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": account,
        "eventCategory": "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                       "clientProvidedHostHeader": format!("{}.{region}.amazonaws.com", source.split('.').next().unwrap_or_default())},
    });
    if let Some(resources) = resources {
        event["resources"] = resources;
    }
    if percent(random, 8) {
        event["errorCode"] = json!("AccessDenied");
        event["errorMessage"] =
            json!("User is not authorized to perform this action because no identity-based policy allows it");
    }
    event
}

/// Whether something comes true that does so in `share` of 100 cases.
fn percent(random: &mut Random, share: usize) -> bool {
    random.below(100) < share
}

fn uuid(random: &mut Random) -> String {
    let (high, low) = (random.number(), random.number());
    let (a, b, c, d) = (high >> 32, (high >> 16) & 0xffff, high & 0xfff, low & 0xffff_ffff_ffff);
    format!("{a:08x}-{b:04x}-4{c:03x}-a{:03x}-{d:012x}", (low >> 48) & 0xfff)
}

fn identity(account: &str, number: usize, random: &mut Random) -> Value {
    match random.below(10) {
        0 => json!({"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}),
        1 => {
            json!({"type": "IAMUser", "principalId": "AIDAEXAMPLEEXAMPLEEX", "arn": format!("arn:aws:iam::{account}:user/ci-{number}"),
                    "accountId": account, "accessKeyId": "AKIAEXAMPLEEXAMPLEEX", "userName": format!("ci-{number}")})
        }
        _ => json!({
            "type": "AssumedRole", "principalId": format!("AROAEXAMPLEEXAMPLE{number:02}:job-{:05}", random.below(90_000)),
            "arn": format!("arn:aws:sts::{account}:assumed-role/workload-{number}/job-{:05}", random.below(90_000)),
            "accountId": account, "accessKeyId": "ASIAEXAMPLEEXAMPLEEX",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "principalId": format!("AROAEXAMPLEEXAMPLE{number:02}"),
                                  "arn": format!("arn:aws:iam::{account}:role/teams/workload-{number}"), "accountId": account,
                                  "userName": format!("workload-{number}")},
                "attributes": {"creationDate": "2026-11-03T08:11:52Z", "mfaAuthenticated": "false"},
            },
        }),
    }
}

fn decrypt(call: &mut Call<'_>) -> Said {
    let key = format!(
        "arn:aws:kms:{}:{}:key/{:08x}-1111-4222-a333-444455556666",
        call.region,
        call.account,
        call.random.below(40)
    );
    let context =
        json!({"aws:s3:arn": format!("arn:aws:s3:::data-{}/part-{:05}", call.account, call.random.below(90_000))});
    let resources = json!([{"accountId": call.account, "type": "AWS::KMS::Key", "ARN": key}]);
    (json!({"encryptionAlgorithm": "SYMMETRIC_DEFAULT", "encryptionContext": context}), Value::Null, Some(resources))
}

fn assume_role(call: &mut Call<'_>) -> Said {
    let role = format!("arn:aws:iam::{}:role/teams/workload-{}", call.account, call.random.below(WORKLOADS));
    let session = format!("job-{:05}", call.random.below(90_000));
    let credentials = json!({"accessKeyId": "ASIAEXAMPLEEXAMPLEEX", "sessionToken": "IQoJb3JpZ2luX2VjEXAMPLE".repeat(6), "expiration": "Nov 3, 2026, 9:11:52 AM"});
    let response = json!({"credentials": credentials, "assumedRoleUser": {"assumedRoleId": format!("AROAEXAMPLEEXAMPLE00:{session}"), "arn": role}});
    let resources = json!([{"accountId": call.account, "type": "AWS::IAM::Role", "ARN": role}]);
    (json!({"roleArn": role, "roleSessionName": session, "durationSeconds": 3600}), response, Some(resources))
}

fn object(call: &mut Call<'_>) -> Said {
    let (bucket, key) =
        (format!("data-{}", call.account), format!("raw/year=2026/part-{:05}.parquet", call.random.below(90_000)));
    let resources = json!([{"type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/{key}")},
                           {"accountId": call.account, "type": "AWS::S3::Bucket", "ARN": format!("arn:aws:s3:::{bucket}")}]);
    let host = format!("{bucket}.s3.{}.amazonaws.com", call.region);
    (
        json!({"bucketName": bucket, "Host": host, "key": key}),
        json!({"x-amz-server-side-encryption": "aws:kms"}),
        Some(resources),
    )
}

fn bucket(call: &mut Call<'_>) -> Said {
    let bucket = format!("data-{}", call.account);
    let resources =
        json!([{"accountId": call.account, "type": "AWS::S3::Bucket", "ARN": format!("arn:aws:s3:::{bucket}")}]);
    (
        json!({"bucketName": bucket, "Host": format!("{bucket}.s3.amazonaws.com"), "acl": ""}),
        Value::Null,
        Some(resources),
    )
}

fn describe(call: &mut Call<'_>) -> Said {
    let filters = json!({"items": [{"name": "tag:team", "valueSet": {"items": [{"value": format!("team-{}", call.random.below(WORKLOADS))}]}}]});
    (json!({"filterSet": filters, "maxResults": 1000}), Value::Null, None)
}

fn run_instances(call: &mut Call<'_>) -> Said {
    let tags = json!({"items": [{"resourceType": "instance", "tags": [{"key": "team", "value": format!("team-{}", call.random.below(WORKLOADS))}]}]});
    let image = json!({"items": [{"imageId": "ami-0abcdef1234567890", "minCount": 1, "maxCount": 1}]});
    let parameters = json!({"instancesSet": image, "instanceType": "m7i.large", "blockDeviceMapping": {}, "tagSpecificationSet": tags,
                            "clientToken": uuid(call.random), "monitoring": {"enabled": false}});
    let instance = json!({"instanceId": format!("i-{:017x}", call.random.number() >> 8), "imageId": "ami-0abcdef1234567890",
                          "instanceState": {"code": 0, "name": "pending"}, "privateDnsName": "ip-10-20-30-40.eu-west-1.compute.internal",
                          "instanceType": "m7i.large", "launchTime": 1_793_700_000_000_u64, "placement": {"availabilityZone": format!("{}a", call.region), "tenancy": "default"},
                          "subnetId": "subnet-0123456789abcdef0", "vpcId": "vpc-0123456789abcdef0", "architecture": "x86_64", "rootDeviceType": "ebs"});
    (
        parameters,
        json!({"requestId": uuid(call.random), "reservationId": "r-0123456789abcdef0", "instancesSet": {"items": [instance]}}),
        None,
    )
}

fn parameter(call: &mut Call<'_>) -> Said {
    let name = format!("/teams/team-{}/settings/database-{}", call.workload, call.random.below(30));
    let arn = format!("arn:aws:ssm:{}:{}:parameter{name}", call.region, call.account);
    let resources = json!([{"accountId": call.account, "ARN": arn}]);
    (json!({"name": name, "withDecryption": true}), Value::Null, Some(resources))
}

fn table(call: &mut Call<'_>) -> Said {
    let name = format!("orders-{}", call.random.below(30));
    let arn = format!("arn:aws:dynamodb:{}:{}:table/{name}", call.region, call.account);
    let resources = json!([{"accountId": call.account, "type": "AWS::DynamoDB::Table", "ARN": arn}]);
    (json!({"tableName": name}), Value::Null, Some(resources))
}

fn function(call: &mut Call<'_>) -> Said {
    let name = format!("arn:aws:lambda:{}:{}:function:import-{}", call.region, call.account, call.random.below(30));
    (json!({"functionName": name}), Value::Null, None)
}

fn role(call: &mut Call<'_>) -> Said {
    (json!({"roleName": format!("workload-{}", call.random.below(WORKLOADS))}), Value::Null, None)
}

fn log_stream(call: &mut Call<'_>) -> Said {
    let stream = format!("2026/11/03/[$LATEST]{:032x}", u128::from(call.random.number()));
    (
        json!({"logGroupName": format!("/aws/lambda/import-{}", call.random.below(30)), "logStreamName": stream}),
        Value::Null,
        None,
    )
}
