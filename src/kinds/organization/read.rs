use aws_sdk_organizations::types::{ActionType, Handshake, HandshakePartyType};
use serde::{Deserialize, Serialize};

use crate::cloud::{AwsError, Cloud};
use crate::facts::Question;
use crate::kinds::read::{handshakes, text};

/// What is asked of accounts before the organization has all features.
#[derive(Debug)]
pub struct FeatureHandshakes;

/// One request to agree to all features, or to finalize them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeatureHandshake {
    /// `h-` and 8 to 32 characters.
    pub id: String,
    /// `REQUESTED`, `OPEN`, `ACCEPTED`, `DECLINED` …
    pub state: String,
    /// The accounts that it is sent to; none where it is the organization's own.
    pub accounts: Vec<String>,
}

impl Question for FeatureHandshakes {
    type Answer = Vec<FeatureHandshake>;

    fn key(&self) -> String {
        "organizations/feature-handshakes".into()
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Self::Answer, AwsError> {
        let handshakes = handshakes(cloud).await?;
        Ok(handshakes.iter().filter(|handshake| is_about_features(handshake.action())).map(feature_handshake).collect())
    }
}

/// AWS's pages name both for the management account's own.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnableAllFeatures.html>
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_AcceptHandshake.html>
fn is_about_features(action: Option<&ActionType>) -> bool {
    matches!(action, Some(ActionType::EnableAllFeatures | ActionType::ApproveAllFeatures))
}

fn feature_handshake(handshake: &Handshake) -> FeatureHandshake {
    let sent_to = handshake.parties().iter().filter(|party| *party.r#type() != HandshakePartyType::Organization);
    FeatureHandshake {
        id: text(handshake.id()),
        state: handshake.state().map(|state| state.as_str().to_owned()).unwrap_or_default(),
        accounts: sent_to.map(|party| party.id().to_owned()).collect(),
    }
}
