//! Detective guardrails: rules of AWS Config, in stacks of the template `config-rules`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::blueprint::{Place, Spanned};
use crate::model::Address;
use crate::sections::declaration::Declaration;
use crate::sections::stack::StackSection;

/// The rules that are wanted at each target, by whether one region is enough for them.
pub(in crate::sections) type Rules = BTreeMap<(Address, bool), (Place, Vec<Value>)>;

/// Wants a rule at `target`, unless it is wanted above: an account has one rule of a name.
pub(super) fn want(target: &Address, rule: &Value, global: bool, place: Place, declaration: &mut Declaration) {
    let above = above(target, declaration);
    let above = above.into_iter().filter_map(|above| declaration.rules.get(&(above, global)));
    match above.flat_map(|(_, rules)| rules).find(|above| above["name"] == rule["name"]) {
        Some(same) if same == rule => {}
        Some(_) => {
            let name = rule["name"].as_str().unwrap_or_default();
            let message = format!("guardrail {name} is enabled with other values above {target}");
            declaration.mistake("guardrail", place, message, "an account has it once: give its values in one place");
        }
        None => {
            let key = (target.clone(), global);
            declaration.rules.entry(key).or_insert_with(|| (place, Vec::new())).1.push(rule.clone());
        }
    }
}

/// What a unit or an account lies in, from the root down.
fn above(target: &Address, declaration: &Declaration) -> Vec<Address> {
    let parent = declaration.desired.get(target).filter(|_| *target != Address::root());
    parent.and_then(|wanted| wanted.parent.as_ref()).map(Address::path).unwrap_or_default()
}

/// The stacks that hold the detective guardrails: in every region of the organization, and for what is the same in all of
/// them in the home region. Those of the root look at the management account too.
pub(in crate::sections) fn stacks(declaration: &Declaration) -> Vec<(Spanned<String>, StackSection)> {
    let stack = |((target, global), (place, rules)): (&(Address, bool), &(Place, Vec<Value>))| {
        let is_root = *target == Address::root();
        let path = target.as_str().strip_prefix("ou/").unwrap_or(target.as_str());
        let suffix = if is_root { String::new() } else { format!("-{}", words(path)) };
        let name = format!("guardrails{suffix}{}", if *global { "-global" } else { "" });
        let targets = if is_root { vec!["management", "root"] } else { vec![target.as_str()] };
        let settings = &declaration.desired.settings;
        let regions = if *global { std::slice::from_ref(&settings.home_region) } else { settings.regions.as_slice() };
        let parameters = json!({"rules": rules});
        let section = StackSection::of_template("config-rules", &targets, regions, parameters, *place);
        (Spanned::new(name, *place), section)
    };
    declaration.rules.iter().map(stack).collect()
}

/// A stack's name has letters, digits and hyphens.
fn words(path: &str) -> String {
    path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}
