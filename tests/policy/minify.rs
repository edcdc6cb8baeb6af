//! Shorter policies decide every request as the longer ones do.

use landing::policy::{
    AttachedPolicy, Context, Decision, Level, Policy, PolicyType, Request, Unlisted, evaluate, packed, shortened, size,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::shared_cases::shared;
use super::world::{ACCOUNT, full_access};

const SCP: PolicyType = PolicyType::ServiceControl;

fn policy(statements: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

#[test]
fn what_is_superfluous_goes_and_what_fits_is_joined() {
    for (statements, expected) in [
        (
            json!([{"Effect": "Deny", "Action": ["s3:GetObject", "s3:Get*"], "Resource": ["*"]}]),
            json!([{"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"}]),
        ),
        (
            json!([{"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
                   {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/*"}]),
            json!([{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]),
        ),
        (
            json!([{"Sid": "A", "Effect": "Deny", "Action": "s3:Get*", "Resource": "*"},
                   {"Sid": "B", "Effect": "Deny", "Action": ["ec2:Run*"], "Resource": "*"}]),
            json!([{"Sid": "A", "Effect": "Deny", "Action": ["s3:Get*", "ec2:Run*"], "Resource": "*"}]),
        ),
        (
            json!([{"Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::a/*"},
                   {"Effect": "Deny", "Action": "s3:get*", "Resource": "arn:aws:s3:::b/*"}]),
            json!([{"Effect": "Deny", "Action": "s3:Get*", "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}]),
        ),
    ] {
        assert_eq!(shortened(&policy(&statements), SCP), policy(&expected), "{statements}");
    }
}

#[test]
fn what_would_mean_something_else_stays() {
    for statements in [
        json!([{"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}, {"Effect": "Deny", "NotAction": "ec2:*", "Resource": "*"}]),
        json!([{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}, {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]),
        json!([{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"a:b": "true"}}},
               {"Effect": "Deny", "Action": "ec2:*", "Resource": "*"}]),
        json!([{"Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::a"},
               {"Effect": "Deny", "Action": "s3:Put*", "Resource": "arn:aws:s3:::b"}]),
    ] {
        assert_eq!(shortened(&policy(&statements), SCP), policy(&statements));
    }
}

#[test]
fn policies_are_packed_into_as_few_as_they_fit_into() {
    let deny = |action: &str, key: &str| {
        policy(&json!([{"Effect": "Deny", "Action": action, "Resource": "*", "Condition": {"Bool": {key: "true"}}}]))
    };
    let documents = [deny("s3:*", "a:a"), deny("ec2:*", "a:b"), deny("iam:*", "a:c")];
    assert_eq!(packed(&documents, SCP, 10_000).map(|all| all.len()), Some(1));
    let limit = size(&documents[1]) + 40;
    let bins = packed(&documents, SCP, limit).expect("each fits");
    assert!(bins.len() == 3 && bins.iter().all(|bin| size(bin) <= limit));
    assert_eq!(packed(&documents, SCP, 50), None);
}

#[test]
fn published_policies_never_grow() {
    let Some(folder) = shared("policies") else { return };
    let mut files = Vec::new();
    super::corpus::json_files(&folder, &mut files);
    let (mut before, mut after) = (0, 0);
    for file in files {
        let Ok(document) = landing::policy::parse(&std::fs::read_to_string(file).expect("readable")) else { continue };
        let short = shortened(&document, SCP);
        assert!(size(&short) <= size(&document));
        assert_eq!(shortened(&short, SCP), short, "shortening twice finds nothing more");
        (before, after) = (before + size(&document), after + size(&short));
    }
    assert!(after < before);
}

fn pattern() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["*", "s3:*", "s3:Get*", "s3:GetObject", "S3:Put?bject", "ec2:*", "ec2:Run*", "*:Get*"])
}

fn resource() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "*",
        "arn:aws:s3:::a",
        "arn:aws:s3:::a/*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::${aws:username}/*",
        "arn:aws:s3:::?/b",
    ])
}

fn statements() -> impl Strategy<Value = Value> {
    let condition = prop::sample::select(vec![
        json!({}),
        json!({}),
        json!({"Bool": {"a:b": "true"}}),
        json!({"Bool": {"a:b": ["true"]}}),
        json!({"StringNotEquals": {"a:c": ["x", "y"]}, "Null": {"a:b": "false"}}),
    ]);
    let one = (
        prop::sample::select(vec!["Allow", "Deny", "Deny"]),
        prop::sample::select(vec!["Action", "Action", "Action", "NotAction"]),
        prop::collection::vec(pattern(), 1..4),
        prop::sample::select(vec!["Resource", "Resource", "Resource", "NotResource"]),
        prop::collection::vec(resource(), 1..3),
        condition,
    );
    let statement = one.prop_map(|(effect, action, actions, resource, resources, condition)| {
        json!({"Effect": effect, action: actions, resource: resources, "Condition": condition})
    });
    prop::collection::vec(statement, 1..6).prop_map(Value::from)
}

/// Requests for every action that the policies name, and some more, on several resources, with keys present, absent
/// and unknown.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for action in
        ["s3:GetObject", "s3:PutObject", "s3:GetBucketAcl", "ec2:RunInstances", "ec2:GetX", "iam:GetUser", "iam:X"]
    {
        for resource in [Some("*"), Some("arn:aws:s3:::a"), Some("arn:aws:s3:::a/b"), Some("arn:aws:s3:::u/b"), None] {
            let request = Request::new("arn:aws:iam::111111111111:user/u", action, resource);
            for context in [
                Context::default(),
                Context::default().with("a:b", ["true"]).with("a:c", ["z"]).with("aws:username", ["u"]),
                Context::default().with("a:b", ["false"]).with("a:c", ["x"]),
                Context::default().with_unlisted(Unlisted::Unknown),
            ] {
                requests.push(Request { context, ..request.clone() });
            }
        }
    }
    requests
}

fn levels(documents: &[Value]) -> Vec<Level> {
    let attached = documents.iter().map(|document| AttachedPolicy {
        name: "policy".to_owned(),
        policy: Policy::read(document).expect("a policy"),
    });
    vec![Level { id: ACCOUNT.to_owned(), policies: attached.collect() }]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn short_and_packed_policies_decide_as_long_ones(
        statements in statements(), more in statements(), full in any::<bool>(), limit in 300_usize..900,
    ) {
        let long = [policy(&statements), policy(&more)];
        let short: Vec<Value> = long.iter().map(|document| shortened(document, SCP)).collect();
        let packed = packed(&long, SCP, limit);
        let base = if full { vec![full_access()] } else { Vec::new() };
        let with = |documents: &[Value]| levels(&[base.as_slice(), documents].concat());
        let (long, short, packed) = (with(&long), with(&short), packed.map(|packed| with(&packed)));
        for request in requests() {
            let expected = evaluate(&long, &[], &request);
            for shorter in [Some(&short), packed.as_ref()].into_iter().flatten() {
                let found = evaluate(shorter, &[], &request);
                // A value that is gone because another covers it cannot leave anything undecided any more.
                let decides = expected.decision == Decision::Undecided || found.decision == expected.decision;
                prop_assert!(decides, "{:?}: {:?}, but {:?}", request, found, expected);
                prop_assert!(found.missing.iter().all(|key| expected.missing.contains(key)), "{:?}", request);
            }
        }
    }
}
