//! What changes between an import and its proof is noticed, whatever it is.

use std::collections::{BTreeMap, BTreeSet};

use landing::facts::Facts;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::converges::{in_its_own_time, run};
use super::super::draw::{Drawn, drawn, organized};
use super::super::hand::Hand;
use super::super::identity::user;
use super::super::world::{How, World};
use super::{SMALL, forget_who_made_it, made_by_hand, options, read};

const CHANGES: u32 = 48;

/// What someone does while an import is under way.
async fn is_noticed(act: impl AsyncFn(&Hand<'_>)) {
    let world = World::new();
    world.applied(SMALL, How::default()).await;
    user(&world, "zoe").await;
    let hand = Hand::in_world(&world, SMALL).await;
    forget_who_made_it(&world);
    let unproven = read(&world, &options()).await.expect("it can be read");
    act(&hand).await;
    let proof = unproven.prove(&world.cloud().await, &mut Facts::default()).await.expect("it can be proved").proof;
    assert!(!proof.holds(), "nothing was noticed");
}

#[tokio::test(start_paused = true)]
async fn what_changes_while_it_is_imported_is_noticed() {
    is_noticed(async |hand| hand.weakens("scp/Deny leaving").await).await;
    is_noticed(async |hand| hand.detaches("scp/Deny leaving", "account/shop-prod").await).await;
    is_noticed(async |hand| hand.attaches("scp/Deny leaving", "ou/Workloads/Dev").await).await;
    is_noticed(async |hand| hand.attaches("scp/Old", "root").await).await;
    is_noticed(async |hand| hand.moves("account/shop-dev", "ou/Workloads/Dev", "ou/Workloads/Prod").await).await;
    is_noticed(async |hand| hand.renames_unit("ou/Workloads/Dev", "Development").await).await;
    is_noticed(async |hand| hand.renames_policy("scp/Old", "Older").await).await;
    is_noticed(async |hand| hand.unassigns("admin", "group/platform", "account/audit").await).await;
    is_noticed(async |hand| hand.assigns("admin", "zoe", "audit").await).await;
}

/// What someone changes, by the ids of the simulated AWS.
#[derive(Clone, Debug)]
enum Change {
    Content(String),
    RenamesPolicy(String),
    Describes(String),
    Tags(String),
    Attaches(String, String),
    Detaches(String, String),
    /// An account, and the root or unit where it goes.
    Moves(String, String),
    RenamesUnit(String),
    Closes(String),
    /// A permission set, an account, and a group.
    Assigns(String, String, Value),
    Unassigns(String, String, Value),
    /// A permission set, and a member of it with its new value.
    Widens(String, &'static str, Value),
    Delegates,
}

/// Everything that can be changed of an organization, one resource at a time.
fn changes(state: &Value) -> Vec<Change> {
    let organization = &state["organization"];
    let mut changes = of_policies(organization);
    changes.extend(of_places(organization));
    changes.extend(of_people(state));
    changes
}

fn ids(map: &Value) -> Vec<String> {
    map.as_object().into_iter().flatten().map(|(id, _)| id.clone()).collect()
}

/// The root, every unit and every account.
fn targets(organization: &Value) -> Vec<String> {
    let root = organization["root"].as_str().expect("there is a root").to_owned();
    std::iter::once(root).chain(ids(&organization["units"])).chain(ids(&organization["accounts"])).collect()
}

fn of_policies(organization: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let policies = organization["policies"].as_object().expect("there are policies");
    let on = |id: &str| -> BTreeSet<&str> {
        policies[id]["targets"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    };
    // AWS keeps one SCP on every target.
    let has_another = |id: &str, target: &str| {
        policies
            .iter()
            .any(|(other, it)| other != id && it["type"] == policies[id]["type"] && on(other).contains(target))
    };
    for (id, policy) in policies.iter().filter(|(_, policy)| policy["type"] == "SERVICE_CONTROL_POLICY") {
        if policy["aws_managed"] != true {
            let whole = [Change::Content, Change::RenamesPolicy, Change::Describes, Change::Tags];
            changes.extend(whole.map(|change| change(id.clone())));
        }
        for target in targets(organization) {
            match on(id).contains(target.as_str()) {
                true if has_another(id, &target) => changes.push(Change::Detaches(id.clone(), target)),
                true => {}
                false => changes.push(Change::Attaches(id.clone(), target)),
            }
        }
    }
    changes.extend((!organization["resource_policy"].is_null()).then_some(Change::Delegates));
    changes
}

fn of_places(organization: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let accounts = organization["accounts"].as_object().expect("there are accounts");
    for (id, account) in accounts {
        let places = targets(organization).into_iter().filter(|place| !accounts.contains_key(place));
        changes.extend(places.filter(|to| account["parent"] != **to).map(|to| Change::Moves(id.clone(), to)));
        changes.push(Change::Tags(id.clone()));
        changes.extend((organization["management"] != **id).then(|| Change::Closes(id.clone())));
    }
    for unit in ids(&organization["units"]) {
        changes.extend([Change::RenamesUnit(unit.clone()), Change::Tags(unit)]);
    }
    changes
}

fn of_people(state: &Value) -> Vec<Change> {
    let mut changes = Vec::new();
    let groups = ids(&state["directory"]["groups"]).into_iter().map(|id| json!({"type": "GROUP", "id": id}));
    let groups: Vec<Value> = groups.collect();
    for (set, it) in state["identity_center"]["permission_sets"].as_object().into_iter().flatten() {
        for account in ids(&state["organization"]["accounts"]) {
            let there = it["accounts"][&account]["principals"].as_array().cloned().unwrap_or_default();
            changes.extend(groups.iter().map(|group| match there.contains(group) {
                true => Change::Unassigns(set.clone(), account.clone(), group.clone()),
                false => Change::Assigns(set.clone(), account.clone(), group.clone()),
            }));
        }
        let allow = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
        changes.extend([
            Change::Widens(set.clone(), "inline_policy", json!(allow)),
            Change::Widens(set.clone(), "managed_policies", json!(["arn:aws:iam::aws:policy/AdministratorAccess"])),
            Change::Widens(set.clone(), "session_duration", json!("PT12H")),
        ]);
    }
    changes
}

impl Change {
    fn edit(&self, state: &mut Value) {
        const DENIAL: &str =
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"sqs:Tag*","Resource":"*"}}"#;
        let organization = &mut state["organization"];
        match self {
            Change::Content(policy) => organization["policies"][policy]["content"] = json!(DENIAL),
            Change::RenamesPolicy(policy) => organization["policies"][policy]["name"] = json!("By hand"),
            Change::Describes(policy) => organization["policies"][policy]["description"] = json!("By hand"),
            Change::Tags(id) => organization["tags"][id] = json!({"by": "hand"}),
            Change::Attaches(policy, target) => {
                list(&mut organization["policies"][policy]["targets"]).push(json!(target));
            }
            Change::Detaches(policy, target) => {
                list(&mut organization["policies"][policy]["targets"]).retain(|on| *on != json!(target));
            }
            Change::Moves(account, to) => organization["accounts"][account]["parent"] = json!(to),
            Change::RenamesUnit(unit) => organization["units"][unit]["name"] = json!("By hand"),
            Change::Closes(account) => organization["accounts"][account]["state"] = json!("SUSPENDED"),
            Change::Assigns(set, account, group) => {
                let set = &mut state["identity_center"]["permission_sets"][set];
                let revision = set["revision"].clone();
                let there = &mut set["accounts"][account];
                if there.is_null() {
                    *there = json!({"revision": revision, "principals": []});
                }
                list(&mut there["principals"]).push(group.clone());
            }
            Change::Unassigns(set, account, group) => {
                let there = &mut state["identity_center"]["permission_sets"][set]["accounts"][account];
                list(&mut there["principals"]).retain(|it| it != group);
            }
            Change::Widens(set, member, value) => {
                state["identity_center"]["permission_sets"][set][*member] = value.clone();
            }
            Change::Delegates => {
                let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"organizations:DescribeOrganization","Resource":"*"}}"#;
                organization["resource_policy"]["content"] = json!(policy);
            }
        }
    }
}

fn list(value: &mut Value) -> &mut Vec<Value> {
    value.as_array_mut().expect("it is a list")
}

/// One drawn organization, and some of what can be changed of it, each between an import and its proof.
async fn every_change_is_noticed(drawn: Drawn, picks: Vec<prop::sample::Index>) -> Result<(), TestCaseError> {
    let world = organized();
    made_by_hand(&world, &drawn.text(&BTreeMap::new())).await;
    let state = world.at_rest().await;
    let changes = changes(&state);
    for pick in picks {
        let change = pick.get(&changes);
        let unproven = read(&world, &options()).await.expect("it can be read");
        world.sandbox.edit(|state| change.edit(state)).expect("the state can be edited");
        let proved = unproven.prove(&world.cloud().await, &mut Facts::default()).await;
        prop_assert!(proved.is_ok_and(|imported| !imported.proof.holds()), "nothing noticed {change:?}: {state:#}");
        world.sandbox.edit(|now| *now = state.clone()).expect("the state can be edited");
    }
    Ok(())
}

#[test]
fn any_change_of_a_policy_an_attachment_an_assignment_or_a_place_is_noticed() {
    let drawn = (drawn(), proptest::collection::vec(any::<prop::sample::Index>(), 4));
    run(CHANGES / 4, &drawn, |(drawn, picks)| in_its_own_time(every_change_is_noticed(drawn, picks)));
}
