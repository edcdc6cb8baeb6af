//! A landing zone's stacks in moto, each in its account and region, as boto3 reads what they made.

use std::fs;
use std::path::PathBuf;

use landing::model::Action;
use serde_json::{Map, Value, json};

use super::boto::{Boto, text};
use super::landing::{Landing, file};
use super::{moto, organization, python};

const HOME: &str = "eu-west-1";
const REGIONS: [&str; 2] = [HOME, "us-east-1"];

/// What boto3 reads, with names in the places of ids that AWS gives.
struct Read<'a> {
    boto: &'a mut Boto,
    /// Names of the resources with ids: the organization, its accounts.
    names: Vec<(String, String)>,
}

impl Read<'_> {
    fn of(boto: &mut Boto) -> Read<'_> {
        let organization = boto.organizations("DescribeOrganization", json!({}))["Organization"].clone();
        let accounts = boto.organizations("ListAccounts", json!({}))["Accounts"].clone();
        let management = text(&organization["MasterAccountId"]);
        let mut names = vec![(text(&organization["Id"]), "ORGANIZATION".to_owned())];
        for account in accounts.as_array().expect("a list") {
            let name = if account["Id"] == management { "management".into() } else { text(&account["Name"]) };
            names.push((text(&account["Id"]), name));
        }
        Read { boto, names }
    }

    /// Calls with the credentials of an account, by its name, and names ids in the answer.
    fn ask(&mut self, account: &str, region: &str, call: (&str, &str), parameters: Value) -> Value {
        let id = self.names.iter().find(|(_, name)| name == account).expect("the account is there").0.clone();
        let account = (account != "management").then_some(id.as_str());
        let answer = self.boto.call_in((account, region), call.0, call.1, parameters).to_string();
        let named = self.names.iter().fold(answer, |answer, (id, name)| answer.replace(id, name));
        serde_json::from_str(&named).expect("names are as good as ids")
    }

    fn stacks(&mut self) -> Value {
        let mut stacks = json!({});
        for account in ["management", "log-archive", "network", "work"] {
            for region in REGIONS {
                let found = self.ask(account, region, ("cloudformation", "DescribeStacks"), json!({}));
                let mut names: Vec<String> = list(&found["Stacks"]).map(|stack| text(&stack["StackName"])).collect();
                names.sort();
                stacks[format!("{account}/{region}")] = json!(names);
            }
        }
        stacks
    }

    fn buckets(&mut self, account: &str) -> Value {
        let found = self.ask(account, HOME, ("s3", "ListBuckets"), json!({}));
        let mut names: Vec<String> = list(&found["Buckets"]).map(|bucket| text(&bucket["Name"])).collect();
        names.sort();
        json!(names)
    }

    fn bucket(&mut self, of_account: &str, kind: &str) -> Value {
        let account = self.names.iter().find(|(_, name)| name == of_account).expect("the account is there").0.clone();
        let bucket = json!({"Bucket": format!("zone-{kind}-{account}-{HOME}")});
        let mut ask = |operation: &str| self.ask(of_account, HOME, ("s3", operation), bucket.clone());
        let encryption = ask("GetBucketEncryption")["ServerSideEncryptionConfiguration"]["Rules"][0].clone();
        let policy = text(&ask("GetBucketPolicy")["Policy"]);
        let policy: Value = serde_json::from_str(&policy).expect("a policy is JSON");
        let blocked = ask("GetPublicAccessBlock")["PublicAccessBlockConfiguration"].clone();
        json!({
            "region": ask("GetBucketLocation")["LocationConstraint"],
            "encryption": encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
            "versioning": ask("GetBucketVersioning")["Status"],
            "public": blocked.as_object().expect("a map").values().all(|blocked| blocked == true),
            "statements": sids(&policy),
            "writers": conditions(&policy, "Write"),
        })
    }

    fn key(&mut self) -> Value {
        let aliases = self.ask("log-archive", HOME, ("kms", "ListAliases"), json!({}));
        let alias = list(&aliases["Aliases"]).find(|alias| alias["AliasName"] == "alias/zone-logs");
        let key = json!({"KeyId": alias.expect("the key has its alias")["TargetKeyId"]});
        let rotation = self.ask("log-archive", HOME, ("kms", "GetKeyRotationStatus"), key.clone());
        let policy = json!({"KeyId": key["KeyId"], "PolicyName": "default"});
        // AWS answers with a text, moto with the document.
        let policy = self.ask("log-archive", HOME, ("kms", "GetKeyPolicy"), policy)["Policy"].clone();
        json!({
            "rotates": rotation["KeyRotationEnabled"],
            "statements": sids(&policy),
        })
    }

    fn trail(&mut self) -> Value {
        let trails = self.ask("management", HOME, ("cloudtrail", "DescribeTrails"), json!({}))["trailList"].clone();
        let trail = &trails[0];
        let name = json!({"Name": trail["Name"]});
        json!({
            "name": trail["Name"],
            "bucket": trail["S3BucketName"],
            "encrypted": text(&trail["KmsKeyId"]).starts_with(&format!("arn:aws:kms:{HOME}:log-archive:key/")),
            "everywhere": [trail["IsMultiRegionTrail"], trail["IsOrganizationTrail"], trail["IncludeGlobalServiceEvents"]],
            "validated": trail["LogFileValidationEnabled"],
            "logs": self.ask("management", HOME, ("cloudtrail", "GetTrailStatus"), name)["IsLogging"],
        })
    }

    fn network(&mut self, account: &str, region: &str) -> Value {
        let zone = |it: &Value| list(&it["Tags"]).any(|tag| tag["Key"] == "Name" && tag["Value"] == "zone");
        let vpcs = self.ask(account, region, ("ec2", "DescribeVpcs"), json!({}))["Vpcs"].clone();
        let vpc = list(&vpcs).find(|vpc| zone(vpc)).expect("the VPC is there").clone();
        let within = |name: &str| json!({"Filters": [{"Name": name, "Values": [vpc["VpcId"]]}]});
        let mut ask = |operation: &str, filter: &str| self.ask(account, region, ("ec2", operation), within(filter));
        let subnets = ask("DescribeSubnets", "vpc-id")["Subnets"].clone();
        let mut cut: Vec<String> =
            list(&subnets).map(|it| format!("{} {}", text(&it["AvailabilityZone"]), text(&it["CidrBlock"]))).collect();
        cut.sort();
        let gateways = ask("DescribeInternetGateways", "attachment.vpc-id")["InternetGateways"].clone();
        let groups = ask("DescribeSecurityGroups", "vpc-id")["SecurityGroups"].clone();
        let https = list(&groups).find(|group| group["Description"] == "HTTPS within the VPC").expect("it is there");
        let endpoints = ask("DescribeVpcEndpoints", "vpc-id")["VpcEndpoints"].clone();
        let logs = ask("DescribeFlowLogs", "resource-id")["FlowLogs"].clone();
        json!({
            "cidr": vpc["CidrBlock"],
            "subnets": cut,
            "gateways": gateways,
            "https_from": https["IpPermissions"][0]["IpRanges"][0]["CidrIp"],
            "endpoints": list(&endpoints).map(|it| &it["ServiceName"]).collect::<Vec<_>>(),
            "flow_logs": list(&logs).map(|it| &it["TrafficType"]).collect::<Vec<_>>(),
        })
    }

    fn role(&mut self, account: &str, name: &str) -> Value {
        let named = json!({"RoleName": name});
        let role = self.ask(account, HOME, ("iam", "GetRole"), named.clone())["Role"].clone();
        let trust = list(&role["AssumeRolePolicyDocument"]["Statement"]);
        // Of AWS's managed policies, moto's CloudFormation attaches none.
        let inline = self.ask(account, HOME, ("iam", "ListRolePolicies"), named);
        json!({
            "trusts": trust.map(|statement| &statement["Principal"]).collect::<Vec<_>>(),
            "policies": inline["PolicyNames"],
        })
    }

    fn parameter(&mut self, name: &str) -> String {
        text(&self.ask("work", HOME, ("ssm", "GetParameter"), json!({"Name": name}))["Parameter"]["Value"])
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The names of a policy's statements, in their order.
fn sids(policy: &Value) -> Vec<&Value> {
    list(&policy["Statement"]).map(|statement| &statement["Sid"]).collect()
}

/// The conditions of the statements whose names have this in them.
fn conditions(policy: &Value, name: &str) -> Map<String, Value> {
    let named = list(&policy["Statement"]).filter(|statement| text(&statement["Sid"]).contains(name));
    named.map(|statement| (text(&statement["Sid"]), statement["Condition"]["StringEquals"].clone())).collect()
}

#[test]
fn a_landing_zone_s_stacks_are_made_in_their_accounts_and_regions_in_moto() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::with_stacks(environment);
    let applied = Landing { url: &moto.url }.applied(&file("tests/wire/landing-zone/landing.yaml"));
    assert_eq!(applied["api_calls"]["by_operation"]["s3:PutObject"], 1, "one template is too large for a request");
    let mut boto = Boto::connect(environment, &moto.url);
    let mut read = Read::of(&mut boto);
    organization::assert_same(&stacks(), &read.stacks());
    organization::assert_same(&log_archive(), &found_log_archive(&mut read));
    organization::assert_same(&trail(), &read.trail());
    for account in ["network", "work"] {
        for region in REGIONS {
            organization::assert_same(&network(region), &read.network(account, region));
        }
    }
    for account in ["management", "log-archive", "network", "work"] {
        organization::assert_same(&plan_role(account), &read.role(account, "landing-plan"));
        organization::assert_same(&apply_role(), &read.role(account, "landing-apply"));
    }
    assert!(read.parameter("/zone/network").starts_with("vpc-"), "an output of a stack in another account");
    assert!(read.parameter("/many/250").starts_with("the 250th"));
}

fn stacks() -> Value {
    json!({
        "management/eu-west-1": ["landing-roles", "landing-templates", "organization-trail"],
        "management/us-east-1": [],
        "log-archive/eu-west-1": ["landing-roles", "log-archive", "note"],
        "log-archive/us-east-1": [],
        "network/eu-west-1": ["landing-roles", "network"],
        "network/us-east-1": ["network"],
        "work/eu-west-1": ["budget", "landing-roles", "many", "network", "note"],
        "work/us-east-1": ["network"],
    })
}

fn found_log_archive(read: &mut Read) -> Value {
    json!({
        "names": read.buckets("log-archive"),
        "elsewhere": read.buckets("work"),
        "trail": read.bucket("log-archive", "trail"),
        "config": read.bucket("log-archive", "config"),
        "access": read.bucket("log-archive", "access"),
        "key": read.key(),
    })
}

fn log_archive() -> Value {
    let bucket = |encryption: &str, statements: Value, writers: Value| {
        json!({"region": HOME, "encryption": encryption, "versioning": "Enabled", "public": true,
            "statements": statements, "writers": writers})
    };
    let trail = "arn:aws:cloudtrail:eu-west-1:management:trail/organization-trail";
    let names = ["access", "config", "trail"].map(|kind| format!("zone-{kind}-log-archive-{HOME}"));
    json!({
        "names": names,
        "elsewhere": [],
        "trail": bucket("aws:kms", json!(["OnlyByTls", "NobodyDeletes", "CloudTrailChecks", "CloudTrailWrites"]),
            json!({"CloudTrailWrites": {"aws:SourceArn": trail, "s3:x-amz-acl": "bucket-owner-full-control"}})),
        "config": bucket("aws:kms", json!(["OnlyByTls", "NobodyDeletes", "ConfigChecks", "ConfigWrites"]),
            json!({"ConfigWrites": {"aws:SourceOrgID": "ORGANIZATION", "s3:x-amz-acl": "bucket-owner-full-control"}})),
        "access": bucket("AES256", json!(["OnlyByTls", "NobodyDeletes", "S3Writes"]),
            json!({"S3Writes": {"aws:SourceAccount": "log-archive"}})),
        "key": {"rotates": true, "statements": ["Administration", "ReadingThroughS3", "CloudTrailEncrypts",
            "CloudTrailUsesTheBucketKey", "ConfigEncrypts"]},
    })
}

fn trail() -> Value {
    json!({"name": "organization-trail", "bucket": "zone-trail-log-archive-eu-west-1", "encrypted": true,
        "everywhere": [true, true, true], "validated": true, "logs": true})
}

fn network(region: &str) -> Value {
    json!({
        "cidr": "10.20.0.0/16",
        "subnets": [format!("{region}a 10.20.0.0/20"), format!("{region}b 10.20.16.0/20")],
        "gateways": [],
        "https_from": "10.20.0.0/16",
        "endpoints": [format!("com.amazonaws.{region}.s3")],
        "flow_logs": ["ALL"],
    })
}

/// A CI system signs in to the management account alone.
fn plan_role(account: &str) -> Value {
    let management = json!({"AWS": "arn:aws:iam::management:root"});
    let policies = ["ReadStacks", "ReadAccountSettings", "ReadWhatIsThere"];
    if account != "management" {
        return json!({"trusts": [management], "policies": policies});
    }
    let provider = "arn:aws:iam::management:oidc-provider/token.actions.githubusercontent.com";
    let policies = [&policies[..], &["ReadOrganization", "ReadMembers"]].concat();
    json!({"trusts": [management, {"Federated": provider}], "policies": policies})
}

fn apply_role() -> Value {
    json!({"trusts": [{"AWS": "arn:aws:iam::management:root"}], "policies": []})
}

#[test]
fn changed_parameters_and_dropped_stacks_reach_their_accounts_in_moto() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::with_stacks(environment);
    let landing = Landing { url: &moto.url };
    let blueprint = Copied::new();
    landing.applied(&blueprint.path());
    blueprint.replace("Team: platform", "Team: network");
    let plan = landing.plan(&blueprint.path());
    let changed: Vec<&str> = plan.changes.iter().map(|change| change.address.as_str()).collect();
    assert_eq!(changed, ["stack/log-archive/note/eu-west-1", "stack/work/note/eu-west-1"]);
    for change in &plan.changes {
        let fields: Vec<&str> = change.fields.iter().map(|field| field.path.as_str()).collect();
        assert_eq!((change.action, &fields[..]), (Action::Update, &["parameters.Team", "resources.Owner"][..]));
    }
    landing.applied(&blueprint.path());
    let mut boto = Boto::connect(environment, &moto.url);
    assert_eq!(Read::of(&mut boto).parameter("/zone/owner"), "network");

    blueprint.replace("in: [work, log-archive]", "in: [work]");
    let plan = landing.plan(&blueprint.path());
    let dropped: Vec<_> = plan.changes.iter().map(|it| (it.address.as_str(), it.action)).collect();
    assert_eq!(dropped, [("stack/log-archive/note/eu-west-1", Action::Delete)]);
    landing.applied_with(&blueprint.path(), &["--allow-destroy"]);
    let mut read = Read::of(&mut boto);
    assert_eq!(read.stacks()["log-archive/eu-west-1"], json!(["landing-roles", "log-archive"]));
    let left = read.ask("log-archive", HOME, ("ssm", "DescribeParameters"), json!({}))["Parameters"].clone();
    assert_eq!(left, json!([]), "what the stack made goes with it");
    assert_eq!(read.parameter("/zone/owner"), "network", "the other account keeps its own");
}

/// The blueprint in a folder of its own, to be changed.
struct Copied(PathBuf);

impl Copied {
    fn new() -> Copied {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("wire-landing-zone");
        fs::create_dir_all(&folder).expect("the target folder can be written");
        for name in ["landing.yaml", "note.yaml", "many.yaml.hbs"] {
            let path = file("tests/wire/landing-zone").join(name);
            fs::copy(path, folder.join(name)).expect("the file can be copied");
        }
        Copied(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.join("landing.yaml")
    }

    fn replace(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path()).expect("it is there");
        assert!(text.contains(from), "{from} is not in {text}");
        fs::write(self.path(), text.replace(from, to)).expect("it can be written");
    }
}
