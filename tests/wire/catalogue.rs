//! The catalogue's stacks in moto, as the blueprint for machine learning wants them, and as boto3 reads what they made.

use std::fs;
use std::path::{Path, PathBuf};

use landing::sections::builtin;
use serde_json::{Value, json};

use super::boto::{Boto, text};
use super::landing::Landing;
use super::{moto, organization, python};

const HOME: &str = "eu-west-1";
const REGIONS: [&str; 2] = [HOME, "us-east-1"];

/// What moto answers CREATE_COMPLETE for without making it, since it has nothing of the kind: it knows neither Access
/// Analyzer nor a saved query of CloudWatch Logs, and of Security Hub no aggregator and no policies.
const NOT_MADE: [&str; 5] = [
    "AWS::AccessAnalyzer::Analyzer",
    "AWS::Logs::QueryDefinition",
    "AWS::SecurityHub::ConfigurationPolicy",
    "AWS::SecurityHub::FindingAggregator",
    "AWS::SecurityHub::PolicyAssociation",
];

/// `ml-landing-zone` without what moto cannot: it has no service-managed stack sets, so that accounts stand in the place of
/// whole units; it gives a name to one policy whatever its type, and does not know all types; it has no central access for
/// root users and no settings of GuardDuty for organizations. Identity Center is looked at elsewhere. The rules of AWS
/// Config, which guardrails bring, are a stack here.
fn blueprint() -> PathBuf {
    let text = builtin::files("ml-landing-zone").expect("it is built in")[0].1;
    let mut blueprint: Value = serde_yaml::from_str(text).expect("it is YAML");
    let sections = blueprint.as_object_mut().expect("a map");
    for section in ["identity", "guardrails", "expect"] {
        sections.remove(section);
    }
    without_guardrails(&mut blueprint["organizational_units"]);
    let organization = blueprint["organization"].as_object_mut().expect("a map");
    for key in ["central_root_access", "delegated_administrators"] {
        organization.remove(key);
    }
    blueprint["organization"]["trusted_access"] = json!(["account.amazonaws.com", "ram.amazonaws.com"]);
    for stack in blueprint["stacks"].as_object_mut().expect("a map").values_mut() {
        if stack["in"] == json!(["management", "root"]) {
            stack["in"] = json!(["management", "audit", "ml-dev"]);
        } else if [json!(["Workloads", "Sandbox"]), json!(["root"])].contains(&stack["in"]) {
            stack["in"] = json!(["ml-dev"]);
        }
        stack.as_object_mut().expect("a map").remove("auto_deployment");
    }
    blueprint["stacks"]["rules"] = json!({"template": "config-rules", "in": ["audit"], "parameters": {"rules": [
        {"name": "root-mfa", "identifier": "ROOT_ACCOUNT_MFA_ENABLED", "frequency": "TwentyFour_Hours"},
        {"name": "unused", "identifier": "IAM_USER_UNUSED_CREDENTIALS_CHECK",
            "input_parameters": {"maxCredentialUsageAge": 90}},
    ]}});
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wire-catalogue.yaml");
    fs::write(&path, blueprint.to_string()).expect("the target folder can be written");
    path
}

fn without_guardrails(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("guardrails");
            map.values_mut().for_each(without_guardrails);
        }
        Value::Array(items) => items.iter_mut().for_each(without_guardrails),
        _ => {}
    }
}

/// What boto3 reads, in accounts by their names.
struct Read<'a> {
    boto: &'a mut Boto,
}

impl Read<'_> {
    fn ask(&mut self, account: &str, region: &str, call: (&str, &str), parameters: Value) -> Value {
        let id = (account != "management").then(|| self.boto.account(account));
        self.boto.call_in((id.as_deref(), region), call.0, call.1, parameters)
    }

    fn at_home(&mut self, account: &str, call: (&str, &str), parameters: Value) -> Value {
        self.ask(account, HOME, call, parameters)
    }

    /// One resource of a list, without what varies.
    fn named(&mut self, account: &str, call: (&str, &str), (list, key, name): (&str, &str, &str)) -> Value {
        let found = self.at_home(account, call, json!({}));
        let all = found[list].as_array().expect("a list");
        all.iter().find(|it| text(&it[key]).contains(name)).unwrap_or_else(|| panic!("no {name} in {found}")).clone()
    }
}

/// The values at these places.
fn parts(value: &Value, places: &[&str]) -> Value {
    places.iter().map(|place| value.pointer(place).cloned().unwrap_or_default()).collect()
}

fn recorders(read: &mut Read) {
    let bucket = format!("ml-logs-config-{}-{HOME}", read.boto.account("log-archive"));
    for account in ["management", "audit", "ml-dev"] {
        for region in REGIONS {
            let mut ask = |operation: &str| read.ask(account, region, ("config", operation), json!({}));
            let recorder = ask("DescribeConfigurationRecorders")["ConfigurationRecorders"][0].clone();
            let group =
                parts(&recorder, &["/recordingGroup/allSupported", "/recordingGroup/includeGlobalResourceTypes"]);
            assert_eq!(group, json!([true, region == HOME]), "{account} {region}");
            let channel = ask("DescribeDeliveryChannels")["DeliveryChannels"][0].clone();
            assert_eq!(channel["s3BucketName"], bucket.as_str());
            let status = ask("DescribeConfigurationRecorderStatus")["ConfigurationRecordersStatus"][0].clone();
            assert_eq!(status["recording"], true, "{account} {region}");
        }
    }
}

/// The other accounts get theirs from the administrator, which moto does not have.
fn detectors(read: &mut Read) {
    for account in ["management", "audit"] {
        for region in REGIONS {
            let detectors = read.ask(account, region, ("guardduty", "ListDetectors"), json!({}))["DetectorIds"].clone();
            let detector = json!({"DetectorId": detectors[0]});
            let detector = read.ask(account, region, ("guardduty", "GetDetector"), detector);
            assert_eq!(
                parts(&detector, &["/Status", "/FindingPublishingFrequency"]),
                json!(["ENABLED", "FIFTEEN_MINUTES"])
            );
        }
    }
}

fn rules_and_aggregator(read: &mut Read) {
    let rules = read.at_home("audit", ("config", "DescribeConfigRules"), json!({}))["ConfigRules"].clone();
    let reported = |rule: &Value| parts(rule, &["/ConfigRuleName", "/Source/SourceIdentifier", "/InputParameters"]);
    let mut reported: Vec<Value> = rules.as_array().expect("a list").iter().map(reported).collect();
    reported.sort_by_key(ToString::to_string);
    let wanted = json!([
        ["root-mfa", "ROOT_ACCOUNT_MFA_ENABLED", null],
        ["unused", "IAM_USER_UNUSED_CREDENTIALS_CHECK", "{\"maxCredentialUsageAge\": \"90\"}"],
    ]);
    organization::assert_same(&wanted, &json!(reported));
    let found = read.at_home("audit", ("config", "DescribeConfigurationAggregators"), json!({}));
    let source = &found["ConfigurationAggregators"][0]["OrganizationAggregationSource"];
    assert_eq!(source["AllAwsRegions"], true);
    assert!(text(&source["RoleArn"]).contains(":role/"), "{source}");
    let administrator = read.at_home("ml-dev", ("securityhub", "GetAdministratorAccount"), json!({}));
    assert_eq!(administrator["Administrator"]["AccountId"], read.boto.account("audit").as_str());
    let hub = read.at_home("audit", ("securityhub", "DescribeOrganizationConfiguration"), json!({}));
    assert_eq!(hub["OrganizationConfiguration"]["ConfigurationType"], "CENTRAL", "{hub}");
}

/// An event of any account and region ends up as an email.
fn alerts(read: &mut Read) {
    let bus = read.named("audit", ("events", "ListEventBuses"), ("EventBuses", "Name", "alert"));
    let policy: Value = serde_json::from_str(&text(&bus["Policy"])).expect("a policy is JSON");
    let organization = read.boto.organizations("DescribeOrganization", json!({}))["Organization"]["Id"].clone();
    let statement = parts(&policy["Statement"][0], &["/Action", "/Condition/StringEquals/aws:PrincipalOrgID"]);
    assert_eq!(statement, json!(["events:PutEvents", organization]));
    let of_bus = json!({"EventBusName": bus["Name"]});
    let topic = read.named("audit", ("sns", "ListTopics"), ("Topics", "TopicArn", "Alert"))["TopicArn"].clone();
    let rules = read.at_home("audit", ("events", "ListRules"), of_bus.clone())["Rules"].clone();
    let of_rule = json!({"EventBusName": bus["Name"], "Rule": rules[0]["Name"]});
    let targets = read.at_home("audit", ("events", "ListTargetsByRule"), of_rule)["Targets"].clone();
    assert_eq!(targets[0]["Arn"], topic);
    let subscription = read.at_home("audit", ("sns", "ListSubscriptionsByTopic"), json!({"TopicArn": topic}));
    let reported = parts(&subscription["Subscriptions"][0], &["/Protocol", "/Endpoint"]);
    assert_eq!(reported, json!(["email", "security@example.com"]));
    let attributes =
        read.at_home("audit", ("sns", "GetTopicAttributes"), json!({"TopicArn": topic}))["Attributes"].clone();
    assert!(text(&attributes["Policy"]).contains("aws:SecureTransport") && attributes["KmsMasterKeyId"].is_string());
    for account in ["management", "audit", "ml-dev"] {
        for region in REGIONS {
            let rules = read.ask(account, region, ("events", "ListRules"), json!({}))["Rules"].clone();
            let rules: Vec<&Value> = rules.as_array().expect("a list").iter().collect();
            assert!(!rules.is_empty(), "{account} {region}");
            for rule in rules {
                let of_rule = json!({"Rule": rule["Name"]});
                let targets = read.ask(account, region, ("events", "ListTargetsByRule"), of_rule)["Targets"].clone();
                assert_eq!(targets[0]["Arn"], bus["Arn"], "{account} {region} {rule}");
            }
        }
    }
}

fn trail_search(read: &mut Read) {
    let databases = read.at_home("log-archive", ("glue", "GetDatabases"), json!({}))["DatabaseList"].clone();
    let table = json!({"DatabaseName": databases[0]["Name"], "Name": "events"});
    let table = read.at_home("log-archive", ("glue", "GetTable"), table)["Table"].clone();
    let parameters = &table["Parameters"];
    assert_eq!(parts(parameters, &["/projection.enabled", "/projection.day.type"]), json!(["true", "date"]));
    let bucket = format!("s3://ml-logs-trail-{}-{HOME}/AWSLogs/", read.boto.account("log-archive"));
    let template = text(&parameters["storage.location.template"]);
    assert!(template.starts_with(&bucket) && template.contains("/${account}/CloudTrail/${region}/"), "{template}");
    let groups = read.at_home("log-archive", ("athena", "ListWorkGroups"), json!({}))["WorkGroups"].clone();
    let group =
        groups.as_array().expect("a list").iter().find(|it| it["Name"] != "primary").expect("one is ours").clone();
    let asked = json!({"WorkGroup": group["Name"]});
    let group = read.at_home("log-archive", ("athena", "GetWorkGroup"), asked.clone())["WorkGroup"].clone();
    let places = ["/EnforceWorkGroupConfiguration", "/ResultConfiguration/EncryptionConfiguration/EncryptionOption"];
    assert_eq!(parts(&group["Configuration"], &places), json!([true, "SSE_KMS"]), "{group}");
    let queries = read.at_home("log-archive", ("athena", "ListNamedQueries"), asked)["NamedQueryIds"].clone();
    assert!(queries.as_array().is_some_and(|queries| queries.len() > 3), "{queries}");
}

fn network(read: &mut Read) {
    let vpc = read.named("network", ("ec2", "DescribeVpcs"), ("Vpcs", "CidrBlock", "10.20."));
    let within = json!({"Filters": [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]});
    let mut ask = |operation: &str| read.at_home("network", ("ec2", operation), within.clone());
    let subnets = ask("DescribeSubnets")["Subnets"].clone();
    let mut cidrs: Vec<String> = subnets.as_array().expect("a list").iter().map(|it| text(&it["CidrBlock"])).collect();
    cidrs.sort();
    assert_eq!(cidrs, ["10.20.0.0/20", "10.20.16.0/20", "10.20.32.0/20"]);
    let endpoints = ask("DescribeVpcEndpoints")["VpcEndpoints"].clone();
    let endpoints = endpoints.as_array().expect("a list");
    let of_type = |sort: &str| endpoints.iter().filter(|it| it["VpcEndpointType"] == sort).count();
    assert_eq!((of_type("Gateway"), of_type("Interface")), (1, 15));
    let ways = json!({"Filters": [{"Name": "attachment.vpc-id", "Values": [vpc["VpcId"]]}]});
    let gateways = read.at_home("network", ("ec2", "DescribeInternetGateways"), ways)["InternetGateways"].clone();
    assert_eq!(gateways, json!([]));
    let logs = read.at_home("network", ("ec2", "DescribeFlowLogs"), json!({}))["FlowLogs"].clone();
    assert_eq!(parts(&logs[0], &["/TrafficType", "/ResourceId"]), json!(["ALL", vpc["VpcId"]]));
    shared(read, &subnets);
}

/// Two units see the three subnets.
fn shared(read: &mut Read, subnets: &Value) {
    let mut of_share = |sort: &str| {
        let asked = json!({"associationType": sort});
        let found = read.at_home("network", ("ram", "GetResourceShareAssociations"), asked);
        let found = found["resourceShareAssociations"].as_array().expect("a list").iter();
        let mut found: Vec<String> = found.map(|it| text(&it["associatedEntity"])).collect();
        found.sort();
        found
    };
    let (principals, resources) = (of_share("PRINCIPAL"), of_share("RESOURCE"));
    let mut units = ["Workloads", "Sandbox"].map(|unit| read.boto.unit(&[unit]));
    units.sort();
    assert!(principals.iter().zip(&units).all(|(principal, unit)| principal.ends_with(unit)), "{principals:?}");
    let mut arns: Vec<String> = subnets.as_array().expect("a list").iter().map(|it| text(&it["SubnetArn"])).collect();
    arns.sort();
    assert_eq!((principals.len(), resources), (2, arns));
}

fn data(read: &mut Read) {
    for (account, classes) in [("data-private", vec!["internal", "confidential"]), ("ml-dev", vec!["studio"])] {
        for class in classes {
            let alias = read.named(account, ("kms", "ListAliases"), ("Aliases", "AliasName", class));
            let key = json!({"KeyId": alias["TargetKeyId"]});
            assert_eq!(
                read.at_home(account, ("kms", "GetKeyRotationStatus"), key)["KeyRotationEnabled"],
                true,
                "{class}"
            );
        }
    }
    let owner = read.boto.account("data-private");
    let name = format!("customer-data-{owner}");
    let bucket = read.named("data-private", ("s3", "ListBuckets"), ("Buckets", "Name", &name));
    let bucket = json!({"Bucket": bucket["Name"]});
    let policy = text(&read.at_home("data-private", ("s3", "GetBucketPolicy"), bucket.clone())["Policy"]);
    let endpoint = read.named("network", ("ec2", "DescribeVpcEndpoints"), ("VpcEndpoints", "ServiceName", ".s3"));
    assert!(policy.contains(&text(&endpoint["VpcEndpointId"])) && policy.contains("aws:SourceVpce"), "{policy}");
    let blocked =
        read.at_home("data-private", ("s3", "GetPublicAccessBlock"), bucket)["PublicAccessBlockConfiguration"].clone();
    assert!(blocked.as_object().expect("a map").values().all(|blocked| blocked == true), "{blocked}");
}

fn machine_learning(read: &mut Read) {
    let policies = read.at_home("ml-dev", ("iam", "ListPolicies"), json!({"Scope": "Local"}))["Policies"].clone();
    assert!(policies.as_array().expect("a list").iter().any(|it| it["PolicyName"] == "ml-boundary"), "{policies}");
    let domain = read.at_home("ml-dev", ("sagemaker", "ListDomains"), json!({}))["Domains"][0]["DomainId"].clone();
    let domain = read.at_home("ml-dev", ("sagemaker", "DescribeDomain"), json!({"DomainId": domain}));
    let reported = parts(&domain, &["/AuthMode", "/AppNetworkAccessType"]);
    assert_eq!(reported, json!(["SSO", "VpcOnly"]), "{domain}");
    assert_eq!(domain["SubnetIds"].as_array().map(Vec::len), Some(3));
    let account = read.boto.account("ml-dev");
    let budgets =
        read.at_home("ml-dev", ("budgets", "DescribeBudgets"), json!({"AccountId": account}))["Budgets"].clone();
    assert_eq!(text(&budgets[0]["BudgetLimit"]["Amount"]), "500");
}

/// Every type that the stacks name is made, or known not to be.
fn all_are_made(read: &mut Read) {
    let mut missing: Vec<String> = Vec::new();
    for account in ["management", "log-archive", "audit", "network", "data-private", "ml-dev"] {
        let stacks = read.at_home(account, ("cloudformation", "DescribeStacks"), json!({}))["Stacks"].clone();
        for stack in stacks.as_array().expect("a list") {
            let name = json!({"StackName": stack["StackName"]});
            let template =
                read.at_home(account, ("cloudformation", "GetTemplate"), name.clone())["TemplateBody"].clone();
            let template =
                template.as_str().map_or_else(|| template.clone(), |it| serde_json::from_str(it).expect("JSON"));
            let made =
                read.at_home(account, ("cloudformation", "ListStackResources"), name)["StackResourceSummaries"].clone();
            let made: Vec<&Value> =
                made.as_array().expect("a list").iter().map(|it| &it["LogicalResourceId"]).collect();
            let wanted = template["Resources"].as_object().expect("a map").iter();
            let wanted = wanted.filter(|(_, it)| it.get("Condition").is_none());
            missing.extend(wanted.filter(|(name, _)| !made.contains(&&json!(name))).map(|(_, it)| text(&it["Type"])));
        }
    }
    missing.sort();
    missing.dedup();
    assert_eq!(missing, NOT_MADE);
}

#[test]
fn the_catalogue_s_stacks_are_made_in_moto_and_then_there_is_nothing_to_do() {
    let Some(environment) = python::environment() else { return };
    let moto = moto::with_stacks(environment);
    Landing { url: &moto.url }.applied(&blueprint());
    let mut boto = Boto::connect(environment, &moto.url);
    let mut read = Read { boto: &mut boto };
    all_are_made(&mut read);
    recorders(&mut read);
    detectors(&mut read);
    rules_and_aggregator(&mut read);
    alerts(&mut read);
    trail_search(&mut read);
    network(&mut read);
    data(&mut read);
    machine_learning(&mut read);
}
