//! What every account has, and what landing itself needs.

use super::parameters::{MANAGEMENT, ORGANIZATION, parameter};
use crate::template::catalogue::StackTemplate;
use crate::template::parameter::{Preset, Shape};

pub(super) static STACKS: &[StackTemplate] = &[
    StackTemplate {
        name: "budget",
        summary: "A monthly budget in US dollars with email notifications before it is spent; not in GovCloud",
        rendered: &[
            parameter("limit_usd", "US dollars a month", Shape::Amount, Preset::Required),
            parameter("emails", "email addresses that are notified, one to ten", Shape::Texts, Preset::Required),
            parameter(
                "thresholds",
                "percentages spent at which they are notified",
                Shape::Amounts,
                Preset::Wholes(&[80, 100]),
            ),
            parameter(
                "forecast_thresholds",
                "percentages forecast at which they are notified; at most five with `thresholds`",
                Shape::Amounts,
                Preset::Wholes(&[100]),
            ),
        ],
        deployed: &[parameter("BudgetName", "the budget's name", Shape::Text, Preset::Text("landing-monthly"))],
        management_account: true,
        text: include_str!("../../../templates/stacks/budget.yaml.hbs"),
    },
    StackTemplate {
        name: "landing-roles",
        summary: "The roles that landing uses to plan and apply",
        rendered: &[
            parameter(
                "plan_actions",
                "actions that planning requires beside reading stacks",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "plan_managed_policies",
                "AWS managed policies for planning; drift detection requires permission to read the resources of stacks",
                Shape::Texts,
                Preset::Texts(&[]),
            ),
            parameter(
                "apply_managed_policies",
                "AWS managed policies for applying",
                Shape::Texts,
                Preset::Texts(&["AdministratorAccess"]),
            ),
            parameter(
                "oidc_provider",
                "the identity provider of a CI system, such as token.actions.githubusercontent.com or gitlab.com",
                Shape::Text,
                Preset::Text(""),
            ),
            parameter("oidc_audience", "the audience of its tokens", Shape::Text, Preset::Text("sts.amazonaws.com")),
            parameter(
                "existing",
                "what the management account already has",
                Shape::Choices(&["identity-provider"]),
                Preset::Texts(&[]),
            ),
            parameter(
                "plan_subjects",
                "subjects of tokens that may plan; `*` matches any characters after the owner",
                Shape::Subjects,
                Preset::Texts(&[]),
            ),
            parameter("apply_subjects", "subjects of tokens that may apply", Shape::Subjects, Preset::Texts(&[])),
        ],
        deployed: &[MANAGEMENT],
        management_account: true,
        text: include_str!("../../../templates/stacks/landing-roles.yaml.hbs"),
    },
    StackTemplate {
        name: "landing-templates",
        summary: "A bucket for templates that are too large for an API request; landing creates it where it is required",
        rendered: &[],
        deployed: &[ORGANIZATION],
        management_account: true,
        text: include_str!("../../../templates/stacks/landing-templates.yaml.hbs"),
    },
];
