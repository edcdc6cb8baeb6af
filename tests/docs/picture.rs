//! The picture of a plan that the README and the manual begin with.

use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::repository;
use super::shell::Shell;

/// What a person changes in the blueprint `ml-landing-zone` after it was applied: few lines, so that the picture reads at once.
const EDITS: [(&str, &str, &str); 4] = [
    ("landing.yaml", "  - no-ai-training\n", "  - no-ai-training\n  - imdsv2\n"),
    ("landing.yaml", "Policy Staging:  ", "Policy Tests:\n    was: Policy Staging  "),
    ("landing.yaml", "Test: {accounts: [ml-test]}", "Test: {accounts: [ml-test, sandbox-1]}"),
    ("landing.yaml", "Sandbox: {accounts: [sandbox-1]}", "Sandbox: {}"),
];

#[test]
fn the_picture_shows_what_plan_prints() {
    let mut shell = Shell::in_folder("".as_ref());
    shell.done("landing init . --from ml-landing-zone && landing apply --yes --sandbox");
    for (file, before, after) in EDITS {
        let path = shell.path(file);
        let text = std::fs::read_to_string(&path).expect("init wrote it");
        assert!(text.contains(before), "{file} has no {before:?} any more: choose another edit");
        std::fs::write(&path, text.replacen(before, after, 1)).expect("it can be written");
    }
    let plan = shell.done("landing plan --sandbox --color always");
    let picture = Data::read_from(&repository().join("docs/plan.svg"), Some(DataFormat::TermSvg));
    assert_data_eq!(format!("$ landing plan --sandbox\n{plan}"), picture);
}
