//! The region in the paths of Identity Center's roles.

use std::collections::BTreeSet;

use serde_json::Value;

/// What comes before the region in the path of a role.
pub(super) const SERVICE: &str = "sso.amazonaws.com/";

/// What the names of its roles begin with.
const ROLE: &str = "AWSReservedSSO_";

/// Roles of an instance in this region have no region in their paths.
/// <https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html>
const WITHOUT: &str = "us-east-1";

/// Where Identity Center's instance is. As long as it was not looked for, policies that name a region are believed: anyone who
/// wrote them knows where it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Region {
    found: Option<String>,
    named: BTreeSet<String>,
}

impl Region {
    /// Says where the instance was found.
    pub fn found(&mut self, region: Option<String>) {
        self.found = region;
    }

    /// Notes the regions that a policy names in the paths of roles.
    pub fn note(&mut self, content: &Value) {
        match content {
            Value::String(text) => self.named.extend(named(text).map(str::to_owned)),
            Value::Array(values) => values.iter().for_each(|value| self.note(value)),
            Value::Object(members) => members.values().for_each(|value| self.note(value)),
            _ => {}
        }
    }

    /// Notes what was noted elsewhere.
    pub fn extend(&mut self, other: &Region) {
        self.named.extend(other.named.iter().cloned());
    }

    /// The part of a role's path that says the region, with its slash.
    pub fn segment(&self, home: &str) -> String {
        let named = || if self.named.contains(home) { None } else { self.named.first() };
        let region = self.found.as_ref().or_else(named).map_or(home, String::as_str);
        if region == WITHOUT { String::new() } else { format!("{region}/") }
    }
}

/// The region in the pattern of a role's ARN, where it is one and no wildcard.
fn named(pattern: &str) -> Option<&str> {
    let rest = pattern.split_once(SERVICE)?.1;
    if rest.starts_with(ROLE) {
        return Some(WITHOUT);
    }
    let (region, role) = rest.split_once('/')?;
    let is_region = !region.is_empty() && !region.contains(['*', '?', '$']);
    Some(region).filter(|_| is_region && role.starts_with(ROLE))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_region_that_was_found_counts_before_those_that_policies_name() {
        let mut region = Region::default();
        assert_eq!(region.segment("eu-west-1"), "eu-west-1/");
        assert_eq!(region.segment("us-east-1"), "");
        region.note(&json!({"Statement": [{"Condition": {"ArnLike": {"aws:PrincipalArn": [
            "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/eu-north-1/AWSReservedSSO_admin_*"
        ]}}}]}));
        assert_eq!(region.segment("eu-west-1"), "eu-north-1/");
        let mut other = Region::default();
        other.extend(&region);
        assert_eq!(other.segment("eu-west-1"), "eu-north-1/");
        other.note(&json!("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_admin_*"));
        assert_eq!(other.segment("eu-west-1"), "eu-west-1/", "both are named: the home region is one of them");
        region.found(Some("us-east-1".into()));
        assert_eq!(region.segment("eu-west-1"), "");
        region.found(Some("eu-central-1".into()));
        assert_eq!(region.segment("us-east-1"), "eu-central-1/");
    }

    #[test]
    fn only_the_regions_of_roles_are_named() {
        let role = |rest: &str| format!("arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/{rest}");
        assert_eq!(named(&role("eu-north-1/AWSReservedSSO_admin_*")), Some("eu-north-1"));
        assert_eq!(named(&role("AWSReservedSSO_admin_*")), Some("us-east-1"));
        for rest in
            ["*", "*/AWSReservedSSO_admin_*", "eu-*/AWSReservedSSO_admin_*", "eu-north-1/*", "/AWSReservedSSO_a"]
        {
            assert_eq!(named(&role(rest)), None, "{rest}");
        }
        assert_eq!(named("role/admin"), None);
    }
}
