//! What happens to calls on their way: limits, faults, cuts, the state file, HTTP.

use std::time::Duration;

use aws_sdk_organizations::config::retry::RetryConfig;
use aws_sdk_organizations::config::{BehaviorVersion, Region};
use landing_sandbox::{Limits, Options, Outcome, Sandbox};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{account_id, code, credentials, finished, is_lost, organization, organizations, served, unit};

/// The JSON that an operation of Organizations answers over plain HTTP.
async fn raw(sandbox: &Sandbox, operation: &str, input: &Value) -> Value {
    let body = input.to_string();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261123/us-east-1/organizations/aws4_request, Signature=0\r\n\
         X-Amz-Target: AWSOrganizationsV20161128.{operation}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let talk = async |address| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    let answer = served(sandbox, talk).await;
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn an_sdk_client_talks_to_a_served_sandbox() {
    let sandbox = Sandbox::new(Options::default());
    let talk = async |address| {
        let config = aws_sdk_organizations::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(credentials("AKIAMANAGEMENT", None))
            .endpoint_url(format!("http://{address}"));
        let client = aws_sdk_organizations::Client::from_conf(config.build());
        client.create_organization().send().await.unwrap();
        code(client.describe_account().account_id("999999999999").send().await)
    };
    assert_eq!(served(&sandbox, talk).await, "AccountNotFoundException");
    organizations(&sandbox).describe_organization().send().await.unwrap();
}

#[tokio::test]
async fn what_is_not_simulated_says_so() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let refused = client.terminate_responsibility_transfer().id("rt-12345678").send().await.unwrap_err();
    assert!(format!("{refused:?}").contains("not simulated"), "{refused:?}");
    let answer = raw(&sandbox, "Nonsense", &Value::Null).await;
    assert_eq!(answer["__type"], "UnknownOperationException");
}

#[tokio::test]
async fn the_log_distinguishes_reads_from_writes_and_what_came_of_them() {
    let (sandbox, client, root) = organization(Options::default()).await;
    unit(&client, &root, "Unit").await;
    let again = client.create_organizational_unit().parent_id(&root).name("Unit").send().await;
    code(again);
    let calls = sandbox.calls();
    let shown: Vec<_> = calls.iter().map(|call| (call.operation.as_str(), call.wrote())).collect();
    let expected = [
        ("CreateOrganization", true),
        ("ListRoots", false),
        ("CreateOrganizationalUnit", true),
        ("CreateOrganizationalUnit", false),
    ];
    assert_eq!(shown, expected);
    assert_eq!(calls[3].outcome, Outcome::Refused("DuplicateOrganizationalUnitException".into()));
}

#[tokio::test]
async fn the_last_call_before_a_cut_happens_and_its_answer_is_lost() {
    let (sandbox, client, root) = organization(Options::default()).await;
    sandbox.set_options(Options { cut_after: Some(2), ..Options::default() });
    let create = |name: &str| client.create_organizational_unit().parent_id(&root).name(name).send();
    create("First").await.unwrap();
    assert!(is_lost(create("Second").await));
    assert!(is_lost(create("Third").await));
    assert!(is_lost(client.list_roots().send().await));
    sandbox.set_options(Options::default());
    let units = client.list_organizational_units_for_parent().parent_id(&root).send().await.unwrap();
    let mut names: Vec<_> = units.organizational_units().iter().filter_map(|unit| unit.name()).collect();
    names.sort_unstable();
    assert_eq!(names, ["First", "Second"]);
}

async fn forty_units(faults: &str) -> (Vec<Outcome>, usize) {
    let (sandbox, client, root) = organization(Options::default()).await;
    sandbox.set_options(Options { faults: Some(faults.parse().unwrap()), ..Options::default() });
    for number in 0..40 {
        let create = client.create_organizational_unit().parent_id(&root).name(format!("Unit {number}"));
        let _ = create.send().await;
    }
    let outcomes = sandbox.calls().into_iter().skip(2).map(|call| call.outcome).collect();
    let made = sandbox.snapshot()["organization"]["units"].as_object().unwrap().len();
    (outcomes, made)
}

#[tokio::test]
async fn faults_strike_the_same_calls_for_the_same_seed() {
    let (outcomes, made) = forty_units("3:0.4").await;
    assert_eq!((outcomes.clone(), made), forty_units("3:0.4").await);
    assert_ne!(outcomes, forty_units("4:0.4").await.0);
    let happened = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Done | Outcome::AnswerLost));
    assert_eq!(happened.count(), made, "what is logged as done is done, and nothing else");
    for expected in ["http_500", "http_503", "reset_before", "conflict"] {
        assert!(outcomes.contains(&Outcome::Injected(expected)), "no {expected} in {outcomes:?}");
    }
    assert!(outcomes.contains(&Outcome::AnswerLost), "no lost answer in {outcomes:?}");
}

#[tokio::test(start_paused = true)]
async fn limits_throttle_a_burst_and_the_sdk_gets_through_by_waiting() {
    let (sandbox, client, _) = organization(Options::default()).await;
    sandbox.set_options(Options { limits: Some(Limits::aws()), ..Options::default() });
    for _ in 0..8 {
        client.list_roots().send().await.unwrap();
    }
    assert_eq!(code(client.list_roots().send().await), "TooManyRequestsException");
    let config = aws_sdk_organizations::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials("AKIAMANAGEMENT", None))
        .retry_config(RetryConfig::standard().with_max_attempts(10))
        .http_client(sandbox.http_client());
    let patient = aws_sdk_organizations::Client::from_conf(config.build());
    patient.list_roots().send().await.unwrap();
    assert!(sandbox.calls().iter().any(|call| call.outcome == Outcome::Throttled));
}

#[tokio::test(start_paused = true)]
async fn writes_that_collide_are_refused_where_aws_serializes_them() {
    let (sandbox, client, root) = organization(Options::default()).await;
    let latency = Duration::from_millis(40);
    sandbox.set_options(Options { latency, limits: Some(Limits::aws()), ..Options::default() });
    let create = |name: &str| client.create_organizational_unit().parent_id(&root).name(name).send();
    let (first, second) = tokio::join!(create("First"), create("Second"));
    first.unwrap();
    assert_eq!(code(second), "ConcurrentModificationException");
    create("Second").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_state_file_brings_everything_back_and_restarts_what_was_in_progress() {
    let folder = std::env::temp_dir().join(format!("landing-sandbox-{}", std::process::id()));
    let file = folder.join("state.json");
    let sandbox = Sandbox::open(&file, Options::default()).unwrap();
    let client = organizations(&sandbox);
    client.create_organization().send().await.unwrap();
    account_id(&client, "first").await;
    let begun = client.create_account().account_name("second").email("second@example.com").send().await.unwrap();
    let request = begun.create_account_status().unwrap().id().unwrap().to_owned();

    let reopened = Sandbox::open(&file, Options::default()).unwrap();
    assert_eq!(reopened.snapshot(), sandbox.snapshot());
    let again = organizations(&reopened);
    let done = finished(&again, &request).await;
    assert!(done.account_id().is_some());

    let seen_by_the_first = client.list_accounts().send().await.unwrap();
    assert_eq!(seen_by_the_first.accounts().len(), 3, "processes that share a file see each other's writes");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn two_processes_that_share_a_file_never_overwrite_each_other() {
    let folder = std::env::temp_dir().join(format!("landing-shared-sandbox-{}", std::process::id()));
    let file = folder.join("state.json");
    let one = Sandbox::open(&file, Options::default()).unwrap();
    let other = Sandbox::open(&file, Options::default()).unwrap();
    let (one, other) = (organizations(&one), organizations(&other));
    one.create_organization().send().await.unwrap();
    let root = crate::support::root_id(&other).await;
    for number in 0..5 {
        unit(&one, &root, &format!("One {number}")).await;
        unit(&other, &root, &format!("Other {number}")).await;
    }
    let units = one.list_organizational_units_for_parent().parent_id(&root).send().await.unwrap();
    assert_eq!(units.organizational_units().len(), 10);
    std::fs::remove_dir_all(folder).unwrap();
}

/// How a process ends that is killed: nothing is written any more.
fn killed(sandbox: Sandbox) {
    std::mem::forget(sandbox);
}

#[tokio::test]
async fn a_call_adds_to_the_journal_what_it_says_and_the_file_is_whole_in_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (file, journal) = (folder.path().join("state.json"), folder.path().join("state.json.journal"));
    let sandbox = Sandbox::open(&file, Options::default()).unwrap();
    let before = std::fs::read(&file).unwrap();
    let client = organizations(&sandbox);
    client.create_organization().send().await.unwrap();
    let root = crate::support::root_id(&client).await;
    let kept = || std::fs::read(&journal).unwrap();
    let mut length = kept().len();
    for number in 0..3 {
        client.list_roots().send().await.unwrap();
        assert_eq!(kept().len(), length, "a read adds nothing");
        unit(&client, &root, &format!("Unit {number}")).await;
        assert!((1..600).contains(&(kept().len() - length)), "{}", String::from_utf8_lossy(&kept()));
        length = kept().len();
    }
    assert_eq!(std::fs::read(&file).unwrap(), before, "the file is not written for each call");
    let state = sandbox.snapshot();
    drop((client, sandbox));
    assert!(!journal.exists());
    let alone: serde_json::Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    assert_eq!(alone["organization"], state["organization"]);
}

#[tokio::test]
async fn a_process_that_is_killed_loses_nothing_that_was_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (file, journal) = (folder.path().join("state.json"), folder.path().join("state.json.journal"));
    let sandbox = Sandbox::open(&file, Options::default()).unwrap();
    let client = organizations(&sandbox);
    client.create_organization().send().await.unwrap();
    let root = crate::support::root_id(&client).await;
    unit(&client, &root, "Answered").await;
    let answered = sandbox.snapshot();
    unit(&client, &root, "Not answered").await;
    std::mem::forget(client);
    killed(sandbox);
    // It died in the middle of its last line.
    let whole = std::fs::read(&journal).unwrap();
    std::fs::write(&journal, &whole[..whole.len() - 20]).unwrap();
    let sandbox = Sandbox::open(&file, Options::default()).unwrap();
    assert_eq!(sandbox.snapshot(), answered);
    unit(&organizations(&sandbox), &root, "Later").await;
    let later = sandbox.snapshot();
    assert_eq!(Sandbox::open(&file, Options::default()).unwrap().snapshot(), later, "what was cut off is written over");
    // One that dies between writing the file and deleting the journal leaves a journal of another file.
    let stale = std::fs::read(&journal).unwrap();
    drop(sandbox);
    std::fs::write(&journal, stale).unwrap();
    assert_eq!(Sandbox::open(&file, Options::default()).unwrap().snapshot(), later);
    std::fs::write(&journal, "{\"continues\":2}\nno step\n").unwrap();
    let error = Sandbox::open(&file, Options::default()).unwrap_err().to_string();
    assert!(error.contains("state.json.journal is not a sandbox state: "), "{error}");
}

#[tokio::test]
async fn a_cut_breaks_the_connections_of_a_served_sandbox() {
    let (sandbox, _, _) = organization(Options::default()).await;
    sandbox.set_options(Options { cut_after: Some(0), ..Options::default() });
    let talk = async |address| {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    };
    assert_eq!(served(&sandbox, talk).await, "");
}

#[tokio::test]
async fn a_file_that_is_no_state_is_refused_with_its_name() {
    let file = std::env::temp_dir().join(format!("landing-no-sandbox-{}.json", std::process::id()));
    std::fs::write(&file, "[]").unwrap();
    let error = Sandbox::open(&file, Options::default()).unwrap_err().to_string();
    assert!(error.contains(file.file_name().unwrap().to_str().unwrap()), "{error}");
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test]
async fn a_restored_snapshot_goes_on_alone() {
    let (sandbox, client, root) = organization(Options::default()).await;
    let copy = Sandbox::restore(sandbox.snapshot(), Options::default()).unwrap();
    unit(&client, &root, "Unit").await;
    assert_ne!(copy.snapshot(), sandbox.snapshot());
    unit(&organizations(&copy), &root, "Unit").await;
    assert_eq!(copy.snapshot(), sandbox.snapshot());
}
