use serde_json::{Map, json};

use super::broken_cases;
use crate::policy::{PolicyType, Quotas, Surroundings, check, lint};
use crate::sections::declare_text;
use crate::template::{Rendered, guardrails};

fn blueprint(sections: &str) -> String {
    format!(
        "version: 1\nname: ours\norganization: {{regions: [eu-west-1], account_email: '{{name}}@example.com', break_glass_roles: [BreakGlass]}}\n{sections}"
    )
}

fn mistakes(sections: &str) -> Vec<String> {
    match declare_text("landing.yaml", &blueprint(sections)) {
        Ok(_) => Vec::new(),
        Err(failed) => failed.diagnostics.iter().map(|it| format!("{} ({:?})", it.message, it.help)).collect(),
    }
}

#[test]
fn the_cases_of_every_guardrail_hold() {
    for guardrail in guardrails() {
        assert_eq!(broken_cases(guardrail, &Map::new()), [""; 0], "{}", guardrail.id);
        let decides =
            matches!(guardrail.policy_type(), Ok(Some(PolicyType::ServiceControl | PolicyType::ResourceControl)));
        let denies = guardrail.cases.iter().any(|case| case.get("deny").is_some());
        let allows = guardrail.cases.iter().any(|case| case.get("allow").is_some());
        assert!(!decides || (denies && (allows || guardrail.may_lock_out)), "{} has cases of both sorts", guardrail.id);
    }
}

#[test]
fn every_guardrail_is_a_policy_that_aws_takes_and_lint_has_nothing_against() {
    for guardrail in guardrails() {
        let around = super::around(&super::cases::ordinary().settings);
        let (policy_type, document) = match guardrail.rendered(&guardrail.example, &around).unwrap() {
            Rendered::Statements(policy_type, statements) => {
                (policy_type, json!({"Version": "2012-10-17", "Statement": statements}))
            }
            Rendered::Policy(policy_type, document) => (policy_type, document),
            Rendered::Rule(rule, _) => {
                assert_eq!(rule["name"], guardrail.id.as_str());
                continue;
            }
        };
        assert_eq!(check(&document, policy_type, &Quotas::default()), [], "{}", guardrail.id);
        let findings = lint(&document, policy_type, &Surroundings::default());
        let serious: Vec<_> =
            findings.iter().filter(|it| it.code.severity() != crate::policy::Severity::Note).collect();
        assert!(serious.is_empty() || guardrail.may_lock_out, "{}: {serious:#?}", guardrail.id);
    }
}

#[test]
fn guardrails_of_a_target_share_policies_that_name_them() {
    let declared =
        declare_text("landing.yaml", &blueprint("guardrails: [mandatory]\n")).unwrap_or_else(|_| panic!("it is valid"));
    let policy = declared.desired.get(&crate::model::Address::parse("scp/guardrails")).expect("it is wanted");
    assert_eq!(policy.body["tags"]["landing:guardrail/trail-stays"], "1");
    assert!(policy.body["description"].as_str().is_some_and(|text| text.contains("trail-stays")));
    assert!(declared.desired.get(&crate::model::Address::parse("scp/guardrails@root")).is_some());
}

#[test]
fn what_is_no_guardrail_is_told_with_what_is_near() {
    let found = mistakes(
        "guardrails: [trail-stay, {trail-stays: {exempt: [a]}}, {set: loging}, {level: mandatory, except: [trail]}]\n",
    );
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(found[0].contains("did you mean `trail-stays`?"), "{found:#?}");
    assert!(found[1].contains("it has no parameter exempt, but exempt_roles"), "{found:#?}");
    assert!(found[2].contains("did you mean `logging`?"), "{found:#?}");
    assert!(found[3].contains("did you mean `trail-stays`?") || found[3].contains("it has"), "{found:#?}");
}
