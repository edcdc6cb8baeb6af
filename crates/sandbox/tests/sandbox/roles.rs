//! Callers: roles, sessions, the root user, invited accounts.

use landing_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::support::{account_id, code, credentials, organization, organizations, organizations_as};

fn sts(sandbox: &Sandbox, provider: aws_sdk_organizations::config::SharedCredentialsProvider) -> aws_sdk_sts::Client {
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
        .region(aws_sdk_sts::config::Region::new("us-east-1"))
        .credentials_provider(provider)
        .http_client(sandbox.http_client());
    aws_sdk_sts::Client::from_conf(config.build())
}

#[tokio::test(start_paused = true)]
async fn the_role_of_a_created_account_can_be_assumed_and_identifies_the_account() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let dev = account_id(&client, "dev").await;
    let management = sts(&sandbox, credentials("AKIAMANAGEMENT", None));
    let me = management.get_caller_identity().send().await.unwrap();
    assert_eq!(me.arn(), Some("arn:aws:iam::111111111111:user/admin"));
    let arn = format!("arn:aws:iam::{dev}:role/OrganizationAccountAccessRole");
    let assumed = management.assume_role().role_arn(&arn).role_session_name("test").send().await.unwrap();
    let keys = assumed.credentials().unwrap();
    let session = sts(&sandbox, credentials(keys.access_key_id(), Some(keys.session_token().to_owned())));
    let me = session.get_caller_identity().send().await.unwrap();
    assert_eq!(me.account(), Some(dev.as_str()));
    let expected = format!("arn:aws:sts::{dev}:assumed-role/OrganizationAccountAccessRole/test");
    assert_eq!(me.arn(), Some(expected.as_str()));
    let other = management.assume_role().role_arn(format!("arn:aws:iam::{dev}:role/Other")).role_session_name("test");
    assert_eq!(code(other.send().await), "AccessDenied");
}

#[tokio::test]
async fn the_root_user_can_assume_no_role() {
    let sandbox = Sandbox::new(Options::default());
    let root = json!({"arn": "arn:aws:iam::111111111111:root"});
    sandbox.edit(|state| state["principals"]["*"] = root).unwrap();
    let root = sts(&sandbox, credentials("AKIAROOT", None));
    let assume = root.assume_role().role_arn("arn:aws:iam::111111111111:role/x").role_session_name("test");
    assert_eq!(code(assume.send().await), "AccessDenied");
    assert_eq!(root.get_caller_identity().send().await.unwrap().arn(), Some("arn:aws:iam::111111111111:root"));
}

#[tokio::test]
async fn an_existing_account_joins_by_invitation_without_a_role() {
    let (sandbox, client, _) = organization(Options::default()).await;
    let invited = json!({"id": "333333333333", "name": "old", "email": "old@example.com"});
    sandbox
        .edit(|state| {
            state["standalone_accounts"]["333333333333"] = invited;
            state["principals"]["AKIAOLD"] = json!({"arn": "arn:aws:iam::333333333333:user/admin"});
        })
        .unwrap();
    let target = aws_sdk_organizations::types::HandshakeParty::builder()
        .id("333333333333")
        .r#type(aws_sdk_organizations::types::HandshakePartyType::Account)
        .build()
        .unwrap();
    let invite = client.invite_account_to_organization().target(target);
    let handshake = invite.clone().send().await.unwrap().handshake().unwrap().id().unwrap().to_owned();
    assert_eq!(code(invite.send().await), "DuplicateHandshakeException");
    let accept = organizations_as(&sandbox, "AKIAOLD").accept_handshake().handshake_id(&handshake);
    accept.clone().send().await.unwrap();
    assert_eq!(code(accept.send().await), "HandshakeAlreadyInStateException");
    let account = client.describe_account().account_id("333333333333").send().await.unwrap();
    assert_eq!(account.account().unwrap().email(), Some("old@example.com"));
    let management = sts(&sandbox, credentials("AKIAMANAGEMENT", None));
    let role = "arn:aws:iam::333333333333:role/OrganizationAccountAccessRole";
    assert_eq!(code(management.assume_role().role_arn(role).role_session_name("test").send().await), "AccessDenied");
    organizations(&sandbox).remove_account_from_organization().account_id("333333333333").send().await.unwrap();
}
