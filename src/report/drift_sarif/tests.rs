use super::*;
use crate::model::{Address, FieldChange, Manual, Refusal};
use crate::report::tests::example::{change, quiet};

fn plan() -> Plan {
    let mut plan = Plan { changes: Vec::new(), manual: Vec::new(), refusals: Vec::new(), ..quiet() };
    let mut account = change("account/dev", "account", Action::Update, "ous/dev.yaml:12");
    account.fields.push(FieldChange { path: "email".into(), before: json!("a"), after: json!("b") });
    let attachment = change("scp/guard@root", "attachment", Action::Create, "landing.yaml:7");
    let unit =
        Change { reason: "nothing names it".into(), ..change("ou/Old", "organizational-unit", Action::Delete, "") };
    plan.changes = vec![account, unit, attachment];
    plan.unmanaged = vec![Address::parse("account/theirs")];
    plan.manual = vec![Manual { address: None, what: "enable it".into(), link: Some("https://example.com".into()) }];
    let guard = Some(Address::parse("scp/guard@root"));
    plan.refusals = vec![Refusal { code: "lock-out".into(), address: guard, message: "no".into(), help: "yes".into() }];
    plan
}

#[test]
fn each_difference_is_a_finding_at_its_line_or_the_blueprints_first() {
    let log = drift_sarif(&plan(), "landing.yaml");
    let results = log["runs"][0]["results"].as_array().expect("a list");
    let reported: Vec<(&str, &str, &str, &str, u64)> = results
        .iter()
        .map(|it| {
            let place = &it["locations"][0]["physicalLocation"];
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let [rule, level, message, uri] =
                [&it["ruleId"], &it["level"], &it["message"]["text"], &place["artifactLocation"]["uri"]].map(text);
            (rule.leak(), level.leak(), message.leak(), uri.leak(), place["region"]["startLine"].as_u64().unwrap_or(0))
        })
        .map(|(rule, level, message, uri, line)| (&*rule, &*level, &*message, &*uri, line))
        .collect();
    assert_eq!(
        reported,
        [
            ("differs", "warning", "account/dev differs in email", "ous/dev.yaml", 12),
            (
                "left-over",
                "warning",
                "ou/Old is landing's and not in the blueprint: nothing names it",
                "landing.yaml",
                1
            ),
            ("missing", "warning", "scp/guard@root is missing", "landing.yaml", 7),
            ("manual-step", "warning", "enable it: https://example.com", "landing.yaml", 1),
            ("refused", "error", "no: yes", "landing.yaml", 7),
            ("unmanaged", "note", "account/theirs is there, and no blueprint has it", "landing.yaml", 1),
        ]
    );
}

/// What the schema of SARIF 2.1.0 asks for, as far as we write it: required members, enumerations, minima.
#[test]
fn the_log_has_what_the_schema_requires() {
    let log = drift_sarif(&plan(), "landing.yaml");
    assert_eq!((&log["version"], log["$schema"].is_string()), (&json!("2.1.0"), true));
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].as_str().is_some_and(|name| !name.is_empty()));
    let rules = driver["rules"].as_array().expect("a list");
    let ids: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len());
    assert!(rules.iter().all(|rule| rule["shortDescription"]["text"].is_string()));
    for result in run["results"].as_array().expect("a list") {
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().expect("a level")));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        assert_eq!(ids[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].is_string() && place["region"]["startLine"].as_u64() >= Some(1));
        assert!(result["partialFingerprints"].as_object().is_some_and(|it| it.values().all(Value::is_string)));
    }
}
