//! Clients of a sandbox, and an organization to begin with.

use aws_sdk_organizations::config::retry::RetryConfig;
use aws_sdk_organizations::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
use aws_sdk_organizations::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_organizations::types::{CreateAccountState, CreateAccountStatus, PolicyType};
use aws_sdk_organizations::{Client, Config};
use landing_sandbox::{Options, Sandbox};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A client of Organizations in us-east-1 that never repeats a call, for the access key `key`.
pub fn organizations_as(sandbox: &Sandbox, key: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(key, "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(sandbox.http_client());
    Client::from_conf(config.build())
}

/// The management account's client.
pub fn organizations(sandbox: &Sandbox) -> Client {
    organizations_as(sandbox, "AKIAMANAGEMENT")
}

pub fn credentials(key: &str, token: Option<String>) -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::new(key, "secret", token, None, "test"))
}

/// A sandbox with an empty organization, its client and its root's id.
pub async fn organization(options: Options) -> (Sandbox, Client, String) {
    let sandbox = Sandbox::new(options);
    let client = organizations(&sandbox);
    client.create_organization().send().await.unwrap();
    let root = root_id(&client).await;
    (sandbox, client, root)
}

pub async fn root_id(client: &Client) -> String {
    let roots = client.list_roots().send().await.unwrap();
    roots.roots()[0].id().unwrap().to_owned()
}

/// Enables a policy type in the root.
pub async fn enable(client: &Client, root: &str, kind: PolicyType) {
    client.enable_policy_type().root_id(root).policy_type(kind).send().await.unwrap();
}

/// Makes a unit and answers its id.
pub async fn unit(client: &Client, parent: &str, name: &str) -> String {
    let made = client.create_organizational_unit().parent_id(parent).name(name).send().await.unwrap();
    made.organizational_unit().unwrap().id().unwrap().to_owned()
}

/// Makes a policy of a type and answers its id.
pub async fn policy(client: &Client, kind: PolicyType, name: &str, content: &str) -> String {
    let made = client.create_policy().r#type(kind).name(name).description("").content(content).send().await.unwrap();
    made.policy().unwrap().policy_summary().unwrap().id().unwrap().to_owned()
}

/// Creates an account and waits for it.
pub async fn account(client: &Client, name: &str) -> CreateAccountStatus {
    let email = format!("{name}@example.com");
    let begun = client.create_account().account_name(name).email(email).send().await.unwrap();
    finished(client, begun.create_account_status().unwrap().id().unwrap()).await
}

/// Creates an account and answers its id.
pub async fn account_id(client: &Client, name: &str) -> String {
    account(client, name).await.account_id().unwrap().to_owned()
}

/// Waits until a request to create an account is done.
pub async fn finished(client: &Client, request: &str) -> CreateAccountStatus {
    loop {
        let status = client.describe_create_account_status().create_account_request_id(request);
        let status = status.send().await.unwrap().create_account_status().unwrap().clone();
        if status.state() != Some(&CreateAccountState::InProgress) {
            return status;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

/// The error code of a call that must fail.
pub fn code<T: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    result: Result<T, SdkError<E, R>>,
) -> String {
    let error = result.expect_err("the call must be refused");
    let code = error.as_service_error().and_then(ProvideErrorMetadata::code);
    code.unwrap_or_else(|| panic!("no answer: {error:?}")).to_owned()
}

/// Whether a call got no answer at all.
pub fn is_lost<T, E, R>(result: Result<T, SdkError<E, R>>) -> bool {
    matches!(result, Err(SdkError::DispatchFailure(_)))
}

pub const DENY_ALL: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;

/// Serves `sandbox` while `talk` talks to its address.
pub async fn served<T>(sandbox: &Sandbox, talk: impl AsyncFnOnce(std::net::SocketAddr) -> T) -> T {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let sandbox = sandbox.clone();
    let server = tokio::spawn(async move {
        let stopped = async { drop(stopped.await) };
        sandbox.serve(listener, stopped).await
    });
    let answer = talk(address).await;
    drop(stop);
    server.await.unwrap().unwrap();
    answer
}
