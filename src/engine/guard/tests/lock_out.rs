use serde_json::json;

use crate::engine::guard::Guarded;
use crate::engine::guard::lock_out::touched_accounts;
use crate::engine::scene::{OrganizationFixture, address, body, change, deny, deny_role, field};
use crate::model::{Action, Body, Owner, Presence, Wanted};

/// The account `a` in `ou/A`, where the plan attaches a policy.
fn attached(statement: serde_json::Value) -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").unit("B").account("a", "ou/A");
    scene.policy("scp/harsh", statement, &[]).attaches("scp/harsh", "ou/A");
    scene
}

fn whom(scene: &OrganizationFixture) -> Vec<String> {
    let refused = scene.refused();
    refused.into_iter().map(|it| it.split(" could not do ").next().expect("a part").to_owned()).collect()
}

#[test]
fn landings_access_role_is_not_locked_out() {
    let scene = attached(deny("cloudformation:CreateChangeSet"));
    assert_eq!(
        scene.refused(),
        [
            "lock-out: role Access could not do cloudformation:CreateChangeSet any more in account/a: statement 1 of scp/harsh, \
          attached to ou/A, denies it"
        ]
    );
}

#[test]
fn what_no_one_protected_needs_may_be_denied() {
    assert!(attached(deny("s3:DeleteBucket")).refused().is_empty());
    assert!(attached(deny_role("cloudformation:*", "SomebodyElse")).refused().is_empty());
}

#[test]
fn a_denial_that_depends_on_what_is_not_known_passes() {
    let condition = json!({"StringEquals": {"aws:RequestTag/x": "y"}});
    let statement = json!({"Effect": "Deny", "Action": "cloudformation:*", "Resource": "*", "Condition": condition});
    assert!(attached(statement).refused().is_empty());
}

#[test]
fn what_is_denied_already_is_not_refused_again() {
    let mut scene = attached(deny("cloudformation:*"));
    scene.policy("scp/before", deny("cloudformation:*"), &["ou/A"]);
    assert!(scene.refused().is_empty());
}

#[test]
fn a_new_account_must_be_workable_from_the_start() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").policy("scp/harsh", deny("iam:CreateRole"), &["ou/A"]);
    scene.wants(Wanted::new("account", address("account/new"), Body::new()).under(address("ou/A")));
    let mut made = change(Action::Create, "account", "account/new");
    made.parent = Some(address("ou/A"));
    scene.changes.push(made);
    assert_eq!(whom(&scene), ["lock-out: role Access"]);
}

#[test]
fn an_account_that_moves_under_a_denial_is_guarded() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").unit("B").account("a", "ou/A").policy("scp/harsh", deny("iam:CreateRole"), &["ou/B"]);
    assert!(scene.refused().is_empty());
    scene.moves("a", "ou/B");
    assert_eq!(whom(&scene), ["lock-out: role Access"]);
}

#[test]
fn a_policy_that_gets_harsher_where_it_is_is_guarded() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("a", "ou/A").policy("scp/harsh", deny("s3:*"), &["ou/A"]);
    let content = json!({"Version": "2012-10-17", "Statement": [deny("iam:*")]});
    scene.wants(Wanted::new("policy", address("scp/harsh"), body(json!({"content": content}))));
    scene.changes.push(change(Action::Update, "policy", "scp/harsh"));
    assert_eq!(whom(&scene), ["lock-out: role Access"]);
}

#[test]
fn the_blueprint_may_mean_it_of_one_policy_and_no_other() {
    let mut scene = attached(deny("cloudformation:*"));
    scene.desired.settings.may_lock_out = vec![address("scp/harsh")];
    assert!(scene.refused().is_empty());
    // Another policy that locks out as well is another matter.
    scene.policy("scp/also", deny("iam:CreateRole"), &[]).attaches("scp/also", "ou/A");
    assert_eq!(
        scene.refused(),
        [
            "lock-out: role Access could not do iam:CreateRole any more in account/a: statement 1 of scp/also, attached to ou/A, \
          denies it"
        ]
    );
    scene.desired.settings.may_lock_out = vec![address("scp/other")];
    assert_eq!(scene.refused().len(), 2);
}

#[test]
fn the_management_account_is_bound_by_no_such_policy() {
    let mut scene = OrganizationFixture::new();
    scene.policy("scp/harsh", deny("*"), &[]).attaches("scp/harsh", "root");
    assert!(scene.refused().is_empty());
    scene.account("a", "root");
    assert!(!scene.refused().is_empty());
}

#[test]
fn closed_accounts_and_those_that_are_to_be_closed_need_nothing() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").closed_account("gone", "ou/A");
    scene.policy("scp/harsh", deny("*"), &[]).attaches("scp/harsh", "ou/A");
    assert!(scene.refused().is_empty());
    scene.account("going", "ou/A");
    assert!(!scene.refused().is_empty());
    let wanted = Wanted::new("account", address("account/going"), Body::new()).under(address("ou/A"));
    scene.wants(Wanted { presence: Presence::Absent, ..wanted });
    assert!(scene.refused().is_empty());
}

#[test]
fn accounts_where_nothing_else_holds_are_not_looked_at() {
    // Somebody locked landing out of it before: that is not this plan's doing.
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("a", "ou/A").policy_of(Owner::Unmanaged, "scp/theirs", deny("*"), &["ou/A"]);
    scene.policy("tag-policy/t", deny("s3:*"), &[]).attaches("tag-policy/t", "ou/A");
    assert!(scene.refused().is_empty());
    let touched = scene.guarded(|guarded, _| touched_accounts(guarded).len());
    assert_eq!(touched, 0);
}

#[test]
fn all_accounts_and_actions_of_one_reason_are_reported_together() {
    let mut scene = attached(deny("cloudformation:*"));
    scene.account("b", "ou/A").account("c", "ou/A");
    let refused = scene.refused();
    assert_eq!(refused.len(), 1);
    assert!(refused[0].contains(
        "cloudformation:CreateChangeSet, cloudformation:DescribeStacks, cloudformation:ExecuteChangeSet any more in account/a \
         and 2 more"
    ));
}

#[test]
fn only_accounts_that_come_or_for_which_policies_change_are_looked_at() {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("renamed", "ou/A").account("moved", "root").account("other", "ou/A");
    let mut renamed = change(Action::Update, "account", "account/renamed");
    renamed.fields = vec![field("name", json!("x"), json!("renamed"))];
    scene.moves("moved", "ou/A").changes.push(renamed);
    let mut stack = change(Action::Create, "stack", "stack/other/s/eu-west-1");
    stack.parent = Some(address("account/other"));
    scene.changes.push(stack);
    let touched = |scene: &OrganizationFixture| {
        let touched =
            |guarded: &Guarded<'_>| touched_accounts(guarded).into_iter().map(|it| it.name()).collect::<Vec<_>>();
        scene.guarded(|guarded, _| touched(guarded))
    };
    assert_eq!(touched(&scene), ["moved"]);
    scene.policy("rcp/p", deny("s3:*"), &[]).attaches("rcp/p", "account/other");
    assert_eq!(touched(&scene), ["moved", "other"]);
}

/// The account `a` in `ou/A`, where FullAWSAccess goes and a denial of something else stays.
fn loses_full_access() -> OrganizationFixture {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("a", "ou/A").policy("scp/guard", deny("s3:DeleteBucket"), &["ou/A"]);
    scene.full_access_on(&["root", "ou/A", "account/a", "account/boss"]);
    let at = "scp/FullAWSAccess@ou/A";
    scene.finds("attachment", at, Owner::Shared, Some("ou/A"), json!({}));
    scene.detaches("scp/FullAWSAccess", "ou/A");
    let absent = Wanted::new("attachment", address(at), Body::new()).under(address("ou/A"));
    scene.wants(Wanted { presence: Presence::Absent, ..absent });
    scene
}

#[test]
fn a_place_that_allows_nothing_locks_out_unless_a_policy_there_may() {
    let mut scene = loses_full_access();
    assert!(whom(&scene).contains(&"lock-out: role Access".to_owned()), "{:?}", scene.refused());
    assert!(
        scene.refused().iter().all(|it| it.ends_with("nothing attached to ou/A allows it")),
        "{:?}",
        scene.refused()
    );
    let helps: Vec<String> = scene.refusals().into_iter().map(|it| it.help).collect();
    assert!(helps[0].contains("at a policy that is attached there"), "{helps:?}");
    scene.policy("scp/elsewhere", deny("sqs:*"), &["root"]);
    scene.desired.settings.may_lock_out = vec![address("scp/elsewhere")];
    assert!(!scene.refused().is_empty(), "that policy is attached elsewhere");
    scene.desired.settings.may_lock_out = vec![address("scp/guard")];
    assert_eq!(scene.refused(), [""; 0]);
}
