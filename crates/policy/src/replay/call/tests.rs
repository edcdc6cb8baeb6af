use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::replay::policies::{AccountPolicies, ReplayPolicies, Sides};
use crate::replay::{Replay, Tally};
use crate::{AttachedPolicy, Level, Policy, evaluate};

const ACCOUNT: &str = "111111111111";
const ACTION: &str = "s3:GetObject";

fn statements() -> impl Strategy<Value = Vec<Value>> {
    let one = (
        prop::sample::select(vec!["Allow", "Deny", "Deny"]),
        prop::sample::select(vec!["*", "s3:Get*", "ec2:*"]),
        prop::sample::select(vec!["*", "arn:aws:s3:::corp/*", "arn:aws:s3:::${aws:username}/*"]),
        prop::sample::select(vec![
            json!({}),
            json!({"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
            json!({"StringNotEquals": {"aws:PrincipalTag/team": "red"}}),
            json!({"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        ]),
    );
    let statement = one.prop_map(|(effect, action, resource, condition)| {
        json!({"Effect": effect, "Action": action, "Resource": resource, "Condition": condition})
    });
    prop::collection::vec(statement, 0..4)
}

/// Two levels with some statements each; the first allows everything as well.
fn way() -> impl Strategy<Value = Vec<Level>> {
    (statements(), statements(), any::<bool>()).prop_map(|(above, own, is_full)| {
        let full = || AttachedPolicy { name: "Full".to_owned(), policy: Policy::full_access() };
        let policy = |statements| {
            let document = json!({"Version": "2012-10-17", "Statement": statements});
            AttachedPolicy { name: "Own".to_owned(), policy: Policy::read(&document).expect("a policy") }
        };
        let own = if is_full { vec![full(), policy(own)] } else { vec![policy(own)] };
        let above = Level { id: "r-ab12".to_owned(), policies: vec![full(), policy(above)] };
        vec![above, Level { id: ACCOUNT.to_owned(), policies: own }]
    })
}

fn events() -> impl Strategy<Value = Vec<Value>> {
    let one = (
        prop::sample::select(vec!["alice", "corp"]),
        prop::sample::select(vec!["eu-west-1", "us-east-1"]),
        prop::sample::select(vec!["10.0.0.1", "203.0.113.9", "AWS Internal"]),
        prop::sample::select(vec!["corp", "alice"]),
    );
    let event = one.prop_map(|(user, region, address, bucket)| {
        let identity = json!({"type": "IAMUser", "accountId": ACCOUNT, "userName": user,
                              "arn": format!("arn:aws:iam::{ACCOUNT}:user/{user}")});
        json!({"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "userIdentity": identity, "awsRegion": region,
               "sourceIPAddress": address, "requestParameters": {"bucketName": bucket, "key": "k"}, "eventID": "e"})
    });
    prop::collection::vec(event, 1..12)
}

fn organization(before: Vec<Level>, after: Vec<Level>) -> ReplayPolicies {
    let account = AccountPolicies { scps: Sides::new(before, after), ..AccountPolicies::default() };
    ReplayPolicies::new(None, HashMap::from([(ACCOUNT.to_owned(), account)]))
}

/// What changes by deciding everything in full.
fn expected(policies: &ReplayPolicies, event: &Value) -> Option<Decision> {
    let text = event.to_string();
    let event = serde_json::from_str(&text).expect("an event");
    let bound = policies.binding(ACCOUNT, None).expect("an account");
    let asked = ["aws:username", "aws:requestedregion", "aws:sourceip"];
    let request = Source { event: &event, policies }.request(ACTION, &asked);
    let decide = |levels: &[Level]| evaluate(levels, &[], &request).decision;
    match (decide(&bound.scps.before), decide(&bound.scps.after)) {
        (Decision::Deny, Decision::Deny) => None,
        (_, Decision::Deny) => Some(Decision::Deny),
        (Decision::Deny, Decision::Allow) => Some(Decision::Allow),
        (_, Decision::Undecided) if decide(&bound.scps.new) != Decision::Allow => Some(Decision::Undecided),
        _ => None,
    }
}

fn replayed(policies: &ReplayPolicies, events: &[Value]) -> Tally {
    let mut replay = Replay::new(policies);
    replay.read(json!({"Records": events}).to_string().as_bytes()).expect("a log");
    replay.finish()
}

proptest! {
    #[test]
    fn what_is_left_out_and_remembered_changes_no_decision(before in way(), after in way(), events in events()) {
        let policies = organization(before, after);
        let found = replayed(&policies, &events);
        let expected = |decision| events.iter().filter(|event| expected(&policies, event) == Some(decision)).count() as u64;
        let sum = |counts: Vec<u64>| counts.into_iter().sum::<u64>();
        prop_assert_eq!(sum(found.denied.values().map(|seen| seen.count).collect()), expected(Decision::Deny));
        prop_assert_eq!(sum(found.allowed.values().map(|seen| seen.count).collect()), expected(Decision::Allow));
        prop_assert_eq!(sum(found.undecided.values().map(|seen| seen.count).collect()), expected(Decision::Undecided));
    }

    #[test]
    fn events_are_decided_together_as_each_by_itself(before in way(), after in way(), events in events()) {
        let policies = organization(before, after);
        let mut apart = Tally::default();
        events.iter().for_each(|event| apart.add(&replayed(&policies, std::slice::from_ref(event))));
        prop_assert_eq!(replayed(&policies, &events), apart);
    }
}
