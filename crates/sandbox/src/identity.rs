//! Who calls: the access key and the session token of the signature, without the signature itself.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::Signature;
use crate::model::principals::Principal;
use crate::state::State;

/// The caller of one request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Caller {
    /// What GetCallerIdentity answers: a user, the root user or an assumed role's session.
    pub(super) arn: String,
    pub(super) account: String,
    deny: Vec<String>,
}

impl Caller {
    /// The caller that `signature` stands for: a session made by AssumeRole, a principal that the state names, or else
    /// the administrator of the management account.
    pub(super) fn of(signature: &Signature, state: &State) -> Self {
        if let Some(session) = signature.session_token.as_deref().and_then(Session::from_token) {
            return session.caller(state);
        }
        let named = |key: &str| state.principals.get(key).map(Self::named);
        named(&signature.access_key).or_else(|| named("*")).unwrap_or_else(|| Self::administrator(state))
    }

    fn administrator(state: &State) -> Self {
        let account = state.management.id.clone();
        Self { arn: format!("arn:{}:iam::{account}:user/admin", state.partition), account, deny: Vec::new() }
    }

    fn named(principal: &Principal) -> Self {
        let in_arn = || principal.arn.split(':').nth(4).unwrap_or_default().to_owned();
        Self {
            arn: principal.arn.clone(),
            account: if principal.account.is_empty() { in_arn() } else { principal.account.clone() },
            deny: principal.deny.clone(),
        }
    }

    /// The `userIdentity` of CloudTrail's events.
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>
    pub(super) fn identity(&self) -> Value {
        let name = self.arn.rsplit('/').next().unwrap_or_default();
        let mut identity = json!({"arn": self.arn, "accountId": self.account});
        let role = self.arn.split_once(":assumed-role/").and_then(|(_, rest)| rest.split('/').next());
        if self.is_root() {
            identity["type"] = json!("Root");
        } else if let Some(role) = role {
            identity["type"] = json!("AssumedRole");
            identity["sessionContext"] = json!({"sessionIssuer": {"type": "Role", "userName": role}});
        } else {
            identity["type"] = json!("IAMUser");
            identity["userName"] = json!(name);
        }
        identity
    }

    /// Whether this is an account's root user.
    pub(super) fn is_root(&self) -> bool {
        self.arn.ends_with(":root")
    }

    /// Whether the caller's permissions allow `action`, such as `organizations:CreatePolicy`. Everything is allowed
    /// that the state does not deny.
    pub(super) fn may(&self, action: &str) -> bool {
        let covers = |denied: &String| match denied.strip_suffix('*') {
            Some(start) => action.starts_with(start),
            None => denied == action,
        };
        !self.deny.iter().any(covers)
    }
}

/// A session of an assumed role. Its session token says it all, so that sessions outlive the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    pub(super) account: String,
    pub(super) role: String,
    pub(super) name: String,
}

const TOKEN_PREFIX: &str = "sandbox-session";

impl Session {
    pub(super) fn token(&self) -> String {
        format!("{TOKEN_PREFIX}/{}/{}/{}", self.account, self.role, self.name)
    }

    fn from_token(token: &str) -> Option<Self> {
        let mut parts = token.split('/').map(str::to_owned);
        (parts.next()? == TOKEN_PREFIX).then_some(())?;
        Some(Self { account: parts.next()?, role: parts.next()?, name: parts.next()? })
    }

    /// The ARN of the session, as GetCallerIdentity answers it.
    pub(super) fn arn(&self, partition: &str) -> String {
        format!("arn:{partition}:sts::{}:assumed-role/{}/{}", self.account, self.role, self.name)
    }

    fn caller(self, state: &State) -> Caller {
        let role = format!("arn:{}:iam::{}:role/{}", state.partition, self.account, self.role);
        Caller {
            arn: self.arn(&state.partition),
            deny: state.principals.get(&role).map(|named| named.deny.clone()).unwrap_or_default(),
            account: self.account,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_token_shows_account_role_and_session() {
        let session =
            Session { account: "222222222222".into(), role: "landing-plan".into(), name: "me@example.com".into() };
        assert_eq!(Session::from_token(&session.token()), Some(session));
        assert_eq!(Session::from_token("FwoGZXIvYXdzE"), None);
    }

    #[test]
    fn denied_actions_may_end_in_a_wildcard() {
        let principal =
            Principal { deny: vec!["organizations:Create*".into(), "ssm:PutParameter".into()], ..Principal::default() };
        let caller = Caller::named(&principal);
        assert!(!caller.may("organizations:CreatePolicy"));
        assert!(!caller.may("ssm:PutParameter"));
        assert!(caller.may("organizations:ListRoots") && caller.may("ssm:PutParameters"));
    }
}
