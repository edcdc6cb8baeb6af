//! Pictures of organizations that are plain values.

use std::collections::{BTreeMap, BTreeSet};

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{Picture, View, graph_dot, graph_html, graph_mermaid, graph_svg};
use crate::model::{Action, Address, Body, Inventory, InventoryItem, TAG_GUARDRAIL};

/// A name by which someone tries to get out of where names stand.
const HOSTILE: &str = "\"]'><script>alert(1)</script>&amp;`--> %%{init}\\ #59; end";

#[derive(Default)]
struct World(Inventory);

impl World {
    fn add(mut self, address: &str, kind: &str, parent: &str, body: Value) -> World {
        let parent = Some(parent).filter(|parent| !parent.is_empty()).map(Address::parse);
        let body: Body = body.as_object().cloned().unwrap_or_default();
        let covers = match kind {
            "attachment" | "assignment" => {
                Address::parse(address).split_target().map(|(_, place)| place).into_iter().collect()
            }
            _ => BTreeSet::new(),
        };
        let regions = BTreeMap::new();
        let item = InventoryItem { kind: kind.into(), body, parent, covers, regions, ..InventoryItem::default() };
        self.0.items.insert(Address::parse(address), item);
        self
    }

    fn unit(self, path: &str) -> World {
        self.add(&format!("ou/{path}"), "organizational-unit", "", Value::Null)
    }

    fn account(self, name: &str, parent: &str) -> World {
        let address = Address::account(name);
        self.add(address.as_str(), "account", parent, Value::Null)
    }

    fn policy(self, policy: &str, guardrails: &[&str], place: &str) -> World {
        let tags: BTreeMap<String, &str> =
            guardrails.iter().map(|guardrail| (format!("{TAG_GUARDRAIL}{guardrail}"), "1")).collect();
        let world = self.add(policy, "policy", "organization", json!({"tags": tags}));
        world.add(&format!("{policy}@{place}"), "attachment", place, Value::Null)
    }

    fn people(self, set: &str, group: &str, place: &str) -> World {
        let address =
            Address::assignment(&Address::permission_set(set), &Address::group(group), &Address::parse(place));
        self.add(address.as_str(), "assignment", "", Value::Null)
    }

    fn with(mut self, address: &str, edit: impl FnOnce(&mut InventoryItem)) -> World {
        edit(self.0.items.get_mut(&Address::parse(address)).expect("it was added before"));
        self
    }

    fn marked(self, address: &str, mark: Action) -> World {
        self.with(address, |item| item.mark = Some(mark))
    }

    fn picture(&self, view: View) -> Picture {
        Picture::of(&self.0, "test", view)
    }
}

/// An organization in which there is something of every sort, and a plan that changes it.
fn example() -> World {
    let versions = json!({format!("{TAG_GUARDRAIL}s3-versioning"): "1"});
    let world = World::default()
        .unit("Security")
        .unit("Workloads")
        .unit("Workloads/Prod")
        .account("payer", "root")
        .account("audit", "ou/Security")
        .account("app", "ou/Workloads/Prod")
        .account("new", "ou/Workloads/Prod")
        .policy("scp/guardrails", &["no-leaving", "trail-stays"], "root")
        .policy("scp/FullAWSAccess", &[], "root")
        .policy("ai-opt-out/no-ai-training", &["no-ai-training"], "root")
        .policy("tag-policy/cost", &[], "ou/Workloads")
        .people("administrator", "platform", "root")
        .people("read-only", "developers", "account/app")
        .people("billing", "finance", "account/payer")
        .add("stack/audit/log/eu-west-1", "stack", "account/audit", Value::Null)
        .add("stack/audit/log/us-east-1", "stack", "account/audit", Value::Null)
        .add("stack/management/trail/eu-west-1", "stack", "management", Value::Null)
        .add("stack-set/budget", "stack-set", "", Value::Null)
        .add("stack-set/guardrails-Workloads", "stack-set", "", json!({"tags": versions}))
        .add(
            "delegated-administrator/config.amazonaws.com/audit",
            "delegated-administrator",
            "account/audit",
            Value::Null,
        );
    let workloads = || BTreeSet::from([Address::unit(["Workloads"])]);
    let in_ireland = || BTreeSet::from(["eu-west-1".to_owned()]);
    let regions = || BTreeMap::from([(Address::unit(["Workloads"]), in_ireland())]);
    let mut world = world
        .with("stack-set/budget", |item| item.covers = workloads())
        .with("stack-set/budget", |item| item.regions = regions())
        .with("stack-set/guardrails-Workloads", |item| item.covers = workloads())
        .with("stack/audit/log/eu-west-1", |item| item.covers = workloads())
        .with("account/app", |item| item.id = Some("111122223333".into()))
        .with("scp/guardrails", |item| {
            item.before = json!({"tags": {format!("{TAG_GUARDRAIL}trail-stays"): "1"}}).as_object().cloned();
        })
        .marked("scp/guardrails", Action::Update)
        .marked("account/new", Action::Create)
        .marked("account/audit", Action::Move)
        .marked("stack-set/budget", Action::Update);
    world.0.management = Some(Address::account("payer"));
    world.0.organization = Some("o-example".into());
    world
}

#[test]
fn svg_has_boxes_in_boxes() {
    assert_snapshot!(graph_svg(&example().picture(View::Planned)));
}

#[test]
fn html_says_for_every_place_what_holds_and_from_where() {
    let html = graph_html(&example().picture(View::Planned));
    let (_, body) = html.split_once("<body>").expect("a page has a body");
    let (body, _) = body.split_once("<script>").expect("it can be searched");
    assert_snapshot!(body);
}

#[test]
fn mermaid_is_a_tree_of_boxes() {
    assert_snapshot!(graph_mermaid(&example().picture(View::Planned)));
}

#[test]
fn dot_is_the_same_tree() {
    assert_snapshot!(graph_dot(&example().picture(View::Planned)));
}

#[test]
fn without_a_name_a_picture_is_called_by_the_organization() {
    let svg = graph_svg(&Picture::of(&example().0, "", View::Found));
    assert!(svg.contains("<title id=\"landing-title\">o-example, as it is</title>"), "{svg}");
}

#[test]
fn names_stay_where_names_stand() {
    let unit = Address::unit([HOSTILE]);
    let world = World::default()
        .unit(unit.as_str().strip_prefix("ou/").expect("a unit's address"))
        .account(HOSTILE, unit.as_str())
        .people(HOSTILE, HOSTILE, unit.as_str());
    let picture = Picture::of(&world.0, HOSTILE, View::Declared);
    for text in [graph_svg(&picture), graph_html(&picture)] {
        let (own, _) = text.rsplit_once("<script>").unwrap_or((&text, ""));
        assert!(!own.contains("<script>") && !own.contains("alert(1)<"), "{own}");
        assert!(own.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"), "{own}");
    }
    let mermaid = graph_mermaid(&picture);
    for line in mermaid.lines().filter(|line| line.trim_start().starts_with('n') && line.contains('"')) {
        let (_, rest) = line.split_once('"').expect("a label is in quotes");
        let (label, after) = rest.split_once('"').expect("and ends");
        let plain = label.replace("<b>", "").replace("</b>", "").replace("<br/>", "");
        assert!(!plain.contains(['<', '>', '`', '%', '{', '\\', '&']) && !after.contains('"'), "{line}");
    }
    for line in graph_dot(&picture).lines() {
        assert_eq!(line.replace("\\\\", "").replace("\\\"", "").matches('"').count() % 2, 0, "{line}");
    }
}

/// As many accounts as fill a page many times, some units with many, some with one.
fn large() -> World {
    let mut world = World::default().policy("scp/guardrails", &["no-leaving"], "root");
    for unit in 0..50 {
        let (above, name) = (format!("Area {}", unit / 10), format!("Area {}/Team {unit}", unit / 10));
        world = world.unit(&above).unit(&name).people("developer", &format!("team-{unit}"), &format!("ou/{name}"));
        for account in 0..if unit == 7 { 260 } else { 5 } {
            let name = format!("team-{unit}-{account}");
            world = world.account(&name, &format!("ou/Area {}/Team {unit}", unit / 10));
            world = world.people("owner", &format!("{name}-owner"), &format!("account/{name}"));
        }
    }
    world
}

#[test]
fn of_five_hundred_accounts_the_svg_shows_the_first_and_counts_the_others() {
    let svg = graph_svg(&large().picture(View::Found));
    assert!(svg.contains("… and 256 more accounts") && svg.contains(">team-7-0</tspan>"), "too many are left out");
    assert!(!svg.contains(">team-7-200</tspan>"), "too many are shown");
    let (_, rest) = svg.split_once("height=\"").expect("it has a height");
    let height: u32 = rest.split('"').next().unwrap_or_default().parse().expect("pixels");
    assert!((2000..12_000).contains(&height), "{height} pixels");
}

#[test]
fn of_five_hundred_accounts_the_page_shows_every_one() {
    let html = graph_html(&large().picture(View::Found));
    assert_eq!(html.matches("class=\"place account\"").count(), 505);
    assert!(html.len() < 1_000_000, "{} bytes", html.len());
}

#[test]
fn of_five_hundred_accounts_the_page_begins_with_an_overview() {
    let opened = |html: &str, class: &str| {
        let begin = format!("<details class=\"{class}\"");
        let attributes = html.split(&begin).skip(1).filter_map(|it| it.split('>').next());
        attributes.filter(|attributes| attributes.ends_with(" open")).count()
    };
    let html = graph_html(&large().picture(View::Found));
    assert_eq!((opened(&html, "place unit"), opened(&html, "accounts")), (1, 0), "only the root is open");
    let small = graph_html(&example().picture(View::Found));
    assert_eq!((opened(&small, "place unit"), opened(&small, "accounts")), (4, 2), "everything is open");
}

/// <https://mermaid.js.org/config/schema-docs/config.html#maxtextsize>
#[test]
fn of_five_hundred_accounts_mermaid_draws_what_it_may() {
    let mermaid = graph_mermaid(&large().picture(View::Found));
    let edges = mermaid.lines().filter(|line| line.contains(" --- ") || line.contains(" -.- ")).count();
    assert!(edges < 500 && mermaid.len() < 50_000, "{edges} edges, {} characters", mermaid.len());
    assert!(mermaid.contains("<b>260 accounts</b>"), "{mermaid}");
}
