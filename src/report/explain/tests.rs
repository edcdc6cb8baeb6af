//! Pages of organizations that are plain values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Page, called, explain_json, explain_markdown, explain_text};
use crate::model::{Action, Address, Body, Change, Inventory, InventoryItem, Owner};
use crate::report::graph::View;
use crate::report::plan::Layout;

fn address(text: &str) -> Address {
    Address::parse(text)
}

fn item(kind: &str, parent: &str, body: Value) -> InventoryItem {
    let body: Body = body.as_object().cloned().unwrap_or_default();
    let parent = Some(parent).filter(|it| !it.is_empty()).map(address);
    InventoryItem {
        kind: kind.into(),
        body,
        parent,
        owner: Some(Owner::This { stale: None }),
        ..InventoryItem::default()
    }
}

#[derive(Default)]
struct World(Inventory);

impl World {
    fn add(&mut self, at: &str, item: InventoryItem) -> &mut InventoryItem {
        self.0.items.entry(address(at)).or_insert(item)
    }

    fn account(&mut self, name: &str, id: &str, parent: &str) -> &mut InventoryItem {
        let email = format!("aws+{name}@example.com");
        let account = item("account", parent, json!({"name": format!("The {name}"), "email": email}));
        let account = self.add(&format!("account/{name}"), account);
        account.id = Some(id.into());
        account
    }

    /// A policy with a guardrail, attached at these places.
    fn policy(&mut self, at: &str, guardrail: &str, places: &[&str]) {
        let tags: BTreeMap<String, &str> = BTreeMap::from([(format!("landing:guardrail/{guardrail}"), "1")]);
        let content = json!({"Statement": [{"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]});
        let policy = self.add(at, item("policy", "organization", json!({"tags": tags, "content": content})));
        policy.id = Some(format!("p-{guardrail}"));
        for place in places {
            let attached = self.add(&format!("{at}@{place}"), item("attachment", place, Value::Null));
            attached.covers = BTreeSet::from([address(place)]);
            attached.source = Some("landing.yaml:7".into());
        }
    }

    fn assigned(&mut self, set: &str, principal: &str, place: &str) -> &mut InventoryItem {
        let at = Address::assignment(&Address::permission_set(set), &address(principal), &address(place));
        let assigned = self.add(at.as_str(), item("assignment", "", Value::Null));
        assigned.covers = BTreeSet::from([address(place)]);
        assigned
    }

    fn page(&self, at: &str) -> Value {
        let page = Page::of(&address(at), &self.0, View::Planned).unwrap_or_else(|| panic!("no page of {at}"));
        explain_json(&page)
    }

    fn text(&self, at: &str, width: usize, verbose: bool) -> String {
        let page = Page::of(&address(at), &self.0, View::Planned).unwrap_or_else(|| panic!("no page of {at}"));
        anstream::adapter::strip_str(&explain_text(&page, Layout { width, verbose })).to_string()
    }
}

/// `boss` manages; `a` is in W/Dev, `b` in W, `c` in the root.
fn world() -> World {
    let mut world = World::default();
    world.0.management = Some(address("account/boss"));
    for unit in ["ou/W", "ou/W/Dev", "ou/Other"] {
        let parent = address(unit).parent_unit().to_string();
        world.add(unit, item("organizational-unit", &parent, json!({"name": address(unit).name()})));
    }
    world.account("boss", "999999999999", "root");
    world.account("a", "111111111111", "ou/W/Dev");
    world.account("b", "222222222222", "ou/W");
    world.account("c", "333333333333", "root");
    world
}

/// `what · from` of a list.
fn list(page: &Value, key: &str) -> Vec<String> {
    let entries = page[key].as_array().cloned().unwrap_or_default();
    let one = |entry: &Value| match entry["from"].as_str() {
        Some(from) => {
            format!("{} from {from}{}", text(&entry["what"]), if entry["inherited"] == true { "" } else { " itself" })
        }
        None => text(&entry["what"]),
    };
    entries.iter().map(one).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_policies_in_effect_are_those_on_the_path_from_the_root_down() {
    let mut world = world();
    world.policy("scp/own", "x", &["account/a"]);
    world.policy("scp/unit", "y", &["ou/W", "ou/Other"]);
    world.policy("scp/all", "z", &["root"]);
    world.policy("rcp/data", "data", &["ou/W/Dev"]);
    world.policy("tag-policy/cost", "cost", &["root"]);
    let page = world.page("account/a");
    assert_eq!(
        list(&page, "policies"),
        [
            "scp/all from root",
            "scp/unit from ou/W",
            "scp/own from account/a itself",
            "rcp/data from ou/W/Dev",
            "tag-policy/cost from root",
        ]
    );
    assert_eq!(page["facts"]["path"], json!(["root", "ou/W", "ou/W/Dev", "account/a"]));
    assert_eq!(page["policies"][0]["source"], "landing.yaml:7");
    assert_eq!(list(&world.page("account/c"), "policies"), ["scp/all from root", "tag-policy/cost from root"]);
    assert_eq!(
        list(&world.page("ou/W"), "policies"),
        ["scp/all from root", "scp/unit from ou/W itself", "tag-policy/cost from root"]
    );
}

#[test]
fn no_control_policy_is_in_effect_in_the_management_account() {
    let mut world = world();
    world.policy("scp/all", "z", &["root"]);
    world.policy("rcp/all", "z", &["account/boss"]);
    world.policy("tag-policy/cost", "cost", &["root"]);
    for at in ["account/boss", "management"] {
        let page = world.page(at);
        assert_eq!(list(&page, "policies"), ["tag-policy/cost from root"], "{at}");
        assert_eq!(list(&page, "guardrails"), ["cost from root"], "{at}");
        assert!(text(&page["decides"][0]).starts_with("No SCP or RCP applies here"), "{page}");
    }
    let policy = world.page("scp/all");
    assert_eq!(list(&policy, "reaches"), ["account/a", "account/b", "account/c"]);
    assert_eq!(policy["decides"], json!(["It applies to 3 of 3 accounts, the management account not counted."]));
}

#[test]
fn where_full_access_is_missing_only_what_policies_allow_there_is_allowed() {
    let mut world = world();
    world.0.without_full_access = BTreeSet::from([address("ou/W"), address("ou/Other")]);
    let page = world.page("account/b");
    assert_eq!(page["notes"][0], "FullAWSAccess is not attached to ou/W: only what the SCPs there allow is allowed.");
    assert!(text(&page["decides"][0]).contains("At ou/W only what"), "{page}");
    assert!(!text(&world.page("account/c")["decides"][0]).contains("only what"));
}

#[test]
fn guardrails_have_their_version_level_and_holder() {
    let mut world = world();
    world.policy("scp/guard", "no-such-guardrail", &["ou/W"]);
    let known = crate::template::guardrails().first().expect("there are guardrails");
    world.policy("scp/known", &known.id, &["ou/W"]);
    let page = world.page("account/b");
    let guardrails = page["guardrails"].as_array().expect("a list");
    let of = |id: &str| guardrails.iter().find(|it| it["what"] == id).cloned().unwrap_or_default();
    assert_eq!(of("no-such-guardrail")["version"], "1");
    assert_eq!(of("no-such-guardrail")["level"], Value::Null);
    assert_eq!(of(&known.id)["level"], known.guidance.to_string());
    assert_eq!(of(&known.id)["held_by"], "scp/known");
    assert_eq!(of(&known.id)["source"], "landing.yaml:7");
}

#[test]
fn access_is_by_groups_and_users_on_the_path_without_what_is_excluded() {
    let mut world = world();
    world.assigned("admin", "group/platform", "root");
    world.assigned("look", "user/ann", "account/b");
    world.assigned("dev", "group/devs", "ou/W").except = BTreeSet::from([address("account/b")]);
    assert_eq!(list(&world.page("account/b"), "access"), ["admin from root", "look from account/b itself"]);
    assert_eq!(list(&world.page("account/a"), "access"), ["admin from root", "dev from ou/W"]);
    assert_eq!(list(&world.page("account/boss"), "access"), ["admin from root"]);
    let group = world.page("group/devs");
    assert_eq!(list(&group, "reaches"), ["account/a"]);
    assert_eq!(group["decides"], json!(["It has access to 1 account."]));
    let user = world.page("user/ann");
    assert_eq!(
        (&user["access"][0]["permission_set"], &user["access"][0]["place"]),
        (&json!("look"), &json!("account/b"))
    );
}

#[test]
fn a_permission_set_says_what_it_allows_and_who_has_it() {
    let mut world = world();
    let body = json!({"name": "admin", "session": "PT8H", "managed_policies": ["arn:aws:iam::aws:policy/X"],
        "customer_managed_policies": [{"name": "own", "path": "/team/"}],
        "inline_policy": {"Statement": [{}, {}]}, "boundary": {"managed": "arn:aws:iam::aws:policy/B"}});
    world.add("permission-set/admin", item("permission-set", "", body));
    world.assigned("admin", "group/platform", "root");
    let page = world.page("permission-set/admin");
    let facts = &page["facts"];
    assert_eq!(facts["managed_policies"], json!(["arn:aws:iam::aws:policy/X"]));
    assert_eq!(facts["customer_managed_policies"], json!(["/team/own"]));
    assert_eq!(
        (&facts["inline_policy"], &facts["boundary"]),
        (&json!("2 statements"), &json!("arn:aws:iam::aws:policy/B"))
    );
    assert_eq!(page["access"][0]["accounts"], 4);
    assert_eq!(page["decides"], json!(["It gives access to 4 accounts."]));
}

#[test]
fn stack_sets_reach_the_accounts_of_their_units_but_those_left_out_and_the_management_account() {
    let mut world = world();
    let set = world.add("stack-set/budget", item("stack-set", "", json!({"template": {"Outputs": {"Arn": {}}}})));
    set.covers = BTreeSet::from([address("root")]);
    set.regions = BTreeMap::from([(address("root"), BTreeSet::from(["eu-west-1".to_owned()]))]);
    set.except = BTreeSet::from([address("account/c")]);
    let page = world.page("stack-set/budget");
    assert_eq!(list(&page, "reaches"), ["account/a", "account/b"]);
    assert_eq!((list(&page, "outputs"), list(&page, "places")), (vec!["Arn".to_owned()], vec!["root".to_owned()]));
    assert_eq!(page["notes"], json!(["Not in account/c."]));
    assert_eq!(list(&world.page("account/a"), "stack_sets"), ["stack-set/budget from root"]);
    assert_eq!(world.page("account/a")["stack_sets"][0]["regions"], json!(["eu-west-1"]));
    assert_eq!(list(&world.page("account/c"), "stack_sets"), [""; 0]);
    assert_eq!(list(&world.page("account/boss"), "stack_sets"), [""; 0]);
}

#[test]
fn what_the_plan_changes_is_marked_and_what_it_deletes_is_still_reported() {
    let mut world = world();
    world.policy("scp/new", "x", &["ou/W"]);
    world.add("scp/new@ou/W", InventoryItem::default()).mark = Some(Action::Create);
    let mut gone = item("attachment", "ou/W", Value::Null);
    gone.covers = BTreeSet::from([address("ou/W")]);
    world.0.gone.insert(address("scp/old@ou/W"), gone);
    let mut moved = Change::new(Action::Move, "account", address("account/b"));
    moved.loses = vec![address("scp/past")];
    let mut attached = Change::new(Action::Create, "attachment", address("scp/new@ou/W"));
    attached.accounts = vec!["b".into()];
    let elsewhere = Change::new(Action::Update, "account", address("account/c"));
    world.0.changes = vec![moved, attached, elsewhere];
    let page = world.page("account/b");
    let marks: Vec<(String, String)> = page["policies"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| (text(&it["what"]), text(&it["change"])))
        .collect();
    assert_eq!(marks, [("scp/new".into(), "create".into()), ("scp/old".into(), "delete".into())]);
    assert_eq!(list(&page, "changes"), ["account/b", "scp/new@ou/W"]);
    let shown = world.text("account/b", 80, true);
    assert!(shown.contains("+ scp/new") && shown.contains("- scp/old") && shown.contains("loses scp/past"), "{shown}");
    assert!(text(&page["decides"][0]).starts_with("1 SCP and 0 RCPs"), "what goes is not counted: {page}");
}

#[test]
fn what_is_not_known_is_said() {
    let mut world = world();
    world.0.unknown.insert("assignment".into(), "AccessDenied".into());
    world.0.unknown.insert("alternate-contact".into(), "the snapshot does not have it".into());
    let page = world.page("account/a");
    let changes = "what it changes of kinds that cannot be read: alternate-contact, assignment";
    let contacts = "the snapshot does not have it";
    assert_eq!(page["not_known"], json!({"access": "AccessDenied", "contacts": contacts, "changes": changes}));
    let shown = world.text("account/a", 80, false);
    assert!(shown.contains("Not known: AccessDenied"), "{shown}");
    assert!(!shown.contains("None: guardrails, access"), "{shown}");
    let page = Page::of(&address("account/a"), &world.0, View::Found).expect("it is there");
    assert!(explain_markdown(&page).contains("**Not known**: AccessDenied"));
}

#[test]
fn what_cannot_be_looked_at_in_one_account_is_not_said_of_others() {
    let mut world = world();
    world.0.unread.insert(address("alternate-contact/a/SECURITY"), "AWS requires trust".into());
    world.0.unread.insert(address("region/management/ap-east-1"), "no answer".into());
    assert_eq!(world.page("account/a")["not_known"], json!({"contacts": "AWS requires trust"}));
    assert_eq!(world.page("account/b")["not_known"], json!({}));
    assert_eq!(world.page("account/boss")["not_known"], json!({"regions": "no answer"}));
}

#[test]
fn long_lists_say_how_many_they_leave_out_and_lines_fit() {
    let mut world = world();
    for number in 0..12 {
        world.assigned(&format!("set-{number:02}"), "group/a-group-with-a-rather-long-name-of-its-own", "ou/W");
    }
    let shown = world.text("account/b", 80, false);
    assert!(shown.contains("Access (12)") && shown.contains("… and 4 more (-v shows all)"), "{shown}");
    assert!(shown.lines().all(|line| line.chars().count() <= 80), "{shown}");
    let whole = world.text("account/b", 80, true);
    assert!(whole.contains("set-11") && !whole.contains("-v shows all"));
}

#[test]
fn a_closed_account_is_reported_as_closed() {
    let mut world = world();
    let closed = world.0.items.remove(&address("account/c")).expect("it was added");
    world.0.closed.insert(address("account/c"), closed);
    assert!(text(&world.page("account/c")["decides"][0]).starts_with("The account is closed"));
}

/// What a text means.
fn means(text: &str, world: &World) -> Vec<String> {
    called(text, &world.0).iter().map(ToString::to_string).collect()
}

#[test]
fn resources_are_called_by_addresses_ids_arns_emails_and_names() {
    let mut world = world();
    world.policy("scp/guard", "x", &["root"]);
    world.assigned("admin", "user/ann", "root");
    world.add("stack/a/trail/eu-west-1", item("stack", "account/a", Value::Null));
    world.add("root", item("root", "", Value::Null)).id = Some("r-1".into());
    for (text, expected) in [
        ("account/a", "account/a"),
        ("111111111111", "account/a"),
        ("AWS+A@example.com", "account/a"),
        ("The a", "account/a"),
        ("the A", "account/a"),
        ("arn:aws:organizations::999999999999:account/o-1/111111111111", "account/a"),
        ("W/Dev", "ou/W/Dev"),
        ("Dev", "ou/W/Dev"),
        ("p-x", "scp/guard"),
        ("arn:aws:organizations::999999999999:policy/o-1/service_control_policy/p-x", "scp/guard"),
        ("guard", "scp/guard"),
        ("ann", "user/ann"),
        ("trail", "stack/a/trail/eu-west-1"),
        ("management", "account/boss"),
        ("root", "root"),
        ("r-1", "root"),
    ] {
        assert_eq!(means(text, &world), [expected], "{text}");
    }
    for text in ["", "nothing", "scp/guard@root", "arn:aws:iam::1:role/x", "1"] {
        assert_eq!(means(text, &world), [""; 0], "{text}");
    }
}

#[test]
fn an_account_is_not_taken_for_its_settings() {
    let mut world = world();
    world.add("password-policy/a", item("password-policy", "account/a", Value::Null)).id = Some("a".into());
    assert_eq!(means("a", &world), ["account/a"]);
    assert_eq!(means("password-policy/a", &world), ["password-policy/a"]);
}

#[test]
fn a_name_of_several_resources_is_ambiguous_unless_it_is_an_address_of_one() {
    let mut world = world();
    world.add("ou/a", item("organizational-unit", "root", json!({"name": "a"})));
    world.account("twin", "444444444444", "root").body.insert("name".into(), "The a".into());
    assert_eq!(means("a", &world), ["account/a", "ou/a"]);
    assert_eq!(means("The a", &world), ["account/a", "account/twin"]);
    assert_eq!(means("ou/a", &world), ["ou/a"]);
}
