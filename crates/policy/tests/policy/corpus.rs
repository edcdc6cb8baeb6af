//! Published policies. They lie beside the repository; without them the test says so and passes.

use std::path::{Path, PathBuf};

use aws_sdk_organizations::types::PolicyType as SdkPolicyType;
use landing_policy::{Policy, PolicyType, Quotas, check, parse, same_meaning};

use super::shared_cases::shared;

#[test]
fn every_policy_type_of_the_sdk_is_known() {
    for name in SdkPolicyType::values() {
        assert!(name.parse::<PolicyType>().is_ok(), "{name}");
    }
}

pub fn json_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            found.push(path);
        }
    }
}

/// The type of a published policy, by the folder it lies in; `None` for what is no organization policy.
fn type_of(path: &str) -> Option<PolicyType> {
    // Policies of resources that RCPs do not reach, published beside the RCPs.
    let resource_policies = ["api_gateway_policy.json", "sns_topic_policy.json"];
    let scps = [
        "service-control-policy-examples",
        "service_control_policies",
        "service-control-policies",
        "control-tower-guardrails",
        "organizations-policy-service-control",
    ];
    let rcps = ["resource-control-policy-examples", "resource_control_policies", "rcp-policies"];
    if resource_policies.iter().any(|name| path.ends_with(name)) {
        None
    } else if scps.iter().any(|folder| path.contains(folder)) {
        Some(PolicyType::ServiceControl)
    } else if rcps.iter().any(|folder| path.contains(folder)) {
        Some(PolicyType::ResourceControl)
    } else if path.contains("tagging-policies") {
        Some(PolicyType::Tag)
    } else if path.contains("declarative-policies") {
        Some(PolicyType::DeclarativeEc2)
    } else {
        None
    }
}

/// Files that AWS would refuse as they are, with what is wrong: templates with places to fill in, mostly.
const REFUSED: [(&str, &str); 4] = [
    ("deny-service-specific-credential-by-type.json", "expected `,` or `]`"),
    ("service_control_policies/resource_perimeter_scp.json", "`<third-party-resource>` is not a resource"),
    ("Shared-Issuers.json", "a resource control policy can only deny"),
    ("mp_protect_core_s3_buckets.json", "`${local.mp_protected_core_s3_buckets}` is not a resource"),
];

#[test]
fn published_policies_are_accepted_and_can_be_decided_with() {
    let Some(folder) = shared("policies") else { return };
    let mut files = Vec::new();
    json_files(&folder, &mut files);
    let mut accepted = 0;
    for file in files {
        let path = file.to_string_lossy().into_owned();
        let Some(policy_type) = type_of(&path) else { continue };
        let complaint = complaint(&file, policy_type);
        let expected = REFUSED.iter().find(|(name, _)| path.ends_with(name)).map(|(_, why)| *why);
        match (complaint, expected) {
            (None, None) => accepted += 1,
            (Some(found), Some(why)) => assert!(found.contains(why), "{path}: {found}"),
            (found, why) => panic!("{path}: found {found:?}, expected {why:?}"),
        }
    }
    assert!(accepted > 100, "only {accepted} policies accepted");
}

/// What is wrong with a file, if anything.
fn complaint(file: &Path, policy_type: PolicyType) -> Option<String> {
    let text = std::fs::read_to_string(file).expect("readable");
    let document = match parse(&text) {
        Ok(document) => document,
        Err(error) => return Some(error.to_string()),
    };
    assert!(same_meaning(&document, &document, policy_type));
    let problems = check(&document, policy_type, &Quotas::default());
    if let Some(problem) = problems.first() {
        return Some(format!("{}: {}", problem.path, problem.message));
    }
    if document.get("Statement").is_some() {
        return Policy::read(&document).err().map(|error| error.to_string());
    }
    None
}
