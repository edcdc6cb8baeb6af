//! Organizations that others built, taken over by `landing import` in a moto that is as strict as AWS, without a change of
//! anything but whose everything is. Needs the measuring tools that may lie beside the repository, in ../shared/tools.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use landing::model::{Action, Plan};
use serde_json::Value;

use super::landing::Landing;
use super::tools::Tools;
use super::{moto, organization};

/// How many random organizations are taken over, where that is not [`FEW`].
const ORGANIZATIONS: &str = "LANDING_ORGANIZATIONS";
const FEW: usize = 3;

/// Accounts, units, policies, permission sets and groups of each. The first ones are small: everything else waits for them.
const SIZES: [[usize; 5]; 10] = [
    [12, 5, 8, 4, 4],
    [20, 8, 10, 3, 8],
    [30, 1, 16, 6, 2],
    [10, 0, 8, 2, 5],
    [60, 12, 24, 8, 10],
    [80, 40, 16, 10, 20],
    [120, 20, 30, 12, 30],
    [200, 60, 40, 15, 40],
    [40, 30, 8, 0, 0],
    [300, 25, 24, 20, 60],
];

/// What moto does not know the operations of, so that an import says that it does not know it.
const UNTOLD_BY_MOTO: [&str; 5] = [
    "region",
    "resource-policy",
    "root-access",
    "trusted-access/health.amazonaws.com",
    "trusted-access/member.org.stacksets.cloudformation.amazonaws.com",
];

/// The organization of a public sector body, as its Terraform has it.
#[test]
fn a_real_organization_is_taken_over_and_nothing_of_it_changes() {
    let Some(tools) = Tools::find() else { return };
    let report = takes_over(&tools, "import-real", &tools.folder.join("real-org.json"));
    let written = ["account", "organizational-unit", "policy", "permission-set", "assignment", "trusted-access"];
    // The management account is one more; `sso.amazonaws.com` comes with Identity Center.
    assert_eq!(written.map(|kind| report["written"][kind].as_u64()), [83, 34, 18, 20, 361, 26].map(Some), "{report:#}");
    assert_eq!(gaps(&report), UNTOLD_BY_MOTO.into());
}

#[test]
fn random_organizations_are_taken_over_and_nothing_of_them_changes() {
    let Some(tools) = Tools::find() else { return };
    let count = std::env::var(ORGANIZATIONS).ok().and_then(|count| count.parse().ok()).unwrap_or(FEW);
    for (seed, [accounts, ous, policies, sets, groups]) in SIZES.into_iter().enumerate().take(count) {
        let sizes = format!(
            "--accounts {accounts} --ous {ous} --scps {policies} --permission-sets {sets} --groups {groups} --seed {seed}"
        );
        let name = format!("import-{seed}");
        let path = folder(&name).with_extension("json");
        fs::write(&path, tools.generate(&sizes).to_string()).expect("the target folder can be written");
        let report = takes_over(&tools, &name, &path);
        assert_eq!(report["written"]["account"], accounts + 1, "{report:#}");
        let others = gaps(&report).into_iter().filter(|gap| !UNTOLD_BY_MOTO.contains(gap));
        // It is registered with Organizations alone, and GuardDuty knows of none: what a blueprint says of it makes both.
        let others = others.filter(|gap| !gap.starts_with("delegated-administrator/guardduty.amazonaws.com/"));
        assert_eq!(others.collect::<Vec<_>>(), [""; 0], "{report:#}");
    }
}

/// Imports the organization of a file, plans and applies what was written, and gives what the import said.
fn takes_over(tools: &Tools, name: &str, file: &Path) -> Value {
    let folder = folder(name);
    let _ = fs::remove_dir_all(&folder);
    let record = folder.with_extension("requests");
    let _ = fs::remove_file(&record);
    let moto = moto::recording(tools, &record);
    tools.load(&moto, file);
    let before = tools.dump(&moto);
    let (landing, blueprint) = (Landing { url: &moto.url }, folder.join("landing.yaml"));

    let start = requests(&record).len();
    let (exit, report) = landing.imported(&blueprint);
    assert_eq!(exit, Some(if gaps(&report).is_empty() { 0 } else { 5 }), "{report:#}");
    assert_eq!(report["proof"]["holds"], true, "{report:#}");
    all_files_are_there(&folder, &report);
    accounts_take_two_lines(&folder, &report);
    only_adopts(&landing.plan(&blueprint));
    assert_eq!(writes(&requests(&record)[start..]), BTreeSet::new());

    let start = requests(&record).len();
    landing.applied(&blueprint);
    let written = writes(&requests(&record)[start..]);
    let (lease, tagging): (BTreeSet<&str>, _) =
        written.iter().map(String::as_str).partition(|it| it.starts_with("AmazonSSM."));
    assert!(lease.is_subset(&["AmazonSSM.PutParameter", "AmazonSSM.DeleteParameter"].into()), "{lease:?}");
    let tag_resource = ["AWSOrganizationsV20161128.TagResource", "SWBExternalService.TagResource"];
    assert!(tagging.is_subset(&tag_resource.into()), "{tagging:?}");

    let start = requests(&record).len();
    assert_eq!(landing.drift_as_last_seen(&blueprint).0, Some(0));
    assert_eq!(writes(&requests(&record)[start..]), BTreeSet::new());
    organization::assert_same(&before, &without_ownership(tools.dump(&moto)));
    report
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// What the import names as missing although it was asked for.
fn gaps(report: &Value) -> BTreeSet<&str> {
    let left_out = report["left_out"].as_array().expect("it is a list").iter();
    let gaps = left_out.filter(|it| it["why"] == "not-known" || it["why"] == "cannot-be-said");
    gaps.map(|it| it["address"].as_str().expect("it is an address")).collect()
}

/// Every file of the blueprint that the import names, its report, the schema for editors, and no other.
fn all_files_are_there(folder: &Path, report: &Value) {
    let files = report["files"].as_array().expect("it is a list").iter();
    let reported: BTreeSet<PathBuf> = files.map(|file| folder.join(file.as_str().expect("it is a path"))).collect();
    let mut found = BTreeSet::new();
    collect(folder, &mut found);
    for beside in ["import.md", "landing.schema.json"] {
        assert!(found.remove(&folder.join(beside)), "{beside}");
    }
    assert_eq!(found, reported);
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.insert(path);
        }
    }
}

/// Accounts are the bulk of a large blueprint: on the average each takes two lines at most.
fn accounts_take_two_lines(folder: &Path, report: &Value) {
    let files = report["files"].as_array().expect("it is a list").iter().filter_map(Value::as_str);
    let texts = files.filter(|file| file.ends_with(".yaml")).map(|file| fs::read_to_string(folder.join(file)));
    let lines: usize = texts.map(|text| lines_of_accounts(&text.expect("it is there"))).sum();
    let accounts = report["written"]["account"].as_u64().expect("it is a number") as usize;
    assert!((accounts..=2 * accounts).contains(&lines), "{lines} lines for {accounts} accounts");
}

/// The lines below each `accounts:` that are deeper in than that.
fn lines_of_accounts(text: &str) -> usize {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let lines: Vec<&str> = text.lines().collect();
    let lists = lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with("accounts:"));
    let of_list = |(at, line): (usize, &&str)| match line.trim() {
        "accounts:" => lines[at + 1..].iter().take_while(|it| indent(it) > indent(line)).count(),
        // In one line with others.
        _ => line.matches(',').count() + 1,
    };
    lists.map(of_list).sum()
}

fn only_adopts(plan: &Plan) {
    let other: Vec<_> = plan.changes.iter().filter(|it| it.action != Action::Adopt || !it.fields.is_empty()).collect();
    assert!(other.is_empty(), "{other:#?}");
    assert!(plan.changes.len() > 1 && plan.waiting.is_empty() && plan.manual.is_empty() && plan.refusals.is_empty());
}

/// The operations of the requests that moto got, in the order in which they came.
fn requests(record: &Path) -> Vec<String> {
    let lines = fs::read_to_string(record).expect("moto keeps a record");
    let requests = lines.lines().map(|line| serde_json::from_str(line).expect("it is JSON"));
    requests.map(|request: Value| operation(&request)).collect()
}

/// As JSON services name it, or where the request went, which only services are asked by that landing reads alone.
fn operation(request: &Value) -> String {
    let headers = request["headers"].as_object().expect("it has headers").iter();
    let target = headers.filter(|(name, _)| name.eq_ignore_ascii_case("x-amz-target")).find_map(|(_, it)| it.as_str());
    let method = request["method"].as_str().unwrap_or_default();
    let path = request["url"].as_str().and_then(|url| url.splitn(4, '/').nth(3)).unwrap_or_default();
    target.map_or_else(|| format!("{method} /{path}"), str::to_owned)
}

/// Those that change something.
fn writes(requests: &[String]) -> BTreeSet<String> {
    // GetCallerIdentity of STS and CloudFormation's look at trusted access; contacts and regions of an account.
    const READS: [&str; 4] = ["POST /", "POST /getAlternateContact", "POST /listRegions", "POST /list-landingzones"];
    let reads = |it: &str| {
        let verb = it.rsplit('.').next().unwrap_or_default();
        READS.contains(&it)
            || it.starts_with("GET /")
            || ["Get", "List", "Describe"].iter().any(|start| verb.starts_with(start))
    };
    requests.iter().filter(|it| !reads(it)).cloned().collect()
}

/// A dump without the tags that say whose everything is.
fn without_ownership(mut dump: Value) -> Value {
    match &mut dump {
        Value::Object(map) => {
            map.retain(|key, _| !key.starts_with("landing:"));
            map.values_mut().for_each(|value| *value = without_ownership(value.take()));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| *value = without_ownership(value.take())),
        _ => {}
    }
    dump
}
