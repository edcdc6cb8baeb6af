use std::collections::{BTreeMap, BTreeSet};

use landing_policy::{OrganizationContext, PolicyType, Quotas, check, lint, size};
use serde_json::{Map, Value, json};

use super::broken_cases;
use crate::model::{Address, Bindings, Body, Settings, Wanted};
use crate::sections::declare_text;
use crate::template::{Guardrail, Guidance, Preset, Rendered, guardrail, guardrails, stack};

fn blueprint(sections: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: '{{name}}@example.com', break_glass_roles: [BreakGlass]}}\n{sections}"
    )
}

fn mistakes(sections: &str) -> Vec<String> {
    match declare_text("landing.yaml", &blueprint(sections)) {
        Ok(_) => Vec::new(),
        Err(failed) => failed.diagnostics.iter().map(|it| format!("{} ({:?})", it.message, it.help)).collect(),
    }
}

#[test]
fn the_cases_of_every_guardrail_hold() {
    for guardrail in guardrails() {
        assert_eq!(broken_cases(guardrail, &Map::new()), [""; 0], "{}", guardrail.id);
        let decides =
            matches!(guardrail.policy_type(), Ok(Some(PolicyType::ServiceControl | PolicyType::ResourceControl)));
        let denies = guardrail.cases.iter().any(|case| case.get("deny").is_some());
        let allows = guardrail.cases.iter().any(|case| case.get("allow").is_some());
        assert!(!decides || (denies && (allows || guardrail.may_lock_out)), "{} has cases of both sorts", guardrail.id);
    }
}

#[test]
fn every_guardrail_is_a_policy_that_aws_takes_and_lint_has_nothing_against() {
    for guardrail in guardrails() {
        let around = super::around(&super::cases::ordinary().settings);
        let (policy_type, document) = match guardrail.rendered(&guardrail.example, &around).unwrap() {
            Rendered::Statements(policy_type, statements) => {
                (policy_type, json!({"Version": "2012-10-17", "Statement": statements}))
            }
            Rendered::Policy(policy_type, document) => (policy_type, document),
            Rendered::Rule(row, _) | Rendered::Hook(row) => {
                assert_eq!(row["name"], guardrail.id.as_str());
                continue;
            }
        };
        assert_eq!(check(&document, policy_type, &Quotas::default()), [], "{}", guardrail.id);
        let document = in_an_organization(&document);
        let findings = lint(&document, policy_type, &OrganizationContext::default());
        let serious: Vec<_> =
            findings.iter().filter(|it| it.code.severity() != landing_policy::Severity::Note).collect();
        assert!(serious.is_empty() || guardrail.may_lock_out, "{}: {serious:#?}", guardrail.id);
    }
}

#[test]
fn guardrails_of_a_target_share_policies_that_name_them() {
    let declared =
        declare_text("landing.yaml", &blueprint("guardrails: [mandatory]\n")).unwrap_or_else(|_| panic!("it is valid"));
    let policy = declared.desired.get(&Address::parse("scp/guardrails")).expect("it is wanted");
    assert_eq!(policy.body["tags"]["landing:guardrail/trail-stays"], "1");
    assert_eq!(policy.body["description"], super::DESCRIPTION);
    assert!(declared.desired.get(&Address::parse("scp/guardrails@root")).is_some());
}

#[test]
fn a_guardrail_under_an_alias_is_the_same_resource() {
    let declared = |sections: &str| match declare_text("landing.yaml", &blueprint(sections)) {
        Ok(declared) => declared.desired.resources,
        Err(failed) => panic!("{:?}", failed.diagnostics.iter().map(|it| &it.message).collect::<Vec<_>>()),
    };
    let by_id = declared("guardrails: [trail-stays, {no-leaving: {}}, {set: logging, except: [config-stays]}]\n");
    let by_alias = "guardrails: [cloudtrail-protected, {deny-leave-organization: {}}, {set: logging, except: \
                    [config-recording-protected]}]\n";
    let bodies = |resources: &BTreeMap<Address, Wanted>| -> Vec<(Address, Body)> {
        resources.values().map(|wanted| (wanted.address.clone(), wanted.body.clone())).collect()
    };
    assert_eq!(bodies(&declared(by_alias)), bodies(&by_id));
    assert_eq!(
        bodies(&declared("guardrails: [trail-stays, cloudtrail-protected]\n")),
        bodies(&declared("guardrails: [trail-stays]\n"))
    );
    let given = mistakes("guardrails: [trail-stays, {cloudtrail-protected: {exempt_roles: [x]}}]\n");
    assert_eq!(given.len(), 1, "{given:?}");
    let near = mistakes("guardrails: [cloudtrail-protectd]\n");
    assert!(near[0].contains("did you mean `cloudtrail-protected`?"), "{near:?}");
}

#[test]
fn what_is_no_guardrail_is_reported_with_what_is_near() {
    let found = mistakes(
        "guardrails: [trail-stay, {trail-stays: {exempt: [a]}}, {set: loging}, {level: mandatory, except: [trail]}]\n",
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found[0].contains("did you mean `trail-stays`?"), "{found:#?}");
    assert!(found[1].contains("has no parameter exempt (Some(\"its parameters: exempt_roles"), "{found:#?}");
    assert!(found[2].contains("did you mean `logging`?"), "{found:#?}");
    assert!(found[3].contains("did you mean `trail-stays`?") || found[3].contains("it has"), "{found:#?}");
}

#[test]
fn roles_that_are_named_are_spared() {
    let spares = |guardrail: &&Guardrail| guardrail.parameters.contains_key("exempt_roles");
    for guardrail in guardrails().iter().filter(spares) {
        // Cases that are about someone in particular stay as they are.
        let denied = guardrail.cases.iter().filter(|case| case.get("deny").is_some() && case.get("as").is_none());
        let spared = denied.map(|case| {
            let mut case = case.as_object().cloned().unwrap_or_default();
            let actions = case.remove("deny").unwrap_or_default();
            case.extend([("allow".to_owned(), actions), ("as".to_owned(), "role/Spared".into())]);
            Value::from(case)
        });
        let all = with_cases(guardrail, spared.collect());
        let given = Map::from_iter([("exempt_roles".to_owned(), json!(["Spared"]))]);
        assert_eq!(broken_cases(&all, &given), [""; 0], "{}", guardrail.id);
    }
}

fn with_cases(guardrail: &Guardrail, cases: Vec<Value>) -> Guardrail {
    let mut guardrail = guardrail.clone();
    guardrail.cases = cases;
    guardrail
}

#[test]
fn every_condition_on_a_parameter_is_a_policy_too() {
    for (id, given) in [
        ("confused-deputy", json!({"trusted_accounts": ["999999999999"]})),
        ("encrypted-uploads", json!({"header_required": true})),
        ("guardduty-on", json!({"features": []})),
        ("identity-perimeter", json!({"trusted_accounts": ["999999999999"]})),
        ("no-root-user", json!({"allowed_actions": ["s3:DeleteBucketPolicy"]})),
        ("region-restriction", json!({"cross_region_inference": false})),
        ("region-restriction", json!({"regions": ["eu-central-1"], "exempt_actions": ["bedrock:InvokeModel"]})),
        ("resource-perimeter", json!({"trusted_accounts": ["999999999999"], "readable": []})),
        ("sagemaker-volume-encryption", json!({"local_instances": ["ml.g5.*"]})),
    ] {
        let guardrail = guardrail(id).unwrap_or_else(|| panic!("there is no {id}"));
        let given = given.as_object().cloned().unwrap_or_default();
        assert_eq!(guardrail.wrong_values(&given), [""; 0], "{id}");
        let around = super::around(&super::cases::ordinary().settings);
        let (policy_type, document) = match guardrail.rendered(&given, &around).unwrap() {
            Rendered::Statements(policy_type, statements) => (policy_type, document(&statements)),
            Rendered::Policy(policy_type, document) => (policy_type, document),
            Rendered::Rule(..) | Rendered::Hook(_) => panic!("{id} is no policy"),
        };
        assert_eq!(check(&document, policy_type, &Quotas::default()), [], "{id}");
        for value in given.values().flat_map(|value| value.as_array().into_iter().flatten()) {
            assert!(document.to_string().contains(&value.to_string()), "{id}: {value} in {document}");
        }
    }
}

/// The document with the organization's id in it, as AWS gets it.
fn in_an_organization(document: &Value) -> Value {
    let mut bindings = Bindings::default();
    bindings.bind(Address::organization(), "o-aa111bb222");
    bindings.resolve_value(document)
}

fn document(statements: &[Value]) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[test]
fn uploads_must_name_their_encryption_where_that_is_said() {
    let cases = [
        json!({"deny": "s3:PutObject", "context": {"s3:x-amz-server-side-encryption": []}}),
        json!({"deny": "s3:PutObject", "context": {"s3:x-amz-server-side-encryption": "AES256"}}),
    ];
    let guardrail = guardrail("encrypted-uploads").expect("it is built in");
    let changed = with_cases(guardrail, cases.into());
    let given = Map::from_iter([("header_required".to_owned(), json!(true))]);
    assert_eq!(broken_cases(&changed, &given), [""; 0]);
    assert_eq!(broken_cases(&changed, &Map::new()).len(), 1);
}

#[test]
fn what_everybody_is_recommended_fits_on_one_target_with_the_sets_of_machine_learning_and_data() {
    let uses = "guardrails:
  - mandatory
  - strongly-recommended
  - sagemaker
  - data-perimeter
  - network-perimeter: {cidrs: [203.0.113.0/24], vpcs: [vpc-0123456789abcdef0]}
organizational_units: {A: {accounts: [a]}}
stacks:
  log-archive: {template: log-archive, in: [a]}
  recorder: {template: config-recorder, in: [management, root], parameters: {BucketName: '${stack/a/log-archive/eu-west-1.ConfigBucketName}'}}
";
    assert_eq!(mistakes(uses), [""; 0]);
    let declared = declare_text("landing.yaml", &blueprint(uses)).unwrap_or_else(|_| panic!("it is valid"));
    let (mut held, quotas) = (BTreeSet::new(), Quotas::default());
    for policy_type in [PolicyType::ServiceControl, PolicyType::ResourceControl] {
        let prefix = policy_type.address_prefix();
        let policies = declared.desired.of_kind("policy").filter(|policy| policy.address.prefix() == prefix);
        let policies: Vec<_> = policies.collect();
        let limits = quotas.limits(policy_type);
        assert!(policies.len() < limits.per_target, "{} of type {prefix} beside AWS's own", policies.len());
        for policy in policies {
            assert!(size(&policy.body["content"]) <= limits.size, "{}", policy.address);
            let tags = policy.body["tags"].as_object().into_iter().flatten();
            held.extend(tags.filter_map(|(key, _)| key.strip_prefix("landing:guardrail/").map(str::to_owned)));
        }
    }
    let decides =
        |it: &Guardrail| matches!(it.policy_type(), Ok(Some(PolicyType::ServiceControl | PolicyType::ResourceControl)));
    let is_meant = |it: &&Guardrail| {
        let in_set = it.sets.iter().any(|set| set == "sagemaker" || set == "data-perimeter");
        decides(it) && (it.guidance != Guidance::Elective || in_set)
    };
    let meant: BTreeSet<String> = guardrails().iter().filter(is_meant).map(|it| it.id.clone()).collect();
    assert_eq!(held, meant);
}

#[test]
fn the_log_archive_that_stays_is_the_one_that_its_template_makes() {
    let prefix = &guardrail("log-archive-stays").expect("it is built in").parameters["bucket_prefix"];
    let template = stack("log-archive").expect("it is built in");
    let made = template.rendered.iter().find(|parameter| parameter.name == "bucket_prefix").expect("it has one");
    assert!(matches!(made.preset, Preset::Text(text) if prefix.preset == Some(text.into())));
    for part in ["access", "config", "trail"] {
        assert!(template.text.contains(&format!("bucket_prefix \"-{part}-")), "its buckets are called so: {part}");
    }
}

#[test]
fn every_guardrail_says_where_it_comes_from() {
    for guardrail in guardrails() {
        let id = &guardrail.id;
        assert!(guardrail.pages.iter().all(|page| page.starts_with("https://docs.aws.amazon.com/")), "{id}");
        assert!(!guardrail.pages.is_empty() && !guardrail.sets.is_empty() && !guardrail.about.is_empty(), "{id}");
        assert!(guardrail.rows.iter().all(|row| (1..=33).contains(row)), "{id}");
    }
    let met: BTreeSet<u8> = guardrails().iter().flat_map(|guardrail| guardrail.rows.clone()).collect();
    for row in [4, 5, 6, 8, 10, 11, 12, 13, 14, 15, 16, 18, 20, 25, 26, 27, 28, 29, 30, 31] {
        assert!(met.contains(&row), "row {row}");
    }
}

#[test]
fn where_there_are_no_regions_none_are_restricted() {
    let guardrail = guardrail("region-restriction").expect("it is built in");
    let nowhere = super::around(&Settings::default());
    assert!(guardrail.rendered(&Map::new(), &nowhere).is_err_and(|it| it.message.contains("has no regions")));
    let given = |regions: &[&str]| Map::from_iter([("regions".to_owned(), json!(regions))]);
    assert!(guardrail.rendered(&given(&["eu-west-1"]), &nowhere).is_ok());
    let around = super::around(&super::cases::ordinary().settings);
    assert!(guardrail.rendered(&given(&[]), &around).is_err());
}

#[test]
fn values_of_a_guardrail_reach_its_rule_as_texts() {
    let guardrail = guardrail("unused-credentials").expect("it is built in");
    let around = super::around(&super::cases::ordinary().settings);
    let days = |given: Map<String, Value>| match guardrail.rendered(&given, &around) {
        Ok(Rendered::Rule(rule, global)) => (rule["input_parameters"].clone(), global),
        other => panic!("{other:?}"),
    };
    assert_eq!(days(Map::new()), (json!({"maxCredentialUsageAge": "90"}), true));
    assert_eq!(days(Map::from_iter([("days".to_owned(), json!(30))])), (json!({"maxCredentialUsageAge": "30"}), true));
}

#[test]
fn an_account_has_a_rule_once_wherever_it_is_enabled() {
    let uses = |days: u8| {
        format!(
            "guardrails: [unused-credentials, s3-public-read]
organizational_units:
  A: {{guardrails: [s3-public-read, s3-versioning], accounts: [{{name: a, guardrails: [s3-versioning, unused-credentials: {{days: {days}}}]}}, logs]}}
  B: {{guardrails: [s3-versioning], accounts: [b]}}
stacks:
  log-archive: {{template: log-archive, in: [logs]}}
  recorder: {{template: config-recorder, in: [management, root], parameters: {{BucketName: '${{stack/logs/log-archive/eu-west-1.ConfigBucketName}}'}}}}
"
        )
    };
    assert_eq!(mistakes(&uses(90)), [""; 0]);
    let declared = declare_text("landing.yaml", &blueprint(&uses(90))).unwrap_or_else(|_| panic!("it is valid"));
    let rules = |stack: &str| {
        let wanted = declared.desired.resources.values().filter(|it| it.address.as_str().contains(stack));
        wanted.map(|it| it.body["template"].to_string()).collect::<String>()
    };
    assert!(rules("guardrails-A").contains("s3-versioning") && !rules("guardrails-A").contains("s3-public-read"));
    assert!(rules("guardrails-B").contains("s3-versioning"));
    assert_eq!(rules("guardrails-account-a"), "");
    let other = mistakes(&uses(30));
    assert!(other.len() == 1 && other[0].contains("with other values above account/a"), "{other:#?}");
}

/// The statements of the root's guardrails with that Sid.
fn statements(sections: &str, sid: &str) -> Vec<Value> {
    let declared =
        declare_text("landing.yaml", &blueprint(sections)).unwrap_or_else(|failed| panic!("{:?}", failed.diagnostics));
    let policies = declared.desired.of_kind("policy");
    let all = policies.flat_map(|it| it.body["content"]["Statement"].as_array().cloned().unwrap_or_default());
    all.filter(|statement| statement["Sid"] == sid).collect()
}

#[test]
fn every_role_that_something_of_the_blueprint_exempts_is_protected() {
    let found = statements(
        "guardrails: [mandatory, region-restriction: {exempt_roles: ['Ops*', Net]}]
policies: {only-here: {template: region-restriction, parameters: {exempt_roles: [Auditor]}}}
organizational_units:
  A:
    guardrails: [trail-stays: {exempt_roles: [Trails]}]
    accounts: [{name: a, guardrails: [imdsv2: {exempt_roles: [Images, Net]}]}]
    organizational_units: {B: {policies: [{name: b, template: region-restriction, parameters: {exempt_roles: [Deep]}}]}}
",
        "ExemptRolesStay",
    );
    assert_eq!(found.len(), 1, "{found:#?}");
    let role = |name: &str| format!("arn:aws:iam::*:role/{name}");
    let names = ["Auditor", "BreakGlass", "Deep", "Images", "Net", "Ops*", "Trails"];
    assert_eq!(found[0]["Resource"], json!(names.map(role)));
    let makers = ["OrganizationAccountAccessRole", "stacksets-exec-*"];
    assert_eq!(found[0]["Condition"], json!({"ArnNotLike": {"aws:PrincipalArn": makers.map(role)}}));
}

#[test]
fn keys_are_protected_where_the_blueprint_keeps_logs() {
    let archive = |place: &str| {
        let sections = format!(
            "guardrails: [log-archive-stays]\naccounts: [a, b]\nstacks: {{logs: {{template: log-archive, in: [{place}]}}}}\n"
        );
        statements(&sections, "LogKeysStay")
            .iter()
            .map(|it| it["Condition"]["StringEquals"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(archive("a"), [json!({"aws:ResourceAccount": ["${account/a}"]})]);
    assert_eq!(archive("account/b"), [json!({"aws:ResourceAccount": ["${account/b}"]})]);
    assert_eq!(statements("guardrails: [log-archive-stays]\n", "LogKeysStay"), [json!(null); 0]);
}
