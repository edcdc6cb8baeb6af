//! What the built-in blueprint cannot show, since it is for an organization of its own: an external directory, the
//! preconfigured groups, and AWS Control Tower.

use std::collections::{BTreeMap, BTreeSet};

use landing::model::Plan;
use serde_json::{Value, json};

use crate::control_tower::landing_zone::governed;
use crate::control_tower::{BESIDE, its_own};
use crate::directory::{EXTERNAL, send};
use crate::picture::picture;
use crate::world::{How, World, resources};

const ORGANIZATION: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
organizational_units: {Security: {accounts: [log-archive, audit]}, Workloads: {accounts: [a]}}
";

const PRECONFIGURED: &str = "identity:
  permission_sets: [administrator, power-user, read-only, security-audit, billing]
  preconfigured_groups: {log_archive: log-archive, audit: audit}
";

/// Other organizations after landing has been there.
pub struct Beside {
    /// Identity Center where one of two groups has come from the identity provider.
    external: Value,
    /// What was planned there.
    external_plan: Plan,
    /// Identity Center with all that is preconfigured.
    preconfigured: Value,
    /// What is Control Tower's, before and after.
    towers: (Value, Value),
    /// The second plan in its organization.
    towers_plan: Plan,
    /// The controls that are enabled.
    controls: BTreeSet<String>,
}

impl Beside {
    pub async fn others() -> Beside {
        let (external, external_plan) = external().await;
        let world = governed().await;
        let before = its_own(&world);
        world.applied(BESIDE, How::default()).await;
        let snapshot = world.at_rest().await;
        let controls = resources(&snapshot, "AWS::ControlTower::EnabledControl").into_iter();
        Beside {
            external,
            external_plan,
            preconfigured: applied(&format!("{ORGANIZATION}{PRECONFIGURED}")).await,
            towers: (before, its_own(&world)),
            towers_plan: world.quiet(BESIDE).await,
            controls: controls
                .map(|(_, _, _, it)| it["ControlIdentifier"].as_str().unwrap_or_default().to_owned())
                .collect(),
        }
    }

    /// Row 21: a group that was sent is assigned and not written on, one that was not is not made but asked for.
    pub fn groups_come_from_elsewhere(&self) -> bool {
        let assigned = &self.external["permission_sets"]["read-only"]["accounts"]["a@example.com"]["principals"];
        let asked: Vec<&str> =
            self.external_plan.manual.iter().filter_map(|it| Some(it.address.as_ref()?.as_str())).collect();
        self.external["groups"] == json!({"Engineers": null})
            && *assigned == json!(["GROUP Engineers"])
            && asked == ["group/platform-team"]
    }

    /// Row 22: every set with its AWS managed policies, and Control Tower's groups with theirs.
    pub fn has_preconfigured_groups_and_sets(&self) -> bool {
        let expected = BTreeMap::from([
            ("administrator", vec!["AdministratorAccess"]),
            ("power-user", vec!["PowerUserAccess"]),
            ("read-only", vec!["ReadOnlyAccess"]),
            ("security-audit", vec!["SecurityAudit", "ViewOnlyAccess"]),
            ("billing", vec!["Billing"]),
            ("AWSAdministratorAccess", vec!["AdministratorAccess"]),
            ("AWSPowerUserAccess", vec!["PowerUserAccess"]),
            ("AWSReadOnlyAccess", vec!["ViewOnlyAccess"]),
            ("AWSOrganizationsFullAccess", vec!["AWSOrganizationsFullAccess"]),
            ("AWSServiceCatalogEndUserAccess", vec!["AWSServiceCatalogEndUserFullAccess"]),
            ("AWSServiceCatalogAdminFullAccess", vec!["AWSServiceCatalogAdminFullAccess"]),
        ]);
        let sets = self.preconfigured["permission_sets"].as_object().expect("there are some");
        let found: BTreeMap<&str, Vec<&str>> = sets.iter().map(|(name, set)| (name.as_str(), policies(set))).collect();
        let groups: Vec<&String> = self.preconfigured["groups"].as_object().expect("there are some").keys().collect();
        let who = &sets["AWSAdministratorAccess"]["accounts"]["audit@example.com"]["principals"];
        found == expected
            && groups
                == [
                    "AWSAccountFactory",
                    "AWSAuditAccountAdmins",
                    "AWSControlTowerAdmins",
                    "AWSLogArchiveAdmins",
                    "AWSLogArchiveViewers",
                    "AWSSecurityAuditPowerUsers",
                    "AWSSecurityAuditors",
                    "AWSServiceCatalogAdmins",
                ]
            && *who == json!(["GROUP AWSAuditAccountAdmins", "GROUP AWSControlTowerAdmins"])
    }

    /// Row 33: it is recognized, and an apply beside it leaves it.
    pub fn control_tower_stays_as_it_is(&self) -> bool {
        let items = self.towers_plan.control_tower.as_ref().map(|it| it.items.as_slice()).unwrap_or_default();
        let is_its = |address: &str| items.iter().any(|it| it.as_str() == address);
        self.towers.0 == self.towers.1
            && ["ou/Security", "ou/Sandbox", "scp/aws-guardrails-aB3dE9", "permission-set/AWSReadOnlyAccess"]
                .iter()
                .all(|address| is_its(address))
    }

    /// Row 33: on a registered unit.
    pub fn controls_are_enabled(&self) -> bool {
        let regional = |name: &str| format!("arn:aws:controltower:eu-west-1::control/{name}");
        self.controls == BTreeSet::from(["AWS-GR_ENCRYPTED_VOLUMES", "AWS-GR_RESTRICTED_SSH"].map(regional))
    }
}

async fn external() -> (Value, Plan) {
    let world = World::new();
    world.applied(ORGANIZATION, How::default()).await;
    send(&world, "Engineers", &["ann"]).await;
    let plan = world.applied(&format!("{ORGANIZATION}{EXTERNAL}"), How::default()).await.plan;
    (picture(&world.sandbox.snapshot())["identity"].clone(), plan)
}

async fn applied(blueprint: &str) -> Value {
    let world = World::new();
    world.applied(blueprint, How::default()).await;
    world.quiet(blueprint).await;
    picture(&world.sandbox.snapshot())["identity"].clone()
}

/// The names of a set's AWS managed policies.
fn policies(set: &Value) -> Vec<&str> {
    let arns = set["managed_policies"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut names: Vec<&str> = arns.filter_map(|arn| arn.rsplit('/').next()).collect();
    names.sort_unstable();
    names
}
