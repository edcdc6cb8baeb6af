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
fn an_alias_is_a_name_of_one_guardrail_and_of_nothing_else() {
    let names: Vec<&str> = guardrails().iter().flat_map(Guardrail::names).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    for name in names {
        assert!(guardrails().iter().all(|other| !other.is_in(name)), "{name} is a set or level");
    }
    assert_eq!(guardrail("cloudtrail-protected").map(|it| it.id.as_str()), Some("trail-stays"));
    assert!(guardrail("").is_none());
}

#[test]
fn a_guardrail_says_what_each_version_changed_and_renders_one_resource() {
    let text = |more: &str| format!("title: T\nbehaviour: preventive\nguidance: elective\n{more}");
    let read = |more: &str| Guardrail::read("x", &text(more)).map(|it| it.version);
    assert_eq!(read("version: 1\nscp: '[]'"), Ok(1));
    assert!(read("version: 2\nscp: '[]'").unwrap_err().contains("version 2"));
    assert!(read("version: 1").unwrap_err().contains("exactly one"));
    assert!(read("version: 1\nscp: '[]'\nrcp: '[]'").unwrap_err().contains("exactly one"));
    assert!(read("version: 1\nhook: {controls: [CT.S3.PR.1]}").unwrap_err().contains("proactive"));
    assert!(read("version: 1\npolicy: {type: no-policy, content: '{}'}").unwrap_err().contains("no-policy"));
}

#[test]
fn a_hook_asks_proactive_controls_and_fails_or_warns() {
    let row = |hook: &str, given: Value| {
        let text = format!(
            "title: T\nbehaviour: proactive\nguidance: elective\nversion: 1\nparameters: {{mode: {{about: m, preset: FAIL}}}}\nhook: {hook}"
        );
        let guardrail = Guardrail::read("x", &text).unwrap_or_else(|error| panic!("{error}"));
        let given = given.as_object().cloned().unwrap_or_default();
        guardrail.rendered(&given, &Map::new()).map_err(|error| error.message)
    };
    let warns = "{controls: [CT.S3.PR.1], failure_mode: '{{#if (includes modes mode)}}WARN{{else}}FAIL{{/if}}'}";
    let given = serde_json::json!({"modes": ["warn"], "mode": "warn"});
    let expected = serde_json::json!({"name": "x", "controls": ["CT.S3.PR.1"], "failure_mode": "WARN"});
    assert_eq!(row(warns, given), Ok(Rendered::Hook(expected)));
    for (hook, reported) in [
        ("{controls: [AWS-GR_ENCRYPTED_VOLUMES]}", "no proactive control"),
        ("{controls: [CT.S3.PV.1]}", "no proactive control"),
        ("{controls: []}", "has none"),
        ("{controls: [CT.S3.PR.1], failure_mode: STOP}", "not FAIL or WARN"),
    ] {
        assert!(row(hook, Value::Null).is_err_and(|message| message.contains(reported)), "{hook}");
    }
}
