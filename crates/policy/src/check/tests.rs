use serde_json::{Value, json};

use super::*;
use crate::Limits;

fn problems(document: &Value, policy_type: PolicyType) -> Vec<Problem> {
    check(document, policy_type, &Quotas::default())
}

fn of(statement: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn scp(name: &str, value: Value) -> Value {
    let mut statement = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"});
    statement[name] = value;
    of(&statement)
}

fn rcp(name: &str, value: Value) -> Value {
    let mut statement = json!({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"});
    statement[name] = value;
    of(&statement)
}

fn without(name: &str, mut document: Value) -> Value {
    document["Statement"][0].as_object_mut().unwrap().remove(name);
    document
}

/// The one problem of the document: its code and place.
fn only(document: &Value, policy_type: PolicyType) -> (ProblemCode, String) {
    match &problems(document, policy_type)[..] {
        [one] => (one.code, one.path.clone()),
        other => panic!("one problem expected in {document}, not {other:#?}"),
    }
}

#[test]
fn good_policies_pass() {
    let full = json!({"Version": "2012-10-17", "Statement": {
        "Sid": "All", "Effect": "Allow", "NotAction": ["iam:*", "ec2:*Vp?*"], "NotResource": "arn:aws:s3:::a/*",
        "Condition": {"ForAnyValue:StringLikeIfExists": {"aws:PrincipalTag/a/b": ["x", true, 1]}, "Null": {"a:b": false}}
    }});
    assert_eq!(problems(&full, PolicyType::ServiceControl), []);
    assert_eq!(problems(&rcp("Sid", json!("One")), PolicyType::ResourceControl), []);
    for kind in PolicyType::ALL {
        if let Language::Management { root_key } = kind.language() {
            let none = json!({root_key.unwrap_or("any"): {"@@operators_allowed_for_child_policies": ["@@none"]}});
            assert_eq!(problems(&none, kind), []);
        }
    }
}

#[test]
fn each_problem_of_a_service_control_policy_is_found_at_its_place() {
    use ProblemCode as Code;
    for (document, code, path) in [
        (json!("text"), Code::WrongType, ""),
        (json!({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}), Code::MissingElement, ""),
        (json!({"Version": "2012-10-17"}), Code::MissingElement, ""),
        (json!({"Version": "2012-10-17", "Statement": []}), Code::InvalidValue, "/Statement"),
        (json!({"Version": "2012-10-17", "Statement": ["x"]}), Code::WrongType, "/Statement/0"),
        (scp("Sid", json!(1)), Code::WrongType, "/Statement/0/Sid"),
        (scp("Sid", json!("some-doc")), Code::InvalidValue, "/Statement/0/Sid"),
        (scp("Effect", json!("deny")), Code::InvalidValue, "/Statement/0/Effect"),
        (without("Effect", scp("Sid", json!("x"))), Code::MissingElement, "/Statement/0"),
        (without("Action", scp("Sid", json!("x"))), Code::MissingElement, "/Statement/0"),
        (without("Resource", scp("Sid", json!("x"))), Code::MissingElement, "/Statement/0"),
        (scp("NotAction", json!("s3:*")), Code::ConflictingElements, "/Statement/0/NotAction"),
        (scp("NotResource", json!("*")), Code::ConflictingElements, "/Statement/0/NotResource"),
        (scp("Action", json!([])), Code::InvalidValue, "/Statement/0/Action"),
        (scp("Action", json!(["s3:*", "GetObject"])), Code::InvalidValue, "/Statement/0/Action/1"),
        (scp("Action", json!("s3:Get Object")), Code::InvalidValue, "/Statement/0/Action"),
        (scp("Resource", json!([1])), Code::WrongType, "/Statement/0/Resource/0"),
        (scp("Resource", json!("bucket")), Code::InvalidValue, "/Statement/0/Resource"),
        (scp("Principal", json!("*")), Code::UnsupportedElement, "/Statement/0/Principal"),
        (scp("NotPrincipal", json!("*")), Code::UnsupportedElement, "/Statement/0/NotPrincipal"),
        (scp("Condition", json!([])), Code::WrongType, "/Statement/0/Condition"),
        (scp("Condition", json!({"Bool": "x"})), Code::WrongType, "/Statement/0/Condition/Bool"),
        (scp("Condition", json!({"Bool": {"key": "x"}})), Code::InvalidValue, "/Statement/0/Condition/Bool/key"),
        (scp("Condition", json!({"Bool": {"a:b": {}}})), Code::WrongType, "/Statement/0/Condition/Bool/a:b"),
        (scp("Condition", json!({"Null": {"a:b": "no"}})), Code::InvalidValue, "/Statement/0/Condition/Null/a:b"),
        (scp("Condition", json!({"NullIfExists": {}})), Code::UnknownOperator, "/Statement/0/Condition/NullIfExists"),
    ] {
        assert_eq!(only(&document, PolicyType::ServiceControl), (code, path.to_owned()), "{document}");
    }
}

#[test]
fn each_problem_of_a_resource_control_policy_is_found_at_its_place() {
    use ProblemCode as Code;
    for (document, code, path) in [
        (rcp("Effect", json!("Allow")), Code::InvalidValue, "/Statement/0/Effect"),
        (rcp("Sid", json!("two words")), Code::InvalidValue, "/Statement/0/Sid"),
        (without("Principal", rcp("Sid", json!("x"))), Code::MissingElement, "/Statement/0"),
        (rcp("Principal", json!({"AWS": "*"})), Code::InvalidValue, "/Statement/0/Principal"),
        (rcp("NotPrincipal", json!("*")), Code::UnsupportedElement, "/Statement/0/NotPrincipal"),
        (rcp("Action", json!("*")), Code::InvalidValue, "/Statement/0/Action"),
        (without("Action", rcp("NotAction", json!("s3:*"))), Code::UnsupportedElement, "/Statement/0/NotAction"),
    ] {
        assert_eq!(only(&document, PolicyType::ResourceControl), (code, path.to_owned()), "{document}");
    }
}

#[test]
fn a_variable_in_the_account_of_an_arn_is_refused_in_every_policy_of_statements() {
    let arn = "arn:*:sagemaker:*:${aws:PrincipalAccount}:app/*";
    for (element, place) in [("Resource", "/Statement/0/Resource/1"), ("NotResource", "/Statement/0/NotResource/1")] {
        let value = json!(["arn:aws:s3:::home/${aws:username}", arn]);
        let placed = |problems: Vec<Problem>| problems.into_iter().map(|it| (it.code, it.path)).collect::<Vec<_>>();
        let expected = [(ProblemCode::InvalidValue, place.to_owned())];
        let without_other = |document: Value| match element {
            "NotResource" => without("Resource", document),
            _ => document,
        };
        let document = without_other(scp(element, value.clone()));
        assert_eq!(placed(check_identity(&document)), expected);
        assert_eq!(placed(problems(&document, PolicyType::ServiceControl)), expected);
        let document = without_other(rcp(element, value));
        assert_eq!(placed(problems(&document, PolicyType::ResourceControl)), expected);
    }
}

#[test]
fn a_sid_has_letters_and_digits_alone_in_every_policy_of_statements() {
    let of_identity = |sid: &str| check_identity(&scp("Sid", json!(sid)));
    let of_scp = |sid: &str| problems(&scp("Sid", json!(sid)), PolicyType::ServiceControl);
    let of_rcp = |sid: &str| problems(&rcp("Sid", json!(sid)), PolicyType::ResourceControl);
    for sid in ["", "A", "DenyAll2"] {
        assert_eq!((of_identity(sid), of_scp(sid), of_rcp(sid)), (vec![], vec![], vec![]), "{sid}");
    }
    for (sid, help) in [
        ("some-policy_doc", "write `somePolicyDoc`"),
        ("Two words", "write `TwoWords`"),
        ("Größe", "write `GrE`"),
        ("a.b", "write `aB`"),
        ("--", "write letters and digits, or leave the Sid out"),
    ] {
        for found in [of_identity(sid), of_scp(sid), of_rcp(sid)] {
            assert_eq!(found.len(), 1, "{sid}");
            assert_eq!((found[0].code, found[0].path.as_str()), (ProblemCode::InvalidValue, "/Statement/0/Sid"));
            assert_eq!(found[0].help.as_deref(), Some(help), "{sid}");
        }
    }
}

#[test]
fn all_problems_are_found_at_once() {
    let document = json!({"Statement": [{"Effect": "deny", "Action": "x"}, {"Sid": "a"}, {"Sid": "a"}]});
    let found = problems(&document, PolicyType::ServiceControl);
    assert_eq!(found.len(), 1 + 3 + 3 + 3 + 1, "{found:#?}");
    assert_eq!(found.last().map(|problem| problem.code), Some(ProblemCode::DuplicateSid));
}

#[test]
fn misspelled_names_are_met_with_the_right_one() {
    for (document, kind, help) in [
        (
            json!({"Version": "2012-10-17", "Statements": [], "Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}}),
            PolicyType::ServiceControl,
            "`Statement`",
        ),
        (scp("Conditions", json!({})), PolicyType::ServiceControl, "`Condition`"),
        (scp("Effect", json!("deny")), PolicyType::ServiceControl, "`Deny`"),
        (scp("Condition", json!({"ForAnyValue:StringLikes": {}})), PolicyType::ServiceControl, "`StringLike`"),
        (json!({"tags": {}, "tag": {}}), PolicyType::Tag, "`tags`"),
        (json!({"plans": {"a": {"regions": {"@@asign": 1}}}}), PolicyType::Backup, "`@@assign`"),
        (json!({"plans": {"@@operators_allowed_for_child_policies": ["@@al"]}}), PolicyType::Backup, "`@@all`"),
    ] {
        let found = problems(&document, kind);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].help.as_deref(), Some(&*format!("did you mean {help}?")));
    }
}

#[test]
fn a_management_policy_needs_the_key_of_its_type() {
    let found = problems(&json!({"plans": {}}), PolicyType::Tag);
    assert_eq!(
        found.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        [ProblemCode::MissingElement, ProblemCode::UnknownElement]
    );
}

#[test]
fn the_size_counts_without_white_space_up_to_the_quota() {
    let document = scp("Condition", json!({"StringEquals": {"aws:userid": "É"}}));
    let exact = size(&document);
    let limits = |size| {
        Quotas::default().with(PolicyType::ServiceControl, Limits { size, per_target: 1, minimum_per_target: 1 })
    };
    assert_eq!(check(&document, PolicyType::ServiceControl, &limits(exact)), []);
    let found = check(&document, PolicyType::ServiceControl, &limits(exact - 1));
    assert_eq!(found[0].code, ProblemCode::TooLarge);
    assert!(found[0].message.contains("1 too many"), "{}", found[0].message);
}

/// Policies as AWS's pages on their syntax have them.
fn managed() -> Vec<(PolicyType, Value)> {
    let assign = |value: Value| json!({"@@assign": value});
    let lists = json!({"enable_in_regions": {"@@append": ["ALL_SUPPORTED"]}, "disable_in_regions": {"@@assign": []}});
    vec![
        (
            PolicyType::Tag,
            json!({"tags": {
                "@@operators_allowed_for_child_policies": ["@@none"],
                "CostCenter": {
                    "tag_key": {"@@assign": "CostCenter", "@@operators_allowed_for_child_policies": ["@@none"]},
                    "tag_value": {"@@assign": ["100", "200*"], "@@append": ["300"], "@@remove": ["400"]},
                    "enforced_for": assign(json!(["secretsmanager:*", "ec2:instance"])),
                    "report_required_tag_for": assign(json!(["ec2:ALL_SUPPORTED"])),
                },
            }}),
        ),
        (
            PolicyType::AiOptOut,
            json!({"services": {"default": {"opt_out_policy": assign(json!("optOut"))}, "lex": {"opt_out_policy": assign(json!("optIn"))}}}),
        ),
        (
            PolicyType::Backup,
            json!({"plans": {"Daily": {
                "regions": assign(json!(["eu-west-1"])),
                "rules": {"R": {
                    "schedule_expression": assign(json!("cron(0 5 ? * * *)")),
                    "target_backup_vault_name": assign(json!("Default")),
                    "lifecycle": {"delete_after_days": assign(json!("35"))},
                    "copy_actions": {"arn:aws:backup:eu-central-1:$account:backup-vault:dr": {
                        "target_backup_vault_arn": assign(json!("arn:aws:backup:eu-central-1:$account:backup-vault:dr"))}},
                    "recovery_point_tags": {"owner": {"tag_key": assign(json!("Owner")), "tag_value": assign(json!("Backup"))}},
                }},
                "selections": {"tags": {"S": {"iam_role_arn": assign(json!("arn:aws:iam::$account:role/Backup")),
                    "tag_key": assign(json!("backup")), "tag_value": assign(json!(["daily"]))}}},
                "advanced_backup_settings": {"ec2": {"windows_vss": assign(json!("enabled"))}},
                "backup_plan_tags": {"stage": {"tag_key": assign(json!("Stage")), "tag_value": assign(json!("Beta"))}},
            }}}),
        ),
        (
            PolicyType::Chatbot,
            json!({"chatbot": {
                "platforms": {
                    "slack": {"client": assign(json!("enabled")), "workspaces": assign(json!(["*"])),
                        "default": {"supported_channel_types": assign(json!(["private"]))},
                        "overrides": {"T1": {"supported_role_settings": assign(json!(["user_role"]))}}},
                    "microsoft_teams": {"client": assign(json!("enabled")), "tenants": {"one": assign(json!(["*"]))},
                        "overrides": {"one": {"team": {"supported_role_settings": assign(json!(["user_role"]))}}}},
                    "chime": {"client": assign(json!("disabled"))},
                },
                "default": {"client": assign(json!("disabled"))},
            }}),
        ),
        (
            PolicyType::DeclarativeEc2,
            json!({"ec2_attributes": {
                "exception_message": assign(json!("Ask the platform team")),
                "vpc_block_public_access": {"internet_gateway_block": {"mode": assign(json!("block_ingress")), "exclusions_allowed": assign(json!("enabled"))}},
                "serial_console_access": {"status": assign(json!("disabled"))},
                "image_block_public_access": {"state": assign(json!("block_new_sharing"))},
                "snapshot_block_public_access": {"state": assign(json!("block_all_sharing"))},
                "instance_metadata_defaults": {"http_tokens": assign(json!("required")), "http_put_response_hop_limit": assign(json!("2"))},
                "allowed_images_settings": {"state": assign(json!("enabled")), "image_criteria": {"criteria_1": {"allowed_image_providers": {"@@append": ["amazon"]}}}},
            }}),
        ),
        (PolicyType::SecurityHub, json!({"securityhub": lists})),
        (PolicyType::S3, json!({"s3_attributes": {"public_access_block_configuration": assign(json!("all"))}})),
        (
            PolicyType::Bedrock,
            json!({"bedrock": {"guardrail_inference": {"us-east-1": {"config_1": {"identifier": assign(json!("arn:1")), "input_tags": assign(json!("honor"))}}}}}),
        ),
        (PolicyType::Inspector, json!({"inspector": {"enablement": {"ec2_scanning": lists}}})),
        (PolicyType::GuardDuty, json!({"guardduty": {"enablement": {"detectors": lists}}})),
    ]
}

#[test]
fn management_policies_of_aws_pages_pass() {
    for (kind, document) in managed() {
        assert_eq!(problems(&document, kind), [], "{kind}");
    }
}

/// The document with something else at a place.
fn at(mut document: Value, path: &str, value: Value) -> Value {
    let (parent, name) = path.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[name] = value;
    document
}

#[test]
fn what_a_management_policy_does_not_have_is_found_at_its_place() {
    use ProblemCode as Code;
    let good: Vec<(PolicyType, Value)> = managed();
    let of = |kind: PolicyType| good.iter().find(|(own, _)| *own == kind).unwrap().1.clone();
    let assigned = json!({"@@assign": "x"});
    for (kind, path, value, code, place) in [
        (
            PolicyType::Tag,
            "/tags/CostCenter/enforced",
            assigned.clone(),
            Code::UnknownElement,
            "/tags/CostCenter/enforced",
        ),
        (
            PolicyType::Tag,
            "/tags/CostCenter/tag_value2",
            json!(["x"]),
            Code::UnknownElement,
            "/tags/CostCenter/tag_value2",
        ),
        (PolicyType::Tag, "/tags/CostCenter/tag_key", json!("CostCenter"), Code::WrongType, "/tags/CostCenter/tag_key"),
        (PolicyType::Tag, "/tags/CostCenter/tag_value", json!(["100"]), Code::WrongType, "/tags/CostCenter/tag_value"),
        (PolicyType::Tag, "/tags/Owner", json!("Owner"), Code::WrongType, "/tags/Owner"),
        (PolicyType::Tag, "/tags", json!([]), Code::WrongType, "/tags"),
        (
            PolicyType::Tag,
            "/tags/CostCenter/tag_key/@@assign",
            json!(["A"]),
            Code::WrongType,
            "/tags/CostCenter/tag_key/@@assign",
        ),
        (
            PolicyType::Tag,
            "/tags/CostCenter/tag_value/assign",
            json!(["A"]),
            Code::UnknownElement,
            "/tags/CostCenter/tag_value/assign",
        ),
        (
            PolicyType::Tag,
            "/tags/CostCenter/tag_value/@@assign",
            json!({"a": 1}),
            Code::WrongType,
            "/tags/CostCenter/tag_value/@@assign",
        ),
        (
            PolicyType::AiOptOut,
            "/services/lex/opt_out_policy/@@assign",
            json!("optout"),
            Code::InvalidValue,
            "/services/lex/opt_out_policy/@@assign",
        ),
        (
            PolicyType::AiOptOut,
            "/services/lex/opt_out",
            assigned.clone(),
            Code::UnknownElement,
            "/services/lex/opt_out",
        ),
        (PolicyType::Backup, "/plans/Daily/rule", json!({}), Code::UnknownElement, "/plans/Daily/rule"),
        (
            PolicyType::Backup,
            "/plans/Daily/rules/R/lifecycle/delete_after",
            assigned.clone(),
            Code::UnknownElement,
            "/plans/Daily/rules/R/lifecycle/delete_after",
        ),
        (
            PolicyType::Backup,
            "/plans/Daily/selections/tag",
            json!({}),
            Code::UnknownElement,
            "/plans/Daily/selections/tag",
        ),
        (
            PolicyType::Backup,
            "/plans/Daily/advanced_backup_settings/ec2",
            json!({"windows_vss": "enabled"}),
            Code::WrongType,
            "/plans/Daily/advanced_backup_settings/ec2/windows_vss",
        ),
        (
            PolicyType::Chatbot,
            "/chatbot/platforms/discord",
            json!({}),
            Code::UnknownElement,
            "/chatbot/platforms/discord",
        ),
        (
            PolicyType::Chatbot,
            "/chatbot/default/client/@@assign",
            json!("off"),
            Code::InvalidValue,
            "/chatbot/default/client/@@assign",
        ),
        (
            PolicyType::DeclarativeEc2,
            "/ec2_attributes/serial_console",
            json!({}),
            Code::UnknownElement,
            "/ec2_attributes/serial_console",
        ),
        (
            PolicyType::DeclarativeEc2,
            "/ec2_attributes/serial_console_access/status/@@assign",
            json!("off"),
            Code::InvalidValue,
            "/ec2_attributes/serial_console_access/status/@@assign",
        ),
        (
            PolicyType::SecurityHub,
            "/securityhub/enable_in_region",
            json!({}),
            Code::UnknownElement,
            "/securityhub/enable_in_region",
        ),
        (
            PolicyType::S3,
            "/s3_attributes/public_access_block_configuration/@@assign",
            json!("some"),
            Code::InvalidValue,
            "/s3_attributes/public_access_block_configuration/@@assign",
        ),
        (
            PolicyType::Bedrock,
            "/bedrock/guardrail_inference/us-east-1/config_1/tags",
            json!({}),
            Code::UnknownElement,
            "/bedrock/guardrail_inference/us-east-1/config_1/tags",
        ),
        (PolicyType::Inspector, "/inspector/enablement/on", json!(true), Code::WrongType, "/inspector/enablement/on"),
    ] {
        let document = at(of(kind), path, value);
        assert_eq!(only(&document, kind), (code, place.to_owned()), "{document}");
    }
}

#[test]
fn elements_and_values_of_management_policies_are_met_with_what_to_write() {
    for (document, kind, help) in [
        (
            json!({"tags": {"a": {"enforced": {"@@assign": ["ec2:*"]}}}}),
            PolicyType::Tag,
            "did you mean `enforced_for`?",
        ),
        (json!({"tags": {"a": {"tag_key": "A"}}}), PolicyType::Tag, "write {\"@@assign\": \"A\"}"),
        (json!({"tags": {"a": {"tag_value": {"assign": ["A"]}}}}), PolicyType::Tag, "did you mean `@@assign`?"),
        (
            json!({"services": {"lex": {"opt_out_policy": {"@@assign": "optout"}}}}),
            PolicyType::AiOptOut,
            "did you mean `optOut`?",
        ),
    ] {
        let found = problems(&document, kind);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].help.as_deref(), Some(help));
    }
}

#[test]
fn a_policy_that_is_too_long_is_met_with_what_makes_it_shorter_or_with_what_else_to_do() {
    let action = |name: &str| json!({"Effect": "Deny", "Action": name, "Resource": "*"});
    let policy = |statements: Value| json!({"Version": "2012-10-17", "Statement": statements});
    let help = |document: &Value, kind: PolicyType, size: usize| {
        let quotas = Quotas::default().with(kind, Limits { size, per_target: 1, minimum_per_target: 1 });
        let found = check(document, kind, &quotas);
        assert_eq!(found.iter().map(|one| one.code).collect::<Vec<_>>(), [ProblemCode::TooLarge]);
        found[0].help.clone().unwrap()
    };
    let joinable = policy(json!([action("s3:GetObject"), action("s3:PutObject")]));
    let short = size(&policy(json!([{"Effect": "Deny", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}])));
    let scp = PolicyType::ServiceControl;
    let fits = format!(
        "SERVICE_CONTROL_POLICY may have {short}: the same can be said in {short}, which fits: `landing lint -v` writes it out"
    );
    assert_eq!(help(&joinable, scp, short), fits);
    let too_long = help(&joinable, scp, short - 1);
    assert!(
        too_long.contains(&format!("even the shortest form of the same has {short}: move statements")),
        "{too_long}"
    );
    let alone = help(&policy(json!([action("s3:GetObject")])), scp, 50);
    assert!(alone.contains("it cannot be shortened without changing what it says: move statements"), "{alone}");
    let tags = help(&json!({"tags": {"a": {"tag_key": {"@@assign": "A"}}}}), PolicyType::Tag, 10);
    assert!(tags.ends_with("move a part of it to a second policy"), "{tags}");
    let many: Vec<Value> = (0..2_000).map(|number| action(&format!("s3:Get{number}"))).collect();
    let huge = help(&policy(json!(many)), scp, 10_240);
    assert!(huge.starts_with("SERVICE_CONTROL_POLICY may have 10240: move statements to a second policy"), "{huge}");
}

#[test]
fn a_problem_is_of_the_key_where_the_key_is_what_is_wrong() {
    let of_keys = [ProblemCode::UnknownElement, ProblemCode::UnsupportedElement, ProblemCode::UnknownOperator];
    for code in ProblemCode::ALL {
        assert_eq!(code.is_of_key(), of_keys.contains(code), "{}", code.name());
    }
}

#[test]
fn all_names_are_offered_where_none_is_alike_and_they_are_few() {
    let help = |known: &[&str]| Problem::new(ProblemCode::UnknownElement, "", "").help_with_names("xyz", known).help;
    let names = ["aa", "bb", "cc", "dd", "ee", "ff", "gg", "hh", "ii", "jj", "kk"];
    assert_eq!(help(&names[..2]).as_deref(), Some("possible are `aa`, `bb`"));
    assert!(help(&names[..10]).is_some());
    assert_eq!(help(&names), None);
}

#[test]
fn what_policies_of_identities_do_not_have_is_said_in_words_of_identities() {
    for element in ["Principal", "NotPrincipal"] {
        let problems = check_identity(&scp(element, json!("*")));
        let [problem] = &problems[..] else { panic!("one problem, not {problems:#?}") };
        assert_eq!(problem.message, format!("a policy of an identity has no `{element}`"));
        assert_eq!(problem.help.as_deref(), Some("it holds for anyone who has it: remove it"));
        assert_eq!(problem.path, format!("/Statement/0/{element}"));
    }
}

#[test]
fn actions_and_condition_keys_have_both_of_their_parts() {
    for action in [":GetObject", "s3:", ":", "s3GetObject", "s3:Get Object"] {
        let expected = (ProblemCode::InvalidValue, "/Statement/0/Action".to_owned());
        assert_eq!(only(&scp("Action", json!(action)), PolicyType::ServiceControl), expected, "{action}");
    }
    for key in [":RequestedRegion", "aws:", ":", "RequestedRegion"] {
        let condition = json!({"StringEquals": {key: "x"}});
        let expected = (ProblemCode::InvalidValue, format!("/Statement/0/Condition/StringEquals/{key}"));
        assert_eq!(only(&scp("Condition", condition), PolicyType::ServiceControl), expected, "{key}");
    }
}

#[test]
fn operators_within_lists_of_management_policies_are_checked() {
    let policy = json!({"backup_policy": {"x": [{"@@asign": "a"}]}});
    let found = problems(&policy, PolicyType::Backup);
    let place = "/backup_policy/x/0/@@asign";
    assert!(found.iter().any(|it| it.code == ProblemCode::UnknownOperator && it.path == place), "{found:#?}");
}

#[test]
fn a_setting_with_another_structure_in_it_gets_no_advice_about_operators() {
    let policy = |value: Value| json!({"tags": {"team": {"tag_key": {"assign": value}}}});
    let help =
        |value: Value| problems(&policy(value), PolicyType::Tag).into_iter().map(|it| it.help).collect::<Vec<_>>();
    assert_eq!(help(json!("Team")), [Some("did you mean `@@assign`?".to_owned())]);
    assert_eq!(help(json!({"x": "Team"})), [None]);
}
