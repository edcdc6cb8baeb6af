//! The examples, as a reader tries them.

use std::path::Path;

use super::shell::Shell;

fn twice(example: &str, sandbox: &str) {
    let mut shell = Shell::in_folder(Path::new(example));
    shell.done("landing validate");
    shell.done(&format!("landing apply --yes {sandbox}"));
    let again = shell.done(&format!("landing plan --detailed-exitcode {sandbox}"));
    assert!(again.contains("Nothing to do"), "{again}");
    let again = shell.done(&format!("landing apply {sandbox}"));
    assert!(again.contains("Nothing to do"), "{again}");
}

#[test]
fn the_split_blueprint_applied_twice_leaves_nothing_to_do() {
    twice("examples/split", "--sandbox");
}

#[test]
fn the_organization_made_by_hand_is_adopted_once() {
    twice("examples/adopt", "--sandbox=organization.json");
}

#[test]
fn adopting_an_organization_creates_no_resource_that_exists() {
    let mut shell = Shell::in_folder(Path::new("examples/adopt"));
    let plan = shell.done("landing plan --sandbox=organization.json --format json");
    let plan: serde_json::Value = serde_json::from_str(&plan).expect("a plan is JSON");
    let changes = plan["changes"].as_array().expect("a plan has changes");
    let of = |action: &str| -> Vec<&str> {
        let chosen = changes.iter().filter(|change| change["action"] == action);
        chosen.filter_map(|change| change["address"].as_str()).filter(|address| !address.contains('@')).collect()
    };
    assert_eq!(
        of("adopt"),
        ["account/webshop", "account/webshop-dev", "ou/Development", "ou/Production", "scp/no-other-regions"]
    );
    assert_eq!(of("delete"), [""; 0]);
    let unmanaged = plan["unmanaged"].to_string();
    assert!(unmanaged.contains("ou/Old experiments") && unmanaged.contains("scp/test-do-not-use"), "{unmanaged}");
}
