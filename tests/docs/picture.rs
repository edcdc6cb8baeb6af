//! The README's picture of a plan.

use snapbox::data::DataFormat;
use snapbox::{Data, assert_data_eq};

use super::repository;
use super::shell::Shell;

/// What somebody changes in the blueprint `startup` after it was applied.
const EDITS: [(&str, &str); 5] = [
    ("cloudtrail:StopLogging, ", "cloudtrail:StopLogging, cloudtrail:PutInsightSelectors, "),
    ("accounts: [network, shared-services]", "tags: {team: platform}\n    accounts: [network, shared-services]"),
    ("Development: {accounts: [app-dev]}", "Dev: {was: Development, accounts: [app-dev, app-test]}"),
    ("  Sandbox:\n    accounts: [sandbox-1]\n", "  Sandbox:\n"),
    ("  Suspended:\n    policies: [deny-all]", "  Suspended:\n    policies: [deny-all]\n    accounts: [sandbox-1]"),
];

#[test]
fn the_picture_shows_what_plan_prints() {
    let mut shell = Shell::in_folder("".as_ref());
    shell.done("landing init . --from startup && landing apply --yes --sandbox");
    let path = shell.path("landing.yaml");
    let mut text = std::fs::read_to_string(&path).expect("init wrote it");
    for (before, after) in EDITS {
        assert!(text.contains(before), "the blueprint startup has no {before:?} any more: choose another edit");
        text = text.replacen(before, after, 1);
    }
    std::fs::write(&path, text).expect("it can be written");
    let plan = shell.done("landing plan --sandbox --color always");
    let picture = Data::read_from(&repository().join("docs/plan.svg"), Some(DataFormat::TermSvg));
    assert_data_eq!(format!("$ landing plan --sandbox\n{plan}"), picture);
}
