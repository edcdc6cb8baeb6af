use serde_json::json;

use super::*;
use crate::model::{Access, AccessPortal, ListedAccount};

fn account(key: &str, id: &str) -> ListedAccount {
    ListedAccount {
        key: key.into(),
        name: key.to_uppercase(),
        id: id.into(),
        email: format!("{key}@example.com"),
        path: "Workloads/Dev".into(),
        status: "ACTIVE".into(),
        ..ListedAccount::default()
    }
}

/// One that manages, one with everything, one that is closed.
fn listing() -> AccountListing {
    let management = ListedAccount { management: true, path: "root".into(), ..account("boss", "111111111111") };
    let full = ListedAccount {
        owner: Some("ml".into()),
        access_role: Some("Access".into()),
        tags: [("team".to_owned(), "a, \"b\"".to_owned())].into(),
        ..account("ml-dev", "222222222222")
    };
    let closed = ListedAccount { status: "SUSPENDED".into(), ..account("old", "333333333333") };
    AccountListing {
        organization: Some("o-a1b2c3d4e5".into()),
        accounts: vec![management, full, closed],
        missing: vec!["new".into()],
        portal: Some(AccessPortal { directory: "d-1234567890".into(), region: Some("eu-west-1".into()) }),
        access: Vec::new(),
    }
}

fn access(account: &str, set: &str) -> Access {
    Access { account: account.into(), permission_set: set.into(), groups: Vec::new(), users: Vec::new() }
}

const SIGN_IN: SignIn<'_> =
    SignIn { start_url: "https://d-1234567890.awsapps.com/start", region: "eu-west-1", home_region: "eu-central-1" };

#[test]
fn json_has_everything() {
    let json = accounts_json(&listing());
    assert_eq!(json["format"], "landing-accounts/1");
    assert_eq!(json["organization"], json!({"id": "o-a1b2c3d4e5", "management_account": "111111111111"}));
    let expected = json!({"key": "ml-dev", "name": "ML-DEV", "id": "222222222222", "email": "ml-dev@example.com",
        "path": "Workloads/Dev", "status": "ACTIVE", "management": false, "owner": "ml", "access_role": "Access",
        "tags": {"team": "a, \"b\""}});
    assert_eq!(json["accounts"][1], expected);
    assert_eq!(json["accounts"][2]["owner"], json!(null));
    assert_eq!(json["missing"], json!(["new"]));
}

#[test]
fn csv_has_a_line_for_each_account() {
    let expected = "key,name,id,email,path,status,management,owner,access_role,tags\r\n\
        boss,BOSS,111111111111,boss@example.com,root,ACTIVE,true,,,\r\n\
        ml-dev,ML-DEV,222222222222,ml-dev@example.com,Workloads/Dev,ACTIVE,false,ml,Access,\"{\"\"team\"\":\"\"a, \\\"\"b\\\"\"\"\"}\"\r\n\
        old,OLD,333333333333,old@example.com,Workloads/Dev,SUSPENDED,false,,,\r\n";
    assert_eq!(accounts_csv(&listing()), expected);
}

#[test]
fn variables_are_those_of_accounts_that_can_be_used() {
    assert_eq!(accounts_env(&listing()), "ACCOUNT_ID_BOSS=111111111111\nACCOUNT_ID_ML_DEV=222222222222\n");
    let mut listing = listing();
    listing.accounts =
        vec![account("a.b", "444444444444"), account("a-b", "555555555555"), account("c", "666666666666")];
    let expected = "ACCOUNT_ID_A_B_444444444444=444444444444\nACCOUNT_ID_A_B_555555555555=555555555555\nACCOUNT_ID_C=666666666666\n";
    assert_eq!(accounts_env(&listing), expected);
}

#[test]
fn the_account_map_has_what_cloud_posses_components_take() {
    let expected = json!({
        "full_account_map": {"boss": "111111111111", "ml-dev": "222222222222"},
        "all_accounts": ["boss", "ml-dev"],
        "root_account_account_name": "boss",
    });
    assert_eq!(accounts_map(&listing()), expected);
}

#[test]
fn profiles_are_one_for_each_account_and_permission_set() {
    let access = [access("boss", "administrator"), access("ml-dev", "read-only")];
    let expected = "[sso-session o-a1b2c3d4e5]\nsso_start_url = https://d-1234567890.awsapps.com/start\n\
        sso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n\n\
        [profile boss.administrator]\nsso_session = o-a1b2c3d4e5\nsso_account_id = 111111111111\n\
        sso_role_name = administrator\nregion = eu-central-1\n\n\
        [profile ml-dev.read-only]\nsso_session = o-a1b2c3d4e5\nsso_account_id = 222222222222\n\
        sso_role_name = read-only\nregion = eu-central-1\n";
    assert_eq!(accounts_profiles(&listing(), &access, SIGN_IN), expected);
}

#[test]
fn names_of_profiles_are_safe_and_differ() {
    let mut listing = listing();
    listing.accounts =
        vec![account("Zürich 1]", "444444444444"), account("Z-rich 1]", "555555555555"), account("a", "666666666666")];
    let access = [
        access("Zürich 1]", "x"),
        access("Z-rich 1]", "x"),
        access("a", "x+y"),
        access("a", "x=y"),
        access("a", "x@y"),
        access("gone", "x"),
    ];
    let text = accounts_profiles(&listing, &access, SIGN_IN);
    let profiles: Vec<&str> = text.lines().filter(|line| line.starts_with("[profile")).collect();
    assert_eq!(
        profiles,
        [
            "[profile Z-rich-1-.x-444444444444]",
            "[profile Z-rich-1-.x-555555555555]",
            "[profile a.x-y-666666666666]",
            "[profile a.x-y-666666666666-2]",
            "[profile a.x-y-666666666666-3]",
        ]
    );
    assert!(text.contains("sso_role_name = x+y\n") && text.contains("sso_role_name = x@y\n"), "{text}");
}

#[test]
fn portals_are_where_their_partition_has_them() {
    let portal = AccessPortal { directory: "d-1234567890".into(), region: None };
    for (region, expected) in [
        ("eu-west-1", Some("https://d-1234567890.awsapps.com/start")),
        ("us-gov-west-1", Some("https://start.us-gov-home.awsapps.com/directory/d-1234567890")),
        ("cn-north-1", Some("https://start.home.awsapps.cn/directory/d-1234567890")),
        ("us-iso-east-1", None),
    ] {
        assert_eq!(start_url(&portal, region).as_deref(), expected, "{region}");
    }
    let odd = AccessPortal { directory: "d-1/../x".into(), region: None };
    assert_eq!(start_url(&odd, "eu-west-1"), None);
}

#[test]
fn people_see_a_table() {
    let text = accounts_text(&AccountListing { accounts: listing().accounts[..2].to_vec(), ..listing() });
    assert!(
        text.contains("ml-dev             222222222222  ACTIVE  Workloads/Dev  ml-dev@example.com  ml\n"),
        "{text}"
    );
    assert!(text.contains("boss (management)  111111111111  ACTIVE  root           boss@example.com    -\n"), "{text}");
    assert_eq!(accounts_text(&AccountListing::default()), "No accounts.\n");
    let markdown = accounts_markdown(&listing());
    // Else it would be a mention.
    let row = "| ml-dev | 222222222222 | ACTIVE | Workloads/Dev | ml-dev&#64;example.com | ml |";
    assert!(markdown.contains(row), "{markdown}");
}
