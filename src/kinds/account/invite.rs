use aws_sdk_organizations::types::{HandshakeParty, HandshakePartyType};

use super::super::{WriteContext, WriteError};
use super::create::{PATIENCE, lacks_places_yet};
use super::resource::Account;
use crate::cloud::{AwsError, Explain};
use crate::kinds::shared::wait::Wait;
use crate::kinds::shared::write::done_already;
use crate::model::{Address, Manual};

/// Sends the invitation; someone in that account has to accept it.
pub(super) async fn invite(
    id: &str,
    account: &Account,
    address: &Address,
    context: &WriteContext,
) -> Result<(), WriteError> {
    const OPERATION: &str = "organizations:InviteAccountToOrganization";
    let party = HandshakeParty::builder()
        .id(id)
        .r#type(HandshakePartyType::Account)
        .build()
        .map_err(|error| AwsError::odd(OPERATION, error.to_string()))?;
    let request = context
        .cloud
        .organizations
        .invite_account_to_organization()
        .target(party)
        .notes(format!("Invited by landing, blueprint {}", context.blueprint))
        .set_tags(Some(context.tags(address, &account.tags)));
    let mut wait = Wait::new(context, address, PATIENCE);
    loop {
        match request.clone().send().await.explain(OPERATION) {
            Err(error) if lacks_places_yet(context, &error) => {
                wait.next(format!("AWS is not ready for the invitation: {}", error.message)).await?;
            }
            result => break done_already(result, &["DuplicateHandshakeException"])?,
        }
    }
    Err(WriteError::Waits(accept(address, id)))
}

/// What the invited account's people have to do.
pub(super) fn accept(address: &Address, id: &str) -> Manual {
    Manual {
        address: Some(address.clone()),
        what: format!("account {id} must accept its invitation; the next apply puts it into its place"),
        link: Some("https://console.aws.amazon.com/organizations/v2/home/invitations".into()),
    }
}
