use insta::assert_snapshot;

use super::super::Diagnostics;
use super::{START, complaints, load, load_files, messages, shown};

#[test]
fn every_mistake_of_a_blueprint_is_shown_at_once() {
    assert_snapshot!(complaints(
        "version: 1
nam: ml
organization:
  regions: us-east-1
  account_email: nobody
  retain_days: 0
  protect: yes
  management_account: 1.10
organizational_units:
  Workloads:
    acounts: [a]
    lifecycle: suspnded
    organizational_units:
      Dev: [a, b]
guardrails:
  - levl: active
  - level: activ
  - region-restriction: {}
"
    ));
}

#[test]
fn a_value_s_mistake_shows_where_it_is_defined_and_used() {
    assert_snapshot!(complaints(
        "version: 1
name: ml
values:
  days: often
  units:
    Dev: {acounts: [a]}
organization:
  home_region: ap-southeast-2
  retain_days: ${values.days}
organizational_units: ${values.units}
"
    ));
}

#[test]
fn files_that_disagree_are_both_shown() {
    let failed = load_files(&[
        ("landing.yaml", "version: 1\nname: ml\ninclude: [more.yaml]\norganization:\n  home_region: eu-west-1\n"),
        ("more.yaml", "organization:\n  home_region: us-east-1\n  regions: [eu-west-1]\n"),
    ]);
    assert_snapshot!(shown(&failed.expect_err("they disagree")));
}

#[test]
fn text_that_is_not_yaml_is_explained() {
    assert_snapshot!(
        [
            "version: 1\nname: [ml\norganization: x\n",
            "version: 1\norganization:\n\thome_region: x\n",
            "version: 1\nname: a: b\n",
            "version: 1\nname: ml\n  organization: x\n",
            "version: 1\nname: *\n",
            "version: 1\nname: @ml\n",
            "version: 1\norganization: {home_region: ${values.home}}\n",
            "version: 1\nname: \"ml\n",
            "version: 1\nname: &a ml\nx: *a\nz: !Sub y\nname: again\n<<: {}\n",
        ]
        .map(complaints)
        .join("---\n\n")
    );
}

#[test]
fn the_version_must_be_one_that_is_read() {
    assert_snapshot!(
        ["name: ml\n", "version: 2\nname: ml\n", "version: one\nname: ml\n", "version:\nname: ml\n"]
            .map(complaints)
            .join("---\n\n")
    );
}

#[test]
fn what_is_no_blueprint_at_all_is_said_so() {
    assert_eq!(messages(&[("landing.yaml", "")]), ["`landing.yaml` is empty"]);
    assert_eq!(messages(&[("landing.yaml", "# only this\n")]), ["`landing.yaml` is empty"]);
    assert_eq!(messages(&[("landing.yaml", "- a\n")]), ["landing.yaml:1:1: a blueprint is a map, found a list"]);
    assert_eq!(
        messages(&[("landing.yaml", "landing\n")]),
        ["landing.yaml:1:1: a blueprint is a map, found the text `landing`"]
    );
    assert_eq!(messages(&[("landing.yml", "")]), ["`landing.yaml` does not exist"]);
}

#[test]
fn mistakes_as_json_have_every_position() {
    let failed = load("version: 1\nname: ml\norganisation: {}\n").expect_err("a key is unknown");
    let found = failed.diagnostics.json(&failed.sources);
    assert_eq!(found[0]["code"], "unknown-key");
    assert_eq!(found[0]["severity"], "error");
    assert_eq!(
        (&found[0]["file"], &found[0]["line"], &found[0]["column"]),
        (&"landing.yaml".into(), &3.into(), &1.into())
    );
    assert_eq!(found[0]["end_column"], 13);
    assert_eq!(found[0]["label"], "did you mean `organization`?");
}

#[test]
fn colour_is_used_only_when_it_is_asked_for() {
    let failed = load("version: 1\nnam: ml\n").expect_err("a key is unknown");
    let render = |color| failed.diagnostics.render(&failed.sources, color, 80);
    assert!(!render(false).contains('\u{1b}'));
    assert!(render(true).contains('\u{1b}'));
}

#[test]
fn control_characters_of_a_blueprint_never_reach_the_terminal() {
    let shown = complaints(&format!("{START}\"a\\e[31m\\u202e\\u0007\": 1\n\"\\e[2J\": 2\n"));
    let is_control = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!shown.contains(is_control), "{shown:?}");
}

#[test]
fn a_flood_of_mistakes_is_cut_short() {
    use std::fmt::Write as _;
    let mut text = START.to_owned();
    for number in 0..500 {
        writeln!(text, "key{number}: 1").expect("a string takes everything");
    }
    let shown = complaints(&text);
    assert_eq!(shown.matches("error[unknown-key]").count(), 100);
    assert!(shown.contains("400 more unknown keys in the blueprint"), "{shown}");
    assert!(shown.ends_with("… and 1 more\n"));
}

#[test]
fn no_mistakes_show_nothing() {
    let loaded = load(START).expect("it is right");
    assert_eq!(Diagnostics::new().render(&loaded.sources, false, 80), "");
}

#[test]
fn windows_files_and_byte_order_marks_are_read_like_others() {
    let text = "\u{feff}version: 1\r\nname: ml\r\norganization:\r\n  hom_region: x\r\n";
    assert_eq!(
        messages(&[("landing.yaml", text)]),
        [
            "landing.yaml:3:1: `organization` lacks the key `home_region`",
            "landing.yaml:4:3: unknown key `hom_region` in `organization`",
        ]
    );
    assert_snapshot!(complaints(text));
}
