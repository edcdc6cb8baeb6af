//! `docs/reference/json.md` names the fields that reports have.

use std::fs;

use serde_json::Value;

use super::repository;
use super::shell::Shell;

#[test]
fn the_page_of_json_names_fields_that_reports_have() {
    let page = fs::read_to_string(repository().join("docs/reference/json.md")).expect("there is the page");
    let mut shell = Shell::in_folder("".as_ref());
    shell.done("landing init . --from minimal");
    let plan = report(&mut shell, "landing plan --format json");
    check(&page, "## A plan", &plan);
    let change = &plan["changes"][0];
    for field in ["address", "kind", "action", "fields", "risk", "reason", "source", "reaches", "needs"] {
        assert!(change.get(field).is_some() && page.contains(&format!("`{field}`")), "{field}: {change}");
    }
    check(&page, "## An apply", &report(&mut shell, "landing apply --yes --format json"));
}

fn report(shell: &mut Shell, command: &str) -> Value {
    let printed = shell.done(&format!("{command} 2>/dev/null"));
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

/// Every field in the first column of a section's table is one of the report.
fn check(page: &str, heading: &str, report: &Value) {
    let (_, section) = page.split_once(heading).expect("the page has the section");
    let rows = section.lines().take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| `"));
    let fields = rows.filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split(','));
    let fields: Vec<&str> = fields.map(|field| field.trim().trim_matches('`')).collect();
    assert!(fields.len() > 5, "{heading}: {fields:?}");
    let unknown: Vec<&&str> = fields.iter().filter(|field| report.get(**field).is_none()).collect();
    assert!(unknown.is_empty(), "{heading} names {unknown:?}, which the report does not have");
}
