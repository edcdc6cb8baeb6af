use std::io::Cursor;

use serde_json::{Value, json};

use super::split::MAX_RECORD_BYTES;
use super::*;

/// An event of a user with this id.
fn event(id: &str) -> Value {
    json!({"eventVersion": "1.09", "eventSource": "s3.amazonaws.com", "eventName": "DeleteBucket", "eventID": id,
           "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::1:user/jo", "accountId": "1"},
           "requestParameters": {"bucketName": "corp{[\"\\"}, "resources": [{"accountId": "1"}]})
}

/// What is found in a log: the ids of events, `!` and what looks like something else, `-` and why something is no call.
fn found_in(log: &[u8]) -> (Vec<String>, Result<(), LogError>) {
    let mut found = Vec::new();
    let id = |event: &Value| event["eventID"].as_str().unwrap_or("none").to_owned();
    let ended = for_each_record(Cursor::new(log), &mut |record| match record {
        Record::Unknown(what) => found.push(format!("!{what}")),
        Record::Json(text) => match serde_json::from_str::<Value>(text) {
            Ok(value) if value["userIdentity"].is_object() && value["eventSource"].is_string() => {
                found.push(id(&value))
            }
            _ => found.extend(open(text).into_iter().map(|opened| match opened {
                Opened::Event(text) => id(&serde_json::from_str(&text).unwrap()),
                Opened::Skipped(why) => format!("-{}", why.name()),
                Opened::Unknown(what) => format!("!{what}"),
            })),
        },
    });
    (found, ended)
}

fn found(log: &str) -> Vec<String> {
    let (found, ended) = found_in(log.as_bytes());
    assert!(ended.is_ok(), "{ended:?}: {log}");
    found
}

fn refused(log: &[u8]) -> String {
    found_in(log).1.unwrap_err().to_string()
}

#[test]
fn events_are_found_however_they_are_put_together() {
    let (a, b) = (event("a"), event("b"));
    for log in [
        json!({"Records": [a, b]}).to_string(),
        format!("{}{}", json!({"Records": [a]}), json!({"Records": [b]})),
        format!("{}\n\n{}\n", json!({"Records": [a]}), json!({"Records": [b]})),
        format!("{{\"size\": [1, {{}}], \"Records\" : [ {a} , {b} ], \"more\": {{\"Records\": []}}}}"),
        format!("{{\"Records\": [{a}], \"Records\": [{b}]}}"),
        json!([a, b]).to_string(),
        format!("{a}{b}"),
        format!("{a}\r\n{b}"),
        format!("{a},\n{b},\n"),
        format!("\u{feff} {a}\n{b}"),
        serde_json::to_string_pretty(&json!([a, b])).unwrap(),
        json!([{"Records": [a]}, {"Records": [b]}]).to_string(),
        json!([[a], [b]]).to_string(),
    ] {
        assert_eq!(found(&log), ["a", "b"], "{log}");
    }
}

#[test]
fn a_list_behind_members_of_any_size_is_found() {
    for size in [10, 70_000, 700_000] {
        let log = format!("{{\"filler\": \"{}\", \"Records\": [{}, {}]}}", "x".repeat(size), event("a"), event("b"));
        assert_eq!(found(&log), ["a", "b"], "{size}");
    }
}

#[test]
fn events_are_found_in_what_services_put_around_them() {
    let (a, b) = (event("a"), event("b"));
    let (a_text, b_text) = (a.to_string(), b.to_string());
    for (form, log) in [
        (
            "lookup-events",
            json!({"Events": [{"EventId": "x", "EventName": "y", "EventSource": "z", "CloudTrailEvent": a_text},
                                            {"EventId": "x", "CloudTrailEvent": b_text}], "NextToken": "t"})
            .to_string(),
        ),
        ("lookup-events by --query", json!([a_text, b_text]).to_string()),
        (
            "EventBridge",
            format!(
                "{}\n{}",
                json!({"detail-type": "AWS API Call via CloudTrail", "source": "aws.s3", "detail": a}),
                json!({"detail-type": "AWS API Call via CloudTrail", "resources": [], "detail": b})
            ),
        ),
        (
            "a subscription",
            json!({"messageType": "DATA_MESSAGE", "owner": "1", "logEvents": [
            {"id": "1", "timestamp": 1, "message": a_text}, {"id": "2", "timestamp": 2, "message": b_text}]})
            .to_string(),
        ),
        (
            "filter-log-events",
            json!({"events": [{"logStreamName": "s", "message": a_text}, {"message": b_text}],
                                     "searchedLogStreams": []})
            .to_string(),
        ),
        ("lines with times", format!("2026-11-01T12:00:00.000Z {a}\n2026-11-01T12:00:01.000Z {b}\n")),
        ("logs tail", format!("2026-11-01T12:00:00+00:00 1_CloudTrail_eu-west-1 {a}\n2026-11-01T12:00:00+00:00 s {b}")),
        ("epoch times", format!("1793534400000 {a}\n1793534400001 {b}")),
        (
            "Logs Insights",
            json!({"results": [[{"field": "@timestamp", "value": "t"}, {"field": "@message", "value": a_text}],
                                             [{"field": "@message", "value": b_text}]], "status": "Complete"})
            .to_string(),
        ),
        (
            "SQS",
            json!([{"MessageId": "1", "body": json!({"detail-type": "x", "detail": a}).to_string()}, {"body": b_text}])
                .to_string(),
        ),
        (
            "Splunk",
            format!(
                "{}\n{}",
                json!({"preview": false, "result": {"_raw": a_text, "_time": "t"}}),
                json!({"result": {"_raw": b_text}})
            ),
        ),
        ("Splunk as a list", json!({"fields": ["_raw"], "results": [{"_raw": a_text}, {"_raw": b_text}]}).to_string()),
        (
            "Splunk's collector",
            format!("{}{}", json!({"event": a, "sourcetype": "aws:cloudtrail"}), json!({"event": b_text})),
        ),
        (
            "Elastic",
            json!({"took": 1, "hits": {"total": 2, "hits": [{"_index": "i", "_source": a},
            {"_source": {"event": {"original": b_text}, "aws": {"cloudtrail": {}}}}]}})
            .to_string(),
        ),
        ("Elastic's hits alone", json!({"hits": {"hits": [{"_source": a}, {"_source": b}]}}).to_string()),
        (
            "_raw as a table",
            format!(
                "\"_time\",\"_raw\"\n\"t\",\"{}\"\n\"t\",\"{}\"\n",
                a_text.replace('"', "\"\""),
                b_text.replace('"', "\"\"")
            ),
        ),
    ] {
        assert_eq!(found(&log), ["a", "b"], "{form}: {log}");
    }
}

/// The one event that a log in another form comes to.
fn read_as(log: &str) -> Value {
    let mut read = Vec::new();
    for_each_record(Cursor::new(log), &mut |record| match record {
        Record::Json(text) => read.extend(open(text)),
        Record::Unknown(what) => panic!("{what}"),
    })
    .unwrap();
    match read.as_slice() {
        [Opened::Event(text)] => serde_json::from_str(text).unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_of_athena_lake_and_flattened_ones_are_events_again() {
    let expected = json!({
        "eventSource": "s3.amazonaws.com", "eventName": "DeleteBucket", "eventID": "e",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/Dev/jo", "accountId": "1",
                         "sessionContext": {"sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::1:role/a/Dev"},
                                            "attributes": {"mfaAuthenticated": "false"}}},
        "requestParameters": {"bucketName": "corp"}, "resources": [{"ARN": "arn:aws:s3:::corp", "accountId": "1"}],
    });
    let row = "{type=AssumedRole, principalid=null, arn=arn:aws:sts::1:assumed-role/Dev/jo, accountid=1, \
               sessioncontext={sessionissuer={type=Role, arn=arn:aws:iam::1:role/a/Dev}, attributes={mfaauthenticated=false}}}";
    let resources = "[{arn=arn:aws:s3:::corp, accountid=1}]";
    let parameters = json!({"bucketName": "corp"}).to_string();
    let identity = json!({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/Dev/jo", "accountid": "1",
        "sessioncontext": {"sessionissuer": {"type": "Role", "arn": "arn:aws:iam::1:role/a/Dev"},
                           "attributes": {"mfaauthenticated": "false"}}});
    let issuer = "userIdentity.sessionContext.sessionIssuer";
    for (form, log) in [
        ("Athena's lines", json!({"eventsource": "s3.amazonaws.com", "eventname": "DeleteBucket", "eventid": "e", "errorcode": "",
            "useridentity": identity, "requestparameters": parameters,
            "resources": [{"arn": "arn:aws:s3:::corp", "accountid": "1"}]}).to_string()),
        ("identity as a text", json!({"eventsource": "s3.amazonaws.com", "eventname": "DeleteBucket", "eventid": "e",
            "errorcode": null, "useridentity": identity.to_string(), "requestparameters": parameters, "resources": resources}).to_string()),
        ("Athena's table", format!("\"eventsource\",\"eventname\",\"eventid\",\"errorcode\",\"useridentity\",\"requestparameters\",\"resources\"\n\
            \"s3.amazonaws.com\",\"DeleteBucket\",\"e\",,\"{row}\",\"{}\",\"{resources}\"\n", parameters.replace('"', "\"\""))),
        ("CloudTrail Lake", json!({"QueryStatus": "FINISHED", "QueryResultRows": [[{"eventSource": "s3.amazonaws.com"},
            {"eventName": "DeleteBucket"}, {"eventID": "e"}, {"userIdentity": row}, {"requestParameters": parameters},
            {"resources": resources}]]}).to_string()),
        ("dots", json!({"eventSource": "s3.amazonaws.com", "eventName": "DeleteBucket", "eventID": "e",
            "userIdentity.type": "AssumedRole", "userIdentity.arn": "arn:aws:sts::1:assumed-role/Dev/jo", "userIdentity.accountId": "1",
            format!("{issuer}.type"): "Role", format!("{issuer}.arn"): "arn:aws:iam::1:role/a/Dev",
            "userIdentity.sessionContext.attributes.mfaAuthenticated": "false",
            "requestParameters": parameters, "resources": resources}).to_string()),
        ("underscores", json!({"eventsource": "s3.amazonaws.com", "eventname": "DeleteBucket", "eventid": "e",
            "useridentity_type": "AssumedRole", "useridentity_arn": "arn:aws:sts::1:assumed-role/Dev/jo", "useridentity_accountid": "1",
            "useridentity_sessioncontext_sessionissuer_type": "Role",
            "useridentity_sessioncontext_sessionissuer_arn": "arn:aws:iam::1:role/a/Dev",
            "useridentity_sessioncontext_attributes_mfaauthenticated": "false",
            "requestparameters": parameters, "resources": resources}).to_string()),
    ] {
        assert_eq!(read_as(&log), expected, "{form}: {log}");
    }
}

#[test]
fn texts_of_rows_keep_their_commas_and_line_ends() {
    let log = "eventsource,eventname,useragent,useridentity\n\
               s3.amazonaws.com,GetObject,\"a, \"\"b\"\"\nc\",\"{type=IAMUser, username=Jo, Smith, arn=x}\"\n";
    let event = read_as(log);
    assert_eq!(event["userAgent"], "a, \"b\"\nc");
    assert_eq!(event["userIdentity"], json!({"type": "IAMUser", "userName": "Jo, Smith", "arn": "x"}));
}

#[test]
fn what_cloudtrail_writes_beside_calls_is_known() {
    let insight =
        json!({"eventType": "AwsCloudTrailInsight", "insightDetails": {"eventName": "x"}, "eventCategory": "Insight"});
    let digest = json!({"awsAccountId": "1", "digestStartTime": "x", "logFiles": []});
    assert_eq!(found(&json!({"Records": [insight, event("a")]}).to_string()), ["-insight", "a"]);
    assert_eq!(found(&digest.to_string()), ["-digest"]);
    let bridged = json!({"detail-type": "AWS Insight via CloudTrail", "detail": insight});
    assert_eq!(found(&bridged.to_string()), ["-insight"]);
}

#[test]
fn what_is_no_log_says_what_it_looks_like() {
    for (log, part) in [
        (&b""[..], "is empty"),
        (b" \n\t ", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"hello", "text that begins with `hello`"),
        (b"<html>", "XML or HTML"),
        (b"version account-id interface-id\n2 1 eni", "a VPC flow log"),
        (b"https 2026-11-01T12:00:00Z app/x", "access log of a load balancer"),
        (b"79a bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3", "access log of S3"),
        (b"PAR1\x15\x00", "Parquet"),
        (b"PK\x03\x04", "zip"),
        (b"\x28\xb5\x2f\xfd\x00", "zstd"),
        (b"BZh9", "bzip2"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xff\xfe{\x00", "UTF-16"),
        (b"\x00\x00\x00\x00", "a binary file"),
        (b"Event name,Event time,User name,Event source\na,b,c,d", "event history"),
        (b"eventname,eventsource\na,b", "without the columns useridentity"),
        (b"a,b\n1,2", "text that begins with `a,b`"),
    ] {
        let error = refused(log);
        assert!(error.contains(part), "{error}, not {part}");
    }
}

#[test]
fn parts_that_are_no_events_say_what_they_look_like() {
    for (record, what) in [
        (json!({"Version": "2012-10-17", "Statement": []}), "a policy"),
        (json!({}), "an empty object"),
        (json!({"a": 1, "b": 2}), "JSON with a, b"),
        (json!({"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}), "JSON with a, b, c, d, e …"),
        (json!({"EventId": "x", "EventName": "y", "EventSource": "z"}), "lookup-events without CloudTrailEvent"),
        (json!({"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {}}), "a notification of a service"),
        (json!({"s3Bucket": "b", "s3ObjectKey": ["k"]}), "notification of a new log"),
        (json!({"class_uid": 6003, "metadata": {}, "api": {}}), "OCSF"),
        (json!({"aws": {"cloudtrail": {}}, "event": {"provider": "s3.amazonaws.com"}}), "Elastic's common schema"),
        (json!({"aws.cloudtrail.user_identity.arn": "x"}), "Elastic's common schema"),
        (json!({"UserIdentityType": "IAMUser", "EventName": "x"}), "Microsoft Sentinel"),
        (json!({"ResultSet": {"Rows": []}}), "athena get-query-results"),
        (
            json!({"detail-type": "EC2 Instance State-change Notification", "detail": {"state": "running"}}),
            "JSON with state",
        ),
        (json!({"eventSource": "s3.amazonaws.com", "eventName": "GetObject"}), "without userIdentity"),
        (
            json!({"eventSource": "s3.amazonaws.com", "eventName": "GetObject", "userIdentity": 1}),
            "without userIdentity",
        ),
    ] {
        let found = found(&json!([event("a"), record]).to_string());
        assert!(found.len() == 2 && found[1].starts_with('!') && found[1].contains(what), "{record}: {found:?}");
    }
    let deep = format!("{}1{}", "[".repeat(20), "]".repeat(20));
    assert_eq!(found(&deep), ["!JSON that is nested too deep"]);
}

#[test]
fn a_damaged_record_does_not_keep_the_others_from_being_read() {
    let (a, b) = (event("a"), event("b"));
    for (log, expected) in [
        (format!("{{\"Records\": [{a}, {{\"x\" 1}}, {b}]}}"), vec!["a", "!JSON that is damaged", "b"]),
        (format!("{a}\nsomething else\n{b}"), vec!["a", "!text that begins with `something else`", "b"]),
        (format!("{a}]\n{b}"), vec!["a", "!JSON with a closing bracket too many", "b"]),
        (format!("[{a}, 7, null, {b}]"), vec!["a", "!the JSON value 7", "!the JSON value null", "b"]),
    ] {
        assert_eq!(found(&log), expected, "{log}");
    }
    let mut bytes = format!("[{a}, {{\"x\": \"").into_bytes();
    bytes.push(0xff);
    bytes.extend(format!("\"}}, {b}]").into_bytes());
    let (found, ended) = found_in(&bytes);
    assert!(ended.is_ok());
    assert_eq!(found, ["a", "!text that is not UTF-8", "b"]);
}

#[test]
fn a_log_that_breaks_off_is_damaged_and_what_came_before_counts() {
    let whole = json!({"Records": [event("a"), event("b")]}).to_string();
    for cut in [whole.len() - 1, whole.len() - 2, whole.len() - 10, whole.len() / 2 + 30] {
        let (found, ended) = found_in(&whole.as_bytes()[..cut]);
        assert!(matches!(ended, Err(LogError::Damaged(_))), "{cut}: {ended:?}");
        assert_eq!(found[0], "a");
    }
}

#[test]
fn a_record_has_a_limit_and_a_log_has_none() {
    let long = format!("{{\"a\": \"{}", "x".repeat(MAX_RECORD_BYTES + 300_000));
    assert!(
        refused(long.as_bytes()).contains("a single record has more than 8 MiB"),
        "{}",
        &refused(long.as_bytes())[..80]
    );
    let nested = "[{\"a\":".repeat(2_000_000);
    assert!(refused(nested.as_bytes()).contains("a single record has more than 8 MiB"));
    let many =
        format!("{{\"Records\": [{}", format!("{}, ", event("a")).repeat(40_000)) + &format!("{}]}}", event("z"));
    assert!(many.len() > MAX_RECORD_BYTES + (1 << 20));
    let found = found(&many);
    assert_eq!((found.len(), found[40_000].as_str()), (40_001, "z"));
}

/// Hands over one byte at a time.
struct Slow<'a>(&'a [u8]);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.len().min(1);
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

#[test]
fn it_does_not_matter_in_which_parts_a_log_comes() {
    let log = format!("{}\n{}{}", json!({"Records": [event("a"), event("é\"\\")]}), event("b"), json!([event("c")]));
    let mut records = Vec::new();
    for_each_record(Slow(log.as_bytes()), &mut |record| records.push(format!("{record:?}"))).unwrap();
    let mut at_once = Vec::new();
    for_each_record(log.as_bytes(), &mut |record| at_once.push(format!("{record:?}"))).unwrap();
    assert_eq!(records, at_once);
    assert_eq!(records.len(), 4);
}
