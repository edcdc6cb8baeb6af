//! What people do to an organization by hand, drawn.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::identity::user;
use super::super::world::World;

/// One resource that was done by hand, to whichever resource the number picks.
#[derive(Clone, Debug)]
pub enum Hand {
    /// A user gets a permission set in an account.
    Assigns(u8, u8),
    /// FullAWSAccess is detached where another SCP is attached.
    DetachesFullAccess(u8),
    /// A policy is detached where another one of its type is attached.
    Detaches(u8),
    /// An account is closed.
    Closes(u8),
    /// An account is moved to the root.
    Moves(u8),
    /// A unit gets another name.
    RenamesUnit(u8),
    /// Two policies swap their names.
    SwapsPolicies,
    /// A policy or unit becomes another blueprint's.
    Takes(u8),
    /// A resource loses landing's tags, as one made by hand has none.
    Untags(u8),
    /// A resource gets a tag.
    Tags(u8),
    /// A stack becomes one that others made under the same name.
    TakesStack(u8),
    /// An earlier apply died and left its lease.
    LeavesLease,
}

/// Some of them, one after the other.
pub fn hands() -> impl Strategy<Value = Vec<Hand>> {
    let hand = prop_oneof![
        (any::<u8>(), any::<u8>()).prop_map(|(set, account)| Hand::Assigns(set, account)),
        any::<u8>().prop_map(Hand::DetachesFullAccess),
        any::<u8>().prop_map(Hand::Detaches),
        any::<u8>().prop_map(Hand::Closes),
        any::<u8>().prop_map(Hand::Moves),
        any::<u8>().prop_map(Hand::RenamesUnit),
        Just(Hand::SwapsPolicies),
        any::<u8>().prop_map(Hand::Takes),
        any::<u8>().prop_map(Hand::Untags),
        any::<u8>().prop_map(Hand::Tags),
        any::<u8>().prop_map(Hand::TakesStack),
        Just(Hand::LeavesLease),
    ];
    proptest::collection::vec(hand, 0..4)
}

impl Hand {
    /// Does it, as far as there is something that it can be done to.
    pub async fn act(&self, world: &World) {
        let bob = match self {
            Hand::Assigns(..) => user_called_bob(world).await,
            _ => String::new(),
        };
        world.sandbox.edit(|state| self.edit(state, &bob)).expect("the state can be edited");
    }

    fn edit(&self, state: &mut Value, bob: &str) {
        let organization = &mut state["organization"];
        match self {
            Hand::Assigns(set, account) => {
                assign(&mut state["identity_center"]["permission_sets"], *set, *account, bob)
            }
            Hand::DetachesFullAccess(nth) => detach(organization, *nth, |id| id == "p-FullAWSAccess"),
            Hand::Detaches(nth) => detach(organization, *nth, |id| id != "p-FullAWSAccess"),
            Hand::Closes(nth) => on_account(organization, *nth, |account, _| account["state"] = json!("SUSPENDED")),
            Hand::Moves(nth) => on_account(organization, *nth, |account, root| account["parent"] = json!(root)),
            Hand::RenamesUnit(nth) => {
                if let Some(unit) = pick(&mut organization["units"], *nth) {
                    unit["name"] = json!("By hand");
                }
            }
            Hand::SwapsPolicies => swap(&mut organization["policies"]),
            Hand::Takes(nth) => on_tags(organization, *nth, |tags| tags["landing:blueprint"] = json!("theirs")),
            Hand::Untags(nth) => on_tags(organization, *nth, |tags| *tags = json!({})),
            Hand::Tags(nth) => on_tags(organization, *nth, |tags| tags["by"] = json!("hand")),
            Hand::TakesStack(nth) => on_stack(&mut state["stacks"], *nth),
            Hand::LeavesLease => {
                if let Some(lease) = lease(state) {
                    *lease = json!("an apply that died");
                }
            }
        }
    }
}

async fn user_called_bob(world: &World) -> String {
    let users = world.sandbox.snapshot()["directory"]["users"].clone();
    let known = users.as_object().into_iter().flatten().find(|(_, user)| user["name"] == "bob");
    match known {
        Some((id, _)) => id.clone(),
        None => user(world, "bob").await,
    }
}

fn pick(map: &mut Value, nth: u8) -> Option<&mut Value> {
    let map = map.as_object_mut().filter(|map| !map.is_empty())?;
    let nth = usize::from(nth) % map.len();
    map.values_mut().nth(nth)
}

fn assign(sets: &mut Value, set: u8, account: u8, bob: &str) {
    let accounts = pick(sets, set).map(|set| &mut set["accounts"]);
    let Some(there) = accounts.and_then(|accounts| pick(accounts, account)) else { return };
    let Some(principals) = there["principals"].as_array_mut() else { return };
    let assigned = json!({"type": "USER", "id": bob});
    if !principals.contains(&assigned) {
        principals.push(assigned);
    }
}

/// Detaches a policy from a target that another one of its type stays on.
fn detach(organization: &mut Value, nth: u8, is_meant: impl Fn(&str) -> bool) {
    let policies: Vec<(String, Value)> =
        organization["policies"].as_object().into_iter().flatten().map(|(id, it)| (id.clone(), it.clone())).collect();
    let is_alone = |id: &str, policy: &Value, target: &Value| {
        !policies.iter().any(|(other, it)| {
            other != id
                && it["type"] == policy["type"]
                && it["targets"].as_array().is_some_and(|on| on.contains(target))
        })
    };
    let attached: Vec<(String, Value)> = policies
        .iter()
        .filter(|(id, _)| is_meant(id))
        .flat_map(|(id, policy)| {
            let targets = policy["targets"].as_array().into_iter().flatten();
            targets.filter(|target| !is_alone(id, policy, target)).map(|target| (id.clone(), target.clone()))
        })
        .collect();
    if attached.is_empty() {
        return;
    }
    let (id, target) = &attached[usize::from(nth) % attached.len()];
    if let Some(targets) = organization["policies"][id]["targets"].as_array_mut() {
        targets.retain(|on| on != target);
    }
}

/// Does something to a member account.
fn on_account(organization: &mut Value, nth: u8, act: impl Fn(&mut Value, &str)) {
    let root = organization["root"].as_str().unwrap_or_default().to_owned();
    let management = organization["management"].as_str().unwrap_or_default().to_owned();
    let Some(accounts) = organization["accounts"].as_object_mut() else { return };
    let mut members: Vec<&mut Value> =
        accounts.iter_mut().filter(|(id, _)| **id != management).map(|(_, it)| it).collect();
    if !members.is_empty() {
        let nth = usize::from(nth) % members.len();
        act(members[nth], &root);
    }
}

fn swap(policies: &mut Value) {
    let Some(policies) = policies.as_object_mut() else { return };
    let mut own: Vec<&mut Value> = policies.values_mut().filter(|it| it["name"] != "FullAWSAccess").collect();
    if let [first, second, ..] = own.as_mut_slice() {
        let name = first["name"].take();
        first["name"] = second["name"].take();
        second["name"] = name;
    }
}

fn on_tags(organization: &mut Value, nth: u8, act: impl Fn(&mut Value)) {
    if let Some(tags) = pick(&mut organization["tags"], nth) {
        act(tags);
    }
}

/// A stack that bears no tags is not landing's.
fn on_stack(stacks: &mut Value, nth: u8) {
    let mut found = Vec::new();
    all_stacks(stacks, &mut found);
    if !found.is_empty() {
        let nth = usize::from(nth) % found.len();
        found[nth]["wanted"]["tags"] = json!({});
    }
}

fn all_stacks<'v>(value: &'v mut Value, found: &mut Vec<&'v mut Value>) {
    if value.get("wanted").is_some_and(|wanted| wanted.get("template").is_some()) {
        return found.push(value);
    }
    match value {
        Value::Object(map) => map.values_mut().for_each(|inner| all_stacks(inner, found)),
        Value::Array(list) => list.iter_mut().for_each(|inner| all_stacks(inner, found)),
        _ => {}
    }
}

fn lease(state: &mut Value) -> Option<&mut Value> {
    let regions = state["parameters"].as_object_mut()?.values_mut().filter_map(Value::as_object_mut);
    let mut places = regions.flat_map(|regions| regions.values_mut()).filter_map(Value::as_object_mut);
    places.find_map(|parameters| parameters.get_mut("/landing/lock")?.get_mut("value"))
}
