use serde_json::json;

use crate::engine::scene::{OrganizationFixture, change, field};
use crate::model::{Action, Change};

fn refused(kind: &str, action: Action, at: &str, path: &str) -> Vec<String> {
    let mut scene = OrganizationFixture::new();
    scene.unit("A").account("a", "ou/A");
    scene.changes =
        vec![Change { fields: vec![field(path, json!("open"), json!("closed"))], ..change(action, kind, at) }];
    scene.refused()
}

#[test]
fn the_management_account_is_not_closed() {
    assert_eq!(
        refused("account", Action::Delete, "account/boss", "state"),
        [
            "management-account: account/boss is the management account, which AWS does not close while it has an organization"
        ]
    );
}

#[test]
fn it_may_be_let_go_of_and_changed_and_other_accounts_may_be_closed() {
    assert!(refused("account", Action::Delete, "account/boss", "parent").is_empty(), "it is released");
    assert!(refused("account", Action::Update, "account/boss", "state").is_empty());
    assert!(refused("region", Action::Delete, "account/boss", "state").is_empty());
    assert!(refused("account", Action::Delete, "account/a", "state").is_empty());
}
