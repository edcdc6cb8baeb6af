//! IAM Identity Center at size: the calls of a plan that finds nothing to do, how it grows, and its memory.

use std::collections::BTreeMap;
use std::fmt::Write;

use landing::cloud::Pace;
use landing::engine::draft;
use landing::facts::{Facts, Look};
use landing::model::{TAG_ADDRESS, TAG_BLUEPRINT};
use landing_sandbox::Options;
use serde_json::{Map, Value, json};

use super::Size;
use super::effort::effort;
use super::estate::{Estate, REGION, cloud, one_thread, plan, understood};
use super::memory;
use super::ratio::milliseconds;
use super::table::{head, median, row, timed};
use super::text::{self, NAME};

/// How much there is in Identity Center.
#[derive(Clone, Copy)]
struct People {
    sets: usize,
    groups: usize,
    /// The accounts in which each group has one set.
    accounts: usize,
}

impl People {
    fn assignments(self) -> usize {
        self.groups * self.accounts
    }
}

/// Twice as much each time, in the same accounts.
const USUAL: [People; 3] = [
    People { sets: 50, groups: 100, accounts: 32 },
    People { sets: 100, groups: 200, accounts: 32 },
    People { sets: 200, groups: 400, accounts: 32 },
];
const SMALL: [People; 2] = [People { sets: 3, groups: 6, accounts: 4 }, People { sets: 6, groups: 12, accounts: 4 }];
/// The size of the company whose calls are counted; the largest organization is there for memory.
const COMPANY: usize = 500;

/// Prints what a plan with Identity Center costs.
pub fn print(estates: &[Estate]) {
    head(
        "\nIdentity Center, nothing to do (floor: the calls that each set, group and page takes at least)",
        &["sets/groups/assignments", "calls", "floor", "plan", "draft", "each"],
    );
    let all = effort(&USUAL[..], &SMALL[..]);
    let largest = &estates[estates.len() - 1];
    let company = estates.iter().find(|estate| estate.size.accounts == COMPANY).unwrap_or(largest);
    for people in all {
        print_row(*people, company);
    }
    print_memory(all[all.len() - 1], largest);
}

fn print_row(people: People, estate: &Estate) {
    let text = blueprint(estate.size, people);
    let sandbox = estate.with_state(with_people(estate, people)).sandbox(Options::default());
    let (runtime, declared, mut facts) = (one_thread(), understood(&text), Facts::default());
    let cloud = runtime.block_on(cloud(&sandbox, Pace::OnceThrottled));
    let (planning, plan) = timed(|| runtime.block_on(plan(&cloud, &mut facts, &declared)));
    let once = || timed(|| draft(&declared.desired, &Look::new(&facts), &declared.blueprint, &[])).0;
    let drafting = median((0..effort(3, 1)).map(|_| once()).collect());
    let calls = plan.api_calls.by_operation.iter();
    let calls: u64 = calls
        .filter(|(operation, _)| operation.starts_with("sso:") || operation.starts_with("identitystore:"))
        .map(|(_, count)| *count)
        .sum();
    let each = drafting.as_secs_f64() * 1e6 / people.assignments() as f64;
    let what = format!("{}/{}/{}", people.sets, people.groups, people.assignments());
    row(&[
        what,
        calls.to_string(),
        least(people).to_string(),
        milliseconds(planning),
        milliseconds(drafting),
        format!("{each:.1} µs"),
    ]);
}

/// The calls that can answer with the fewest: the instance, pages of sets and groups, seven for each set (what it is, its tags,
/// three sorts of policies and its boundary, where it is) and one for where it is outdated, and a page for each group.
fn least(people: People) -> usize {
    1 + people.sets.div_ceil(100)
        + people.groups.div_ceil(100)
        + 8 * people.sets
        + people.groups * people.accounts.div_ceil(100)
}

fn print_memory(people: People, estate: &Estate) {
    let text = blueprint(estate.size, people);
    let Some([before, most]) = memory::of_plan("identity", &text, &with_people(estate, people)) else { return };
    head("\nmemory of a plan's process with Identity Center", &["", "before", "at most"]);
    let mebibytes = |kibibytes: u64| format!("{} MiB", kibibytes / 1024);
    row(&[format!("{}, {} assignments", estate.size, people.assignments()), mebibytes(before), mebibytes(most)]);
}

/// The blueprint of an organization with sets, groups and what groups have.
fn blueprint(size: Size, people: People) -> String {
    let mut text = text::blueprint(size);
    let mut write = |line: std::fmt::Arguments<'_>| writeln!(text, "{line}").expect("memory takes every line");
    write(format_args!("identity:\n  permission_sets:"));
    for set in 0..people.sets {
        write(format_args!("    s{set}: {{managed_policies: [ReadOnlyAccess]}}"));
    }
    write(format_args!("  assignments:"));
    for group in 0..people.groups {
        let accounts = names(size, people, group).join(", ");
        write(format_args!("    g{group}: {{s{}: [{accounts}]}}", group % people.sets));
    }
    text
}

/// The accounts in which a group has its set: so many in a row, others for the next group.
fn names(size: Size, people: People, group: usize) -> Vec<String> {
    let in_each = size.accounts / size.units;
    let numbers = (0..people.accounts).map(|nth| (group * people.accounts + nth) % (in_each * size.units));
    numbers.map(|number| format!("a{}-{}", number / in_each, number % in_each)).collect()
}

/// The state of an AWS that has all of that already: asking for each assignment would take minutes.
fn with_people(estate: &Estate, people: People) -> Value {
    let mut state = estate.state().clone();
    let of_accounts = state["organization"]["accounts"].as_object().expect("there are accounts");
    let id =
        |(id, account): (&String, &Value)| (account["name"].as_str().expect("it has a name").to_owned(), id.clone());
    let ids: BTreeMap<String, String> = of_accounts.iter().map(id).collect();
    let mut sets: Vec<Value> = (0..people.sets).map(set).collect();
    for group in 0..people.groups {
        for name in names(estate.size, people, group) {
            let there = &mut sets[group % people.sets]["accounts"][&ids[&name]];
            there["revision"] = json!(0);
            let mut principals = there["principals"].as_array().cloned().unwrap_or_default();
            principals.push(json!({"type": "GROUP", "id": group_id(group)}));
            there["principals"] = principals.into();
        }
    }
    let sets = sets.into_iter().enumerate().map(|(number, set)| (format!("ps-{number:016x}"), set));
    state["organization"]["trusted_services"]["sso.amazonaws.com"] = json!(0);
    state["identity_center"] =
        json!({"enabled": true, "region": REGION, "permission_sets": sets.collect::<Map<_, _>>()});
    let group = |number: usize| {
        (group_id(number), json!({"name": format!("g{number}"), "description": format!("[landing:{NAME}]")}))
    };
    state["directory"] = json!({"groups": (0..people.groups).map(group).collect::<Map<_, _>>()});
    state
}

/// A set as landing makes it.
fn set(number: usize) -> Value {
    json!({
        "name": format!("s{number}"),
        "session_duration": "PT1H",
        "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        "tags": {TAG_BLUEPRINT: NAME, TAG_ADDRESS: format!("permission-set/s{number}")},
        "accounts": {},
    })
}

fn group_id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}
