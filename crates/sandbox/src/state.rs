//! Everything the simulated AWS knows, as it is saved.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::account::AccountSettings;
use crate::model::cloudformation::Stacks;
use crate::model::control_tower::ControlTower;
use crate::model::event_history::EventHistory;
use crate::model::guardduty::GuardDuty;
use crate::model::identity_center::IdentityCenter;
use crate::model::identity_store::Directory;
use crate::model::organizations::Organization;
use crate::model::principals::Principals;
use crate::model::resources::Resources;
use crate::model::s3::Objects;
use crate::model::ssm::Parameters;
use crate::model::stack_sets::StackSets;
use crate::model::tagging::Tagging;

/// The simulated AWS. Its JSON is the state file; whatever a file leaves out has its default.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct State {
    /// The ARNs' partition.
    pub(super) partition: String,
    /// The account whose administrator an unknown access key is, and which may become the management account.
    pub(super) management: AccountOwner,
    pub(super) quotas: Quotas,
    pub(super) principals: Principals,
    pub(super) organization: Option<Organization>,
    /// What AWS Control Tower governs.
    pub(super) control_tower: ControlTower,
    /// Existing accounts outside the organization, by id: they can be invited.
    pub(super) standalone_accounts: BTreeMap<String, AccountOwner>,
    /// The names of the roles that the management account may assume, by account.
    pub(super) roles: BTreeMap<String, BTreeSet<String>>,
    pub(super) account_settings: AccountSettings,
    pub(super) parameters: Parameters,
    pub(super) tagging: Tagging,
    pub(super) identity_center: IdentityCenter,
    /// Identity Center's users and groups.
    pub(super) directory: Directory,
    /// CloudFormation's stacks.
    pub(super) stacks: Stacks,
    pub(super) stack_sets: StackSets,
    /// The aliases of accounts, those included that are in no organization.
    pub(super) account_aliases: BTreeMap<String, String>,
    /// The password policies of IAM users, as IAM shows them, by account.
    pub(super) password_policies: BTreeMap<String, Value>,
    /// Where new EBS volumes are encrypted: `ACCOUNT/REGION`.
    pub(super) ebs_encryption: BTreeSet<String>,
    /// The ARNs of the keys for new EBS volumes, by `ACCOUNT/REGION`, where others than AWS's were chosen.
    pub(super) ebs_keys: BTreeMap<String, String>,
    /// The ids of the zones that interface endpoints of a service can be in, by region and service, where they are not all.
    pub(super) endpoint_zones: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Who administers GuardDuty for the organization, by region.
    pub(super) guardduty: BTreeMap<String, GuardDuty>,
    /// The accounts that services have designated to administer them for the organization, by principal and region.
    pub(super) administrators: BTreeMap<String, BTreeMap<String, String>>,
    /// The roles that services have made for themselves, and their principals, by account and name.
    pub(super) service_linked_roles: BTreeMap<String, BTreeMap<String, String>>,
    /// The resources that exist, by account, region, type and physical id.
    pub(super) resources: Resources,
    /// The objects in S3's buckets.
    pub(super) objects: Objects,
    /// What CloudTrail records, where the options have it keep something.
    #[serde(skip_serializing_if = "EventHistory::is_empty")]
    pub(super) events: EventHistory,
    /// How often the state file was written, by which a journal knows the one that it continues.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) saves: u64,
}

/// Serde passes what it may leave out by reference.
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// An account by its owner's name and address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct AccountOwner {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
}

/// AWS's quotas that can be raised; those on an organization are from "Quotas for AWS Organizations" in its user guide.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Quotas {
    /// Accounts in the organization, closed ones and open invitations included. AWS starts with 10; the sandbox with
    /// what AWS grants at most.
    pub(super) accounts: usize,
    /// CreateAccount requests in progress at once.
    pub(super) account_creations: usize,
    /// CloseAccount requests in progress at once.
    pub(super) account_closures: usize,
    /// Accounts that may be closed within 30 days whatever the organization's size; a fifth of the accounts may be
    /// closed in any case.
    pub(super) closures_per_month: usize,
    /// Characters of a new account's email address.
    pub(super) email_length: usize,
    pub(super) organizational_units: usize,
    /// Levels of organizational units below the root.
    pub(super) organizational_unit_depth: usize,
    /// Stacks in an account and region, see "Understand CloudFormation quotas" in its user guide.
    pub(super) stacks: usize,
    /// Stack sets in a region.
    pub(super) stack_sets: usize,
    /// Instances of a stack set.
    pub(super) stack_instances: usize,
    /// Seconds that a session of a role lasts at most: an hour where a role assumes another, see "Roles terms and concepts"
    /// in the IAM user guide.
    pub(super) session_seconds: u64,
    /// Permission sets, see "Quotas in IAM Identity Center" in its user guide.
    pub(super) permission_sets: usize,
}

impl Default for Quotas {
    fn default() -> Self {
        Self {
            accounts: 50_000,
            account_creations: 5,
            account_closures: 3,
            closures_per_month: 250,
            email_length: 64,
            organizational_units: 2_000,
            organizational_unit_depth: 5,
            stacks: 2_000,
            stack_sets: 1_000,
            stack_instances: 100_000,
            session_seconds: 3_600,
            permission_sets: 3_500,
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            partition: "aws".into(),
            management: AccountOwner {
                id: "111111111111".into(),
                name: "management".into(),
                email: "management@example.com".into(),
            },
            quotas: Quotas::default(),
            principals: Principals::new(),
            organization: None,
            control_tower: ControlTower::default(),
            standalone_accounts: BTreeMap::new(),
            roles: BTreeMap::new(),
            account_settings: AccountSettings::new(),
            account_aliases: BTreeMap::new(),
            password_policies: BTreeMap::new(),
            ebs_encryption: BTreeSet::new(),
            ebs_keys: BTreeMap::new(),
            endpoint_zones: BTreeMap::new(),
            guardduty: BTreeMap::new(),
            administrators: BTreeMap::new(),
            service_linked_roles: BTreeMap::new(),
            parameters: Parameters::default(),
            tagging: Tagging::default(),
            identity_center: IdentityCenter::default(),
            directory: Directory::default(),
            stacks: Stacks::default(),
            stack_sets: StackSets::default(),
            resources: Resources::new(),
            objects: Objects::new(),
            events: EventHistory::default(),
            saves: 0,
        }
    }
}

impl State {
    /// Reads a state file.
    pub(super) fn read(text: &[u8]) -> Result<Self, serde_json::Error> {
        // Serde would take a list for a structure whose every member has a default.
        if !text.trim_ascii_start().starts_with(b"{") {
            return Err(serde::de::Error::custom("it must be a JSON object"));
        }
        serde_json::from_slice(text)
    }

    /// Reads what [`State::to_json`] gives.
    pub(super) fn from_json(json: Value) -> Result<Self, serde_json::Error> {
        // Serde would take a list for a structure whose every member has a default.
        if !json.is_object() {
            return Err(serde::de::Error::custom("it must be a JSON object"));
        }
        serde_json::from_value(json)
    }

    /// Makes a service's role in the management account.
    pub(super) fn link_role(&mut self, name: &str, principal: &str) {
        let roles = self.service_linked_roles.entry(self.management.id.clone()).or_default();
        roles.insert(name.to_owned(), principal.to_owned());
    }

    /// Whether the management account has a service's role.
    pub(super) fn has_linked_role(&self, name: &str) -> bool {
        self.service_linked_roles.get(&self.management.id).is_some_and(|roles| roles.contains_key(name))
    }

    /// The state as it is saved, without what is about the file.
    pub(super) fn to_json(&self) -> Value {
        let mut json = serde_json::to_value(self).expect("the state holds only string keys and plain values");
        json.as_object_mut().and_then(|members| members.remove("saves"));
        json
    }
}
