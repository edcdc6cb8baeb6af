use crate::sections::declare_embedded;

const POLICIES: &str = "policies:\n  allow: {content: {Version: '2012-10-17', Statement: {Effect: Allow, Action: '*', Resource: '*'}}}\n  \
                        deny: {content: {Version: '2012-10-17', Statement: {Effect: Deny, Action: 'ec2:*', Resource: '*'}}}\n";

/// What a unit that says this wants of FullAWSAccess, or what is wrong with it.
fn unit(says: &str) -> Result<Vec<String>, Vec<String>> {
    let text = format!(
        "version: 1\nname: b\norganization: {{regions: [eu-west-1], quotas: {{scp: {{per_target: 5}}}}}}\n{POLICIES}organizational_units:\n  Suspended: {{{says}}}\n"
    );
    match declare_embedded("landing.yaml", &[("landing.yaml", &text)]) {
        Ok(declared) => {
            let full = declared.desired.of(|address| address.as_str().starts_with("scp/FullAWSAccess@"));
            Ok(full.map(|wanted| format!("{} {:?}", wanted.address, wanted.presence)).collect())
        }
        Err(failed) => Err(failed.diagnostics.iter().map(|it| it.message.clone()).collect()),
    }
}

#[test]
fn a_place_may_allow_nothing_only_where_that_is_said() {
    let absent = Ok(vec!["scp/FullAWSAccess@ou/Suspended Absent".to_owned()]);
    assert_eq!(unit("policies: [deny], full_aws_access: false, allows_nothing: true"), absent);
    assert_eq!(unit("policies: [allow], full_aws_access: false"), absent);
    assert_eq!(unit("policies: [allow], full_aws_access: false, allows_nothing: false"), absent);
    let wrong = |message: &str| Err(vec![message.to_owned()]);
    for silent in
        ["policies: [deny], full_aws_access: false", "policies: [deny], full_aws_access: false, allows_nothing: false"]
    {
        assert_eq!(unit(silent), wrong("without FullAWSAccess nothing would be allowed in ou/Suspended"));
    }
    assert_eq!(
        unit("policies: [deny, allow], full_aws_access: false, allows_nothing: true"),
        wrong("`allows_nothing` is not true in ou/Suspended: scp/allow, which is attached there, allows something")
    );
    let beside = "`allows_nothing` without `full_aws_access: false`: FullAWSAccess allows everything in ou/Suspended";
    assert_eq!(unit("policies: [deny], allows_nothing: true"), wrong(beside));
    assert_eq!(unit("policies: [deny], allows_nothing: true, full_aws_access: true"), wrong(beside));
}

#[test]
fn a_place_may_ask_for_full_access_or_say_nothing() {
    assert_eq!(unit("full_aws_access: true"), Ok(vec!["scp/FullAWSAccess@ou/Suspended Present".to_owned()]));
    assert_eq!(unit("policies: [deny]"), Ok(vec![]));
}

#[test]
fn full_access_takes_the_place_that_is_its_own() {
    let policy = |n: usize| {
        format!(
            "{{name: p{n}, content: {{Version: '2012-10-17', Statement: {{Effect: Deny, Action: 'ec2:*', Resource: '*'}}}}}}"
        )
    };
    let all = |count: usize| (0..count).map(policy).collect::<Vec<_>>().join(", ");
    for full in ["full_aws_access: true", "full_aws_access: false, allows_nothing: true"] {
        assert!(unit(&format!("policies: [{}], {full}, guardrails: [no-leaving]", all(3))).is_ok(), "{full}");
        assert!(unit(&format!("policies: [{}], {full}, guardrails: [no-leaving]", all(4))).is_err(), "{full}");
    }
}
