use super::catalogue::PolicyTemplate;
use super::parameter::{Parameter, Preset, Shape};
use crate::policy::PolicyType;

static POLICIES: [PolicyTemplate; 3] = [
    PolicyTemplate {
        name: "region-restriction",
        policy_type: PolicyType::ServiceControl,
        summary: "Only the organization's regions may be used; services that have no region stay usable",
        parameters: &[
            texts("regions", "the regions that may be used; the organization's unless given", Preset::Organization),
            texts("exempt_roles", "names of roles that it does not bind, `*` stands for anything", NONE),
            texts("exempt_actions", "actions that it does not bind, beside those of services without a region", NONE),
        ],
        text: include_str!("../../templates/policies/region-restriction.json.hbs"),
    },
    PolicyTemplate {
        name: "deny-leave-organization",
        policy_type: PolicyType::ServiceControl,
        summary: "No account may leave the organization",
        parameters: &[],
        text: include_str!("../../templates/policies/deny-leave-organization.json.hbs"),
    },
    PolicyTemplate {
        name: "guardduty",
        policy_type: PolicyType::GuardDuty,
        summary: "GuardDuty is on in every account and region, and nobody switches it off",
        parameters: &[Parameter {
            name: "features",
            about: "what it looks at beside the foundational sources, as the policy type calls it",
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
        text: include_str!("../../templates/policies/guardduty.json.hbs"),
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
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::policy::{Quotas, check, parse};
    use crate::template::{fill, render};

    fn rendered(name: &str, given: &Map<String, Value>) -> Value {
        let template = policy(name).unwrap_or_else(|| panic!("there is no policy {name}"));
        let text = render(template.text, &fill(template.parameters, given)).unwrap_or_else(|error| panic!("{error:?}"));
        parse(&text).unwrap_or_else(|error| panic!("{error:?}\n{text}"))
    }

    #[test]
    fn guardduty_is_enabled_with_whatever_it_is_to_look_at() {
        let features = [json!([]), json!(["s3_data_events", "rds_login_events"])];
        for (features, count) in features.into_iter().zip([1, 3]) {
            let given = Map::from_iter([("features".to_owned(), features)]);
            let document = rendered("guardduty", &given);
            assert!(check(&document, PolicyType::GuardDuty, &Quotas::default()).is_empty(), "{document}");
            let enabled = document["guardduty"]["enablement"]["default"].as_object().unwrap();
            assert_eq!(enabled.len(), count);
            assert!(enabled.values().all(|feature| feature["status"]["@@assign"] == "enabled"), "{document}");
        }
    }
}
