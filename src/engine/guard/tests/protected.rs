use serde_json::{Value, json};

use crate::engine::scene::{OrganizationFixture, address, body, deny_role};
use crate::model::{Body, CONTROL_TOWER_EXECUTION, ControlTower, Presence, Roles, Wanted};

/// The account `a` in `ou/A`, where the plan attaches a policy.
fn attached(statement: Value) -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").unit("B").account("a", "ou/A");
    scene.policy("scp/harsh", statement, &[]).attaches("scp/harsh", "ou/A");
    scene
}

/// Whether a denial of this for the role is refused, in the scene that is prepared so.
fn is_refused(action: &str, role: &str, prepare: impl Fn(&mut OrganizationFixture)) -> bool {
    let mut scene = attached(deny_role(action, role));
    prepare(&mut scene);
    !scene.refused().is_empty()
}

const WORK: [&str; 4] = [
    "cloudformation:DescribeStacks",
    "cloudformation:CreateChangeSet",
    "cloudformation:ExecuteChangeSet",
    "iam:CreateRole",
];

#[test]
fn break_glass_roles_can_go_on_with_all_that_landing_does() {
    for action in WORK {
        assert!(!is_refused(action, "BreakGlass", |_| ()), "{action}");
        let breaks_glass =
            |scene: &mut OrganizationFixture| scene.desired.settings.break_glass_roles = vec!["BreakGlass".into()];
        assert!(is_refused(action, "BreakGlass", breaks_glass), "{action}");
    }
}

#[test]
fn the_role_that_the_blueprint_makes_for_landing_is_protected() {
    let makes = |scene: &mut OrganizationFixture| {
        scene.desired.settings.roles = Some(Roles { plan: "Reads".into(), apply: "Writes".into() });
    };
    for action in WORK {
        assert!(is_refused(action, "Writes", makes), "{action}");
        assert!(!is_refused(action, "Writes", |_| ()), "{action}");
        assert!(!is_refused(action, "Reads", makes), "{action}");
    }
}

#[test]
fn an_accounts_own_access_role_takes_the_place_of_the_common_one() {
    let own = |scene: &mut OrganizationFixture| {
        let body = body(json!({"access_role": "Own"}));
        scene.wants(Wanted::new("account", address("account/a"), body).under(address("ou/A")));
    };
    for action in WORK {
        assert!(is_refused(action, "Own", own) && !is_refused(action, "Own", |_| ()), "{action}");
        assert!(is_refused(action, "Access", |_| ()) && !is_refused(action, "Access", own), "{action}");
    }
}

fn stack_set(unit: &str, resource_type: &str) -> Wanted {
    let template = json!({"Resources": {"It": {"Type": resource_type, "Properties": {}}}});
    Wanted::new("stack-set", address("stack-set/s"), body(json!({"template": template}))).needing([address(unit)])
}

#[test]
fn the_role_of_stack_sets_works_where_a_stack_set_is() {
    let role = "stacksets-exec-*";
    for action in ["cloudformation:CreateStack", "cloudformation:UpdateStack", "cloudformation:DeleteStack"] {
        let on = |unit: &'static str| {
            move |scene: &mut OrganizationFixture| drop(scene.wants(stack_set(unit, "AWS::SNS::Topic")).places())
        };
        assert!(is_refused(action, role, on("ou/A")), "{action}");
        assert!(is_refused(action, role, on("root")), "{action}");
        assert!(!is_refused(action, role, on("ou/B")), "{action}");
        assert!(!is_refused(action, role, |_| ()), "{action}");
    }
    let makes = |resource: &'static str| {
        move |scene: &mut OrganizationFixture| drop(scene.wants(stack_set("ou/A", resource)).places())
    };
    assert!(is_refused("iam:CreateRole", role, makes("AWS::IAM::Role")));
    assert!(!is_refused("iam:CreateRole", role, makes("AWS::SNS::Topic")));
}

#[test]
fn a_stack_set_that_is_there_already_counts_too() {
    let found = |scene: &mut OrganizationFixture| {
        let owner = crate::model::Owner::This { stale: None };
        scene.finds("stack-set", "stack-set/s", owner, None, json!({})).attached_to = vec![address("ou/A")];
    };
    assert!(is_refused("cloudformation:CreateStack", "stacksets-exec-*", found));
}

#[test]
fn administrators_who_come_through_identity_center_can_look() {
    let assigns = |set: Value, account: &'static str| {
        move |scene: &mut OrganizationFixture| {
            scene.wants(Wanted::new("permission-set", address("permission-set/admin"), body(set.clone())));
            let at = format!("assignment/admin/group/team@account/{account}");
            scene.wants(Wanted::new("assignment", address(&at), Body::new()));
        }
    };
    let all = json!({"managed_policies": ["arn:aws:iam::aws:policy/AdministratorAccess"]});
    let some = json!({"managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"]});
    let role = "aws-reserved/*/AWSReservedSSO_admin_*";
    for action in ["cloudformation:DescribeStacks", "cloudtrail:LookupEvents", "iam:ListRoles"] {
        assert!(is_refused(action, role, assigns(all.clone(), "a")), "{action}");
        assert!(!is_refused(action, role, assigns(some.clone(), "a")), "{action}");
        assert!(!is_refused(action, role, assigns(all.clone(), "boss")), "{action}");
        assert!(!is_refused(action, role, |_| ()), "{action}");
    }
    let role_in = |region: &str| format!("aws-reserved/sso.amazonaws.com/{region}/AWSReservedSSO_admin_*");
    let in_frankfurt = |scene: &mut OrganizationFixture| {
        assigns(all.clone(), "a")(scene);
        scene.observed.identity_center_region = Some("eu-central-1".into());
    };
    assert!(is_refused("iam:ListRoles", &role_in("eu-central-1"), in_frankfurt));
    assert!(!is_refused("iam:ListRoles", &role_in("eu-west-1"), in_frankfurt), "no such role is there");
    let gone = |scene: &mut OrganizationFixture| {
        assigns(all.clone(), "a")(scene);
        let at = address("assignment/admin/group/team@account/a");
        scene.wants(Wanted { presence: Presence::Absent, ..Wanted::new("assignment", at, Body::new()) });
    };
    assert!(!is_refused("iam:ListRoles", role, gone));
}

#[test]
fn control_towers_roles_work_where_it_governs() {
    let governs = |unit: &'static str| {
        move |scene: &mut OrganizationFixture| {
            let registered = [crate::engine::scene::id(unit)].into();
            scene.observed.control_tower = Some(ControlTower { registered, enrolls: None });
        }
    };
    let of_execution = [
        "cloudformation:CreateStack",
        "cloudformation:UpdateStack",
        "cloudformation:DeleteStack",
        "config:PutConfigurationRecorder",
        "iam:CreateRole",
    ];
    let all = of_execution.map(|action| (action, CONTROL_TOWER_EXECUTION)).into_iter().chain([
        ("s3:PutObject", "aws-controltower-ConfigRecorderRole"),
        ("sns:Publish", "aws-controltower-ForwardSnsNotificationRole"),
    ]);
    for (action, role) in all {
        assert!(is_refused(action, role, governs("ou/A")), "{action} {role}");
        assert!(!is_refused(action, role, governs("ou/B")), "{action} {role}");
        assert!(!is_refused(action, role, |_| ()), "{action} {role}");
    }
}

/// A resource control policy on the unit.
fn rcp(statement: Value) -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("a", "ou/A");
    scene.policy("rcp/harsh", statement, &[]).attaches("rcp/harsh", "ou/A");
    scene
}

fn rcp_on(action: &str, condition: Value) -> Value {
    json!({"Effect": "Deny", "Principal": "*", "Action": action, "Resource": "*", "Condition": condition})
}

#[test]
fn landings_roles_can_be_entered_from_the_management_account() {
    let refused = rcp(rcp_on("sts:AssumeRole", json!({}))).refused();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(
        refused[0].starts_with("lock-out: the management account, to enter role Access, could not do sts:AssumeRole")
    );
    let of_strangers = json!({"StringNotEquals": {"aws:PrincipalOrgID": "${organization}"}});
    assert!(rcp(rcp_on("sts:AssumeRole", of_strangers)).refused().is_empty());
}

/// A log archive in the account: its bucket, and a key that a service may use.
fn archive(scene: &mut OrganizationFixture, account: &str) {
    let allows = |service: Value| {
        json!({"Statement": [
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "*"},
            {"Effect": "Deny", "Principal": {"Service": "elsewhere.amazonaws.com"}, "Action": "*"}
        ]})
    };
    let resources = json!({
        "Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"PolicyDocument": allows(json!("cloudtrail.amazonaws.com"))}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": allows(json!(["config.amazonaws.com"]))}}
    });
    let body = body(json!({"template": {"Resources": resources}}));
    let at = address(&format!("stack/{account}/logs/eu-west-1"));
    scene.wants(Wanted::new("stack", at, body).under(address(&format!("account/{account}"))));
}

#[test]
fn logs_go_on_being_delivered_to_the_accounts_that_archive_them() {
    let of_services = json!({"Bool": {"aws:PrincipalIsAWSService": "true"}});
    for (action, who) in [("s3:PutObject", "cloudtrail.amazonaws.com"), ("kms:GenerateDataKey", "config.amazonaws.com")]
    {
        let mut scene = rcp(rcp_on(action, of_services.clone()));
        assert!(scene.refused().is_empty());
        archive(&mut scene, "boss");
        assert!(scene.refused().is_empty());
        archive(&mut scene, "a");
        let refused = scene.refused();
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert!(refused[0].starts_with(&format!("lock-out: {who} could not do {action} any more")), "{refused:?}");
    }
    let from_elsewhere = json!({
        "Bool": {"aws:PrincipalIsAWSService": "true"},
        "StringNotEqualsIfExists": {"aws:SourceOrgID": "${organization}"}
    });
    let mut scene = rcp(rcp_on("s3:*", from_elsewhere));
    archive(&mut scene, "a");
    assert!(scene.refused().is_empty());
}
