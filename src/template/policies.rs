//! The policies that a blueprint may attach by name.

use super::catalogue::PolicyTemplate;
use super::parameter::{Parameter, Preset, Shape};

static POLICIES: [PolicyTemplate; 3] = [
    PolicyTemplate {
        name: "region-restriction",
        guardrail: "region-restriction",
        parameters: &[
            texts("regions", "the regions that can be used; the organization's unless given", Preset::Organization),
            texts(
                "exempt_roles",
                "names of roles that the policy exempts; `*` matches any characters; `{name: ROLE, until: 2027-03-01}` \
                 exempts a role until that day",
                NONE,
            ),
            texts(
                "exempt_actions",
                "actions that the policy exempts, in addition to those of services without a region",
                NONE,
            ),
            Parameter {
                name: "cross_region_inference",
                about: "whether inference profiles of Amazon Bedrock in these regions may run models in other regions",
                shape: Shape::Flag,
                preset: Preset::Flag(true),
            },
        ],
    },
    PolicyTemplate { name: "deny-leave-organization", guardrail: "no-leaving", parameters: &[] },
    PolicyTemplate {
        name: "guardduty",
        guardrail: "guardduty-on",
        parameters: &[Parameter {
            name: "features",
            about: "protection plans beside the foundational data sources, by their names in the policy type",
            shape: Shape::Choices(&[
                "ai_protection",
                "ebs_malware_protection",
                "eks_audit_logs",
                "lambda_network_logs",
                "rds_login_events",
                "runtime_monitoring",
                "s3_data_events",
            ]),
            preset: Preset::Texts(&["s3_data_events"]),
        }],
    },
];

const NONE: Preset = Preset::Texts(&[]);

const fn texts(name: &'static str, about: &'static str, preset: Preset) -> Parameter {
    Parameter { name, about, shape: Shape::Texts, preset }
}

/// Every built-in policy template.
pub fn policies() -> &'static [PolicyTemplate] {
    &POLICIES
}

/// The built-in policy template that is called so.
pub fn policy(name: &str) -> Option<&'static PolicyTemplate> {
    POLICIES.iter().find(|template| template.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Map, json};

    use super::*;
    use crate::template::guardrail;
    use landing_policy::{PolicyType, Quotas, check};

    #[test]
    fn every_built_in_policy_is_a_guardrail_with_the_same_parameters() {
        for template in policies() {
            let guardrail = guardrail(template.guardrail).unwrap_or_else(|| panic!("{} is none", template.guardrail));
            let own: BTreeSet<&str> = template.parameters.iter().map(|parameter| parameter.name).collect();
            assert_eq!(own, guardrail.parameters.keys().map(String::as_str).collect(), "{}", template.name);
        }
    }

    #[test]
    fn guardduty_is_enabled_with_the_given_features() {
        let template = policy("guardduty").expect("it is built in");
        let features = [json!([]), json!(["s3_data_events", "rds_login_events"])];
        for (features, count) in features.into_iter().zip([1, 3]) {
            let given = Map::from_iter([("features".to_owned(), features)]);
            let document = template.document(&given, &Map::new()).unwrap_or_else(|error| panic!("{error:?}"));
            assert!(check(&document, PolicyType::GuardDuty, &Quotas::default()).is_empty(), "{document}");
            let enabled = document["guardduty"]["enablement"]["default"].as_object().unwrap();
            assert_eq!(enabled.len(), count);
            assert!(enabled.values().all(|feature| feature["status"]["@@assign"] == "enabled"), "{document}");
        }
    }
}
