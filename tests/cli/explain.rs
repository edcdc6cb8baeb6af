//! What holds for one resource, and where it comes from.

use regex_lite::Regex;
use serde_json::json;

use super::{BLUEPRINT, Folder};

const MORE: &str = r#"
guardrails: [mandatory]
identity:
  permission_sets: {admin: {managed_policies: [AdministratorAccess]}}
  assignments: {team: {admin: [Workloads]}}
"#;

/// The organization trusts AWS Account Management, which contacts and regions are read by.
fn text() -> String {
    let home = "  home_region: eu-west-1\n";
    BLUEPRINT.replace(home, &format!("{home}  trusted_access: [account.amazonaws.com]\n")) + MORE
}

fn blueprint(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("landing.yaml", &text());
    folder
}

#[test]
fn an_account_is_explained_before_and_after_it_is_made_and_from_a_snapshot() {
    let folder = blueprint("explain");
    let offline = folder.landing("explain app --offline --format json").code(0).json();
    assert_eq!((&offline["format"], &offline["address"]), (&json!("landing-explain/1"), &json!("account/app")));
    assert_eq!(offline["facts"]["path"], json!(["root", "ou/Workloads", "account/app"]));
    assert_eq!(offline["access"][0]["what"], "admin");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    let planned = folder.landing("explain app --sandbox=state.json --format json").code(0).json();
    assert_eq!((&planned["view"], &planned["changes"]), (&json!("as the plan leaves it"), &json!([])));
    assert_eq!(planned["facts"]["email"], "aws+app@example.com");
    assert_eq!(planned["facts"]["owner"], "this blueprint");
    assert_eq!(planned["not_known"], json!({}));
    let id = planned["id"].as_str().unwrap().to_owned();
    for what in [id.as_str(), "aws+app@example.com", "account/app"] {
        let again = folder.landing(&format!("explain {what} --sandbox=state.json --format json")).code(0).json();
        assert_eq!(again, planned, "{what}");
    }
    let live = folder.landing("explain app --live --sandbox=state.json --format json").code(0).json();
    assert_eq!(live["view"], "as it is");
    let names = |page: &serde_json::Value, list: &str| -> Vec<String> {
        page[list].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap().to_owned()).collect()
    };
    for list in ["policies", "guardrails", "access"] {
        assert!(!names(&planned, list).is_empty(), "{list}");
        assert_eq!(names(&live, list), names(&planned, list), "{list}");
    }
    assert!(planned["guardrails"][0]["source"].as_str().unwrap().starts_with("landing.yaml:"));
    folder.landing("snapshot --sandbox=state.json --out facts.json").code(0);
    let against = folder.landing("explain app --against facts.json --format json").code(0).json();
    assert_eq!(against["policies"], planned["policies"]);
    assert_eq!(against["access"], planned["access"]);
    // Of what no blueprint asks, a snapshot has no answers.
    assert_eq!(against["not_known"]["contacts"], "the snapshot does not have it");
    folder.landing("explain app --sandbox=state.json --format markdown").code(0).says("### `account/app`");
}

#[test]
fn what_a_plan_changes_is_marked() {
    let folder = blueprint("explain-plan");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    folder.write("other.yaml", &text().replace("{admin: [Workloads]}", "{admin: [management]}"));
    let page = folder.landing("explain app other.yaml --sandbox=state.json --format json").code(0).json();
    assert_eq!(page["access"][0]["change"], "delete");
    assert_eq!(page["changes"][0]["action"], "delete");
}

#[test]
fn names_of_nothing_and_of_several_resources_are_refused_with_what_may_be_meant() {
    let folder = blueprint("explain-names");
    folder.landing("explain account/ap --offline").code(64).complains("did you mean `account/app`?");
    folder.landing("explain zzz --offline").code(64).complains("`zzz`").complains("ou/Workloads");
    let twin = BLUEPRINT.replace("Workloads", "app");
    folder.write("twin.yaml", &twin);
    folder.landing("explain app twin.yaml --offline").code(64).complains("`account/app`").complains("`ou/app`");
    folder.landing("explain app --offline --format csv").code(64);
}

#[test]
fn what_aws_does_not_allow_to_read_is_named() {
    let folder = blueprint("explain-denied");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    folder.set_principal("arn:aws:iam::111111111111:role/reader", &["account:GetAlternateContact"]);
    let page = folder.landing("explain app --live --sandbox=state.json --format json").code(0).json();
    assert!(page["not_known"]["contacts"].as_str().unwrap().contains("GetAlternateContact"), "{page}");
    assert!(page["not_known"].get("access").is_none(), "{page}");
}

#[test]
fn what_a_plan_cannot_read_is_named_and_left_out_of_it() {
    let folder = blueprint("explain-denied-plan");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    let other = text().replace("{admin: [Workloads]}", "{admin: [management]}");
    folder.write("other.yaml", &other.replace("guardrails: [mandatory]", "guardrails: []"));
    for (action, list) in [
        ("sso:ListPermissionSets", "access"),
        ("identitystore:ListGroups", "access"),
        ("organizations:DescribePolicy", "policies"),
        ("account:GetAlternateContact", "contacts"),
        ("ssm:GetParameter", "stacks"),
    ] {
        folder.set_principal("arn:aws:iam::111111111111:role/reader", &[action]);
        let page = folder.landing("explain app other.yaml --sandbox=state.json --format json").code(0).json();
        let why = page["not_known"][list].as_str().unwrap_or_else(|| panic!("{action}: {page}"));
        assert!(why.contains(action), "{why}");
        let changes = page["not_known"]["changes"].as_str().unwrap_or_else(|| panic!("{action}: {page}"));
        let is_partly = changes.starts_with("what it changes of kinds that cannot be read: ");
        assert!(is_partly || changes.starts_with("no plan can be made: "), "{changes}");
        assert_eq!(page["facts"]["email"], "aws+app@example.com");
    }
    folder.set_principal("arn:aws:iam::111111111111:role/reader", &["organizations:ListAccounts"]);
    folder.landing("explain app other.yaml --sandbox=state.json").code(1).complains("organizations:ListAccounts");
}

const TAGS: &str = "
policies:
  costs: {type: tag-policy, content: {tags: {cost: {tag_key: {'@@assign': Cost}, tag_value: {'@@assign': [a, b]}}}}}
";

#[test]
fn policies_that_aws_merges_are_shown_as_they_come_to_be() {
    let folder = Folder::new("explain-effective");
    let units = "organizational_units:\n  Workloads: {policies: [costs], accounts: [app]}\n";
    let head =
        "version: 1\nname: test\norganization: {home_region: eu-west-1, account_email: \"aws+{name}@example.com\"}\n";
    folder.write("landing.yaml", &format!("{head}{units}accounts: [other]\n{TAGS}"));
    folder.landing("apply --sandbox=state.json --yes").code(0);
    let page = folder.landing("explain app --sandbox=state.json --format json").code(0).json();
    let expected = json!({"tags": {"cost": {"tag_key": "Cost", "tag_value": ["a", "b"]}}});
    assert_eq!(page["effective_policies"][0]["what"], "TAG_POLICY");
    assert_eq!(page["effective_policies"][0]["content"], expected);
    folder.landing("explain app --sandbox=state.json").code(0).says("TAG_POLICY").says("tags: cost");
    let page = folder.landing("explain other --sandbox=state.json --format json").code(0).json();
    assert_eq!(page["effective_policies"], json!([]));
    folder.set_principal("arn:aws:iam::111111111111:role/reader", &["organizations:DescribeEffectivePolicy"]);
    let page = folder.landing("explain app --sandbox=state.json --format json").code(0).json();
    let why = page["not_known"]["effective_policies"].as_str().unwrap();
    assert!(why.starts_with("TAG_POLICY: ") && why.contains("organizations:DescribeEffectivePolicy"), "{why}");
}

/// What AWS counts up or draws.
fn without_ids(text: &str) -> String {
    let ids = Regex::new(
        r"\b(\d{12}|ou-[0-9a-z]+-[0-9a-z]+|(o|p|r|ps|ssoins)-[0-9a-z]{4,32})\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    );
    ids.unwrap().replace_all(text, "ID").into_owned()
}

/// Each sort of page, of a landing zone in which there is some of everything.
#[test]
fn every_sort_of_resource_has_its_page() {
    let folder = Folder::new("explain-pages");
    folder.landing("init . --from ml-landing-zone").code(0);
    folder.landing("apply --sandbox=state.json --yes --quiet").code(0);
    // What an apply finds only once Identity Center is there.
    folder.landing("apply --sandbox=state.json --yes --quiet").code(0);
    let account = folder.landing("explain ml-prod --sandbox=state.json --format json").code(0).json();
    let policy = account["policies"][0]["what"].as_str().unwrap().to_owned();
    for (name, what) in [
        ("account", "data-private"),
        ("unit", "Workloads/Prod"),
        ("management", "management"),
        ("policy", policy.as_str()),
        ("permission-set", "permission-set/ml-data-scientist"),
        ("group", "data-scientists"),
        ("stack", "stack/network/ml-network/eu-west-1"),
        ("stack-set", "stack-set/ml-boundary"),
    ] {
        for format in ["text", "markdown", "json"] {
            let ended = folder.landing(&format!("explain {what} --sandbox=state.json --format {format}")).code(0);
            insta::assert_snapshot!(format!("explain-{name}-{format}"), without_ids(&ended.stdout));
        }
    }
}
