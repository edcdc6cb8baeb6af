use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_config::identity::IdentityCache;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::answer::AnswerLimits;
use super::call::Call;
use super::clock::Clock;
use super::error::AwsError;
use super::fence::Fence;
use super::front::{GatedHttpClient, Post};
use super::meter::Meter;
use super::network::network;
use super::new_accounts::NewAccounts;
use super::object::Objects;
use super::pace::{Pace, Pacer, Queue};
use super::regional::Regional;
use super::retry::{NOT_SETTLED, Repeats, partition, retries};
use super::site::Sites;
use crate::model::{OwnRates, global_region, partition_of};

/// How AWS is to be reached; what is not said comes from the environment, as in the AWS CLI.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// A profile of the AWS configuration files.
    pub profile: Option<String>,
    /// Takes the place of the profile's region and of the blueprint's home region.
    pub region: Option<String>,
    /// Takes the place of AWS's own endpoints, for all services.
    pub endpoint_url: Option<String>,
    /// Takes the place of the network: the SDK's requests go here.
    pub http_client: Option<SharedHttpClient>,
    /// When to keep to request limits; by default from the start against AWS itself.
    pub pace: Option<Pace>,
    /// Request rates of the organization's own, in the place of the table's.
    pub rates: OwnRates,
    /// What an answer may take.
    pub answers: AnswerLimits,
    /// Takes the place of the machine's clock, by which the lease counts as lost.
    pub clock: Option<Clock>,
}

/// Clients for every service, all in the account of the given credentials.
#[derive(Clone, Debug)]
pub struct Cloud {
    /// AWS Organizations, in the partition's global region.
    pub organizations: aws_sdk_organizations::Client,
    /// Security Token Service, in the home region.
    pub sts: aws_sdk_sts::Client,
    /// IAM Identity Center, in the primary region of its instance.
    pub sso_admin: Regional<aws_sdk_ssoadmin::Client>,
    /// Identity Center's directory, in the same region.
    pub identity_store: Regional<aws_sdk_identitystore::Client>,
    /// CloudFormation in every account and region.
    pub(super) sites: Sites,
    /// S3, in the home region.
    pub(super) objects: Objects,
    /// Counts every call of these clients.
    pub meter: Arc<Meter>,
    /// Stops their writes when the lease is not held any more.
    pub fence: Arc<Fence>,
    /// Accounts that cannot be used yet.
    pub new_accounts: Arc<NewAccounts>,
    pub(super) repeats: Repeats,
    pacer: Arc<Pacer>,
    /// The home region, where stacks are unless they name another.
    pub region: String,
    /// The blueprint's home region, whatever the connection's is: the lease and the records of a blueprint do not move.
    pub(super) recorded_in: String,
    /// The partition's id, such as `aws`.
    pub partition: &'static str,
    caller: Arc<OnceLock<String>>,
}

/// A client whose calls are named for the door, and repeated as [`Repeats`] says.
macro_rules! client {
    ($sdk:ident, $config:expr, $repeats:expr $(, $classifier:expr)?) => {
        $sdk::Client::from_conf(
            $sdk::config::Builder::from($config)
                .interceptor(crate::cloud::front::NameCalls::default())
                .interceptor($repeats.clone())
                .retry_classifier($repeats.clone())
                .retry_partition(partition())
                $(.retry_classifier($classifier))?
                .build(),
        )
    };
}

/// IAM Identity Center, in the region of the configuration.
pub(super) fn sso_admin(config: &SdkConfig, repeats: &Repeats) -> aws_sdk_ssoadmin::Client {
    client!(aws_sdk_ssoadmin, config, repeats, NOT_SETTLED)
}

/// Identity Center's directory, in the region of the configuration.
pub(super) fn identity_store(config: &SdkConfig, repeats: &Repeats) -> aws_sdk_identitystore::Client {
    client!(aws_sdk_identitystore, config, repeats)
}

impl Cloud {
    /// Makes the clients; calls nothing. `home_region` is the blueprint's, and gives way to the connection's.
    pub async fn connect(connection: &Connection, home_region: Option<&str>) -> Cloud {
        let shared = load(connection).await;
        let region = connection
            .region
            .clone()
            .or_else(|| home_region.map(str::to_owned))
            .or_else(|| shared.region().map(ToString::to_string))
            .unwrap_or_else(|| "us-east-1".into());
        let partition = partition_of(&region);
        let meter = Arc::new(Meter::default());
        let new_accounts = Arc::new(NewAccounts::default());
        let repeats = Repeats { meter: Arc::clone(&meter), new_accounts: Arc::clone(&new_accounts) };
        let pace = connection.pace.unwrap_or(pace_for(&shared));
        let inner = connection.http_client.clone().unwrap_or_else(network);
        let fence = Arc::new(Fence::new(connection.clock.clone().unwrap_or_else(Clock::boot)));
        let pacer = Arc::new(Pacer::new(pace, connection.rates.clone()));
        let post = Post {
            meter: Arc::clone(&meter),
            pacer: Arc::clone(&pacer),
            fence: Arc::clone(&fence),
            limits: connection.answers,
        };
        let door = GatedHttpClient { inner, post };
        let shared = shared.to_builder().http_client(SharedHttpClient::new(door)).build();
        let home = shared.to_builder().region(Region::new(region.clone())).build();
        let global = shared.to_builder().region(Region::new(global_region(partition))).build();
        Cloud {
            organizations: client!(aws_sdk_organizations, &global, repeats),
            sts: client!(aws_sdk_sts, &home, repeats),
            sso_admin: Regional::new(sso_admin(&home, &repeats)),
            identity_store: Regional::new(identity_store(&home, &repeats)),
            objects: Objects::new(&home, &region, &repeats),
            sites: Sites::new(shared),
            meter,
            fence,
            new_accounts,
            repeats,
            pacer,
            recorded_in: home_region.unwrap_or(&region).to_owned(),
            region,
            partition,
            caller: Arc::default(),
        }
    }
}

impl Cloud {
    /// Remembers the account whose credentials these are, for errors to name.
    pub fn note_caller(&self, account: &str) {
        // It is the same every time.
        let _ = self.caller.set(account.to_owned());
    }

    /// The time that pacing currently leaves between two calls of an operation in the management account, by the service's
    /// IAM prefix: `organizations`, `ListAccounts`. Zero where it is not paced.
    pub fn interval(&self, service: &'static str, operation: &str) -> Duration {
        self.pacer.interval(&Call { service, operation: operation.to_owned(), site: None })
    }

    /// The calls that wait for their rates, those first that take longest.
    pub fn queues(&self) -> Vec<Queue> {
        self.pacer.queues()
    }

    /// Whether these are the credentials of this account.
    pub fn is_caller(&self, account: &str) -> bool {
        self.caller() == Some(account)
    }

    /// The account whose credentials these are, where it was asked for.
    pub(super) fn caller(&self) -> Option<&str> {
        self.caller.get().map(String::as_str)
    }

    /// An error with the account that the call was made in.
    pub fn in_account(&self, error: AwsError) -> AwsError {
        AwsError { account: error.account.or_else(|| self.caller.get().cloned()), ..error }
    }
}

/// How long it may take to get credentials: a session in another account is renewed like every call, repeats included.
const SIGN_IN_WITHIN: Duration = Duration::from_secs(120);

/// What the user agent of landing's calls names, behind `app/`.
pub const APP_NAME: &str = "landing";

async fn load(connection: &Connection) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        // CloudTrail's events say by it which calls were landing's own.
        .app_name(AppName::new(APP_NAME).expect("letters alone are a name"))
        .retry_config(retries())
        .identity_cache(IdentityCache::lazy().load_timeout(SIGN_IN_WITHIN).build())
        // It would take the waiting for a turn for a stalled upload; the door has its own limit.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    if let Some(profile) = &connection.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(url) = &connection.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(client) = &connection.http_client {
        // What takes the place of the network requires no credentials of the user's.
        loader = loader.http_client(client.clone()).region(Region::new("us-east-1")).test_credentials();
    }
    loader.load().await
}

/// AWS's limits are known, also behind an endpoint in a network of one's own, whose name is AWS's. Those of another endpoint
/// are not: an emulator has none, and whatever throttles is paced from then on. Writes to Organizations come one at a time
/// everywhere. <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html>
fn pace_for(shared: &SdkConfig) -> Pace {
    let environment = || std::env::var("AWS_ENDPOINT_URL").ok();
    match shared.endpoint_url().map(str::to_owned).or_else(environment) {
        Some(url) if !is_of_aws(&url) => Pace::OnceThrottled,
        _ => Pace::FromTheStart,
    }
}

/// Whether a URL's host has a name of AWS's. <https://docs.aws.amazon.com/general/latest/gr/rande.html>
fn is_of_aws(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?']).next().unwrap_or_default().to_ascii_lowercase();
    [".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws"].iter().any(|suffix| host.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_of_aws_are_known_by_their_names() {
        for url in [
            "https://vpce-1-abc.organizations.us-east-1.vpce.amazonaws.com",
            "https://SSM.eu-west-1.amazonaws.com:443/",
            "https://sts.cn-north-1.amazonaws.com.cn",
            "https://sts.eusc-de-east-1.amazonaws.eu",
            "https://ec2.eu-west-1.api.aws",
        ] {
            assert!(is_of_aws(url), "{url}");
        }
        for url in ["http://127.0.0.1:4599", "https://example.com/.amazonaws.com", "https://amazonaws.com.example.org"]
        {
            assert!(!is_of_aws(url), "{url}");
        }
    }
}
