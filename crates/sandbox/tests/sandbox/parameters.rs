//! Parameter Store, on which landing's lease rests.

use std::time::Duration;

use aws_sdk_ssm::types::ParameterType;
use landing_sandbox::{Lags, Options, Sandbox};

use crate::support::{code, credentials};

fn ssm(sandbox: &Sandbox, region: &'static str) -> aws_sdk_ssm::Client {
    let config = aws_sdk_ssm::Config::builder()
        .behavior_version(aws_sdk_ssm::config::BehaviorVersion::latest())
        .region(aws_sdk_ssm::config::Region::new(region))
        .credentials_provider(credentials("AKIAMANAGEMENT", None))
        .http_client(sandbox.http_client());
    aws_sdk_ssm::Client::from_conf(config.build())
}

#[tokio::test]
async fn a_parameter_is_created_once_and_each_overwrite_counts_its_version() {
    let client = ssm(&Sandbox::new(Options::default()), "ap-southeast-2");
    let put = client.put_parameter().name("/landing/lock").value("one").r#type(ParameterType::String);
    assert_eq!(put.clone().send().await.unwrap().version(), 1);
    assert_eq!(code(put.send().await), "ParameterAlreadyExists");
    let overwrite = client.put_parameter().name("/landing/lock").value("two").overwrite(true);
    assert_eq!(overwrite.send().await.unwrap().version(), 2);
    let got = client.get_parameter().name("/landing/lock").send().await.unwrap();
    let got = got.parameter().unwrap();
    assert_eq!((got.value(), got.version()), (Some("two"), 2));
}

#[tokio::test]
async fn parameters_live_in_one_region() {
    let sandbox = Sandbox::new(Options::default());
    let here = ssm(&sandbox, "ap-southeast-2");
    here.put_parameter().name("/a").value("x").r#type(ParameterType::String).send().await.unwrap();
    let there = ssm(&sandbox, "us-east-1");
    assert_eq!(code(there.get_parameter().name("/a").send().await), "ParameterNotFound");
}

#[tokio::test]
async fn parameters_are_found_by_path_and_deleted() {
    let client = ssm(&Sandbox::new(Options::default()), "us-east-1");
    for name in ["/landing/lock", "/landing/history/1", "/landing/history/2", "/other"] {
        client.put_parameter().name(name).value("x").r#type(ParameterType::String).send().await.unwrap();
    }
    let by_path = client.get_parameters_by_path().path("/landing");
    assert_eq!(by_path.clone().send().await.unwrap().parameters().len(), 1);
    assert_eq!(by_path.recursive(true).send().await.unwrap().parameters().len(), 3);
    let several = client.get_parameters().names("/other").names("/none").send().await.unwrap();
    assert_eq!((several.parameters().len(), several.invalid_parameters().len()), (1, 1));
    client.delete_parameter().name("/other").send().await.unwrap();
    assert_eq!(code(client.delete_parameter().name("/other").send().await), "ParameterNotFound");
}

#[tokio::test(start_paused = true)]
async fn a_read_may_show_what_a_parameter_said_before() {
    let lags = Lags { reads: Duration::from_secs(3), ..Lags::default() };
    let client = ssm(&Sandbox::new(Options { lags, ..Options::default() }), "us-east-1");
    let put = |value: &str| client.put_parameter().name("/a").value(value).r#type(ParameterType::String);
    let get = async || client.get_parameter().name("/a").send().await;
    put("one").send().await.unwrap();
    assert_eq!(code(get().await), "ParameterNotFound");
    tokio::time::advance(Duration::from_secs(3)).await;
    assert_eq!(put("two").overwrite(true).send().await.unwrap().version(), 2);
    let stale = get().await.unwrap();
    assert_eq!((stale.parameter().unwrap().value(), stale.parameter().unwrap().version()), (Some("one"), 1));
    assert_eq!(code(put("three").send().await), "ParameterAlreadyExists", "writes are not late");
    tokio::time::advance(Duration::from_secs(3)).await;
    assert_eq!(get().await.unwrap().parameter().unwrap().value(), Some("two"));
}

#[tokio::test]
async fn a_hundred_versions_are_kept_and_reported_fifty_at_once() {
    let sandbox = Sandbox::new(Options::default());
    let client = ssm(&sandbox, "us-east-1");
    assert_eq!(code(client.get_parameter_history().name("/a").send().await), "ParameterNotFound");
    for n in 1..=130 {
        let put = client.put_parameter().name("/a").value(n.to_string()).r#type(ParameterType::String);
        assert_eq!(put.overwrite(true).send().await.unwrap().version(), n);
    }
    let history = client.get_parameter_history().name("/a");
    let first = history.clone().send().await.unwrap();
    let second = history.clone().set_next_token(first.next_token.clone()).send().await.unwrap();
    assert!(second.next_token().is_none());
    let versions: Vec<i64> = first.parameters().iter().chain(second.parameters()).map(|it| it.version()).collect();
    assert_eq!((first.parameters().len(), versions), (50, (31..=130).collect()));
    let oldest = &first.parameters()[0];
    assert_eq!((oldest.value(), oldest.name()), (Some("31"), Some("/a")));
    assert!(oldest.last_modified_user().unwrap().starts_with("arn:aws:") && oldest.last_modified_date().is_some());
    let label = |state: &mut serde_json::Value| {
        state["parameters"]["111111111111"]["us-east-1"]["/a"]["history"][0]["labels"] = serde_json::json!(["keep"]);
    };
    sandbox.edit(label).unwrap();
    let put = client.put_parameter().name("/a").value("x").overwrite(true);
    assert_eq!(code(put.send().await), "ParameterMaxVersionLimitExceeded");
}
