//! Accounts that go from one unit that gets stacks to another, where the stacks that they leave behind are in the way of the next.
//!
//! AWS takes the stack of an account that leaves a unit out of the stack set, and creates one for the unit that it enters, of the
//! same stack set or another. What is retained keeps its names.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>

use std::collections::BTreeSet;

use serde_json::Value;

use super::retains_stacks;
use super::targets::of_body;
use crate::model::{Address, Body, Desired, Note, Observed, Presence};

/// Where resources say the name that an account has once; empty where it has the resource itself once.
const NAMES: [(&str, &str); 11] = [
    ("AWS::Budgets::Budget", "/Budget/BudgetName"),
    ("AWS::CloudFormation::TypeActivation", "/TypeNameAlias"),
    ("AWS::Config::ConfigRule", "/ConfigRuleName"),
    ("AWS::Config::ConfigurationRecorder", ""),
    ("AWS::GuardDuty::Detector", ""),
    ("AWS::IAM::ManagedPolicy", "/ManagedPolicyName"),
    ("AWS::IAM::OIDCProvider", "/Url"),
    ("AWS::IAM::Role", "/RoleName"),
    ("AWS::KMS::Alias", "/AliasName"),
    ("AWS::Logs::LogGroup", "/LogGroupName"),
    ("AWS::S3::Bucket", "/BucketName"),
];

/// What a plan says of accounts that move.
pub(super) fn notes(desired: &Desired, observed: &Observed) -> Vec<Note> {
    let after = observed.accounts_after(desired);
    let moves = observed.accounts.iter().filter_map(|(account, before)| Some((account, before, after.get(account)?)));
    let moves = moves.filter(|(account, before, after)| before != after && observed.has_open(account));
    moves.flat_map(|(account, before, after)| of_move(account, before, after, desired, observed)).collect()
}

fn of_move(account: &Address, before: &Address, after: &Address, desired: &Desired, observed: &Observed) -> Vec<Note> {
    let left = observed.found.values().filter(|found| found.kind == "stack-set" && retains(&found.body));
    let left: Vec<_> = left.filter(|found| !units(&found.body, before).is_empty()).collect();
    let wanted = desired.of_kind("stack-set").filter(|wanted| wanted.presence == Presence::Present);
    let coming = wanted.filter(|wanted| follows(&wanted.body) && !units(&wanted.body, after).is_empty());
    let pairs = coming.flat_map(|coming| left.iter().map(move |left| (left, coming)));
    let notes = pairs.filter_map(|(left, coming)| {
        let is_left = units(&left.body, before) != units(&coming.body, after);
        let stays = left.address != coming.address && !units(&left.body, after).is_empty();
        let had: BTreeSet<String> = if stays || !is_left { BTreeSet::new() } else { names(&left.body) };
        let met: Vec<String> = had.intersection(&names(&coming.body)).cloned().collect();
        (!met.is_empty()).then(|| note(account, after, &left.address, &coming.address, &met))
    });
    notes.collect()
}

fn note(account: &Address, after: &Address, left: &Address, coming: &Address, met: &[String]) -> Note {
    let what = format!(
        "{account} goes to {after}: {left} retains its stack in the account, and the one that {coming} creates there fails as long \
         as that has {}. Write `auto_deployment: {{retain_stacks_on_account_removal: false}}` for {left} and apply that first, or \
         delete the retained stack in the account afterwards and apply again",
        met.join(", ")
    );
    Note { address: Some(account.clone()), what, about: vec![account.clone()] }
}

fn follows(body: &Body) -> bool {
    body.get("auto_deployment").is_some_and(|auto| auto["enabled"] == true)
}

fn retains(body: &Body) -> bool {
    follows(body) && body.get("auto_deployment").is_some_and(retains_stacks)
}

/// The units of a stack set that reach a place.
fn units(body: &Body, place: &Address) -> BTreeSet<Address> {
    of_body(body).into_keys().filter(|unit| place.is_below(unit)).collect()
}

/// What of a template an account has once: the type, and the name as far as parameters tell it.
fn names(body: &Body) -> BTreeSet<String> {
    let resources = body.get("template").and_then(|template| template["Resources"].as_object());
    let named = resources.into_iter().flatten().filter_map(|(_, resource)| {
        let (of_type, pointer) = NAMES.iter().find(|(of_type, _)| resource["Type"] == *of_type)?;
        match *pointer {
            "" => Some((*of_type).to_owned()),
            pointer => Some(format!("{of_type} {}", text(resource["Properties"].pointer(pointer)?, body))),
        }
    });
    named.collect()
}

/// A text, or what a parameter holds, or else the function itself, which is the same text in the same account.
fn text(value: &Value, body: &Body) -> String {
    let parameter = value["Ref"].as_str();
    let given = parameter.and_then(|name| body.get("parameters")?.get(name)?.as_str());
    let preset = || body.get("template")?["Parameters"][parameter?]["Default"].as_str();
    let sub = value["Fn::Sub"].as_str();
    given.or_else(preset).or(value.as_str()).or(sub).map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Found, Owner, Wanted};

    const BUDGET: &str = "landing-monthly";

    fn body(units: &[&str], retain: bool, name: Value) -> Body {
        let targets: serde_json::Map<String, Value> =
            units.iter().map(|unit| ((*unit).to_owned(), json!(["eu-west-1"]))).collect();
        let budget = json!({"Type": "AWS::Budgets::Budget", "Properties": {"Budget": {"BudgetName": name}}});
        Body::from_iter([
            ("deployment_targets".to_owned(), Value::Object(targets)),
            ("auto_deployment".to_owned(), json!({"enabled": true, "retain_stacks_on_account_removal": retain})),
            ("parameters".to_owned(), json!({"BudgetName": BUDGET})),
            ("template".to_owned(), json!({"Resources": {"Budget": budget}})),
        ])
    }

    /// The notes where `account/a` goes from `ou/A` to `ou/B`, by the stack sets that are there and those that are wanted.
    fn told(found: &[(&str, Body)], wanted: &[(&str, Body)]) -> Vec<String> {
        let (mut desired, mut observed) = (Desired::default(), Observed::default());
        let account = Address::account("a");
        desired.add(Wanted::new("account", account.clone(), Body::new()).under(Address::unit(["B"])));
        observed.accounts.insert(account.clone(), Address::unit(["A"]));
        let there = |kind: &str, address: Address, body: Body| Found {
            kind: kind.into(),
            id: address.to_string(),
            owner: Owner::Shared,
            parent: None,
            hangs_on: Vec::new(),
            address,
            body,
        };
        observed.add(there("account", account, Body::new()));
        for (name, body) in found {
            observed.add(there("stack-set", Address::stack_set(name), body.clone()));
        }
        for (name, body) in wanted {
            desired.add(Wanted::new("stack-set", Address::stack_set(name), body.clone()));
        }
        notes(&desired, &observed).into_iter().map(|note| note.what).collect()
    }

    #[test]
    fn a_retained_stack_is_in_the_way_of_the_next_of_the_same_set() {
        let both = |retain: bool| body(&["ou/A", "ou/B"], retain, json!({"Ref": "BudgetName"}));
        let notes = told(&[("spend", both(true))], &[("spend", both(true))]);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].contains("as long as that has AWS::Budgets::Budget landing-monthly."), "{notes:?}");
        assert_eq!(told(&[("spend", both(false))], &[("spend", both(false))]), [""; 0]);
    }

    #[test]
    fn a_retained_stack_is_in_the_way_of_another_set_with_the_same_names() {
        let of = |unit: &str, name: &str| body(&[unit], true, json!(name));
        let notes = |name: &str| {
            told(&[("one", of("ou/A", BUDGET))], &[("one", of("ou/A", BUDGET)), ("two", of("ou/B", name))])
        };
        assert_eq!(notes(BUDGET).len(), 1);
        assert!(
            notes(BUDGET)[0].contains("stack-set/one retains")
                && notes(BUDGET)[0].contains("that stack-set/two creates")
        );
        assert_eq!(notes("other"), [""; 0]);
    }

    #[test]
    fn what_reaches_both_units_by_one_above_them_is_not_left() {
        let everywhere = body(&["root"], true, json!(BUDGET));
        assert_eq!(told(&[("spend", everywhere.clone())], &[("spend", everywhere)]), [""; 0]);
    }
}
