use landing_policy::{DenyingPolicy, read_denied};

use super::*;
use crate::hierarchy::Hierarchy;
use crate::model::{Address, Bindings};
use crate::sections::{Declared, declare_embedded};

const BLUEPRINT: &str = "version: 1
name: ours
organization: {regions: [eu-west-1], account_email: '{name}@example.com', access_role: Access}

guardrails:
  - level: mandatory
  - region-restriction

policies:
  no-queues:
    content:
      Version: '2012-10-17'
      Statement:
        - Sid: NoQueues
          Effect: Deny
          Action: 'sqs:*'
          Resource: '*'
  big: {file: policies/big.json}
  buckets:
    type: rcp
    content:
      Version: '2012-10-17'
      Statement:
        Sid: OwnBuckets
        Effect: Deny
        Principal: '*'
        Action: s3:GetObject
        Resource: '*'
        Condition: {StringNotEquals: {'aws:PrincipalTag/team': data}}
  few:
    content:
      Version: '2012-10-17'
      Statement: [{Effect: Allow, Action: ['ec2:*', 'sqs:*'], Resource: '*'}]
  from-template: {template: region-restriction, parameters: {regions: [eu-west-1, eu-north-1]}}

organizational_units:
  Work:
    guardrails: [no-iam-users, no-leaving]
    accounts: [dev, test]
    policies: [no-queues, big]
  Play: {accounts: [toys], policies: [few], full_aws_access: false}
  Data: {accounts: [{name: lake, policies: [buckets]}], policies: [from-template]}
";

const BIG: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "NoBigOnes",
      "Effect": "Deny",
      "Action": "ec2:RunInstances",
      "Resource": "arn:aws:ec2:*:*:instance/*",
      "Condition": {
        "StringLike": {"ec2:InstanceType": "p5*"}
      }
    }
  ]
}
"#;

fn blueprint() -> Declared {
    declare_embedded("landing.yaml", &[("landing.yaml", BLUEPRINT), ("policies/big.json", BIG)]).expect("it is valid")
}

/// The organization's accounts by their ids.
fn hierarchy(declared: &Declared) -> Hierarchy {
    let mut bindings = Bindings::default();
    let ids = [("dev", "111111111111"), ("test", "222222222222"), ("toys", "333333333333"), ("lake", "444444444444")];
    ids.into_iter().for_each(|(name, id)| bindings.bind(Address::account(name), id));
    bindings.bind(Address::parse("scp/no-queues"), "p-queues11");
    bindings.bind(Address::parse("scp/big"), "p-big11111");
    Hierarchy::declared_as(&declared.desired, bindings)
}

fn explained(text: &str) -> Explained {
    let declared = blueprint();
    let hierarchy = hierarchy(&declared);
    let denied = read_denied(text.as_bytes()).expect("it is a denial");
    explain(&denied[0], World { now: &hierarchy, blueprint: Some((&hierarchy, &declared)), region: None })
}

fn message(principal: &str, rest: &str) -> String {
    format!("User: {principal} is not authorized to perform: {rest}")
}

const CI: &str = "arn:aws:sts::111111111111:assumed-role/ci/session";
const EXPLICIT: &str = "with an explicit deny in a service control policy";

/// Policy, `Sid` and place of each statement.
fn statements(explained: &Explained) -> Vec<(&str, &str, &str)> {
    let all = explained.statements.iter();
    all.map(|it| {
        let text = |text: &Option<String>| text.as_deref().unwrap_or("-").to_owned();
        let [policy, sid, at] = [&it.decided_by.policy, &it.decided_by.sid, &it.at].map(text);
        (policy, sid, at)
    })
    .map(|(policy, sid, at)| (leak(policy), leak(sid), leak(at)))
    .collect()
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn exemption(explained: &Explained) -> &Exemption {
    explained.exemption.as_ref().expect("there is one to be found").as_ref().expect("it was found")
}

/// The lines that a patch adds and removes.
fn changes(exemption: &Exemption) -> Vec<&str> {
    let lines = exemption.patch.lines().filter(|line| line.starts_with(['+', '-']));
    lines.filter(|line| !line.starts_with("+++") && !line.starts_with("---")).collect()
}

#[test]
fn a_statement_that_the_blueprint_writes_is_found_at_its_line_and_leaves_the_principal_out() {
    let text = message(CI, &format!("sqs:sendmessage on resource: arn:aws:sqs:eu-west-1:111111111111:q {EXPLICIT}"));
    let explained = explained(&text);
    assert_eq!(explained.verdict, Verdict::Denied);
    assert_eq!(explained.account, ResourceOwner::Member(Address::account("dev"), "111111111111".into()));
    assert_eq!(statements(&explained), [("scp/no-queues", "NoQueues", "landing.yaml:14")]);
    let exemption = exemption(&explained);
    let condition = "+          Condition: {ArnNotLike: {'aws:PrincipalArn': ['arn:aws:iam::${account/dev}:role/ci']}}";
    assert_eq!(changes(exemption), [condition]);
    assert!(exemption.patch.starts_with("--- a/landing.yaml\n+++ b/landing.yaml\n@@ "), "{}", exemption.patch);
    let opens = &exemption.opens;
    assert!(
        opens.own.opened.contains(&"sqs:CreateQueue".to_owned())
            && !opens.own.opened.contains(&"sqs:SendMessage".to_owned())
    );
    assert!(opens.own.opened.iter().all(|action| action.starts_with("sqs:")));
    assert_eq!((&opens.anyone, &opens.accounts, &opens.anyone_in), (&Default::default(), &vec![], &vec![]));
    assert_eq!(explained.notes, ["the role is taken to have no path: the ARN of a session does not say it"]);
}

#[test]
fn a_guardrail_exempts_the_role_where_it_is_enabled_by_its_name() {
    let text =
        message(CI, &format!("ec2:RunInstances on resource: arn:aws:ec2:ap-south-1:111111111111:vpc/v {EXPLICIT}"));
    let explained = explained(&text);
    assert_eq!(explained.verdict, Verdict::Denied);
    assert_eq!(explained.statements[0].guardrails, ["region-restriction"]);
    assert_eq!(statements(&explained), [("scp/guardrails", "RegionRestriction", "landing.yaml:7")]);
    let exemption = exemption(&explained);
    assert_eq!(changes(exemption), ["-  - region-restriction", "+  - region-restriction: {exempt_roles: [ci]}"]);
    assert_eq!(exemption.summary, ["role ci added to exempt_roles of guardrail region-restriction"]);
    assert_eq!(
        exemption.others,
        [
            "ec2:RunInstances added to exempt_actions of guardrail region-restriction",
            "account dev left out of guardrail region-restriction",
            "ap-south-1 added to regions of guardrail region-restriction"
        ]
    );
    // The role of that name, wherever it is; and no one else.
    let opens = &exemption.opens;
    assert!(opens.own.opened.len() > 5_000 && opens.anyone == Default::default() && opens.anyone_in.is_empty());
    assert_eq!(opens.accounts, ["test", "toys"].map(Address::account));
}

#[test]
fn a_user_is_exempted_by_its_action_where_no_role_can_be() {
    let user = "arn:aws:iam::111111111111:user/ann";
    let text =
        message(user, &format!("ec2:RunInstances on resource: arn:aws:ec2:ap-south-1:111111111111:vpc/v {EXPLICIT}"));
    let explained = explained(&text);
    let exemption = exemption(&explained);
    assert_eq!(changes(exemption)[1], "+  - region-restriction: {exempt_actions: ['ec2:RunInstances']}");
    let opens = &exemption.opens;
    assert_eq!((opens.own.opened.len(), &opens.anyone.opened), (0, &vec!["ec2:RunInstances".to_owned()]));
    assert_eq!(opens.anyone_in, ["test", "toys"].map(Address::account));
}

#[test]
fn a_guardrail_of_a_level_is_enabled_by_its_name_beside_it() {
    let text =
        message(CI, "cloudtrail:StopLogging on resource: arn:aws:cloudtrail:eu-west-1:111111111111:trail/organization");
    let explained = explained(&text);
    assert_eq!(
        (&explained.verdict, explained.statements[0].guardrails.as_slice()),
        (&Verdict::Denied, ["trail-stays".to_owned()].as_slice())
    );
    assert_eq!(statements(&explained)[0].2, "landing.yaml:6");
    assert_eq!(changes(exemption(&explained)), ["+  - trail-stays: {exempt_roles: [ci]}"]);
}

#[test]
fn a_guardrail_that_exempts_no_role_leaves_the_account_out() {
    let explained = explained(&message(CI, &format!("organizations:LeaveOrganization on resource: * {EXPLICIT}")));
    let guardrails: Vec<&str> = explained.statements.iter().flat_map(|it| &it.guardrails).map(String::as_str).collect();
    assert_eq!((&explained.verdict, guardrails), (&Verdict::Denied, vec!["no-leaving", "no-leaving"]));
    assert_eq!(
        changes(exemption(&explained)),
        [
            "+  - no-leaving: {except: [dev]}",
            "-    guardrails: [no-iam-users, no-leaving]",
            "+    guardrails: [no-iam-users, {no-leaving: {except: [dev]}}]"
        ]
    );
    assert_eq!(exemption(&explained).opens.anyone.opened, ["organizations:LeaveOrganization"]);
}

#[test]
fn all_statements_that_deny_are_reported_and_exempted_from() {
    let text = message(
        CI,
        &format!(
            "sqs:SendMessage on resource: arn:aws:sqs:ap-south-1:111111111111:q {EXPLICIT}: arn:aws:organizations::999999999999:policy/o-x/service_control_policy/p-queues11"
        ),
    );
    let explained = explained(&text);
    // The one that AWS names comes first.
    let policies: Vec<&str> = statements(&explained).iter().map(|it| it.0).collect();
    assert_eq!(policies, ["scp/no-queues", "scp/guardrails"]);
    assert_eq!(explained.statements.iter().map(|it| it.is_named).collect::<Vec<_>>(), [true, false]);
    assert_eq!(explained.statements[0].policy_id.as_deref(), Some("p-queues11"));
    assert_eq!(exemption(&explained).summary.len(), 2);
    assert_eq!(changes(exemption(&explained)).len(), 3);
}

#[test]
fn where_aws_names_the_policy_what_the_message_does_not_say_is_taken_to_be_so() {
    let by = |policy: &str| {
        message(
            CI,
            &format!("ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:111111111111:instance/* {EXPLICIT}{policy}"),
        )
    };
    let named = by(": arn:aws:organizations::999999999999:policy/o-x/service_control_policy/p-big11111");
    let explained_named = explained(&named);
    assert_eq!(explained_named.verdict, Verdict::Denied);
    assert_eq!(statements(&explained_named), [("scp/big", "NoBigOnes", "policies/big.json:4")]);
    assert_eq!(explained_named.statements[0].missing, ["ec2:InstanceType"]);
    assert_eq!(
        changes(exemption(&explained_named)),
        [
            "-        \"StringLike\": {\"ec2:InstanceType\": \"p5*\"}",
            "+        \"StringLike\": {\"ec2:InstanceType\": \"p5*\"},",
            "+        \"ArnNotLike\": {\"aws:PrincipalArn\": [\"arn:aws:iam::${account/dev}:role/ci\"]}"
        ]
    );
    // Without AWS's word it depends.
    let unsaid = message(CI, "ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:111111111111:instance/*");
    assert_eq!(explained(&unsaid).verdict, Verdict::Undecided(vec!["ec2:InstanceType".into()]));
}

#[test]
fn a_region_that_is_not_reported_is_not_guessed() {
    let unsaid = message(CI, "lambda:ListFunctions");
    assert_eq!(explained(&unsaid).verdict, Verdict::Undecided(vec!["aws:RequestedRegion".into()]));
    let iam = message(CI, "iam:ListUsers");
    assert_eq!(explained(&iam).verdict, Verdict::NotByOrganization);
}

#[test]
fn where_nothing_allows_it_the_action_is_added_to_what_is_allowed() {
    let toys = "arn:aws:iam::333333333333:role/x";
    for how in ["because no service control policy allows the lambda:GetFunction action", EXPLICIT] {
        let explained = explained(&message(
            toys,
            &format!("lambda:GetFunction on resource: arn:aws:lambda:eu-west-1:333333333333:function:f {how}"),
        ));
        assert_eq!(explained.verdict, Verdict::Denied, "{how}");
        assert_eq!(explained.statements[0].decided_by.level, "ou/Play");
        assert_eq!(
            changes(exemption(&explained))[1],
            "+      Statement: [{Effect: Allow, Action: ['ec2:*', 'sqs:*', 'lambda:GetFunction'], Resource: '*'}]"
        );
    }
}

#[test]
fn a_policy_from_a_template_takes_its_parameters() {
    let lake = "arn:aws:iam::444444444444:role/team/etl";
    let explained = explained(&message(
        lake,
        &format!("ec2:RunInstances on resource: arn:aws:ec2:eu-north-1:444444444444:vpc/v {EXPLICIT}"),
    ));
    assert_eq!(statements(&explained)[0].0, "scp/guardrails");
    let both = self::explained(&message(
        lake,
        &format!("ec2:RunInstances on resource: arn:aws:ec2:ap-south-1:444444444444:vpc/v {EXPLICIT}"),
    ));
    let exemption = exemption(&both);
    // The template denies everybody else in the account still, so that leaving the account out of the guardrail opens nothing
    // to them, and less than the role's name in every account would.
    assert_eq!(
        exemption.summary,
        [
            "account lake left out of guardrail region-restriction",
            "role team/etl added to exempt_roles of template region-restriction"
        ]
    );
    assert_eq!((&exemption.opens.anyone, &exemption.opens.accounts), (&Default::default(), &vec![]));
    let line = "parameters: {regions: [eu-west-1, eu-north-1], exempt_roles: [team/etl]}";
    assert!(exemption.patch.contains(line), "{}", exemption.patch);
}

#[test]
fn resource_control_policies_bind_principals_of_other_accounts_too() {
    let outside = "arn:aws:iam::555555555555:role/etl";
    let text = format!(
        "{} with an explicit deny in a resource control policy",
        message(outside, "s3:GetObject on resource: \"arn:aws:s3:::lake/x\"")
    );
    let explained_outside = explained(&text);
    assert_eq!(explained_outside.account, ResourceOwner::Outside("555555555555".into()));
    assert_eq!(
        explained_outside.verdict,
        Verdict::Contradicted(DenyingPolicy::ResourceControl),
        "the owner of the bucket is not known"
    );
    let own = message(
        "arn:aws:iam::444444444444:role/etl",
        "s3:GetObject on resource: \"arn:aws:s3:::lake/x\" with an explicit deny in a resource control policy",
    );
    let explained = explained(&own);
    assert_eq!(
        (&explained.verdict, statements(&explained)[0]),
        (&Verdict::Denied, ("rcp/buckets", "OwnBuckets", "landing.yaml:24"))
    );
    assert_eq!(
        changes(exemption(&explained))[1],
        "+        Condition: {StringNotEquals: {'aws:PrincipalTag/team': data}, ArnNotLike: {'aws:PrincipalArn': ['arn:aws:iam::${account/lake}:role/etl']}}"
    );
}

#[test]
fn other_types_of_policies_are_named_with_what_to_look_at() {
    for (phrase, policy_type, word) in [
        (
            "because no identity-based policy allows the s3:ListBucket action",
            DenyingPolicy::IdentityBased,
            "a missing Allow of s3:ListBucket in the policies of",
        ),
        (
            "with an explicit deny in an identity-based policy",
            DenyingPolicy::IdentityBased,
            "a Deny statement that matches s3:ListBucket",
        ),
        ("with an explicit deny in a permissions boundary", DenyingPolicy::PermissionsBoundary, "permissions boundary"),
        ("because no session policy allows the s3:ListBucket action", DenyingPolicy::Session, "session policy"),
        (
            "because no resource-based policy allows the s3:ListBucket action",
            DenyingPolicy::ResourceBased,
            "(arn:aws:s3:::b)",
        ),
        ("with an explicit deny in a VPC endpoint policy", DenyingPolicy::VpcEndpoint, "VPC endpoint"),
        ("because no role trust policy allows the sts:AssumeRole action", DenyingPolicy::RoleTrust, "trust policy"),
    ] {
        let explained = explained(&message(CI, &format!("s3:ListBucket on resource: arn:aws:s3:::b {phrase}")));
        assert_eq!(explained.verdict, Verdict::Elsewhere(policy_type), "{phrase}");
        let look = explained.look.expect("there is something to look at");
        assert!(look.at[0].contains(word), "{phrase}: {:?}", look.at);
        assert!(explained.exemption.is_none() && look.page.starts_with("https://docs.aws.amazon.com/"));
    }
    let also = explained(&message(
        CI,
        "sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111111111111:q because no identity-based policy allows the sqs:SendMessage action",
    ));
    assert_eq!(statements(&also), [("scp/no-queues", "NoQueues", "landing.yaml:14")]);
    let through = explained(&message(
        CI,
        "sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111111111111:q with an explicit deny in a VPC endpoint policy transitively through a service control policy",
    ));
    assert_eq!(through.verdict, Verdict::Denied);
}

#[test]
fn what_nothing_explains_is_said() {
    let gone = explained(&message(CI, &format!("s3:ListBucket on resource: arn:aws:s3:::b {EXPLICIT}")));
    // A bucket's region is not reported, and one statement alone may be what AWS says.
    let missing = gone.statements[0].missing.as_slice();
    assert_eq!((&gone.verdict, missing), (&Verdict::Denied, ["aws:RequestedRegion".to_owned()].as_slice()));
    let known =
        explained(&message(CI, &format!("sns:Publish on resource: arn:aws:sns:eu-west-1:111111111111:t {EXPLICIT}")));
    assert_eq!(known.verdict, Verdict::Contradicted(DenyingPolicy::ServiceControl));
    let plain = explained(&message(CI, "sns:Publish on resource: arn:aws:sns:eu-west-1:111111111111:t"));
    assert_eq!(plain.verdict, Verdict::NotByOrganization);
    assert!(plain.look.unwrap().at.len() > 1);
}

#[test]
fn a_permission_sets_role_is_exempted_in_every_account_by_its_name() {
    let admin = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/ann@example.com";
    let explained = explained(&message(
        admin,
        &format!("ec2:RunInstances on resource: arn:aws:ec2:ap-south-1:111111111111:vpc/v {EXPLICIT}"),
    ));
    assert!(explained.notes.is_empty(), "{:?}", explained.notes);
    let line = changes(exemption(&explained))[1];
    assert!(
        line.starts_with("+  - region-restriction: {exempt_roles: ['aws-reserved/sso.amazonaws.com/")
            && line.ends_with("AWSReservedSSO_Admin_*']}"),
        "{line}"
    );
}

#[test]
fn what_others_keep_has_no_patch() {
    let declared = blueprint();
    let mut hierarchy = hierarchy(&declared);
    let foreign = Address::parse("scp/theirs");
    let statement = serde_json::json!({"Sid": "NoTopics", "Effect": "Deny", "Action": "sns:*", "Resource": "*"});
    hierarchy.learn(&foreign, &serde_json::json!({"Version": "2012-10-17", "Statement": statement}));
    hierarchy.attach(foreign, Address::root());
    let denied =
        read_denied(message(CI, "sns:Publish on resource: arn:aws:sns:eu-west-1:111111111111:t").as_bytes()).unwrap();
    let world = World { now: &hierarchy, blueprint: Some((&hierarchy, &declared)), region: None };
    let explained = explain(&denied[0], world);
    assert_eq!((explained.verdict, explained.statements[0].at.as_deref()), (Verdict::Denied, None));
    assert!(explained.exemption.unwrap().unwrap_err().contains("scp/theirs is not in the blueprint"));
    let alone = explain(&denied[0], World { blueprint: None, ..world });
    assert!(alone.verdict == Verdict::Denied && alone.exemption.is_none());
}

#[test]
fn a_plan_that_lifts_it_already_needs_no_patch() {
    let declared = blueprint();
    let after = hierarchy(&declared);
    let mut now = after.clone();
    let statement = serde_json::json!({"Sid": "NoTopics", "Effect": "Deny", "Action": "sns:*", "Resource": "*"});
    now.learn(&Address::parse("scp/no-queues"), &serde_json::json!({"Version": "2012-10-17", "Statement": statement}));
    let denied =
        read_denied(message(CI, "sns:Publish on resource: arn:aws:sns:eu-west-1:111111111111:t").as_bytes()).unwrap();
    let explained = explain(&denied[0], World { now: &now, blueprint: Some((&after, &declared)), region: None });
    assert_eq!(
        explained.statements[0].at.as_deref(),
        Some("landing.yaml:12"),
        "the statement is not in the blueprint, the policy is"
    );
    assert!(explained.exemption.unwrap().unwrap_err().contains("`landing apply`"));
}

/// What [`explain`] needs of a patch: the blueprint is valid with it, and lets the request through.
#[test]
fn no_text_makes_it_panic() {
    let declared = blueprint();
    let hierarchy = hierarchy(&declared);
    let world = World { now: &hierarchy, blueprint: None, region: Some("eu-west-1") };
    let seed = message(
        CI,
        &format!(
            "sqs:SendMessage on resource: \"arn:aws:sqs:eu-west-1:111111111111:q\" {EXPLICIT}: arn:aws:organizations::9:policy/o-x/service_control_policy/p-1"
        ),
    );
    for start in 0..seed.len() {
        for end in [start + 1, start + 7, seed.len()] {
            let mut text = seed.clone();
            text.replace_range(start..end.min(seed.len()), "é:/");
            for one in read_denied(text.as_bytes()).unwrap_or_default() {
                let _ = explain(&one, world);
            }
        }
    }
}
