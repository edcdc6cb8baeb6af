//! Plans that do not list the units below every unit find the same differences as those that do.

use std::cell::Cell;
use std::collections::BTreeMap;

use landing::model::{Address, Change, Plan};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::converges::{in_its_own_time, run};
use super::draw::{Drawn, Hand, drawn, hands, organized};
use super::world::{DESTROY, World};

const CASES: u32 = 16;

/// Units that have none below them, so many that not listing them pays.
const LEAVES: usize = 12;

/// The blueprint's text with these units, and with an account of its own.
fn with_leaves(drawn: &Drawn) -> String {
    let mut text: Value = serde_json::from_str(&drawn.text(&BTreeMap::new())).expect("it is JSON");
    for number in 0..LEAVES {
        text["organizational_units"][format!("Leaf {number}")] = json!({});
    }
    text["organizational_units"]["Leaf 0"] = json!({"accounts": ["leaf"]});
    text.to_string()
}

/// A unit that others made below one of the organization's, with what is in it.
#[derive(Clone, Debug)]
struct Theirs {
    below: u8,
    /// Whether the account of the blueprint is moved there.
    holds_the_account: bool,
    /// Whether a policy of the blueprint's is attached there.
    has_a_policy: bool,
}

fn theirs() -> impl Strategy<Value = Option<Theirs>> {
    let drawn = (any::<u8>(), any::<bool>(), any::<bool>());
    proptest::option::weighted(
        0.8,
        drawn.prop_map(|(below, holds_the_account, has_a_policy)| Theirs { below, holds_the_account, has_a_policy }),
    )
}

impl Theirs {
    fn make(&self, world: &World) {
        world.sandbox.edit(|state| self.edit(&mut state["organization"])).expect("the state can be edited");
    }

    fn edit(&self, organization: &mut Value) {
        let units = organization["units"].as_object().expect("a map");
        let (parent, unit) = units.iter().nth(usize::from(self.below) % units.len()).expect("there are some");
        let id = "ou-abcd-theirs00";
        let mut unit = unit.clone();
        unit["name"] = json!("Theirs");
        unit["parent"] = json!(parent);
        unit["tags"] = json!({});
        organization["units"][id] = unit;
        let policies = organization["policies"].as_object_mut().expect("a map");
        let mut attached = 0;
        for (name, policy) in policies {
            let is_ours = self.has_a_policy && attached == 0 && policy["type"] == "SERVICE_CONTROL_POLICY";
            if name == "p-FullAWSAccess" || is_ours {
                attached += usize::from(name != "p-FullAWSAccess");
                policy["targets"].as_array_mut().expect("a list").push(json!(id));
            }
        }
        let accounts = organization["accounts"].as_object_mut().expect("a map");
        let account = accounts.values_mut().find(|account| account["name"] == "leaf");
        if let Some(account) = account.filter(|_| self.holds_the_account) {
            account["parent"] = json!(id);
        }
    }
}

/// The changes but for those of assignments, of which a deep look sees more.
fn changes(plan: Plan) -> Vec<Change> {
    let is_other = |address: &Address| address.prefix() != "assignment";
    let mut changes: Vec<Change> = plan.changes.into_iter().filter(|change| is_other(&change.address)).collect();
    for change in &mut changes {
        for addresses in [&mut change.gains, &mut change.loses, &mut change.needs, &mut change.after] {
            addresses.retain(is_other);
        }
    }
    changes
}

#[test]
fn what_a_plan_does_not_list_makes_no_difference_to_its_changes() {
    let pruned = Cell::new(0);
    run(CASES, &(drawn(), drawn(), hands(), theirs()), |(a, b, hands, theirs)| {
        in_its_own_time(async {
            let mut world = organized();
            world.applied(&with_leaves(&a), DESTROY).await;
            for hand in hands.iter().filter(|hand| !matches!(hand, Hand::LeavesLease)) {
                hand.act(&world).await;
            }
            if let Some(theirs) = &theirs {
                theirs.make(&world);
            }
            let next = with_leaves(&b);
            let quick = world.plan(&next).await;
            world.deep = true;
            let (quick, deep) = match (quick, world.plan(&next).await) {
                (Ok(quick), Ok(deep)) => (quick.plan, deep.plan),
                (quick, deep) => {
                    prop_assert_eq!(format!("{:?}", quick.err()), format!("{:?}", deep.err()));
                    return Ok(());
                }
            };
            pruned.set(pruned.get() + u32::from(quick.depth.units > 0));
            prop_assert_eq!(&quick.refusals, &deep.refusals);
            prop_assert_eq!(changes(quick), changes(deep));
            Ok(())
        })
    });
    assert!(pruned.get() > CASES / 2, "only {} plans left lists out", pruned.get());
}
