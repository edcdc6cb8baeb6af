//! How Organizations shows what it keeps: ids become ARNs, places become paths.

use serde_json::{Value, json};

use super::policy_types;
use crate::model::organizations::{Organization, Policy};

impl Organization {
    /// The ARN of an organization's resource, `arn:PARTITION:organizations::MANAGEMENT:KIND/ORGANIZATION/ID`.
    fn arn(&self, kind: &str, id: &str) -> String {
        format!("{}/{id}", self.arn_of_kind(kind))
    }

    fn arn_of_kind(&self, kind: &str) -> String {
        format!("arn:{}:organizations::{}:{kind}/{}", self.partition, self.management, self.id)
    }

    pub(crate) fn root_arn(&self) -> String {
        self.arn("root", &self.root)
    }

    pub(crate) fn unit_arn(&self, id: &str) -> String {
        self.arn("ou", id)
    }

    pub(crate) fn account_arn(&self, id: &str) -> String {
        self.arn("account", id)
    }

    pub(crate) fn policy_arn(&self, id: &str, policy: &Policy) -> String {
        let kind = policy.kind.to_lowercase();
        if policy.aws_managed {
            return format!("arn:{}:organizations::aws:policy/{kind}/{id}", self.partition);
        }
        self.arn("policy", &format!("{kind}/{id}"))
    }

    pub(super) fn resource_policy_arn(&self, id: &str) -> String {
        self.arn("resourcepolicy", id)
    }

    pub(super) fn handshake_arn(&self, kind: &str, id: &str) -> String {
        self.arn("handshake", &format!("{kind}/{id}"))
    }

    /// The place of a unit or an account, `ORGANIZATION/ROOT/OU/…/`, with its own id as the last.
    pub(super) fn path(&self, id: &str) -> String {
        let mut ids: Vec<&str> = std::iter::successors(Some(id), |id| self.parent(id)).collect();
        ids.reverse();
        format!("{}/{}/", self.id, ids.join("/"))
    }

    pub(super) fn show(&self) -> Value {
        let management = self.accounts.get(&self.management);
        json!({
            "Id": self.id,
            "Arn": self.arn_of_kind("organization"),
            "FeatureSet": self.feature_set,
            "MasterAccountId": self.management,
            "MasterAccountArn": self.account_arn(&self.management),
            "MasterAccountEmail": management.map(|account| account.email.as_str()),
            // Deprecated by AWS, which answers this whatever is enabled: ListRoots shows.
            "AvailablePolicyTypes": [{"Type": policy_types::SERVICE_CONTROL_POLICY, "Status": "ENABLED"}],
        })
    }

    pub(super) fn show_root(&self) -> Value {
        let enabled = self.policy_types.iter().map(|kind| json!({"Type": kind, "Status": "ENABLED"}));
        let pending = self.pending_policy_types.iter();
        let pending = pending.map(|(kind, status)| json!({"Type": kind, "Status": status}));
        json!({
            "Id": self.root,
            "Arn": self.root_arn(),
            "Name": "Root",
            "PolicyTypes": enabled.chain(pending).collect::<Vec<_>>(),
        })
    }

    pub(super) fn show_unit(&self, id: &str) -> Value {
        let name = self.units.get(id).map(|unit| unit.name.as_str());
        json!({"Id": id, "Arn": self.unit_arn(id), "Name": name, "Path": self.path(id)})
    }

    /// An account as AWS shows it since it retired `Status` on 9 September 2026.
    pub(super) fn show_account(&self, id: &str) -> Value {
        let Some(account) = self.accounts.get(id) else {
            return Value::Null;
        };
        json!({
            "Id": id,
            "Arn": self.account_arn(id),
            "Name": account.name,
            "Email": account.email,
            "State": account.state,
            "Paths": [self.path(id)],
            "JoinedMethod": Some(account.joined_method.as_str()).filter(|method| !method.is_empty()).unwrap_or("CREATED"),
            "JoinedTimestamp": account.joined,
        })
    }

    /// A policy without its content.
    pub(super) fn show_policy_summary(&self, id: &str, policy: &Policy) -> Value {
        json!({
            "Id": id,
            "Arn": self.policy_arn(id, policy),
            "Name": policy.name,
            "Description": policy.description,
            "Type": policy.kind,
            "AwsManaged": policy.aws_managed,
        })
    }

    pub(super) fn show_policy(&self, id: &str, policy: &Policy) -> Value {
        json!({"PolicySummary": self.show_policy_summary(id, policy), "Content": policy.content})
    }

    /// A target of a policy.
    pub(super) fn show_target(&self, id: &str) -> Value {
        let row = |kind: &str, name: &str, arn: String| json!({"TargetId": id, "Arn": arn, "Name": name, "Type": kind});
        if let Some(unit) = self.units.get(id) {
            return row("ORGANIZATIONAL_UNIT", &unit.name, self.unit_arn(id));
        }
        match self.accounts.get(id) {
            Some(account) => row("ACCOUNT", &account.name, self.account_arn(id)),
            None => row("ROOT", "Root", self.root_arn()),
        }
    }
}
