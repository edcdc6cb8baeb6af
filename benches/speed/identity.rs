//! IAM Identity Center at size: the calls of a plan that finds nothing to do, how it grows, and its memory.

use std::collections::BTreeMap;
use std::fmt::Write;

use landing::cloud::Pace;
use landing::engine::draft;
use landing::facts::{Facts, Look};
use landing_sandbox::Options;
use serde_json::{Value, json};

use super::Size;
use super::effort::effort;
use super::estate::{Estate, cloud, one_thread, plan, understood};
use super::memory;
use super::ratio::milliseconds;
use super::table::{head, median, row, timed};
use super::text;

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
const COMPANY: (Size, Size) =
    (Size { accounts: 500, units: 50, policies: 10 }, Size { accounts: 20, units: 10, policies: 2 });
/// The largest organization, for memory.
const LARGEST: (Size, Size) =
    (Size { accounts: 10_000, units: 500, policies: 300 }, Size { accounts: 30, units: 10, policies: 2 });

/// Prints what a plan with Identity Center costs.
pub fn print() {
    head(
        "\nIdentity Center, nothing to do (floor: the calls that each set, group and page takes at least)",
        &["sets/groups/assignments", "calls", "floor", "plan", "draft", "each"],
    );
    let (size, people) = (effort(COMPANY.0, COMPANY.1), effort(&USUAL[..], &SMALL[..]));
    for people in people {
        print_row(size, *people, &Estate::of(size, &blueprint(size, *people, false)));
    }
    print_memory(effort(LARGEST.0, LARGEST.1), people[people.len() - 1]);
}

fn print_row(size: Size, people: People, estate: &Estate) {
    let text = blueprint(size, people, true);
    let sandbox = estate.with_state(assigned(estate.state(), size, people)).sandbox(Options::default());
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

fn print_memory(size: Size, people: People) {
    let estate = Estate::of(size, &blueprint(size, people, false));
    let state = assigned(estate.state(), size, people);
    let Some([before, most]) = memory::of_plan("identity", &blueprint(size, people, true), &state) else { return };
    head("\nmemory of a plan's process with Identity Center", &["", "before", "at most"]);
    let mebibytes = |kibibytes: u64| format!("{} MiB", kibibytes / 1024);
    row(&[format!("{size}, {} assignments", people.assignments()), mebibytes(before), mebibytes(most)]);
}

/// The blueprint of an organization with sets and groups, and what groups have where that is said.
fn blueprint(size: Size, people: People, are_assigned: bool) -> String {
    let mut text = text::blueprint(size);
    let mut write = |line: std::fmt::Arguments<'_>| writeln!(text, "{line}").expect("memory takes every line");
    write(format_args!("identity:\n  permission_sets:"));
    for set in 0..people.sets {
        write(format_args!("    s{set}: {{managed_policies: [ReadOnlyAccess], description: \"set {set}\"}}"));
    }
    write(format_args!(
        "  groups: {{{}}}",
        (0..people.groups).map(|group| format!("g{group}: {{}}")).collect::<Vec<_>>().join(", ")
    ));
    if are_assigned {
        write(format_args!("  assignments:"));
        for group in 0..people.groups {
            let accounts = names(size, people, group).join(", ");
            write(format_args!("    g{group}: {{s{}: [{accounts}]}}", group % people.sets));
        }
    }
    text
}

/// The accounts in which a group has its set: so many in a row, others for the next group.
fn names(size: Size, people: People, group: usize) -> Vec<String> {
    let in_each = size.accounts / size.units;
    let numbers = (0..people.accounts).map(|nth| (group * people.accounts + nth) % (in_each * size.units));
    numbers.map(|number| format!("a{}-{}", number / in_each, number % in_each)).collect()
}

/// The state of an AWS in which the groups have their sets: asking for each assignment would take minutes.
fn assigned(state: &Value, size: Size, people: People) -> Value {
    let mut state = state.clone();
    let ids = |of: &Value| -> BTreeMap<String, String> {
        let of = of.as_object().expect("it is a map");
        of.iter().map(|(id, it)| (it["name"].as_str().expect("it has a name").to_owned(), id.clone())).collect()
    };
    let accounts = ids(&state["organization"]["accounts"]);
    let (groups, sets) = (ids(&state["directory"]["groups"]), ids(&state["identity_center"]["permission_sets"]));
    for group in 0..people.groups {
        let set = &mut state["identity_center"]["permission_sets"][&sets[&format!("s{}", group % people.sets)]];
        for name in names(size, people, group) {
            let there = json!({"revision": set["revision"], "principals": []});
            let account =
                set["accounts"].as_object_mut().expect("it is a map").entry(accounts[&name].clone()).or_insert(there);
            let principal = json!({"type": "GROUP", "id": groups[&format!("g{group}")]});
            account["principals"].as_array_mut().expect("it is a list").push(principal);
        }
    }
    state
}
