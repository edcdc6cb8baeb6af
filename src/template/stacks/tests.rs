use std::collections::BTreeMap;

use landing_cloudformation::{
    Replaces, Version, capabilities, create_only, declared_parameters, misplaced_variables, parse, template_diff,
};
use landing_policy::{Code, OrganizationContext, PolicyType, lint};
use serde_json::{Value, json};

use super::*;
use crate::template::{Parameter, Preset};

mod existing;
mod security;
mod uploads;

fn rendered(name: &str, given: Value) -> Value {
    let template = stack(name).unwrap_or_else(|| panic!("there is no template {name}"));
    let Value::Object(given) = given else { panic!("{given} is no object") };
    let text = template.render(&given).unwrap_or_else(|error| panic!("{name}: {error:?}"));
    parse(&text).unwrap_or_else(|error| panic!("{name}: {error:?}\n{text}"))
}

/// Every template with what it must be given, and with all that adds resources.
fn examples() -> Vec<(&'static str, Value)> {
    let budget = json!({"limit_usd": 500, "emails": ["a@example.com"]});
    let roles = json!({
        "oidc_provider": "gitlab.com", "oidc_audience": "https://gitlab.com", "plan_actions": ["iam:GetRole"],
        "plan_subjects": ["project_path:a/b:*"], "apply_subjects": ["project_path:a/b:ref:main"],
        "plan_managed_policies": ["SecurityAudit"], "apply_managed_policies": [],
    });
    let keys = json!({
        "classes": ["public", "very-secret"], "alias_prefix": "acme", "administrators": ["landing-apply", "admin/Keys"],
        "users": ["*SageMaker*"], "services": ["s3"], "rotation_days": 90,
    });
    vec![
        ("log-archive", json!({})),
        ("log-archive", json!({"object_lock": "off"})),
        ("log-archive", json!({"object_lock": "compliance", "lock_days": 7, "retain_days": 30})),
        ("organization-trail", json!({})),
        ("organization-trail", json!({"cloudwatch_logs": true})),
        ("network", json!({"cidr": "10.20.0.0/16"})),
        ("network", json!({"cidr": "10.20.0.0/24", "zones": 6, "internet": "public", "flow_logs": false})),
        (
            "network",
            json!({"cidr": "10.20.0.0/24", "zones": 2, "internet": "public", "zone_ids": ["usw1-az1", "usw1-az3"]}),
        ),
        ("network", json!({"pool": "10.16.0.0/12", "pool_index": 3, "endpoints": ["sagemaker"], "isolated": true})),
        ("data-keys", json!({"classes": ["confidential"]})),
        ("data-keys", keys),
        ("customer-data-bucket", json!({})),
        ("customer-data-bucket", json!({"bucket_prefix": "a", "encryption_header": true, "old_version_days": 1})),
        ("ml-boundary", json!({})),
        ("ml-boundary", json!({"name": "limit", "services": ["bedrock"]})),
        ("sagemaker-studio", json!({})),
        ("sagemaker-studio", json!({"users": ["ada@example.com", "bob"], "boundary": "", "idle_minutes": 60})),
        ("sagemaker-studio", json!({"users": ["ada@example.com"], "existing": "d-abcdefghijkl"})),
        ("control-tower-controls", json!({"controls": ["AWS-GR_ENCRYPTED_VOLUMES", "4b0nsxnd47747up54ytdqesxi"]})),
        ("budget", budget),
        ("landing-roles", json!({})),
        ("landing-roles", roles),
        ("landing-templates", json!({})),
    ]
    .into_iter()
    .chain(security::examples())
    .collect()
}

#[test]
fn every_template_is_rendered_with_what_it_needs() {
    for (name, given) in examples() {
        let template = rendered(name, given);
        assert_eq!(template["AWSTemplateFormatVersion"], "2010-09-09", "{name}");
        assert!(template["Outputs"].as_object().is_some_and(|outputs| !outputs.is_empty()), "{name}");
    }
    let tried: Vec<&str> = examples().into_iter().map(|(name, _)| name).collect();
    assert!(stacks().all(|template| tried.contains(&template.name)));
}

#[test]
fn the_catalogue_knows_the_parameters_that_templates_declare() {
    for (name, given) in examples() {
        let declared = declared_parameters(&rendered(name, given));
        let declared: Vec<&str> = declared.iter().map(|parameter| parameter.name.as_str()).collect();
        let is_known =
            |parameter: &&Parameter| parameter.preset != Preset::Declared || declared.contains(&parameter.name);
        let known = stack(name).unwrap().deployed.iter().filter(is_known);
        let mut known: Vec<&str> = known.map(|parameter| parameter.name).collect();
        known.sort_by_key(|name| declared.iter().position(|declared| declared == name));
        assert_eq!(declared, known, "{name}");
    }
}

#[test]
fn what_a_template_must_be_given_is_missed() {
    let nothing = serde_json::Map::new();
    let missed = |name: &str| {
        stack(name)
            .unwrap()
            .check(&nothing)
            .iter()
            .map(super::super::ParameterProblem::message)
            .collect::<Vec<_>>()
            .len()
    };
    assert_eq!((missed("budget"), missed("organization-trail")), (2, 2));
    assert_eq!((missed("log-archive"), missed("landing-roles")), (0, 0));
}

#[test]
fn it_is_known_of_every_resource_what_replaces_it() {
    for (name, given) in examples() {
        for (id, resource) in rendered(name, given)["Resources"].as_object().unwrap() {
            let resource_type = resource["Type"].as_str().unwrap_or_default();
            assert!(create_only(resource_type).is_some(), "{name}: {id} is a {resource_type}");
        }
    }
}

#[test]
fn nothing_is_bound_to_one_partition() {
    for (name, given) in examples() {
        let text = rendered(name, given).to_string();
        assert!(!text.contains("arn:aws"), "{name}");
    }
}

#[test]
fn buckets_keys_and_logs_outlive_their_stack() {
    for (name, given) in examples() {
        for (id, resource) in rendered(name, given)["Resources"].as_object().unwrap() {
            let kept = ["AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Logs::LogGroup"];
            if kept.iter().any(|kept| resource["Type"] == *kept) {
                assert_eq!(resource["DeletionPolicy"], "RetainExceptOnCreate", "{name}: {id}");
                assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}: {id}");
            }
        }
    }
}

#[test]
fn a_bucket_that_outlives_its_stack_keeps_its_policy() {
    let mut policies = 0;
    for (name, given) in examples() {
        for (id, resource) in rendered(name, given)["Resources"].as_object().unwrap() {
            if resource["Type"] == "AWS::S3::BucketPolicy" {
                policies += 1;
                assert_eq!(resource["DeletionPolicy"], "RetainExceptOnCreate", "{name}: {id}");
                assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{name}: {id}");
            }
        }
    }
    assert!(policies >= 7, "{policies}");
}

#[test]
fn every_bucket_of_the_account_may_write_its_access_log_to_the_archive() {
    let template = rendered("log-archive", json!({"bucket_prefix": "ours"}));
    let statements = &template["Resources"]["AccessLogBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"];
    let writes = statements.as_array().unwrap().iter().find(|it| it["Sid"] == "S3Writes").unwrap();
    assert_eq!(writes["Condition"], json!({"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}));
    assert_eq!(writes["Principal"], json!({"Service": "logging.s3.amazonaws.com"}));
}

#[test]
fn zones_are_those_that_are_named_and_as_many_as_are_needed() {
    let given = json!({"cidr": "10.20.0.0/16", "zones": 2, "zone_ids": ["usw1-az3", "usw1-az1"]});
    let template = rendered("network", given);
    let zone = |subnet: &str| template["Resources"][subnet]["Properties"]["AvailabilityZoneId"].clone();
    assert_eq!((zone("PrivateSubnet1"), zone("PrivateSubnet2")), (json!("usw1-az3"), json!("usw1-az1")));
    assert!(!template.to_string().contains("GetAZs"));
    let Value::Object(few) = json!({"cidr": "10.20.0.0/16", "zone_ids": ["usw1-az1"]}) else { panic!("an object") };
    let error = stack("network").unwrap().render(&few).unwrap_err();
    assert!(error.message.contains("`zone_ids` names 1 availability zones"), "{error:?}");
}

#[test]
fn only_cloudtrails_bucket_is_locked() {
    let locked = |given: Value| {
        let template = rendered("log-archive", given);
        let resources = template["Resources"].as_object().unwrap();
        let locked = resources.iter().filter(|(_, it)| it["Properties"]["ObjectLockEnabled"] == true);
        locked
            .map(|(id, it)| format!("{id} {}", it["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(locked(json!({})), [r#"TrailBucket {"Mode":"GOVERNANCE","Days":30}"#]);
    assert_eq!(
        locked(json!({"object_lock": "compliance", "lock_days": 9})),
        [r#"TrailBucket {"Mode":"COMPLIANCE","Days":9}"#]
    );
    assert!(locked(json!({"object_lock": "off"})).is_empty());
}

fn cidrs(template: &Value) -> BTreeMap<&str, &str> {
    let resources = template["Resources"].as_object().unwrap();
    let subnets = resources.iter().filter(|(_, resource)| resource["Type"] == "AWS::EC2::Subnet");
    subnets.map(|(id, subnet)| (id.as_str(), subnet["Properties"]["CidrBlock"].as_str().unwrap())).collect()
}

#[test]
fn subnets_lie_apart_and_stay_where_they_are_when_others_come() {
    let small = rendered("network", json!({"cidr": "10.20.0.0/16", "zones": 2}));
    let large = rendered("network", json!({"cidr": "10.20.0.0/16", "zones": 6, "internet": "public"}));
    assert_eq!(
        cidrs(&small),
        BTreeMap::from([("PrivateSubnet1", "10.20.0.0/20"), ("PrivateSubnet2", "10.20.16.0/20")])
    );
    assert_eq!(cidrs(&large)["PublicSubnet1"], "10.20.128.0/20");
    let nothing = BTreeMap::new();
    let diffs = template_diff(&Version::new(&small, &nothing), &Version::new(&large, &nothing));
    assert!(diffs.iter().all(|diff| diff.replaces == Replaces::No), "{diffs:?}");
    let networks: Vec<ipnet::Ipv4Net> = cidrs(&large).values().map(|cidr| cidr.parse().unwrap()).collect();
    assert_eq!(networks.len(), 12);
    for (at, network) in networks.iter().enumerate() {
        assert!(networks[at + 1..].iter().all(|other| !network.contains(other) && !other.contains(network)));
    }
}

#[test]
fn a_network_that_is_too_small_for_its_subnets_is_refused() {
    let Value::Object(given) = json!({"cidr": "10.20.0.0/27"}) else { panic!("an object") };
    let error = stack("network").unwrap().render(&given).unwrap_err();
    assert!(error.message.contains("10.20.0.0/28 cannot be cut into 2^3"), "{error:?}");
}

#[test]
fn studio_is_within_the_network_for_people_who_sign_in() {
    let template = rendered("sagemaker-studio", json!({"users": ["ada@example.com"]}));
    let domain = &template["Resources"]["Domain"]["Properties"];
    assert_eq!((&domain["AuthMode"], &domain["AppNetworkAccessType"]), (&json!("SSO"), &json!("VpcOnly")));
    assert_eq!(domain["KmsKeyId"], json!({"Ref": "KeyArn"}));
    let boundary = &template["Resources"]["ExecutionRole"]["Properties"]["PermissionsBoundary"];
    assert_eq!(boundary["Fn::Sub"], "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/ml-boundary");
    let profile = &template["Resources"]["AdaExampleComProfile"]["Properties"];
    assert_eq!(profile["UserProfileName"], "ada-example-com");
    assert_eq!(profile["SingleSignOnUserValue"], "ada@example.com");
    let template = rendered("sagemaker-studio", json!({"users": ["ada"], "existing": "d-abcdefghijkl"}));
    let made: Vec<&String> = template["Resources"].as_object().unwrap().keys().collect();
    assert_eq!(made, ["AdaProfile"]);
    assert_eq!(template["Resources"]["AdaProfile"]["Properties"]["DomainId"], "d-abcdefghijkl");
}

#[test]
fn controls_are_named_by_arn_or_id() {
    let arn = "arn:aws:controlcatalog:::control/4b0nsxnd47747up54ytdqesxi";
    let template = rendered("control-tower-controls", json!({"controls": ["AWS-GR_ENCRYPTED_VOLUMES", arn]}));
    let control = |id: &str| template["Resources"][id]["Properties"]["ControlIdentifier"]["Fn::Sub"].clone();
    let own = "arn:${AWS::Partition}:controltower:${AWS::Region}::control/AWS-GR_ENCRYPTED_VOLUMES";
    assert_eq!(control("ControlAWSGRENCRYPTEDVOLUMES"), own);
    assert_eq!(control("Control4b0nsxnd47747up54ytdqesxi"), arn);
}

#[test]
fn who_administers_a_key_cannot_use_it() {
    let given = json!({"classes": ["very-secret"], "administrators": ["Keys"], "users": ["Data*"]});
    let template = rendered("data-keys", given);
    let key = &template["Resources"]["VerySecretKey"]["Properties"];
    assert_eq!((&key["EnableKeyRotation"], &key["RotationPeriodInDays"]), (&json!(true), &json!(365)));
    assert_eq!(template["Resources"]["VerySecretKeyAlias"]["Properties"]["AliasName"], "alias/data-very-secret");
    let statements = key["KeyPolicy"]["Statement"].as_array().unwrap();
    let role = |name: &str| json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{name}")});
    let used = |statement: &&Value| {
        let actions = statement["Action"].to_string();
        ["Decrypt", "Encrypt", "GenerateDataKey", "CreateGrant"].iter().any(|action| actions.contains(action))
    };
    let uses: Vec<&Value> = statements.iter().filter(|it| it.get("Fn::If").is_none()).filter(used).collect();
    assert_eq!(uses.len(), 2);
    for statement in uses {
        assert_eq!(statement["Condition"]["ArnNotLike"]["aws:PrincipalArn"], json!([role("Keys")]));
        assert_eq!(statement["Condition"]["ArnLike"]["aws:PrincipalArn"], json!([role("Data*")]));
        assert!(statement["Condition"]["StringEquals"].get("kms:ViaService").is_some());
    }
}

#[test]
fn a_bucket_for_customers_data_is_private_encrypted_and_watched() {
    let template = rendered("customer-data-bucket", json!({"encryption_header": true}));
    let bucket = &template["Resources"]["DataBucket"]["Properties"];
    assert!(bucket["PublicAccessBlockConfiguration"].as_object().unwrap().values().all(|on| on == true));
    assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled");
    assert!(bucket["LoggingConfiguration"]["DestinationBucketName"].is_object());
    let policy = template["Resources"]["DataBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"].to_string();
    for key in ["aws:SecureTransport", "s3:x-amz-server-side-encryption\"", "aws:SourceVpce", "aws:PrincipalOrgID"] {
        assert!(policy.contains(key), "{key} in {policy}");
    }
}

#[test]
fn a_network_is_cut_from_its_pool() {
    let vpc = |given: Value| rendered("network", given)["Resources"]["Vpc"]["Properties"]["CidrBlock"].clone();
    assert_eq!(vpc(json!({"pool": "10.16.0.0/12", "pool_index": 3})), "10.19.0.0/16");
    assert_eq!(vpc(json!({"pool": "10.16.0.0/20", "pool_prefix": 22, "pool_index": 3})), "10.16.12.0/22");
}

#[test]
fn every_endpoint_lets_only_the_organization_through_to_its_own() {
    let template = rendered("network", json!({"cidr": "10.20.0.0/16", "endpoints": ["sagemaker", "athena"]}));
    let resources = template["Resources"].as_object().unwrap();
    let endpoints: Vec<&Value> = resources.values().filter(|it| it["Type"] == "AWS::EC2::VPCEndpoint").collect();
    assert_eq!(endpoints.len(), 17);
    for endpoint in endpoints {
        let statements = endpoint["Properties"]["PolicyDocument"]["Statement"].as_array().unwrap();
        let ours =
            json!({"aws:PrincipalOrgID": {"Ref": "OrganizationId"}, "aws:ResourceOrgID": {"Ref": "OrganizationId"}});
        assert_eq!(statements[0]["Condition"]["StringEquals"], ours, "{endpoint}");
        assert_eq!(statements[1]["Condition"], json!({"Bool": {"aws:PrincipalIsAWSService": "true"}}));
        for exempt in &statements[2..] {
            assert_ne!(exempt["Action"], "*");
            assert!(
                exempt["Resource"] != "*" || exempt["Condition"]["StringEquals"].get("aws:ResourceAccount").is_some()
            );
        }
    }
}

#[test]
fn nothing_leads_from_a_private_network_to_the_internet() {
    let template = rendered("network", json!({"cidr": "10.20.0.0/16", "endpoints": ["sagemaker"]}));
    let text = template.to_string();
    assert!(!text.contains("InternetGateway") && !text.contains("0.0.0.0/0") && !text.contains("NatGateway"), "{text}");
    assert_eq!(template["Resources"]["SubnetShare"]["Properties"]["AllowExternalPrincipals"], false);
    assert_eq!(
        template["Resources"]["FlowLogGroup"]["Properties"]["KmsKeyId"],
        json!({"Fn::GetAtt": ["FlowLogKey", "Arn"]})
    );
    for rule in ["SecurityGroupIngress", "SecurityGroupEgress"] {
        let rule = &template["Resources"]["HttpsWithin"]["Properties"][rule][0];
        assert_eq!(
            (&rule["FromPort"], &rule["ToPort"], &rule["CidrIp"]),
            (&json!(443), &json!(443), &json!("10.20.0.0/16"))
        );
    }
}

#[test]
fn roles_with_names_need_the_capability_for_them() {
    let needed = |name: &str, given: Value| capabilities(&rendered(name, given));
    assert_eq!(needed("landing-roles", json!({})), ["CAPABILITY_NAMED_IAM"]);
    assert_eq!(needed("organization-trail", json!({"cloudwatch_logs": true})), ["CAPABILITY_IAM"]);
    assert!(needed("log-archive", json!({})).is_empty());
}

#[test]
fn references_to_the_organization_are_presets_of_what_is_deployed() {
    let Value::Object(given) = json!({"retain_days": 30, "TrailName": "other"}) else { panic!("an object") };
    let values = Value::Object(stack("log-archive").unwrap().deployed_values(&given));
    let wanted =
        json!({"OrganizationId": "${organization}", "ManagementAccountId": "${management}", "TrailName": "other"});
    assert_eq!(values, wanted);
}

#[test]
fn strange_values_stay_values() {
    let strange = "a\"}], !Sub ${X} {{y}}\n- # ";
    let template = rendered("budget", json!({"limit_usd": 0.5, "emails": [strange]}));
    let notifications = template["Resources"]["Budget"]["Properties"]["NotificationsWithSubscribers"].clone();
    assert_eq!(notifications.as_array().map(Vec::len), Some(3));
    assert_eq!(notifications[2]["Subscribers"][0]["Address"], strange);
    let template = rendered(
        "landing-roles",
        json!({"plan_actions": [strange], "oidc_provider": strange, "plan_subjects": [strange]}),
    );
    assert_eq!(template["Resources"]["IdentityProvider"]["Properties"]["Url"], format!("https://{strange}"));
}

/// Every policy document in a template.
fn documents(value: &Value) -> Vec<&Value> {
    match value {
        Value::Object(map) if map.contains_key("Statement") && map.contains_key("Version") => vec![value],
        Value::Object(map) => map.values().flat_map(documents).collect(),
        Value::Array(items) => items.iter().flat_map(documents).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_action_and_condition_key_in_a_templates_policies_exists() {
    let mut read = 0;
    for (name, given) in examples() {
        let template = rendered(name, given);
        for document in documents(&template) {
            read += 1;
            let mut unknown = lint(document, PolicyType::ServiceControl, &OrganizationContext::default());
            unknown.retain(|finding| matches!(finding.code, Code::UnknownAction | Code::UnknownKey));
            assert!(unknown.is_empty(), "{name}: {unknown:?}\n{document}");
        }
    }
    assert!(read > 30, "only {read} were read");
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-resourceelement>
#[test]
fn no_template_has_a_policy_variable_before_the_resource_of_an_arn() {
    for (name, given) in examples() {
        assert_eq!(misplaced_variables(&rendered(name, given)), [], "{name}");
    }
}
