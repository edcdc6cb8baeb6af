//! What is made of answers that are not AWS's, over a real connection.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use landing::cloud::{AnswerLimits, AwsError, Cause, Cloud, Connection, Parameter};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const GOOD: &str = "{\"Parameter\":{\"Value\":\"v\",\"Version\":3}}";

/// What the server does with one request.
#[derive(Clone)]
enum Reply {
    Whole(u16, &'static str, String),
    /// The headers and the beginning of a body that has no end.
    Stalled,
    /// Nothing.
    Silent,
    /// A byte now and then, for longer than anyone waits.
    Trickled,
}

fn good() -> Reply {
    Reply::Whole(200, "content-type: application/x-amz-json-1.1\r\n", GOOD.into())
}

/// A server that gives these replies, the last of them for good, and counts requests.
async fn server(replies: Vec<Reply>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = format!("http://{}", listener.local_addr().expect("it has an address"));
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let nth = counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream, replies[nth.min(replies.len() - 1)].clone()));
        }
    });
    (address, count)
}

async fn serve(mut stream: TcpStream, reply: Reply) -> Option<()> {
    let mut request = [0; 64 * 1024];
    let _read = stream.read(&mut request).await.ok()?;
    let pause = if matches!(reply, Reply::Trickled) { 50 } else { 60_000 };
    match reply {
        Reply::Whole(status, headers, body) => {
            let head =
                format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all((head + &body).as_bytes()).await.ok()?;
        }
        Reply::Stalled | Reply::Trickled => {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{\"Para";
            stream.write_all(head.as_bytes()).await.ok()?;
        }
        Reply::Silent => {}
    }
    for _ in 0..1_000 {
        tokio::time::sleep(Duration::from_millis(pause)).await;
        stream.write_all(b" ").await.ok()?;
    }
    None
}

const LIMITS: AnswerLimits =
    AnswerLimits { whole: Duration::from_secs(1), stall: Duration::from_millis(300), bytes: 1024, timed_out: 2 };

/// What comes of reading a parameter, and how many requests that took.
async fn asked(replies: Vec<Reply>) -> (Result<Option<Parameter>, AwsError>, usize) {
    let (endpoint_url, count) = server(replies).await;
    let connection = Connection {
        http_client: Some(aws_smithy_http_client::Builder::new().build_http()),
        endpoint_url: Some(endpoint_url),
        answers: LIMITS,
        ..Connection::default()
    };
    let cloud = Cloud::connect(&connection, Some("eu-west-1")).await;
    let answer = cloud.parameter("/x").await;
    (answer, count.load(Ordering::SeqCst))
}

async fn refused(reply: Reply) -> AwsError {
    let (answer, requests) = asked(vec![reply]).await;
    assert_eq!(requests, 1, "it was asked again");
    answer.expect_err("it is not AWS's")
}

#[tokio::test]
async fn an_answer_of_aws_is_read() {
    let (answer, requests) = asked(vec![good()]).await;
    assert_eq!(answer.expect("it is good"), Some(Parameter { value: "v".into(), version: 3 }));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_page_or_nothing_in_the_place_of_an_answer_is_named_and_not_asked_for_again() {
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head></html>";
    let html = |status| Reply::Whole(status, "content-type: text/html\r\n", page.into());
    let empty = Reply::Whole(200, "", String::new());
    let other = Reply::Whole(200, "", "OK".into());
    let away = Reply::Whole(302, "location: https://portal.example/?a=secret\r\n", String::new());
    let cases = [
        (html(200), "an HTML page with HTTP 200: Sign in"),
        (html(403), "an HTML page with HTTP 403: Sign in"),
        (empty, "an empty one with HTTP 200"),
        (other, "a text with HTTP 200 in a form that the service does not have"),
        (away, "HTTP 302, which leads to https://portal.example/"),
    ];
    for (reply, words) in cases {
        let error = refused(reply).await;
        assert_eq!(error.cause, Cause::NotAws);
        let expected = format!("ssm:GetParameter was not answered by AWS: not an answer of AWS (a proxy?): {words}");
        assert_eq!(error.to_string(), expected);
        assert!(error.help().is_some_and(|help| help.contains("HTTPS_PROXY")));
    }
}

#[tokio::test]
async fn more_than_the_limit_is_not_read() {
    let body = |value: usize| format!("{{\"Parameter\":{{\"Value\":\"{}\",\"Version\":3}}}}", "x".repeat(value));
    assert_eq!(body(986).len(), 1_024);
    assert!(asked(vec![Reply::Whole(200, "", body(986))]).await.0.is_ok());
    let error = refused(Reply::Whole(200, "", body(987))).await;
    assert_eq!(error.cause, Cause::NotAws);
    assert!(error.message.contains("more than 1024 bytes"), "{}", error.message);
}

#[tokio::test]
async fn a_body_that_stalls_once_is_asked_for_again() {
    let start = Instant::now();
    let (answer, requests) = asked(vec![Reply::Stalled, good()]).await;
    assert!(answer.is_ok_and(|parameter| parameter.is_some()));
    assert_eq!(requests, 2);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[tokio::test]
async fn what_never_ends_is_given_up() {
    for (reply, words) in [
        (Reply::Stalled, "the answer stopped half-way for 0.3 seconds"),
        (Reply::Trickled, "no whole answer within 1 seconds"),
        (Reply::Silent, "no whole answer within 1 seconds"),
    ] {
        let start = Instant::now();
        let (answer, requests) = asked(vec![reply]).await;
        let error = answer.expect_err("there is no answer");
        assert_eq!((error.cause.clone(), requests), (Cause::Unclear, 2), "{error}");
        assert!(error.message.contains(words), "{}", error.message);
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }
}

#[test]
fn the_limits_that_hold_for_aws_are_those_that_are_documented() {
    let limits = AnswerLimits::default();
    let seconds = Duration::from_secs;
    assert_eq!((limits.whole, limits.stall), (seconds(60), seconds(15)));
    assert_eq!((limits.bytes, limits.timed_out), (67_108_864, 3));
}
