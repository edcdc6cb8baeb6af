use crate::sections::declare_text;

/// Accounts below two units; on `Work` a policy that stops the regions but one for everybody but the break-glass role.
const BLUEPRINT: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com'}
policies:
  home-only:
    content:
      Version: '2012-10-17'
      Statement:
        Effect: Deny
        NotAction: ['iam:*']
        Resource: '*'
        Condition:
          StringNotEquals: {'aws:RequestedRegion': eu-west-1}
          ArnNotLike: {'aws:PrincipalArn': 'arn:*:iam::*:role/BreakGlass'}
organizational_units:
  Work: {policies: [home-only], accounts: [dev, test]}
  Play: {accounts: [toys]}
expect:
";

/// What is wrong, as `LINE: message; help`.
fn mistakes(expect: &str) -> Vec<String> {
    match declare_text("landing.yaml", &format!("{BLUEPRINT}{expect}")) {
        Ok(_) => Vec::new(),
        Err(failed) => {
            let json = failed.diagnostics.json(&failed.sources);
            let text = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap_or_default().to_owned();
            let line =
                |it: &serde_json::Value| format!("{}: {}; {}", it["line"], text(it, "message"), text(it, "help"));
            json.as_array().into_iter().flatten().map(line).collect()
        }
    }
}

#[test]
fn what_holds_is_no_mistake() {
    let expect = "
  - {deny: 'ec2:RunInstances', region: us-east-1, in: Work}
  - {deny: ['ec2:RunInstances', 's3:GetObject'], region: us-east-1, in: [dev, account/test]}
  - {allow: 'ec2:RunInstances', in: root}
  - {allow: 'ec2:RunInstances', region: us-east-1, as: role/BreakGlass}
  - {allow: 'iam:CreateRole'}
  - {allow: 'ec2:RunInstances', region: us-east-1, in: Play}
";
    assert_eq!(mistakes(expect), [""; 0]);
}

#[test]
fn what_does_not_hold_names_the_statement_and_the_place() {
    let expect = "  - {deny: 'ec2:RunInstances', region: us-east-1}
  - {allow: 'ec2:RunInstances', region: us-east-1, in: Work}
";
    assert_eq!(
        mistakes(expect),
        [
            "19: ec2:RunInstances is allowed in account/toys: no policy denies it; \
             attach a policy that denies it there, or change what is expected",
            "20: ec2:RunInstances is denied in account/dev and 1 more: statement 1 of scp/home-only, attached to ou/Work, denies it; \
             exempt the principal in that statement, or change what is expected",
        ]
    );
}

#[test]
fn what_cannot_be_read_is_reported_all_at_once() {
    let expect = "  - {deny: 'ec2:*'}
  - {deny: 'ec2:RunInstances', allow: 'ec2:RunInstances'}
  - {in: Work}
  - {deny: 'ec2:RunInstances', in: [Wrok, Plya]}
  - {deny: 'ec2:RunInstances', context: {'aws:x': {}}}
";
    let found = mistakes(expect);
    let lines: Vec<&str> = found.iter().filter_map(|it| it.split(':').next()).collect();
    assert_eq!(lines, ["19", "20", "21", "22", "22", "23", "23"], "{found:#?}");
}

#[test]
fn a_key_that_decides_must_be_given() {
    let tagged = BLUEPRINT.replace(
        "ArnNotLike: {'aws:PrincipalArn': 'arn:*:iam::*:role/BreakGlass'}",
        "StringNotLike: {'aws:PrincipalTag/team': red}",
    );
    assert_ne!(tagged, BLUEPRINT);
    let decide = |context: &str| {
        let expect = format!("  - {{deny: 'ec2:RunInstances', region: us-east-1, in: Work{context}}}\n");
        declare_text("landing.yaml", &format!("{tagged}{expect}")).is_ok()
    };
    assert!(!decide(""));
    assert!(!decide(", context: {'aws:PrincipalTag/team': red}"));
    assert!(decide(", context: {'aws:PrincipalTag/team': []}"));
}

/// What is wrong or said on a day of what is expected of a guardrail from which a role is exempt for a time.
fn on(today: &str, expect: &str) -> Vec<String> {
    let text = format!(
        "version: 1\nname: b\norganization: {{regions: [eu-west-1]}}\nguardrails: [{{no-iam-users: {{exempt_roles: [{{name: C, until: 2027-03-01}}]}}}}]\n\
         organizational_units: {{Work: }}\nexpect:\n  - {{{expect}}}\n"
    );
    let messages = |all: &landing_blueprint::Diagnostics| all.iter().map(|it| it.message.clone()).collect::<Vec<_>>();
    match crate::sections::declare_text_on(today, "landing.yaml", &text) {
        Ok(declared) => messages(&declared.warnings).into_iter().filter(|it| !it.starts_with("role C")).collect(),
        Err(failed) => messages(&failed.diagnostics).into_iter().filter(|it| !it.starts_with("role C")).collect(),
    }
}

#[test]
fn what_ends_by_a_day_is_decided_as_it_is_today() {
    let allowed = "allow: iam:CreateUser, as: role/C, in: Work";
    assert_eq!(on("2027-02-28", allowed), [""; 0]);
    assert!(on("2027-03-01", allowed)[0].starts_with("iam:CreateUser is denied in ou/Work"));
    let denied = "deny: iam:CreateUser, as: role/C, in: Work";
    assert!(on("2027-02-28", denied)[0].starts_with("iam:CreateUser is allowed in ou/Work"));
    assert_eq!(on("2027-03-01", denied), [""; 0]);
    let then = "deny: iam:CreateUser, as: role/C, in: Work, context: {'aws:CurrentTime': '2027-03-01T00:00:00Z'}";
    assert_eq!(on("2026-11-29", then), [""; 0], "the time that is given counts");
}

#[test]
fn what_is_expected_for_a_time_is_expected_no_more_from_its_day_on() {
    let wrong = "allow: iam:CreateUser, in: Work, until: 2026-12-10";
    assert!(on("2026-11-29", wrong)[0].starts_with("iam:CreateUser is denied in ou/Work"));
    let soon = on("2026-12-03", "deny: iam:CreateUser, in: Work, until: 2026-12-10");
    assert_eq!(soon, ["this is expected until 2026-12-10"]);
    assert_eq!(on("2026-12-10", wrong), ["this expectation ended on 2026-12-10"]);
    assert_eq!(
        on("2026-11-29", "deny: iam:CreateUser, in: Work, until: 2026-11-31"),
        ["`until: 2026-11-31` is no day of the calendar"]
    );
}
