//! Beside AWS Control Tower: what is its own is recognized and stays as it is.

use landing::model::{Action, Governed, Plan};
use serde_json::{Value, json};

use super::hand::Hand;
use super::picture::picture;
use super::world::{DESTROY, How, World, declared, resources};
use landing_zone::{governed, organization, unit_by_hand};

pub mod landing_zone;

/// A blueprint of someone who works beside Control Tower: one unit and guardrails of its own, people and a control in what is
/// Control Tower's.
pub const BESIDE: &str = "version: 1
name: ours
organization:
  regions: [eu-west-1]
  control_tower: true
  access_role: AWSControlTowerExecution
  account_email: '{name}@example.com'
  trusted_access: [ram.amazonaws.com]
guardrails: [no-leaving, region-restriction, no-root-user]
organizational_units:
  Sandbox: {guardrails: [imdsv2]}
  Security: {}
  Workloads: {accounts: [ours]}
stacks:
  controls:
    template: control-tower-controls
    in: [management]
    parameters:
      controls: [AWS-GR_ENCRYPTED_VOLUMES, AWS-GR_RESTRICTED_SSH]
      TargetArn: arn:aws:organizations::${management}:ou/${organization}/${ou/Sandbox}
identity:
  permission_sets: [AWSReadOnlyAccess, security-audit]
  assignments:
    analysts: {AWSReadOnlyAccess: [Sandbox]}
    auditors: {security-audit: [Security]}
";

const ORGANIZATION: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
";

async fn plan(world: &World, text: &str) -> Plan {
    world.plan(text).await.expect("it can be planned").plan
}

fn reported(plan: &Plan) -> &Governed {
    plan.control_tower.as_ref().expect("Control Tower governs")
}

fn notes(plan: &Plan) -> Vec<String> {
    let note = |note: &landing::model::GovernedNote| match &note.address {
        Some(address) => format!("{address}: {}", note.what),
        None => note.what.clone(),
    };
    reported(plan).notes.iter().map(note).collect()
}

fn refusals(plan: &Plan) -> Vec<String> {
    plan.refusals.iter().map(|refusal| format!("{}: {}", refusal.code, refusal.message)).collect()
}

/// What is Control Tower's, as it is in a sandbox's snapshot.
pub fn its_own(world: &World) -> Value {
    let snapshot = world.sandbox.snapshot();
    let picture = picture(&snapshot);
    let policies = picture["policies"].as_object().expect("there are some").iter();
    let policies: Vec<_> = policies.filter(|(name, _)| name.contains("aws-guardrails-")).collect();
    let sets = picture["identity"]["permission_sets"].as_object().expect("there are some").iter();
    let sets: Vec<_> =
        sets.filter(|(name, _)| name.starts_with("AWS")).map(|(name, set)| (name, &set["managed_policies"])).collect();
    let trails = resources(&snapshot, "AWS::CloudTrail::Trail");
    json!({
        "policies": policies, "sets": sets, "trails": trails, "stack_sets": snapshot["stack_sets"],
        "security": picture["units"]["Security"], "sandbox": picture["units"]["Sandbox"],
        "audit": picture["accounts"]["audit@example.com"],
    })
}

#[tokio::test(start_paused = true)]
async fn what_is_control_towers_is_named_as_its_own_and_not_unmanaged() {
    let world = governed().await;
    let plan = plan(&world, ORGANIZATION).await;
    let items: Vec<&str> = reported(&plan).items.iter().map(|it| it.as_str()).collect();
    assert_eq!(
        items,
        [
            "account/Audit",
            "account/Log Archive",
            "account/app",
            "ou/Sandbox",
            "ou/Security",
            "scp/aws-guardrails-Qx7Yz1",
            "scp/aws-guardrails-aB3dE9",
        ]
    );
    // The management account is no one's.
    assert_eq!(plan.unmanaged.len(), 1, "{:?}", plan.unmanaged);
    assert!(notes(&plan).is_empty() && plan.refusals.is_empty(), "{:?}", notes(&plan));
    let with_people = format!(
        "{ORGANIZATION}identity: {{permission_sets: [billing], assignments: {{payers: {{billing: [management]}}}}}}\n"
    );
    let plan = self::plan(&world, &with_people).await;
    assert!(reported(&plan).items.iter().any(|it| it.as_str() == "permission-set/AWSAdministratorAccess"));
    assert!(plan.unmanaged.iter().all(|it| it.prefix() != "permission-set"), "{:?}", plan.unmanaged);
}

#[tokio::test(start_paused = true)]
async fn a_blueprint_beside_it_is_applied_and_leaves_what_is_its_own() {
    let world = governed().await;
    let before = its_own(&world);
    let applied = world.applied(BESIDE, How::default()).await;
    assert!(applied.plan.changes.iter().all(|change| change.action == Action::Create), "{:#?}", applied.plan.changes);
    assert_eq!(its_own(&world), before);
    assert!(notes(&world.quiet(BESIDE).await).is_empty());
    let snapshot = world.at_rest().await;
    let controls = resources(&snapshot, "AWS::ControlTower::EnabledControl");
    let controls: Vec<&str> =
        controls.iter().filter_map(|(_, _, _, it)| it["ControlIdentifier"].as_str()?.rsplit('/').next()).collect();
    assert_eq!(controls, ["AWS-GR_ENCRYPTED_VOLUMES", "AWS-GR_RESTRICTED_SSH"]);
    let identity = picture(&snapshot)["identity"].clone();
    let reads = &identity["permission_sets"]["AWSReadOnlyAccess"]["accounts"];
    assert_eq!(reads["app@example.com"]["principals"], json!(["GROUP AWSSecurityAuditors", "GROUP analysts"]));
    assert_eq!(reads["audit@example.com"]["principals"], json!(["GROUP AWSSecurityAuditors"]));
}

#[tokio::test(start_paused = true)]
async fn nothing_of_its_own_goes_with_what_the_blueprint_drops() {
    let world = governed().await;
    world.applied(BESIDE, How::default()).await;
    let before = its_own(&world);
    let plan = plan(&world, ORGANIZATION).await;
    assert!(plan.changes.iter().any(|change| change.action == Action::Delete));
    world.applied("version: 1\nname: ours\norganization: {regions: [eu-west-1], access_role: AWSControlTowerExecution}\norganizational_units: {Workloads: {}}\naccounts: []\n", DESTROY).await;
    assert_eq!(its_own(&world)["policies"], before["policies"]);
    assert_eq!(its_own(&world)["security"], before["security"]);
}

#[tokio::test(start_paused = true)]
async fn its_resources_are_not_changed_renamed_or_removed() {
    let world = governed().await;
    let cases = [
        (
            "organizational_units: {Safety: {was: Security}}",
            "control-tower: ou/Safety is AWS Control Tower's, and the blueprint would change its name",
        ),
        (
            "policies: {aws-guardrails-aB3dE9: {content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'sqs:*', Resource: '*'}}}}",
            "control-tower: scp/aws-guardrails-aB3dE9 is AWS Control Tower's, and the blueprint would change its content",
        ),
        (
            "organizational_units: {Security: {full_aws_access: false, policies: [all]}}\npolicies: {all: {content: {Version: '2012-10-17', Statement: {Effect: Allow, Action: '*', Resource: '*'}}}}",
            "control-tower: scp/FullAWSAccess@ou/Security: AWS Control Tower needs FullAWSAccess on the units that are registered with it",
        ),
        (
            "identity: {permission_sets: {AWSReadOnlyAccess: {managed_policies: [AdministratorAccess]}}}",
            "control-tower: permission-set/AWSReadOnlyAccess is AWS Control Tower's, and the blueprint would change its managed_policies",
        ),
        (
            "stacks: {AWSControlTowerBP-BASELINE-CONFIG: {template: budget, in: [Sandbox], parameters: {limit_usd: 1, emails: [a@example.com]}}}\norganizational_units: {Sandbox: {}}",
            "control-tower: stack-set/AWSControlTowerBP-BASELINE-CONFIG: names like this are AWS Control Tower's",
        ),
    ];
    for (section, refusal) in cases {
        let plan = plan(&world, &format!("{ORGANIZATION}{section}\n")).await;
        let refused = refusals(&plan);
        assert!(refused.iter().any(|it| it.starts_with(refusal)), "{section}: {refused:#?}");
    }
    let organization = ORGANIZATION.replace("{regions", "{trusted_access: [{name: controltower.amazonaws.com, state: absent}], policy_types: [{type: scp, state: absent}], regions");
    assert_eq!(
        refusals(&plan(&world, &organization).await),
        [
            "control-tower: policy-type/SERVICE_CONTROL_POLICY: the controls of AWS Control Tower are such policies",
            "control-tower: trusted-access/controltower.amazonaws.com: AWS Control Tower governs the organization by it",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_its_own_is_not_detached_nor_attached_elsewhere() {
    let world = governed().await;
    let snapshot = world.sandbox.snapshot();
    let policies = snapshot["organization"]["policies"].as_object().expect("there are some").values();
    let policy = policies.into_iter().find(|it| it["name"] == "aws-guardrails-Qx7Yz1").expect("it is there").clone();
    let content = policy["content"].as_str().expect("it says something");
    let with = |place: &str| {
        format!(
            "{ORGANIZATION}policies: {{aws-guardrails-Qx7Yz1: {{description: SCP for AWS Control Tower guardrails, content: {content}}}}}\norganizational_units: {{{place}}}\n"
        )
    };
    let named = plan(&world, &with("Sandbox: {}")).await;
    assert!(named.refusals.is_empty() && named.is_quiet(), "{:#?} {:#?}", named.refusals, named.changes);
    let attached = plan(&world, &with("Security: {policies: [aws-guardrails-Qx7Yz1]}")).await;
    assert_eq!(
        refusals(&attached),
        [
            "control-tower: scp/aws-guardrails-Qx7Yz1@ou/Security: the policy is AWS Control Tower's, the plan would attach it"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_unit_of_ours_that_was_registered_later_is_not_renamed_or_deleted() {
    let world = governed().await;
    let ours = format!("{ORGANIZATION}organizational_units: {{Ours: {{}}}}\n");
    world.applied(&ours, How::default()).await;
    Hand::in_world(&world, &ours).await.attaches("scp/aws-guardrails-Qx7Yz1", "ou/Ours").await;
    let refused = |plan: Plan| refusals(&plan);
    assert_eq!(
        refused(plan(&world, ORGANIZATION).await),
        ["control-tower: ou/Ours: the unit is registered with AWS Control Tower, the plan would delete it"]
    );
    assert_eq!(
        refused(plan(&world, &ours.replace("{Ours: {}}", "{Mine: {was: Ours}}")).await),
        ["control-tower: ou/Mine: the unit is registered with AWS Control Tower, the plan would rename it"]
    );
    let tagged = plan(&world, &ours.replace("{}", "{tags: {team: a}}")).await;
    assert!(tagged.refusals.is_empty() && tagged.summary.update == 1, "{:#?}", tagged.refusals);
}

#[tokio::test(start_paused = true)]
async fn moves_and_new_accounts_of_registered_units_are_reported_before_they_are_made() {
    let world = governed().await;
    let units = |units: &str| format!("{ORGANIZATION}organizational_units: {{{units}}}\n");
    let out = plan(&world, &units("Elsewhere: {accounts: [app]}, Sandbox: {}")).await;
    assert_eq!(
        notes(&out),
        [
            "account/app: moved out of ou/Sandbox, which is registered: Control Tower reports drift, and its controls hold no more; \
          unmanage it there first"
        ]
    );
    let within = plan(&world, &units("Security: {accounts: [app]}")).await;
    assert!(notes(&within)[0].starts_with("account/app: moved from ou/Sandbox to ou/Security, which are registered"));
    let new = plan(&world, &units("Sandbox: {accounts: [new]}")).await;
    assert!(notes(&new)[0].starts_with("account/new: made without Account Factory in ou/Sandbox"), "{:?}", notes(&new));
    let closed = plan(&world, &units("Sandbox: {accounts: [{name: app, state: closed}]}")).await;
    assert!(
        notes(&closed)[0].starts_with("account/app: in ou/Sandbox, which is registered: unmanage it"),
        "{:?}",
        notes(&closed)
    );
}

#[tokio::test(start_paused = true)]
async fn an_organization_trail_beside_its_own_and_the_role_of_its_accounts_are_reported() {
    let world = governed().await;
    let stacks = "organizational_units: {Security: {accounts: [{name: Audit, email: audit@example.com}]}}
stacks:
  archive: {template: log-archive, in: [Audit], parameters: {bucket_prefix: ours}}
  trail:
    template: organization-trail
    in: [management]
    parameters:
      BucketName: ${stack/Audit/archive/eu-west-1.TrailBucketName}
      KeyArn: ${stack/Audit/archive/eu-west-1.KeyArn}
";
    let organization = ORGANIZATION.replace("{regions", "{access_role: AWSControlTowerExecution, regions");
    let entered = notes(&plan(&world, &format!("{ORGANIZATION}{stacks}")).await);
    assert!(
        entered[0].starts_with("account/Audit: role OrganizationAccountAccessRole does not let landing in"),
        "{entered:?}"
    );
    let plan = plan(&world, &format!("{organization}{stacks}")).await;
    assert!(notes(&plan).iter().all(|it| !it.contains("let landing in")), "{:?}", notes(&plan));
    let trail = notes(&plan).into_iter().find(|it| it.starts_with("stack/management/trail/eu-west-1: "));
    assert!(trail.is_some_and(|it| it.contains("aws-controltower-BaselineCloudTrail")), "{:?}", notes(&plan));
}

#[tokio::test(start_paused = true)]
async fn its_roles_are_not_shut_out_and_guardrails_spare_them_where_the_blueprint_says_so() {
    let world = governed().await;
    let deny = "policies: {stop: {content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'config:Put*', Resource: '*'}}}}\norganizational_units: {Sandbox: {policies: [stop]}}";
    let refused = refusals(&plan(&world, &format!("{ORGANIZATION}{deny}\n")).await);
    assert!(
        refused.iter().any(|it| it.starts_with(
            "lock-out: AWS Control Tower's role AWSControlTowerExecution could not do config:PutConfigurationRecorder"
        )),
        "{refused:#?}"
    );
    let guarded = format!("{ORGANIZATION}guardrails: [region-restriction]\n");
    let reported = notes(&plan(&world, &guarded).await);
    assert!(reported[0].starts_with("write `control_tower: true` under `organization`"), "{reported:?}");
    let elsewhere = |role: &str, text: &str| {
        let desired = declared(text).desired;
        let policy = desired.of_kind("policy").next().expect("there is one").body["content"].to_string();
        policy.contains(&format!("role/{role}\""))
    };
    let saying = guarded.replace("{regions", "{control_tower: true, regions");
    for role in landing::model::CONTROL_TOWER_ROLES {
        assert!(elsewhere(role, &saying) && !elsewhere(role, &guarded), "{role}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_control_tower_nothing_is_said_and_one_call_asks_for_it() {
    let world = World::new();
    let text = format!("{ORGANIZATION}guardrails: [no-leaving]\norganizational_units: {{A: {{}}}}\n");
    world.applied(&text, How::default()).await;
    let plan = world.quiet(&text).await;
    assert!(plan.control_tower.is_none());
    let calls = &plan.api_calls.by_operation;
    assert_eq!(calls.get("organizations:ListAWSServiceAccessForOrganization"), Some(&1));
    assert!(calls.keys().all(|operation| !operation.starts_with("controltower:")), "{calls:?}");
    let saying = text.replace("{regions", "{control_tower: true, regions");
    let plan = self::plan(&world, &saying).await;
    assert!(notes(&plan)[0].contains("which does not trust it: set it up"), "{:?}", notes(&plan));
}

#[tokio::test(start_paused = true)]
async fn policies_named_like_its_own_are_unmanaged_where_it_does_not_govern() {
    let world = governed().await;
    let client = world.cloud().await.organizations.clone();
    client
        .disable_aws_service_access()
        .service_principal("controltower.amazonaws.com")
        .send()
        .await
        .expect("it is distrusted");
    let plan = plan(&world, ORGANIZATION).await;
    assert!(plan.control_tower.is_none());
    assert!(plan.unmanaged.iter().any(|it| it.as_str() == "scp/aws-guardrails-Qx7Yz1"), "{:?}", plan.unmanaged);
}

#[tokio::test(start_paused = true)]
async fn governing_costs_one_call_and_one_for_each_policy_of_its_own() {
    let world = governed().await;
    let calls = plan(&world, ORGANIZATION).await.api_calls.by_operation;
    assert_eq!(calls["organizations:ListAWSServiceAccessForOrganization"], 1);
    assert_eq!(calls["organizations:ListTargetsForPolicy"], 2);
    let root = world.sandbox.snapshot()["organization"]["root"].as_str().expect("there is one").to_owned();
    unit_by_hand(&world, &root, "Theirs").await;
    let plan = plan(&world, ORGANIZATION).await;
    assert!(plan.unmanaged.iter().any(|it| it.as_str() == "ou/Theirs"), "one that is not registered is no one's");
}

/// A world in which Control Tower's landing zone governs a unit by a baseline and another by a control, without any policy
/// of that name.
async fn governed_without_policies(auto_enrollment: bool) -> World {
    let world = World::new();
    let root = organization(&world).await;
    let mut arns = Vec::new();
    for name in ["ByBaseline", "ByControl"] {
        let id = unit_by_hand(&world, &root, name).await;
        arns.push(format!("arn:aws:organizations::111111111111:ou/o-aaaaaaaaaa/{id}"));
    }
    let edited = world.sandbox.edit(|state| {
        state["control_tower"] = json!({
            // Not the blueprint's home region.
            "region": "us-west-2", "auto_enrollment": auto_enrollment, "baselines": [arns[0]], "controls": [arns[1]],
        });
    });
    edited.expect("it is a state");
    world
}

#[tokio::test(start_paused = true)]
async fn a_unit_with_an_enabled_baseline_or_control_is_control_towers_without_any_policy() {
    let world = governed_without_policies(false).await;
    let plan = plan(&world, ORGANIZATION).await;
    let items: Vec<&str> = reported(&plan).items.iter().map(|it| it.as_str()).collect();
    assert_eq!(items, ["ou/ByBaseline", "ou/ByControl"]);
}

#[tokio::test(start_paused = true)]
async fn an_organization_with_consolidated_billing_only_is_planned_without_asking_for_trusted_access() {
    let world = World::new();
    let text = format!("{ORGANIZATION}organizational_units: {{A: {{}}}}\n");
    world.applied(&text, How::default()).await;
    let edited = world.sandbox.edit(|state| state["organization"]["feature_set"] = "CONSOLIDATED_BILLING".into());
    edited.expect("it is a state");
    let plan = plan(&world, &text).await;
    assert!(plan.control_tower.is_none());
    let calls = plan.api_calls.by_operation;
    assert!(!calls.contains_key("organizations:ListAWSServiceAccessForOrganization"), "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn a_plan_says_what_automatic_enrollment_does_with_an_account_that_is_made_or_moved() {
    let world = governed_without_policies(true).await;
    let free = format!("{ORGANIZATION}organizational_units: {{Free: {{accounts: [fresh]}}, ByBaseline: }}\n");
    world.applied(&free, How::default()).await;
    let moved = format!("{ORGANIZATION}organizational_units: {{Free: , ByBaseline: {{accounts: [fresh]}}}}\n");
    assert_eq!(
        notes(&plan(&world, &moved).await),
        [
            "account/fresh: moved into ou/ByBaseline, which is registered: Control Tower enrolls the account and deploys its \
          baselines and controls"
        ]
    );
}
