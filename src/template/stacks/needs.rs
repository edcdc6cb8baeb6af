use super::super::catalogue::StackTemplate;

/// What must be there before a stack of a built-in template can be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The organization trusts this service.
    TrustedAccess(&'static str),
    /// The stack's account administers this service for the organization, or is the management account.
    Administration(&'static str),
    /// The blueprint's stacks of this template.
    Stacks(&'static str),
    /// The region in which AWS sends the events of global services is among the stack's.
    GlobalRegion,
}

/// A template's need; with a parameter and its value, only where the template is given that.
type Row = (&'static str, Option<(&'static str, &'static str)>, Need);

const CONFIG_RULES: &str = "config-multiaccountsetup.amazonaws.com";

const NEEDS: &[Row] = &[
    ("access-analyzer", None, Need::Administration("access-analyzer.amazonaws.com")),
    ("access-analyzer", None, Need::Stacks("service-linked-roles")),
    ("config-recorder", Some(("role", "service-linked")), Need::Stacks("service-linked-roles")),
    ("organization-trail", None, Need::TrustedAccess("cloudtrail.amazonaws.com")),
    ("config-aggregator", None, Need::Administration("config.amazonaws.com")),
    ("config-rules", None, Need::Stacks("config-recorder")),
    ("config-rules", Some(("scope", "organization")), Need::Administration(CONFIG_RULES)),
    ("sagemaker-studio", None, Need::TrustedAccess("sso.amazonaws.com")),
    ("security-events", None, Need::GlobalRegion),
    ("security-hub", None, Need::Stacks("security-hub-administrator")),
    ("security-hub-administrator", None, Need::TrustedAccess("securityhub.amazonaws.com")),
];

impl StackTemplate {
    /// What must be there before it can be deployed with these parameters.
    pub fn needs(&self, given: &serde_json::Map<String, serde_json::Value>) -> impl Iterator<Item = Need> {
        let is_given = |(name, value): &(&str, &str)| given.get(*name).is_some_and(|given| given == value);
        let own = NEEDS.iter().filter(|(template, ..)| *template == self.name);
        own.filter(move |(_, when, _)| when.as_ref().is_none_or(is_given)).map(|(.., need)| *need)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{stack, stacks};
    use super::*;

    #[test]
    fn needs_are_those_of_templates_that_there_are() {
        for &(name, when, need) in NEEDS {
            let template = stack(name).unwrap_or_else(|| panic!("there is no template {name}"));
            if let Some((parameter, _)) = when {
                assert!(template.rendered.iter().any(|known| known.name == parameter), "{name}: {parameter}");
            }
            if let Need::Stacks(other) = need {
                assert!(stacks().any(|known| known.name == other), "{name}: {other}");
            }
        }
    }
}
