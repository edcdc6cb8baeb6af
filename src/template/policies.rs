use super::catalogue::PolicyTemplate;
use super::parameter::{Parameter, Preset, Shape};
use crate::policy::PolicyType;

static POLICIES: [PolicyTemplate; 2] = [
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
