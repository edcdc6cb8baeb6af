//! Blueprints drawn at random, from a few names so that two of them have much in common.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use landing::model::Address;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::world::{World, state_after};

mod hands;
mod stacks;

pub use hands::{Hand, hands};
pub use stacks::drawn_with_stacks;

/// One unit's contents, drawn.
#[derive(Clone, Debug, Default)]
pub struct Drawn {
    /// Paths of units, parents before children, with tags.
    pub units: BTreeMap<Vec<String>, Option<String>>,
    /// Where each account is; absent ones are not in the blueprint.
    pub accounts: BTreeMap<String, (Vec<String>, Option<String>)>,
    /// Policies by name: which content, and what they hang on.
    pub policies: BTreeMap<String, (usize, Vec<Vec<String>>)>,
    /// Units with an allow-list instead of FullAWSAccess.
    pub allow_lists: Vec<Vec<String>>,
    /// A unit of its own that always says whether it has FullAWSAccess; `Some(false)`: it allows nothing.
    pub quarantine: Option<bool>,
    /// What the delegation policy says, if there is to be one.
    pub delegation: Option<usize>,
    pub trusted: Vec<String>,
    pub root_tag: Option<String>,
    /// Permission sets by name, with which content.
    pub sets: BTreeMap<String, usize>,
    /// Who has a permission set where.
    pub assignments: Vec<DrawnAssignment>,
    /// Stacks by name; only some blueprints are drawn with any.
    pub stacks: BTreeMap<String, stacks::DrawnStack>,
}

/// Group, permission set and target, as a blueprint writes them, and what is excluded.
#[derive(Clone, Debug)]
pub struct DrawnAssignment {
    group: String,
    set: String,
    target: String,
    except: Option<Value>,
}

const UNITS: [&str; 4] = ["Alpha", "Beta", "R/D & more", "Gamma"];
const ACCOUNTS: [&str; 5] = ["one", "two", "three", "four", "five"];
/// Those that have the name of the first in AWS.
const KEYED: [&str; 2] = ["four", "five"];
const POLICIES: [&str; 4] = ["p1", "p2", "p3", "p4"];
const CONTENTS: usize = 5;
const SETS: [&str; 3] = ["admin", "reader", "x=1,@y"];
const GROUPS: [&str; 3] = ["team", "R/D & more", "a@example.com"];

/// A blueprint after which there is an organization, and with it Identity Center.
pub const ORGANIZATION: &str = r#"{"version": 1, "name": "drawn", "organization": {"regions": ["eu-west-1"]}}"#;

/// A world in which that blueprint has been applied.
pub fn organized() -> World {
    static STATE: LazyLock<Value> = LazyLock::new(|| state_after(&[ORGANIZATION]));
    World::restored(&STATE)
}

/// A blueprint. `every_account` keeps all accounts in it: AWS cannot take one away again.
pub fn drawn() -> impl Strategy<Value = Drawn> {
    (
        proptest::collection::vec((any::<u8>(), any::<u8>(), proptest::option::of(0..3u8)), 0..9),
        proptest::collection::vec((any::<u8>(), proptest::option::of(0..3u8)), ACCOUNTS.len()),
        proptest::collection::vec((0..CONTENTS + 1, proptest::collection::vec(any::<u8>(), 0..4)), POLICIES.len()),
        proptest::collection::vec(any::<u8>(), 0..2),
        proptest::collection::vec(0..3usize, 0..3),
        proptest::option::of(0..3u8),
        proptest::collection::vec(0..CONTENTS + 1, SETS.len()),
        proptest::collection::vec(
            (0..GROUPS.len(), 0..SETS.len(), any::<u8>(), proptest::option::of(any::<u8>())),
            0..5,
        ),
        (proptest::option::of(any::<bool>()), proptest::option::of(0..3usize)),
    )
        .prop_map(|(units, accounts, policies, allow, trusted, root_tag, sets, assignments, said)| {
            let (quarantine, delegation) = said;
            let mut drawn =
                Drawn { quarantine, delegation, root_tag: root_tag.map(|n| format!("r{n}")), ..Drawn::default() };
            for (parent, name, tag) in units {
                let places = drawn.places();
                let mut path = places[usize::from(parent) % places.len()].clone();
                if path.len() < 4 {
                    path.push(UNITS[usize::from(name) % UNITS.len()].to_owned());
                    drawn.units.insert(path, tag.map(|n| format!("t{n}")));
                }
            }
            let places = drawn.places();
            let pick = |n: u8| places[usize::from(n) % places.len()].clone();
            for (name, (place, tag)) in ACCOUNTS.iter().zip(accounts) {
                drawn.accounts.insert((*name).to_owned(), (pick(place), tag.map(|n| format!("t{n}"))));
            }
            for (name, (content, targets)) in POLICIES.iter().zip(policies) {
                if content < CONTENTS {
                    let mut targets: Vec<_> = targets.into_iter().map(pick).collect();
                    targets.sort();
                    targets.dedup();
                    drawn.policies.insert((*name).to_owned(), (content, targets));
                }
            }
            drawn.allow_lists = allow.into_iter().map(pick).collect();
            drawn.allow_lists.sort();
            drawn.allow_lists.dedup();
            drawn.trusted = trusted.into_iter().map(|n| format!("service{n}.amazonaws.com")).collect();
            drawn.trusted.sort();
            drawn.trusted.dedup();
            let sets = SETS.iter().zip(sets).filter(|(_, content)| *content < CONTENTS);
            drawn.sets = sets.map(|(name, content)| ((*name).to_owned(), content)).collect();
            let targets = drawn.targets();
            for (group, set, target, except) in assignments {
                if drawn.sets.contains_key(SETS[set]) {
                    let target = targets[usize::from(target) % targets.len()].clone();
                    let except = except.and_then(|n| drawn.exclusion(&target, &targets, usize::from(n)));
                    let (group, set) = (GROUPS[group].to_owned(), SETS[set].to_owned());
                    drawn.assignments.push(DrawnAssignment { group, set, target, except });
                }
            }
            drawn
        })
}

impl Drawn {
    /// The root and every unit.
    fn places(&self) -> Vec<Vec<String>> {
        std::iter::once(Vec::new()).chain(self.units.keys().cloned()).collect()
    }

    /// What a permission set may be assigned in: units, the root, accounts.
    fn targets(&self) -> Vec<String> {
        let units = self.units.keys().map(|path| Address::unit(path).to_string());
        let accounts = self.accounts.keys().map(|name| Address::account(name).to_string());
        units.chain(accounts).chain(["root", "management", "members"].map(str::to_owned)).collect()
    }

    /// A place or a tag that does not exclude all of a target.
    fn exclusion(&self, target: &str, places: &[String], n: usize) -> Option<Value> {
        if n.is_multiple_of(4) {
            let unit = matches!(Address::parse(target).prefix(), "ou" | "root" | "members");
            return unit.then(|| json!({"tags": {"account": [format!("t{}", n / 4 % 3), "t0"]}}));
        }
        let excluded = &places[n % places.len()];
        let within = |place: &str| place == excluded || Address::parse(place).is_within(&Address::parse(excluded));
        let account = Address::parse(target);
        let place = self.accounts.get(&account.name()).filter(|_| account.is_account());
        let unit = place.map(|(path, _)| Address::unit(path).to_string());
        let takes_all = within(target) || unit.is_some_and(|unit| within(&unit));
        (!takes_all && excluded != "root" && excluded != "members").then(|| json!([excluded]))
    }

    fn identity(&self) -> Value {
        let sets: Map<String, Value> = self.sets.iter().map(|(name, n)| (name.clone(), permission_set(*n))).collect();
        let mut assignments = json!({});
        for DrawnAssignment { group, set, target, except } in &self.assignments {
            let target = match except {
                Some(except) => json!({"in": target, "except": except}),
                None => json!(target),
            };
            let targets = &mut assignments[format!("group/{group}")][set];
            match targets.as_array_mut() {
                Some(targets) => targets.push(target),
                None => *targets = json!([target]),
            }
        }
        json!({"permission_sets": sets, "assignments": assignments})
    }

    /// The blueprint's text: JSON, which is YAML. Renamed units carry their earlier name.
    pub fn text(&self, was: &BTreeMap<Vec<String>, String>) -> String {
        let mut policies: Map<String, Value> =
            self.policies.iter().map(|(name, (content, _))| (key(name).to_owned(), policy(name, *content))).collect();
        if !self.allow_lists.is_empty() {
            policies.insert("allow".into(), json!({"content": allow_list()}));
        }
        let mut units = self.units_in(&[], was);
        if let Some(has_full_access) = self.quarantine {
            policies.insert("quarantine".into(), json!({"content": document(1), "may_lock_out": true}));
            units["Quarantine"] = json!({
                "policies": ["quarantine"], "full_aws_access": has_full_access, "allows_nothing": !has_full_access,
            });
        }
        let mut organization = self.uses(&[]);
        organization.insert("regions".into(), json!(["eu-west-1"]));
        organization.insert("account_email".into(), json!("{name}@example.com"));
        organization.insert("trusted_access".into(), json!(self.trusted));
        organization.insert("delegation_policy".into(), delegation_policy(self.delegation));
        if let Some(tag) = &self.root_tag {
            organization.insert("tags".into(), json!({"root": tag}));
        }
        json!({
            "version": 1,
            "name": "drawn",
            "organization": organization,
            "policies": policies,
            "accounts": self.accounts_in(&[]),
            "organizational_units": units,
            "identity": self.identity(),
            "stacks": stacks::section(&self.stacks),
        })
        .to_string()
    }

    fn units_in(&self, parent: &[String], was: &BTreeMap<Vec<String>, String>) -> Value {
        let children = self.units.iter().filter(|(path, _)| path.len() == parent.len() + 1 && path.starts_with(parent));
        let units: Map<String, Value> = children
            .map(|(path, tag)| {
                let mut unit = self.uses(path);
                if let Some(tag) = tag {
                    unit.insert("tags".into(), json!({"unit": tag}));
                    unit.insert("account_tags".into(), json!({"by-unit": tag}));
                }
                if let Some(was) = was.get(path) {
                    unit.insert("was".into(), json!(was));
                }
                unit.insert("accounts".into(), self.accounts_in(path));
                unit.insert("organizational_units".into(), self.units_in(path, was));
                (path[path.len() - 1].clone(), Value::Object(unit))
            })
            .collect();
        Value::Object(units)
    }

    fn accounts_in(&self, place: &[String]) -> Value {
        self.accounts
            .iter()
            .filter(|(_, (at, _))| at == place)
            .map(|(name, (_, tag))| match (tag, KEYED.contains(&name.as_str())) {
                (Some(tag), true) => json!({"key": name, "name": ACCOUNTS[0], "tags": {"account": tag}}),
                (None, true) => json!({"key": name, "name": ACCOUNTS[0]}),
                (Some(tag), false) => json!({"name": name, "tags": {"account": tag}}),
                (None, false) => json!(name),
            })
            .collect()
    }

    /// The policies of one place.
    fn uses(&self, place: &[String]) -> Map<String, Value> {
        let named = self.policies.iter().filter(|(_, (_, targets))| targets.iter().any(|at| at == place));
        let mut uses: Vec<Value> = named.map(|(name, _)| json!(key(name))).collect();
        let mut section = Map::new();
        if self.allow_lists.iter().any(|at| at == place) {
            uses.push(json!("allow"));
            section.insert("full_aws_access".into(), json!(false));
        }
        section.insert("policies".into(), json!(uses));
        section
    }
}

fn permission_set(content: usize) -> Value {
    let managed = ["ReadOnlyAccess", "job-function/ViewOnlyAccess", "PowerUserAccess"];
    let mut set = json!({"managed_policies": managed[..content % 4], "session": format!("{}h", content + 1)});
    if content.is_multiple_of(4) {
        set["template"] = json!("none");
    }
    if content % 2 == 1 {
        set["inline_policy"] = document(content);
        set["description"] = json!("drawn");
    }
    if content >= 3 {
        set["boundary"] = json!({"managed": managed[content - 3]});
        set["relay_state"] = json!("https://example.com");
    }
    set
}

/// What a blueprint calls a policy: one has another name in AWS.
fn key(policy: &str) -> &str {
    if policy == "p4" { "fourth" } else { policy }
}

/// A policy of that name; one may be said to be a guardrail.
fn policy(name: &str, content: usize) -> Value {
    match (name, content) {
        ("p3", 0) => json!({"guardrail": "no-leaving", "description": "drawn"}),
        ("p4", _) => json!({"name": name, "content": document(content)}),
        _ => json!({"content": document(content)}),
    }
}

fn delegation_policy(content: Option<usize>) -> Value {
    let Some(content) = content else { return json!({"state": "absent"}) };
    let action = ["organizations:List*", "organizations:DescribePolicy", "organizations:ListRoots"][content];
    let statement = json!({"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "*"});
    json!({"content": {"Version": "2012-10-17", "Statement": statement}})
}

/// A denial that touches nothing that landing needs.
fn document(content: usize) -> Value {
    let actions = ["s3:DeleteBucket", "ec2:CreateVpc", "iam:CreateUser", "kms:ScheduleKeyDeletion", "sqs:*"];
    let mut statement =
        json!({"Sid": "Deny", "Effect": "Deny", "Action": actions[content % actions.len()], "Resource": "*"});
    if content == CONTENTS - 1 {
        statement["Condition"] = json!({"StringNotEquals": {"aws:PrincipalAccount": "${account/one}"}});
    }
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

fn allow_list() -> Value {
    let actions = json!(["s3:*", "iam:*", "cloudformation:*", "sts:*"]);
    json!({"Version": "2012-10-17", "Statement": {"Sid": "Allow", "Effect": "Allow", "Action": actions, "Resource": "*"}})
}
