use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::future::ProvideCredentials as ProvideCredentialsFuture;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_cloudformation::Client;
use serde_json::Value;

use super::front::NameCalls;
use super::new_accounts::is_too_new;
use super::operation::{Destination, configured_endpoint, hosts};
use super::retry::partition;
use super::{AwsError, Cloud, Explain, Request, service};
use crate::model::global_region;

/// How an account is entered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountAccess {
    /// The member account's id; none is the management account, where the caller's own credentials hold.
    pub account: Option<String>,
    /// The names of the roles to assume there: the first that lets the caller in.
    pub roles: Vec<String>,
}

impl AccountAccess {
    /// The management account, with the caller's own credentials.
    pub fn own() -> AccountAccess {
        AccountAccess { account: None, roles: Vec::new() }
    }

    /// An error with the account that the call was made in, where that is not the caller's.
    pub fn in_account(&self, error: AwsError) -> AwsError {
        AwsError { account: self.account.clone().or(error.account), ..error }
    }
}

/// A session is renewed when it has less than this left: longer than any single call takes.
const RESERVE: Duration = Duration::from_secs(300);

/// What AssumeRole gives: the credentials, and when they end.
type Session = Arc<tokio::sync::Mutex<Option<Credentials>>>;

/// Clients in other accounts and regions, made when they are first needed.
#[derive(Clone, Debug)]
pub(super) struct Sites {
    shared: SdkConfig,
    sessions: Arc<Mutex<HashMap<AccountAccess, Session>>>,
}

impl Sites {
    pub fn new(shared: SdkConfig) -> Sites {
        Sites { shared, sessions: Arc::default() }
    }

    /// What all clients are made of.
    pub fn shared(&self) -> &SdkConfig {
        &self.shared
    }

    fn session(&self, access: &AccountAccess) -> Session {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sessions.entry(access.clone()).or_default())
    }
}

impl Cloud {
    /// CloudFormation in one account and region. A member account is entered by the first of the entrance's roles that
    /// lets the caller in; the session is kept for as long as it holds.
    ///
    /// # Errors
    /// When none of the roles lets the caller in: what AWS says of the last one.
    pub async fn cloudformation(&self, access: &AccountAccess, region: &str) -> Result<Client, AwsError> {
        let (shared, site) = self.at(access, region).await?;
        let config = aws_sdk_cloudformation::config::Builder::from(&shared)
            .interceptor(NameCalls { service: None, site })
            .interceptor(self.repeats.clone())
            .retry_classifier(self.repeats.clone())
            .retry_partition(partition());
        Ok(Client::from_conf(config.build()))
    }

    /// Makes one request in an account and region, which are entered as [`Cloud::cloudformation`] does, and gives the answer
    /// as JSON, whichever way the service writes it.
    ///
    /// # Errors
    /// When the account cannot be entered, and when AWS refuses.
    pub async fn call(&self, access: &AccountAccess, region: &str, request: Request) -> Result<Value, AwsError> {
        // Boxed, since what calls it is nested deeply.
        Box::pin(self.invoke(access, region, request)).await
    }

    async fn invoke(&self, access: &AccountAccess, region: &str, request: Request) -> Result<Value, AwsError> {
        let (shared, site) = self.at(access, region).await?;
        let (service, operation) = (request.service, request.operation);
        let destination = Destination {
            service,
            operation,
            endpoint: configured_endpoint(&shared, &service)
                .unwrap_or_else(|| service.endpoint(region, hosts(&shared))),
            region: service.signing_region(region),
            site,
            repeats: self.repeats.clone(),
            is_once: request.is_once,
            is_for_the_lease: request.is_for_the_lease,
            shared,
        };
        let call = destination.operation(|request: Request| request.to_http(), service::answer);
        let answer = call.invoke(request).await.explain(&format!("{}:{operation}", service.name));
        answer.map_err(|error| access.in_account(error))
    }

    /// Makes a request once for each page, and gives what is in the answers' member `list`. Their member `next` leads to the next
    /// page, as the request's member `token`.
    ///
    /// # Errors
    /// As for [`Cloud::call`].
    pub async fn list(
        &self,
        access: &AccountAccess,
        region: &str,
        request: Request,
        (list, next, token): (&str, &str, &str),
    ) -> Result<Vec<Value>, AwsError> {
        let mut listed: Vec<Value> = Vec::new();
        let mut asked = request.clone();
        loop {
            let mut page = self.call(access, region, asked.clone()).await?;
            let further = page[next].as_str().filter(|text| !text.is_empty()).map(|text| request.from(token, text));
            if let Some(Value::Array(items)) = page.get_mut(list).map(Value::take) {
                listed.extend(items);
            }
            let Some(further) = further else { return Ok(listed) };
            if further == asked {
                let operation = format!("{}:{}", request.service.name, request.operation);
                return Err(AwsError::odd(&operation, "the same page again"));
            }
            asked = further;
        }
    }

    /// Makes one request with the caller's own credentials in the partition's global region.
    ///
    /// # Errors
    /// As for [`Cloud::call`].
    pub async fn call_global(&self, request: Request) -> Result<Value, AwsError> {
        self.call(&AccountAccess::own(), global_region(self.partition), request).await
    }

    /// As [`Cloud::list`], of such a request.
    ///
    /// # Errors
    /// As for [`Cloud::call`].
    pub async fn list_global(&self, request: Request, members: (&str, &str, &str)) -> Result<Vec<Value>, AwsError> {
        self.list(&AccountAccess::own(), global_region(self.partition), request, members).await
    }

    /// How an account and region are reached, and what calls there are counted as.
    pub(super) async fn at(
        &self,
        access: &AccountAccess,
        region: &str,
    ) -> Result<(SdkConfig, Option<Arc<str>>), AwsError> {
        let shared = self.sites.shared.to_builder().region(Region::new(region.to_owned()));
        let Some(account) = &access.account else { return Ok((shared.build(), None)) };
        // A caller that is refused learns it here, and not from a client that has no credentials.
        self.enter(account, access).await?;
        let credentials = SharedCredentialsProvider::new(Sessions { cloud: self.clone(), access: access.clone() });
        Ok((shared.credentials_provider(credentials).build(), Some(Arc::from(format!("{account}/{region}")))))
    }

    async fn enter(&self, account: &str, access: &AccountAccess) -> Result<Credentials, AwsError> {
        let session = self.sites.session(access);
        // A caller that comes meanwhile waits for the one session instead of asking for another.
        let mut session = session.lock().await;
        if let Some(credentials) = session.as_ref().filter(|credentials| holds(credentials)) {
            return Ok(credentials.clone());
        }
        let mut attempts = 1;
        loop {
            match self.try_roles(account, access).await {
                Ok(credentials) => return Ok(session.insert(credentials).clone()),
                Err(error) if self.new_accounts.pause(account, &error, attempts).await => attempts += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// A session of the first role that lets the caller in.
    async fn try_roles(&self, account: &str, access: &AccountAccess) -> Result<Credentials, AwsError> {
        let mut refused = None;
        for role in &access.roles {
            match self.assume(account, role).await {
                Err(error) if error.is_access_denied() || is_too_new(&error) => refused = Some(error),
                other => return other,
            }
        }
        Err(refused.unwrap_or_else(|| AwsError::odd("sts:AssumeRole", format!("no role is known in {account}"))))
    }

    async fn assume(&self, account: &str, role: &str) -> Result<Credentials, AwsError> {
        const OPERATION: &str = "sts:AssumeRole";
        let arn = format!("arn:{}:iam::{account}:role/{role}", self.partition);
        let request = self.sts.assume_role().role_arn(&arn).role_session_name("landing");
        let reply = request.send().await.explain(OPERATION);
        let reply = reply.map_err(|error| AwsError { message: format!("{arn}: {}", error.message), ..error })?;
        let given = reply.credentials().ok_or_else(|| AwsError::odd(OPERATION, "no credentials"))?;
        let ends = SystemTime::try_from(*given.expiration()).ok();
        Ok(Credentials::new(
            given.access_key_id(),
            given.secret_access_key(),
            Some(given.session_token().to_owned()),
            ends,
            "AssumeRole",
        ))
    }
}

/// Credentials of an account that are renewed for as long as they are used: AWS may work on a stack for longer than a
/// session lasts.
#[derive(Debug)]
struct Sessions {
    cloud: Cloud,
    access: AccountAccess,
}

impl ProvideCredentials for Sessions {
    fn provide_credentials<'a>(&'a self) -> ProvideCredentialsFuture<'a>
    where
        Self: 'a,
    {
        ProvideCredentialsFuture::new(async {
            let account = self.access.account.as_deref().unwrap_or_default();
            self.cloud.enter(account, &self.access).await.map_err(CredentialsError::provider_error)
        })
    }
}

fn holds(credentials: &Credentials) -> bool {
    credentials.expiry().is_none_or(|ends| ends > SystemTime::now() + RESERVE)
}
