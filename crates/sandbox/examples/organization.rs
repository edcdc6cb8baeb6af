//! An organization and an account, made with AWS's own SDK in a simulated AWS:
//! `cargo run -p landing-sandbox --example organization`

#![expect(clippy::print_stdout, reason = "an example prints what it shows")]

use std::error::Error;
use std::time::Duration;

use aws_sdk_organizations::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_organizations::types::CreateAccountState;
use aws_sdk_organizations::{Client, Config};
use landing_sandbox::{Options, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::new(Options::default());
    let client = client(&sandbox);
    client.create_organization().send().await?;
    let account = create_account(&client, "dev", "dev@example.com").await?;
    println!("account {account}");
    for call in sandbox.calls() {
        println!("{:<13} {:<28} {:?}", call.service, call.operation, call.outcome);
    }
    Ok(())
}

/// The management account's client. The sandbox takes the place of the network; any key is the management account's.
fn client(sandbox: &Sandbox) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKIAEXAMPLE", "secret", None, None, "example"))
        .http_client(sandbox.http_client());
    Client::from_conf(config.build())
}

/// Makes an account and waits until it exists, as with AWS.
async fn create_account(client: &Client, name: &str, email: &str) -> Result<String, Box<dyn Error>> {
    let asked = client.create_account().account_name(name).email(email).send().await?;
    let mut status = asked.create_account_status;
    loop {
        let now = status.as_ref().ok_or("AWS answered without a status")?;
        match now.state() {
            Some(CreateAccountState::InProgress) => tokio::time::sleep(Duration::from_millis(100)).await,
            Some(CreateAccountState::Succeeded) => return Ok(now.account_id().unwrap_or_default().to_owned()),
            _ => return Err(format!("the account was not made: {:?}", now.failure_reason()).into()),
        }
        let request = now.id().unwrap_or_default();
        let asked = client.describe_create_account_status().create_account_request_id(request).send().await?;
        status = asked.create_account_status;
    }
}
