use std::collections::BTreeSet;

use super::*;

#[test]
fn every_file_of_the_folder_is_a_guardrail_of_the_catalogue() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates/guardrails");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".yaml")?.to_owned()))
        .collect();
    let ids: BTreeSet<String> = FILES.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(ids, files);
    for (id, text) in FILES {
        Guardrail::read(id, text).unwrap_or_else(|error| panic!("{id}: {error}"));
    }
    assert!(FILES.is_sorted(), "they are listed by name");
}

#[test]
fn a_guardrail_says_what_each_version_changed_and_renders_one_thing() {
    let text = |more: &str| format!("title: T\nbehaviour: preventive\nguidance: elective\n{more}");
    let read = |more: &str| Guardrail::read("x", &text(more)).map(|it| it.version);
    assert_eq!(read("version: 1\nscp: '[]'"), Ok(1));
    assert!(read("version: 2\nscp: '[]'").unwrap_err().contains("version 2"));
    assert!(read("version: 1").unwrap_err().contains("exactly one"));
    assert!(read("version: 1\nscp: '[]'\nrcp: '[]'").unwrap_err().contains("exactly one"));
    assert!(read("version: 1\npolicy: {type: no-policy, content: '{}'}").unwrap_err().contains("no-policy"));
}
