//! No input makes anything panic, and what is decided does not depend on how it is written.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use landing_policy::{
    Code, Context, Decision, OrganizationContext, Policy, PolicyType, Quotas, Replay, ReplayPolicies, Request,
    SourceText, Unlisted, answer, canonical, check, evaluate, inflated, lint, lint_levels, packed, read_cases,
    read_levels, shortened, statement_diff,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::deciding::denying;
use super::inputs;

/// Texts that look like parts of policies.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("*".to_owned()),
        Just("Allow".to_owned()),
        Just("Deny".to_owned()),
        Just("2012-10-17".to_owned()),
        "[a-z0-9]{0,3}:[A-Za-z*?]{0,6}",
        "arn:[a-z*]{0,3}:[s*?]{0,2}:[a-z-]{0,4}:[0-9?]{0,4}:[a-z/*:?]{0,8}",
        "[a-z]{0,2}\\$\\{[a-zA-Z:/]{0,8}(, ?\'?[a-z]{0,2}\'?)?\\}[*?]{0,2}",
        "[-+.:TZ0-9/]{0,12}",
        ".{0,6}",
    ]
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "Version",
            "Id",
            "Statement",
            "Sid",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
            "Principal",
            "NotPrincipal",
            "levels",
            "rcpLevels",
            "before",
            "rcpBefore",
            "request",
            "principal",
            "action",
            "context",
            "id",
            "policies",
            "policy",
            "name",
            "Bool",
            "StringEquals",
            "ForAllValues:StringNotLike",
            "Null",
            "ArnLike",
            "NumericLessThanIfExists",
            "DateEquals",
            "NotIpAddress",
            "aws:RequestedRegion",
        ])
        .prop_map(str::to_owned),
        words(),
    ]
}

/// JSON made of what policies and cases are made of.
fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => words().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 64, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names(), inner, 0..5).prop_map(|members| json!(members)),
        ]
    })
}

/// Statements that can be read, with every operator.
fn statements() -> impl Strategy<Value = Value> {
    let operator = prop::sample::select(vec![
        "StringEquals",
        "StringNotLike",
        "NumericLessThan",
        "DateGreaterThan",
        "Bool",
        "IpAddress",
        "ArnNotLike",
        "Null",
        "ForAnyValue:StringLikeIfExists",
        "ForAllValues:ArnEquals",
        "BinaryEquals",
        "StringEqualsIgnoreCase",
    ]);
    let condition = prop::collection::btree_map(
        operator,
        prop::collection::btree_map("[a-c]:[d-f]", prop::collection::vec(words(), 0..3), 0..3),
        0..3,
    );
    (prop::bool::ANY, prop::collection::vec(words(), 0..3), prop::collection::vec(words(), 0..3), condition).prop_map(
        |(negated, actions, resources, condition)| {
            let action = if negated { "NotAction" } else { "Action" };
            json!({"Effect": "Deny", action: actions, "Resource": resources, "Condition": condition})
        },
    )
}

/// Whether lint shows that AWS does not say what the statement means, or may not show because of a variable.
fn is_unsettled(statement: &Value) -> bool {
    let document = json!({"Version": "2012-10-17", "Statement": [statement]});
    let found = lint(&document, PolicyType::ServiceControl, &OrganizationContext::default());
    found.iter().any(|finding| finding.code == Code::Unsettled) || statement.to_string().contains("${")
}

/// Values under the names that events have.
fn events() -> impl Strategy<Value = Value> {
    let member = prop::sample::select(vec![
        "eventSource",
        "eventName",
        "eventID",
        "eventType",
        "awsRegion",
        "userIdentity",
        "type",
        "arn",
        "accountId",
        "invokedBy",
        "sessionContext",
        "sessionIssuer",
        "attributes",
        "mfaAuthenticated",
        "requestParameters",
        "bucketName",
        "key",
        "roleArn",
        "resources",
        "ARN",
        "recipientAccountId",
        "errorCode",
        "errorMessage",
        "digestStartTime",
        "Records",
    ]);
    let text = prop_oneof![
        prop::sample::select(vec![
            "s3.amazonaws.com",
            "GetObject",
            "sts.amazonaws.com",
            "AssumeRole",
            "IAMUser",
            "AWSService",
            "111111111111",
            "arn:aws:iam::111111111111:role/x",
            "not authorized by a service control policy",
            "é\"\\",
        ])
        .prop_map(str::to_owned),
        words(),
    ];
    let leaf = prop_oneof![text.prop_map(Value::from), Just(Value::Null), any::<i32>().prop_map(Value::from)];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::btree_map(member.clone(), inner, 0..10).prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_replaying_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        inputs::log(&bytes);
    }

    #[test]
    fn no_event_makes_replaying_panic(events in prop::collection::vec(events(), 0..4), cut in any::<prop::sample::Index>()) {
        let log = json!({"Records": events}).to_string().into_bytes();
        inputs::log(&log);
        inputs::log(&log[..cut.index(log.len())]);
        let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
        inputs::log(lines.as_bytes());
    }

    #[test]
    fn a_compressed_log_that_is_cut_off_is_refused(event in events(), cut in any::<prop::sample::Index>()) {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(event.to_string().as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let cut = 2 + cut.index(packed.len() - 2);
        let policies = ReplayPolicies::default();
        let read = inflated(&packed[..cut]).map(|log| Replay::new(&policies).read_log("cut", log).is_err());
        prop_assert!(read.unwrap_or(true));
        inputs::log(&packed);
    }

    #[test]
    fn a_log_that_is_not_utf8_is_refused(event in events(), place in any::<prop::sample::Index>()) {
        let mut log = event.to_string().into_bytes();
        log.insert(place.index(log.len() + 1), 0xff);
        let policies = ReplayPolicies::default();
        let mut replay = Replay::new(&policies);
        let is_refused = replay.read(&log).is_err();
        prop_assert!(is_refused || !replay.finish().unread.is_empty());
    }

    #[test]
    fn no_text_makes_reading_panic(text in prop_oneof![".{0,60}", "[\\[\\]{}\",:a-z0-9 ]{0,60}"]) {
        if let Ok(source) = SourceText::read("x", text) {
            let _ = Policy::read(source.value());
        }
    }

    #[test]
    fn no_document_makes_anything_panic(document in documents(), other in documents()) {
        for policy_type in PolicyType::ALL {
            let _ = (check(&document, policy_type, &Quotas::default()), canonical(&document, policy_type));
            let _ = lint_levels(&document, policy_type, &OrganizationContext::default());
            let _ = (shortened(&document, policy_type), packed(std::slice::from_ref(&document), policy_type, 500));
            let _ = lint(&document, policy_type, &OrganizationContext::default());
        }
        let _ = statement_diff(&document, &other);
        let _ = (Policy::read(&document), read_levels(&document));
        for case in read_cases(&document).unwrap_or_default() {
            let _ = answer(&case);
        }
    }

    #[test]
    fn deciding_never_panics_and_keeps_to_its_rules(
        statement in statements(),
        keys in prop::collection::btree_map("[a-c]:[d-f]", prop::collection::vec(words(), 0..3), 0..6),
        action in words(),
        resource in prop::option::of(words()),
    ) {
        let context = keys.iter().fold(Context::default(), |context, (key, values)| context.with(key, values.clone()));
        let request = Request::new("arn:aws:iam::111111111111:role/x", &action, resource.as_deref());
        let request = Request { context, ..request };
        let levels = denying(&statement);
        let verdict = evaluate(&levels, &[], &request);
        prop_assert_eq!(verdict.missing.is_empty(), verdict.decision.name() != "Undecided");
        prop_assert_eq!(verdict.decided_by.is_none(), verdict.decision.name() == "Allow");
        let exempt = Request { management_account: true, ..request };
        prop_assert_eq!(evaluate(&levels, &[], &exempt).decision.name(), "Allow");
    }

    #[test]
    fn what_is_undecided_names_what_is_missing_and_knowing_it_decides(
        (scps, rcps) in (prop::collection::vec(statements(), 1..4), prop::collection::vec(statements(), 0..3)),
        keys in prop::collection::btree_map("[a-c]:[d-f]", prop::option::of(prop::collection::vec(words(), 0..3)), 0..6),
        values in prop::collection::vec(words(), 0..2),
        (action, resource, unlisted) in (words(), prop::option::of(words()), any::<bool>()),
    ) {
        let is_unsettled = scps.iter().chain(&rcps).any(is_unsettled);
        let (scps, rcps): (Vec<_>, Vec<_>) = (scps.iter().flat_map(denying).collect(), rcps.iter().flat_map(denying).collect());
        let request = Request::new("arn:aws:iam::111111111111:role/x", &action, resource.as_deref());
        let context = if unlisted { request.context.clone().with_unlisted(Unlisted::Unknown) } else { request.context.clone() };
        let context = keys.iter().fold(context, |context, (key, held)| match held {
            Some(values) => context.with(key, values.clone()),
            None => context.with_unknown(key),
        });
        let mut request = Request { context, ..request };
        // What is named becomes known, until nothing is left to ask for.
        for _ in 0..100 {
            let verdict = evaluate(&scps, &rcps, &request);
            let is_undecided = verdict.decision == Decision::Undecided;
            prop_assert_eq!(is_undecided, !verdict.missing.is_empty());
            if !is_undecided {
                return Ok(());
            }
            for key in &verdict.missing {
                request = match key.as_str() {
                    "resource" => Request { resource: Some("*".to_owned()), ..request },
                    key => Request { context: request.context.clone().with(key, values.clone()), ..request },
                };
            }
        }
        // What a variable without a value means, AWS does not say, nor what an ARN does that lacks parts.
        prop_assert!(values.is_empty() || is_unsettled, "it still depends on {:?}", evaluate(&scps, &rcps, &request).missing);
    }

    #[test]
    fn deep_nesting_is_refused(depth in 100_usize..3_000) {
        let text = "[".repeat(depth) + &"]".repeat(depth);
        prop_assert_eq!(SourceText::read("x", text).is_ok(), depth < 128);
    }
}
