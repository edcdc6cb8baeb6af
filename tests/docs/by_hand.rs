//! `examples/adopt/organization.json`: a sandbox with an organization that people made by hand.

use aws_sdk_organizations::Client;
use aws_sdk_organizations::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_organizations::types::{CreateAccountState, PolicyType};
use landing_sandbox::{Options, Sandbox};
use serde_json::Value;
use snapbox::{Data, assert_data_eq};

use super::repository;

/// The region policy as a person wrote it once: regions have changed since, and nothing is exempt.
const NO_OTHER_REGIONS: &str = r#"{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Deny",
    "NotAction": ["iam:*", "organizations:*", "sts:*", "support:*", "cloudformation:*"],
    "Resource": "*",
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}
  }
}"#;
const NO_LARGE_INSTANCES: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Deny",
  "Action": "ec2:RunInstances", "Resource": "arn:aws:ec2:*:*:instance/*",
  "Condition": {"StringLike": {"ec2:InstanceType": "*metal*"}}}]}"#;

#[tokio::test]
async fn the_organization_made_by_hand_is_what_these_calls_make() {
    let sandbox = Sandbox::new(Options::default());
    ByHand::begin(&sandbox).await.everything().await;
    let file = Data::read_from(&repository().join("examples/adopt/organization.json"), None).raw();
    let mut state = sandbox.snapshot();
    without_times(&mut state);
    let text = serde_json::to_string_pretty(&state).expect("a state is JSON") + "\n";
    assert_data_eq!(text, file);
}

/// The person who made the organization, by clicking or with the AWS CLI.
struct ByHand {
    client: Client,
    root: String,
}

impl ByHand {
    async fn begin(sandbox: &Sandbox) -> ByHand {
        let config = aws_sdk_organizations::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("AKIAEXAMPLE", "secret", None, None, "test"))
            .http_client(sandbox.http_client());
        let client = Client::from_conf(config.build());
        client.create_organization().send().await.expect("an organization");
        let roots = client.list_roots().send().await.expect("its roots");
        let root = roots.roots()[0].id().expect("a root has an id").to_owned();
        ByHand { client, root }
    }

    async fn everything(&self) {
        let production = self.unit("Prod").await;
        self.unit("Development").await;
        let old = self.unit("Old experiments").await;
        let webshop = self.account("webshop", "webshop@acme.example").await;
        self.account("webshop-dev", "webshop-dev@acme.example").await;
        let trial = self.account("trial-2023", "trial@acme.example").await;
        self.put(&webshop, &production).await;
        self.put(&trial, &old).await;
        let enable = self.client.enable_policy_type().root_id(&self.root).policy_type(PolicyType::ServiceControlPolicy);
        enable.send().await.expect("SCPs are enabled");
        self.policy("no-other-regions", NO_OTHER_REGIONS, &self.root).await;
        self.policy("test-do-not-use", NO_LARGE_INSTANCES, &old).await;
    }

    async fn unit(&self, name: &str) -> String {
        let made = self.client.create_organizational_unit().parent_id(&self.root).name(name).send().await;
        let made = made.expect("a unit").organizational_unit.expect("a unit");
        made.id.expect("a unit has an id")
    }

    async fn account(&self, name: &str, email: &str) -> String {
        let begun = self.client.create_account().account_name(name).email(email).send().await.expect("it begins");
        let request = begun.create_account_status().and_then(|status| status.id()).expect("a request has an id");
        loop {
            let asked = self.client.describe_create_account_status().create_account_request_id(request).send().await;
            let status = asked.expect("a status").create_account_status.expect("a status");
            if status.state() == Some(&CreateAccountState::Succeeded) {
                return status.account_id.expect("an account has an id");
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    async fn put(&self, account: &str, unit: &str) {
        let request = self.client.move_account().account_id(account).source_parent_id(&self.root);
        request.destination_parent_id(unit).send().await.expect("the account moves");
    }

    async fn policy(&self, name: &str, content: &str, target: &str) {
        let request = self.client.create_policy().name(name).description("").content(content);
        let made = request.r#type(PolicyType::ServiceControlPolicy).send().await.expect("a policy");
        let id = made.policy().and_then(|policy| policy.policy_summary()?.id()).expect("a policy has an id").to_owned();
        self.client.attach_policy().policy_id(id).target_id(target).send().await.expect("it is attached");
    }
}

/// Sets every point in time to the same one.
fn without_times(state: &mut Value) {
    /// Of 2026, in seconds of the Unix epoch; anything below is no time.
    const BEGIN: u64 = 1_767_225_600;
    match state {
        Value::Number(number) if number.as_u64().is_some_and(|number| number >= BEGIN) => *state = BEGIN.into(),
        Value::Object(map) => map.values_mut().for_each(without_times),
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}
