use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Body, Tags};

/// The field of AWS's managed policies.
pub(super) const MANAGED: &str = "managed_policies";

/// The fields that say what a set lets people do.
pub(super) const POLICIES: [&str; 4] = [MANAGED, "customer_managed_policies", "inline_policy", "boundary"];

/// The field that says how many accounts have an older version; the difference is shown as that of `provisioned`.
pub(super) const OUTDATED: &str = "outdated";

/// The field of the closed accounts that have the set.
pub(super) const HELD: &str = "held_by_closed_accounts";

/// A permission set of IAM Identity Center.
/// <https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PermissionSet.html>
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PermissionSet {
    /// Its name, which AWS cannot change.
    pub name: String,
    /// How long a session lasts, in ISO 8601.
    pub session: String,
    /// What it is for, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where the console opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relay_state: Option<String>,
    /// ARNs of AWS's managed policies, in their order.
    pub managed_policies: Vec<String>,
    /// The accounts' own policies, in their order.
    pub customer_managed_policies: Vec<CustomerManagedPolicy>,
    /// The inline policy's document, the text itself where it is not JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inline_policy: Option<Value>,
    /// What nothing in the set can go beyond.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundary: Option<Boundary>,
    /// Its tags without those of ownership.
    pub tags: Tags,
    /// The closed accounts that have the set, in what was found: Identity Center brings no change to them and takes no set
    /// from them until AWS removes them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held_by_closed_accounts: Vec<Address>,
    /// How many accounts have an older version, in what was found, where some have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outdated: Option<usize>,
}

impl Resource for PermissionSet {
    const KIND: &'static str = "permission-set";
}

/// A policy that an account has under this path and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct CustomerManagedPolicy {
    /// Its name.
    pub name: String,
    /// Its path, which begins and ends with `/`.
    pub path: String,
}

impl CustomerManagedPolicy {
    /// The end of its ARN: `/team/boundary`.
    pub fn path_and_name(&self) -> String {
        format!("{}{}", self.path, self.name)
    }
}

/// A permissions boundary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Boundary {
    /// One of AWS's managed policies, by its ARN.
    Managed(String),
    /// One of the accounts' own policies.
    CustomerManaged(CustomerManagedPolicy),
}

/// The ARNs of AWS's managed policies in the body of a set. A guard asks for each account, so they are read where they lie.
pub(crate) fn managed_policies(set: &Body) -> impl Iterator<Item = &str> {
    set.get(MANAGED).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const WANTED: &str = r#"{"name":"work","session":"PT8H","description":"To work","relay_state":"https://x.example","managed_policies":["arn:aws:iam::aws:policy/ReadOnlyAccess"],"customer_managed_policies":[{"name":"p","path":"/team/"}],"inline_policy":{"Version":"2012-10-17","Statement":[]},"boundary":{"customer_managed":{"name":"b","path":"/"}},"tags":{"team":"x"}}"#;

    fn read(text: &str) -> (Body, PermissionSet) {
        let body: Body = serde_json::from_str(text).expect("it is a map");
        let set = PermissionSet::of(&body).expect("it is a permission set");
        (body, set)
    }

    #[test]
    fn its_fields_are_as_plans_show_them() {
        let (body, set) = read(WANTED);
        assert_eq!((set.session.as_str(), set.description.as_deref()), ("PT8H", Some("To work")));
        assert_eq!(set.customer_managed_policies[0].path_and_name(), "/team/p");
        assert_eq!(set.inline_policy, Some(json!({"Version": "2012-10-17", "Statement": []})));
        let boundary = CustomerManagedPolicy { name: "b".into(), path: "/".into() };
        assert_eq!(set.boundary, Some(Boundary::CustomerManaged(boundary)));
        assert_eq!(managed_policies(&body).collect::<Vec<_>>(), set.managed_policies);
        assert_eq!(Value::Object(set.body()).to_string(), WANTED);
    }

    #[test]
    fn what_a_set_does_not_have_is_left_out_and_lists_are_empty() {
        let text = r#"{"name":"none","session":"PT1H","managed_policies":[],"customer_managed_policies":[],"tags":{}}"#;
        let (_, set) = read(text);
        assert_eq!((set.inline_policy.as_ref(), set.boundary.as_ref()), (None, None));
        assert_eq!(Value::Object(set.body()).to_string(), text);
    }

    #[test]
    fn what_was_found_says_which_accounts_have_another_version() {
        let text = r#"{"name":"old","session":"PT1H","managed_policies":[],"customer_managed_policies":[],"boundary":{"managed":"arn:aws:iam::aws:policy/X"},"tags":{},"held_by_closed_accounts":["account/gone"],"outdated":2}"#;
        let (body, set) = read(text);
        assert_eq!(set.boundary, Some(Boundary::Managed("arn:aws:iam::aws:policy/X".into())));
        assert_eq!((set.held_by_closed_accounts.as_slice(), set.outdated), (&[Address::account("gone")][..], Some(2)));
        assert!(body.contains_key(HELD) && body.contains_key(OUTDATED));
        assert!(POLICIES.iter().all(|field| serde_json::to_value(read(WANTED).1).expect("a map").get(field).is_some()));
        assert_eq!(Value::Object(set.body()).to_string(), text);
    }
}
