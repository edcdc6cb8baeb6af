//! Accounts that go from one unit that gets stacks to another, where the stacks that they leave behind are in the way of the next.
//!
//! AWS takes the stack of an account that leaves a unit out of the stack set, and creates one for the unit that it enters, of the
//! same stack set or another. What is retained keeps its names.
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>

use std::collections::BTreeSet;

use serde_json::Value;

use super::resource::{StackSet, Targeting};
use crate::kinds::shared::deployed::{Deployed, resources};
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Body, Desired, Found, Note, Observed, Presence, Refusal, Wanted};

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

/// Adds what is to be said of accounts that move. Where the name of what is in the way is known, the next stack fails for good,
/// and the move is refused; where it hangs on what AWS makes of a function, a note says what may be.
pub(super) fn report_progress(desired: &Desired, observed: &mut Observed) {
    for met in meetings(desired, observed) {
        match met.is_certain() {
            true => observed.findings.refusals.push(met.refusal()),
            false => observed.findings.notes.push(met.note()),
        }
    }
}

/// A stack that stays in an account that moves, and what of it is in the way of the stack that comes.
struct StackConflict {
    account: Address,
    after: Address,
    left: Address,
    coming: Address,
    names: BTreeSet<Name>,
}

/// What an account has once: the type with the name, and whether that name is known.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    text: String,
    is_known: bool,
}

fn meetings(desired: &Desired, observed: &Observed) -> Vec<StackConflict> {
    let left = observed.found.values().filter(|found| found.kind == StackSet::KIND && retains(&found.body));
    let left: Vec<&Found> = left.collect();
    let wanted = desired.of_kind(StackSet::KIND).filter(|wanted| wanted.presence == Presence::Present);
    let coming: Vec<&Wanted> = wanted.filter(|wanted| follows(&wanted.body)).collect();
    if left.is_empty() || coming.is_empty() {
        return Vec::new();
    }
    let after = observed.accounts_after(desired);
    let moves = observed.accounts.iter().filter_map(|(account, before)| Some((account, before, after.get(account)?)));
    let moves = moves.filter(|(account, before, after)| before != after && observed.has_open(account));
    moves.flat_map(|(account, before, after)| of_move(account, before, after, (&left, &coming))).collect()
}

fn of_move(
    account: &Address,
    before: &Address,
    after: &Address,
    (left, coming): (&[&Found], &[&Wanted]),
) -> Vec<StackConflict> {
    let left: Vec<_> = left.iter().filter(|found| !units(&found.body, before).is_empty()).collect();
    let coming = coming.iter().filter(|wanted| !units(&wanted.body, after).is_empty());
    let pairs = coming.flat_map(|coming| left.iter().map(move |left| (left, coming)));
    let meetings = pairs.filter_map(|(left, coming)| {
        let is_left = units(&left.body, before) != units(&coming.body, after);
        let stays = left.address != coming.address && !units(&left.body, after).is_empty();
        let had: BTreeSet<Name> = if stays || !is_left { BTreeSet::new() } else { names(&left.body) };
        let names: BTreeSet<Name> = had.intersection(&names(&coming.body)).cloned().collect();
        (!names.is_empty()).then(|| StackConflict {
            account: account.clone(),
            after: after.clone(),
            left: left.address.clone(),
            coming: coming.address.clone(),
            names,
        })
    });
    meetings.collect()
}

impl StackConflict {
    fn is_certain(&self) -> bool {
        self.names.iter().any(|name| name.is_known)
    }

    fn what(&self) -> String {
        let StackConflict { account, after, left, coming, names } = self;
        let names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        format!(
            "{account} goes to {after}: {left} retains its stack in the account, and the one that {coming} creates there fails \
             as long as that has {}",
            names.join(", ")
        )
    }

    fn help(&self) -> String {
        format!(
            "write `auto_deployment: {{retain_stacks_on_account_removal: false}}` for {} and apply that first",
            self.left
        )
    }

    fn refusal(&self) -> Refusal {
        Refusal {
            code: "retained-stack".into(),
            address: Some(self.account.clone()),
            message: self.what(),
            help: format!(
                "{}; or deploy the stack set to a unit above both, which the account does not leave",
                self.help()
            ),
        }
    }

    fn note(&self) -> Note {
        let what = format!(
            "{}, if the name is the same there. Then {}, or delete the retained stack in the account afterwards and apply again",
            self.what(),
            self.help()
        );
        Note { address: Some(self.account.clone()), what, about: vec![self.account.clone()] }
    }
}

fn follows(body: &Body) -> bool {
    Targeting::of(body).follows_accounts()
}

fn retains(body: &Body) -> bool {
    let targeting = Targeting::of(body);
    targeting.follows_accounts() && targeting.retains_stacks()
}

/// The units of a stack set that reach a place.
fn units(body: &Body, place: &Address) -> BTreeSet<Address> {
    Targeting::of(body).targets.into_keys().filter(|unit| place.is_below(unit)).collect()
}

/// What of a template an account has once.
fn names(body: &Body) -> BTreeSet<Name> {
    let deployed = Deployed::of(body);
    let named = resources(body).filter_map(|resource| {
        let (of_type, pointer) = NAMES.iter().find(|(of_type, _)| resource["Type"] == *of_type)?;
        match *pointer {
            "" => Some(Name { text: (*of_type).to_owned(), is_known: true }),
            pointer => {
                let Name { text, is_known } = name(resource["Properties"].pointer(pointer)?, &deployed)?;
                Some(Name { text: format!("{of_type} {text}"), is_known })
            }
        }
    });
    named.collect()
}

/// A text, or what a parameter holds, or else the function itself. Nothing where it hangs on the stack, of which AWS names each
/// otherwise.
fn name(value: &Value, deployed: &Deployed<'_>) -> Option<Name> {
    let parameter = value["Ref"].as_str();
    let known = parameter.and_then(|name| parameter_of(name, deployed)).or(value.as_str());
    if let Some(text) = known {
        return Some(Name { text: text.to_owned(), is_known: true });
    }
    let text = value["Fn::Sub"].as_str().map_or_else(|| value.to_string(), |text| filled(text, deployed));
    let is_of_stack = ["AWS::StackName", "AWS::StackId"].iter().any(|part| text.contains(part));
    let is_known = value["Fn::Sub"].is_string()
        && !SAME_IN_AN_ACCOUNT.iter().fold(text.clone(), |text, part| text.replace(part, "")).contains("${");
    (!is_of_stack).then_some(Name { text, is_known })
}

/// What is the same in all stacks of an account and region.
const SAME_IN_AN_ACCOUNT: [&str; 4] = ["${AWS::AccountId}", "${AWS::Region}", "${AWS::Partition}", "${AWS::URLSuffix}"];

fn parameter_of<'a>(name: &str, deployed: &'a Deployed<'_>) -> Option<&'a str> {
    let given = deployed.parameters.get(name).map(String::as_str);
    let preset = || deployed.template?["Parameters"][name]["Default"].as_str();
    given.or_else(preset)
}

/// A text of `Fn::Sub` with the parameters in their places.
fn filled(text: &str, deployed: &Deployed<'_>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, end)) = after.split_once('}') else { break };
        filled.push_str(before);
        match parameter_of(name, deployed) {
            Some(value) => filled.push_str(value),
            None => filled.extend(["${", name, "}"]),
        }
        rest = end;
    }
    filled + rest
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

    /// The refusals where `account/a` goes from `ou/A` to `ou/B`, by the stack sets that are there and those that are wanted.
    fn reported(found: &[(&str, Body)], wanted: &[(&str, Body)]) -> Vec<String> {
        let (mut desired, mut observed) = (Desired::default(), Observed::default());
        let account = Address::account("a");
        desired.add(Wanted::new("account", account.clone(), Body::new()).under(Address::unit(["B"])));
        observed.accounts.insert(account.clone(), Address::unit(["A"]));
        let there = |kind: &str, address: Address, body: Body| Found {
            kind: kind.into(),
            id: address.to_string(),
            owner: Owner::Shared,
            parent: None,
            attached_to: Vec::new(),
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
        report_progress(&desired, &mut observed);
        let notes = observed.findings.notes.into_iter().map(|note| note.what);
        observed.findings.refusals.into_iter().map(|it| format!("{}: {}", it.code, it.message)).chain(notes).collect()
    }

    #[test]
    fn a_retained_stack_is_in_the_way_of_the_next_of_the_same_set() {
        let both = |retain: bool| body(&["ou/A", "ou/B"], retain, json!({"Ref": "BudgetName"}));
        let notes = reported(&[("spend", both(true))], &[("spend", both(true))]);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].starts_with("retained-stack: account/a goes to ou/B"), "{notes:?}");
        assert!(notes[0].ends_with("as long as that has AWS::Budgets::Budget landing-monthly"), "{notes:?}");
        assert_eq!(reported(&[("spend", both(false))], &[("spend", both(false))]), [""; 0]);
    }

    #[test]
    fn a_retained_stack_is_in_the_way_of_another_set_with_the_same_names() {
        let of = |unit: &str, name: &str| body(&[unit], true, json!(name));
        let notes = |name: &str| {
            reported(&[("one", of("ou/A", BUDGET))], &[("one", of("ou/A", BUDGET)), ("two", of("ou/B", name))])
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
        assert_eq!(reported(&[("spend", everywhere.clone())], &[("spend", everywhere)]), [""; 0]);
    }

    #[test]
    fn a_name_that_a_function_makes_is_refused_only_where_it_is_known() {
        let both = |name: &str| body(&["ou/A", "ou/B"], true, json!({"Fn::Sub": name}));
        let said = |name: &str| reported(&[("spend", both(name))], &[("spend", both(name))]);
        assert!(
            said("x-${BudgetName}-${AWS::Region}")[0].contains("AWS::Budgets::Budget x-landing-monthly-${AWS::Region}")
        );
        assert!(said("x-${AWS::AccountId}")[0].starts_with("retained-stack: "));
        // Each stack has another name.
        assert_eq!(said("x-${AWS::StackName}"), [""; 0]);
        let unclear = said("x-${Other}");
        assert!(
            unclear[0].starts_with("account/a goes to ou/B") && unclear[0].contains("if the name is the same there")
        );
        let joined = body(&["ou/A", "ou/B"], true, json!({"Fn::Join": ["-", ["x", {"Ref": "AWS::Region"}]]}));
        let unclear = reported(&[("spend", joined.clone())], &[("spend", joined)]);
        assert!(unclear.len() == 1 && !unclear[0].starts_with("retained-stack"), "{unclear:?}");
    }
}
