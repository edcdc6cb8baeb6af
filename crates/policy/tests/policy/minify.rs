//! Shorter policies decide every request as the longer ones do.

use std::collections::BTreeSet;

use landing_policy::{
    AttachedPolicy, Context, Decision, Level, Limits, Policy, PolicyType, Quotas, Request, Verdict, check, evaluate,
    how_to_pack, packed, shortened, size,
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
fn sids_stay_different_where_policies_are_packed() {
    let deny = |sid: &str, key: &str| {
        let condition = json!({"Bool": {key: "true"}});
        policy(&json!([{"Sid": sid, "Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": condition}]))
    };
    let packed = packed(&[deny("Own", "a:a"), deny("Own", "a:b"), deny("Own2", "a:c")], SCP, 10_000).expect("they fit");
    assert_eq!(check(&packed[0], SCP, &Quotas::default()), []);
    let sids: Vec<&str> =
        packed[0]["Statement"].as_array().unwrap().iter().filter_map(|one| one["Sid"].as_str()).collect();
    assert_eq!(sids, ["Own3", "Own2", "Own"], "the longest statement comes first");
}

#[test]
fn what_aws_refuses_stays_as_it_is() {
    let two = |statement: Value| json!({"Version": "2012-10-17", "Statement": [statement, statement]});
    let deny = json!({"Effect": "Deny", "Action": "s3:*", "Resource": "*"});
    let with = |key: &str, value: Value| {
        let mut statement = deny.clone();
        statement[key] = value;
        two(statement)
    };
    let mut old = two(deny.clone());
    old["Version"] = json!("2008-10-17");
    for document in [
        with("Condition", json!({"StringLikes": {"a:b": "c"}})),
        with("Principal", json!("*")),
        with("Unknown", json!(1)),
        old,
    ] {
        assert_eq!(shortened(&document, SCP), document);
        assert_eq!(packed(&[document], SCP, 10_000), None);
    }
    assert_ne!(shortened(&two(deny.clone()), SCP), two(deny));
}

#[test]
fn a_statement_outside_of_a_list_and_an_id_stay() {
    let document = json!({"Version": "2012-10-17", "Id": "x",
                          "Statement": {"Effect": "Deny", "Action": ["s3:*", "s3:Get*"], "Resource": "*"}});
    let expected = json!({"Version": "2012-10-17", "Id": "x",
                          "Statement": {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}});
    assert_eq!(shortened(&document, SCP), expected);
}

#[test]
fn anyone_who_has_too_many_policies_is_reported_whether_they_can_be_joined() {
    let deny = |action: &str, key: &str| {
        policy(&json!([{"Effect": "Deny", "Action": action, "Resource": "*", "Condition": {"Bool": {key: "true"}}}]))
    };
    let alike = [deny("s3:*", "a:a"), deny("ec2:*", "a:a"), deny("iam:*", "a:a")];
    let other = [deny("s3:*", "a:a"), deny("ec2:*", "a:b"), deny("iam:*", "a:c")];
    let limit = size(&alike[0]) + 20;
    for (documents, limit, places, expected) in [
        (&alike, limit, 2, "all that they say fits into 1 policy: join them"),
        (&other, 2 * limit, 2, "all that they say fits into 2 policies: join them"),
        (&other, 2 * limit, 1, "joined as far as it goes they are still 2: attach some of them to another level"),
        (&other, limit, 2, "they cannot be joined into fewer: attach some of them to another level"),
        (&other, 20, 2, "join some, or attach some of them to another level"),
    ] {
        assert_eq!(how_to_pack(documents, SCP, limit, places), expected);
    }
}

#[test]
fn a_policy_over_its_quota_is_reported_whether_a_shorter_form_would_fit() {
    let over = |statements: &Value, limit: usize| {
        let limits = Limits { size: limit, per_target: 5, minimum_per_target: 1 };
        let found = check(&policy(statements), SCP, &Quotas::default().with(SCP, limits));
        found.first().map(|problem| (problem.code.name(), problem.help.clone().unwrap_or_default()))
    };
    let deny = |action: &str| json!({"Effect": "Deny", "Action": action, "Resource": "*"});
    let joinable = json!([deny("s3:GetObject"), deny("s3:PutObject")]);
    let short = size(&shortened(&policy(&joinable), SCP));
    let help = |found: Option<(&'static str, String)>| found.expect("it is too large").1;
    assert!(help(over(&joinable, short)).contains(&format!("the same can be said in {short}, which fits")));
    assert!(help(over(&joinable, short - 1)).contains(&format!("even the shortest form of the same has {short}")));
    assert!(
        help(over(&json!([deny("s3:GetObject")]), 50)).contains("it cannot be shortened without changing what it says")
    );
}

#[test]
fn published_policies_never_grow() {
    let Some(folder) = shared("policies") else { return };
    let mut files = Vec::new();
    super::corpus::json_files(&folder, &mut files);
    let (mut before, mut after) = (0, 0);
    for file in files {
        let Ok(document) = landing_policy::parse(&std::fs::read_to_string(file).expect("readable")) else { continue };
        let short = shortened(&document, SCP);
        assert!(size(&short) <= size(&document));
        assert_eq!(shortened(&short, SCP), short, "shortening twice finds nothing more");
        (before, after) = (before + size(&document), after + size(&short));
    }
    assert!(after < before);
}

/// A type of policies and what its statements may be made of.
#[derive(Debug, Clone, Copy)]
struct Sort {
    policy_type: PolicyType,
    effects: &'static [&'static str],
    action_elements: &'static [&'static str],
    actions: &'static [&'static str],
}

const SORTS: [Sort; 2] = [
    Sort {
        policy_type: SCP,
        effects: &["Allow", "Deny", "Deny"],
        action_elements: &["Action", "Action", "Action", "NotAction"],
        actions: &["*", "s3:*", "s3:Get*", "s3:GetObject", "S3:Put?bject", "ec2:*", "ec2:Run*", "*:Get*"],
    },
    Sort {
        policy_type: PolicyType::ResourceControl,
        effects: &["Deny"],
        action_elements: &["Action"],
        actions: &["s3:*", "s3:Get*", "s3:GetObject", "S3:Put?bject", "sqs:*", "sqs:Send*", "*:Get*"],
    },
];

const RESOURCES: [&str; 6] =
    ["*", "arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3:::*", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::?/b"];

fn statements(sort: Sort) -> impl Strategy<Value = Value> {
    let condition = prop::sample::select(vec![
        json!({}),
        json!({}),
        json!({"Bool": {"a:b": "true"}}),
        json!({"Bool": {"a:b": ["true"]}}),
        json!({"BoolIfExists": {"a:b": "true"}}),
        json!({"StringNotEquals": {"a:c": ["x", "y"]}, "Null": {"a:b": "false"}}),
        json!({"ForAllValues:StringLike": {"a:c": ["x", "${aws:username}"]}}),
    ]);
    let one = (
        prop::sample::select(sort.effects),
        prop::sample::select(sort.action_elements),
        prop::collection::vec(prop::sample::select(sort.actions), 1..4),
        prop::sample::select(vec!["Resource", "Resource", "Resource", "NotResource"]),
        prop::collection::vec(prop::sample::select(RESOURCES.to_vec()), 1..3),
        condition,
    );
    let statement = one.prop_map(move |(effect, action, actions, resource, resources, condition)| {
        let mut statement = json!({"Effect": effect, action: actions, resource: resources, "Condition": condition});
        if sort.policy_type == PolicyType::ResourceControl {
            statement["Principal"] = json!("*");
        }
        statement
    });
    prop::collection::vec(statement, 1..6).prop_map(Value::from)
}

const KEYS: [&str; 3] = ["a:b", "a:c", "aws:username"];

/// What a request may hold of each of [`KEYS`]: nothing, no one knows, or values.
fn contexts() -> impl Strategy<Value = Vec<Option<Vec<&'static str>>>> {
    let value = prop::sample::select(vec!["true", "false", "x", "y", "z", "a"]);
    let held = prop_oneof![
        Just(Some(Vec::new())),
        Just(None),
        value.clone().prop_map(|value| Some(vec![value])),
        prop::collection::vec(value, 0..3).prop_map(Some),
    ];
    prop::collection::vec(held, KEYS.len())
}

fn context(held: &[Option<Vec<&'static str>>]) -> Context {
    KEYS.iter().zip(held).fold(Context::default(), |context, (key, held)| match held {
        Some(values) => context.with(key, values.iter().copied()),
        None => context.with_unknown(key),
    })
}

/// What the request could hold, where no one knows what it does.
fn completions(held: &[Option<Vec<&'static str>>]) -> Vec<Vec<Option<Vec<&'static str>>>> {
    let complete = |with: Vec<&'static str>| held.iter().map(|own| own.clone().or(Some(with.clone()))).collect();
    [vec![], vec!["true"], vec!["x"], vec!["a"], vec!["false", "z"]].into_iter().map(complete).collect()
}

/// Everything that stands under one of `names` in the policies' statements, wildcards and variables filled in.
fn named(policies: &[&[Value]], names: [&str; 2], filled: &str) -> BTreeSet<String> {
    let statements =
        policies.iter().flat_map(|all| all.iter()).flat_map(|policy| policy["Statement"].as_array().unwrap());
    let lists = statements.flat_map(|statement| names.iter().filter_map(|name| statement.get(name)));
    let texts = lists.flat_map(|list| match list {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        single => single.as_str().map(str::to_owned).into_iter().collect::<Vec<_>>(),
    });
    let fill = |text: String| text.replace("${aws:username}", "a").replace('*', filled).replace('?', "O");
    // `*` alone stands for any action of any service.
    texts.map(fill).map(|text| if text == filled { format!("iam:{filled}") } else { text }).collect()
}

fn levels(documents: &[Value]) -> Vec<Level> {
    let attached = documents.iter().map(|document| AttachedPolicy {
        name: "policy".to_owned(),
        policy: Policy::read(document).expect("a policy"),
    });
    vec![Level { id: ACCOUNT.to_owned(), policies: attached.collect() }]
}

/// Policies as they bind a principal, or the resource.
fn decide(policy_type: PolicyType, levels: &[Level], request: &Request) -> Verdict {
    match policy_type {
        PolicyType::ResourceControl => evaluate(&[], levels, request),
        _ => evaluate(levels, &[], request),
    }
}

fn drawn() -> impl Strategy<Value = (Sort, Value, Value)> {
    let sort = prop::sample::select(SORTS.to_vec());
    sort.prop_flat_map(|sort| (Just(sort), statements(sort), statements(sort)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn short_and_packed_policies_decide_as_long_ones(
        (sort, statements, more) in drawn(),
        full in any::<bool>(),
        limit in 300_usize..900,
        filled in "[A-Za-z]{0,3}",
        held in prop::collection::vec(contexts(), 3),
    ) {
        let policy_type = sort.policy_type;
        let long = vec![policy(&statements), policy(&more)];
        let short: Vec<Value> = long.iter().map(|document| shortened(document, policy_type)).collect();
        let packed = packed(&long, policy_type, limit);
        let sides = [long.as_slice(), short.as_slice(), packed.as_deref().unwrap_or_default()];
        let actions = named(&sides, ["Action", "NotAction"], &filled);
        let resources = named(&sides, ["Resource", "NotResource"], &filled);
        let base = if full { vec![full_access()] } else { Vec::new() };
        let with = |documents: &[Value]| levels(&[base.as_slice(), documents].concat());
        let (long, short, packed) = (with(&long), with(&short), packed.map(|packed| with(&packed)));
        for action in &actions {
            for resource in resources.iter().map(Some).chain([None]) {
                let request = Request::new("arn:aws:iam::111111111111:user/u", action, resource.map(String::as_str));
                for held in &held {
                    let request = Request { context: context(held), ..request.clone() };
                    let expected = decide(policy_type, &long, &request);
                    for shorter in [Some(&short), packed.as_ref()].into_iter().flatten() {
                        let found = decide(policy_type, shorter, &request);
                        prop_assert!(found.missing.iter().all(|key| expected.missing.contains(key)), "{request:?}");
                        if found.decision == expected.decision {
                            continue;
                        }
                        // A value that is gone because another covers it cannot leave anything undecided any more: then
                        // the longer policies decide nothing else, whatever the request holds.
                        prop_assert_eq!(expected.decision, Decision::Undecided, "{:?}: {:?}", request, found);
                        for whole in completions(held) {
                            let settled = Request { context: context(&whole), ..request.clone() };
                            let resources = match resource {
                                Some(_) => vec![request.resource.clone()],
                                None => resources.iter().cloned().map(Some).collect(),
                            };
                            for resource in resources {
                                let settled = Request { resource, ..settled.clone() };
                                let decision = decide(policy_type, &long, &settled).decision;
                                prop_assert!(decision == found.decision || decision == Decision::Undecided);
                            }
                        }
                    }
                }
            }
        }
    }
}
