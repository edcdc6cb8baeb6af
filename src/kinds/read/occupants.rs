use landing_cloudformation::Unique;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::organization::text;
use super::seen::{Seen, Shut};
use crate::cloud::{AccountAccess, AwsError, Cause, Cloud, Explain, Request, Service};
use crate::facts::Question;
use crate::model::partition_of;

/// What an account and region have of one type of resources that there can be only one of.
#[derive(Debug)]
pub struct OccupantsIn {
    /// How the account is entered.
    pub access: AccountAccess,
    /// The account's id.
    pub account: String,
    /// The region.
    pub region: String,
    /// The sort. Of resources that AWS lists together, all are reported.
    pub sort: Unique,
}

/// One resource that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupant {
    /// The id by which CloudFormation would know it.
    pub id: String,
    /// Its name, as people know it.
    pub name: String,
    /// Its type, where resources of several types are listed together.
    pub of_type: Option<String>,
    /// Whether it is another account's, as the name of a bucket can be.
    pub is_foreign: bool,
}

impl Occupant {
    fn new(id: impl Into<String>, name: impl Into<String>) -> Occupant {
        Occupant { id: id.into(), name: name.into(), ..Occupant::default() }
    }
}

impl Question for OccupantsIn {
    type Answer = Seen<Vec<Occupant>>;

    fn key(&self) -> String {
        let place = if self.is_of_account() { "global" } else { &self.region };
        format!("occupants/{}/{place}/{}", self.account, self.subject())
    }

    async fn ask(&self, cloud: &Cloud) -> Result<Seen<Vec<Occupant>>, AwsError> {
        match self.look(cloud).await {
            Ok(occupants) => Ok(Seen::Open(occupants)),
            // Not being able to look keeps no one from planning: not being let in, a region that is not opted in to, a
            // service that the region or an emulator does not have.
            Err(error) if matches!(error.cause, Cause::Refused(_) | Cause::Unreachable) => {
                Ok(Seen::Closed(Shut { why: error.to_string(), is_new: false }))
            }
            Err(error) => Err(self.access.in_account(error)),
        }
    }
}

impl OccupantsIn {
    /// Whether the account has it once, and not each of its regions.
    fn is_of_account(&self) -> bool {
        matches!(
            self.sort,
            Unique::Role(_) | Unique::ManagedPolicy(_) | Unique::ServiceLinkedRole(_) | Unique::IdentityProvider(_)
        )
    }

    /// What is asked about, in words that a key is made of.
    fn subject(&self) -> String {
        match &self.sort {
            Unique::ConfigurationRecorder => "recorders".into(),
            Unique::DeliveryChannel => "delivery-channels".into(),
            Unique::Detector => "detectors".into(),
            Unique::Hub => "hub".into(),
            Unique::Analyzer { .. } => "analyzers".into(),
            Unique::Trail(_) => "trails".into(),
            Unique::Bucket(name) => format!("bucket/{name}"),
            Unique::Role(name) => format!("role/{name}"),
            Unique::ManagedPolicy(name) => format!("policy{name}"),
            Unique::ServiceLinkedRole(service) => format!("service-linked-role/{service}"),
            Unique::IdentityProvider(url) => format!("identity-provider/{url}"),
            Unique::LogGroup(name) => format!("log-group/{name}"),
            Unique::KeyAlias(_) => "key-aliases".into(),
        }
    }

    async fn look(&self, cloud: &Cloud) -> Result<Vec<Occupant>, AwsError> {
        match &self.sort {
            Unique::ConfigurationRecorder => self.recorders(cloud).await,
            Unique::DeliveryChannel => self.delivery_channels(cloud).await,
            Unique::Detector => self.detectors(cloud).await,
            Unique::Hub => self.hub(cloud).await,
            Unique::Analyzer { .. } => self.analyzers(cloud).await,
            Unique::Trail(_) => self.trails(cloud).await,
            Unique::Bucket(name) => self.bucket(cloud, name).await,
            Unique::Role(name) => self.role(cloud, name).await,
            Unique::ManagedPolicy(name) => self.managed_policy(cloud, name).await,
            Unique::ServiceLinkedRole(service) => self.service_linked_role(cloud, service).await,
            Unique::IdentityProvider(url) => self.identity_provider(cloud, url).await,
            Unique::LogGroup(name) => self.log_group(cloud, name).await,
            Unique::KeyAlias(_) => self.key_aliases(cloud).await,
        }
    }

    async fn call(
        &self,
        cloud: &Cloud,
        service: Service,
        operation: &'static str,
        input: Value,
    ) -> Result<Value, AwsError> {
        cloud.call(&self.access, &self.region, Request::new(service, operation, input)).await
    }

    async fn get(
        &self,
        cloud: &Cloud,
        service: Service,
        operation: &'static str,
        path: String,
    ) -> Result<Value, AwsError> {
        let request = Request::new(service, operation, json!({})).route("GET", path);
        cloud.call(&self.access, &self.region, request).await
    }

    /// The recorders that customers manage: services may have others beside them.
    /// <https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationRecorders.html>
    async fn recorders(&self, cloud: &Cloud) -> Result<Vec<Occupant>, AwsError> {
        let reply = self.call(cloud, Service::CONFIG, "DescribeConfigurationRecorders", json!({})).await?;
        let own = rows(&reply, "ConfigurationRecorders").filter(|it| it["servicePrincipal"].is_null());
        Ok(named(own, "name", "name"))
    }

    /// <https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeDeliveryChannels.html>
    async fn delivery_channels(&self, cloud: &Cloud) -> Result<Vec<Occupant>, AwsError> {
        let reply = self.call(cloud, Service::CONFIG, "DescribeDeliveryChannels", json!({})).await?;
        Ok(named(rows(&reply, "DeliveryChannels"), "name", "name"))
    }

    /// <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListDetectors.html>
    async fn detectors(&self, cloud: &Cloud) -> Result<Vec<Occupant>, AwsError> {
        let reply = self.get(cloud, Service::GUARDDUTY, "ListDetectors", "/detector".into()).await?;
        let ids = rows(&reply, "detectorIds").filter_map(Value::as_str);
        Ok(ids.map(|id| Occupant::new(id, id)).collect())
    }

    /// <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html>
    async fn hub(&self, cloud: &Cloud) -> Result<Vec<Occupant>, AwsError> {
        let reply = self.get(cloud, Service::SECURITY_HUB, "DescribeHub", "/accounts".into()).await;
        let hub = there(reply, &["InvalidAccessException", "ResourceNotFoundException"])?;
        let arn = hub.as_ref().and_then(|hub| hub["HubArn"].as_str());
        Ok(arn.into_iter().map(|arn| Occupant::new(arn, arn)).collect())
    }

    /// <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListAnalyzers.html>
    async fn analyzers(&self, cloud: &Cloud) -> Result<Vec<Occupant>, AwsError> {
        let mut all = Vec::new();
        let mut path = "/analyzer".to_owned();
        loop {
            let reply = self.get(cloud, Service::ACCESS_ANALYZER, "ListAnalyzers", path).await?;
            all.extend(rows(&reply, "analyzers").map(|analyzer| Occupant {
                of_type: analyzer["type"].as_str().map(str::to_owned),
                ..Occupant::new(text(analyzer["arn"].as_str()), text(analyzer["name"].as_str()))
            }));
            let Some(next) = reply["nextToken"].as_str() else { return Ok(all) };
            path = format!("/analyzer?nextToken={}", percent_encoded(next));
        }
    }

    /// The trails that record the region, wherever they are.
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html>
    async fn trails(&self, cloud: &Cloud) -> Result<Vec<Occupant>, AwsError> {
        let reply = self.call(cloud, Service::CLOUDTRAIL, "DescribeTrails", json!({})).await?;
        let trails = rows(&reply, "trailList");
        let trail = |it: &Value| Occupant::new(text(it["Name"].as_str()), text(it["TrailARN"].as_str()));
        Ok(trails.map(trail).collect())
    }

    async fn bucket(&self, cloud: &Cloud, name: &str) -> Result<Vec<Occupant>, AwsError> {
        let found = cloud.has_bucket(&self.access, &self.region, name, &self.account).await?;
        let bucket = |is_own: bool| Occupant { is_foreign: !is_own, ..Occupant::new(name, name) };
        Ok(found.map(bucket).into_iter().collect())
    }

    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html>
    async fn role(&self, cloud: &Cloud, name: &str) -> Result<Vec<Occupant>, AwsError> {
        let reply = self.call(cloud, Service::IAM, "GetRole", json!({"RoleName": name})).await;
        Ok(there(reply, &["NoSuchEntity"])?.map(|_| Occupant::new(name, name)).into_iter().collect())
    }

    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html>
    async fn managed_policy(&self, cloud: &Cloud, name: &str) -> Result<Vec<Occupant>, AwsError> {
        let arn = self.iam_arn(&format!("policy{name}"));
        let reply = self.call(cloud, Service::IAM, "GetPolicy", json!({"PolicyArn": arn})).await;
        Ok(there(reply, &["NoSuchEntity"])?.map(|_| Occupant::new(&arn, &arn)).into_iter().collect())
    }

    /// A service's role has a name that does not follow from the service's, but a path that does.
    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html>
    async fn service_linked_role(&self, cloud: &Cloud, service: &str) -> Result<Vec<Occupant>, AwsError> {
        let input = json!({"PathPrefix": format!("/aws-service-role/{service}/")});
        let reply = self.call(cloud, Service::IAM, "ListRoles", input).await?;
        Ok(named(rows(&reply, "Roles"), "RoleName", "RoleName"))
    }

    /// <https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html>
    async fn identity_provider(&self, cloud: &Cloud, url: &str) -> Result<Vec<Occupant>, AwsError> {
        let arn = self.iam_arn(&format!("oidc-provider/{url}"));
        let input = json!({"OpenIDConnectProviderArn": arn});
        let reply = self.call(cloud, Service::IAM, "GetOpenIDConnectProvider", input).await;
        Ok(there(reply, &["NoSuchEntity"])?.map(|_| Occupant::new(&arn, &arn)).into_iter().collect())
    }

    /// The first page is enough: a name comes before all those that it begins.
    /// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html>
    async fn log_group(&self, cloud: &Cloud, name: &str) -> Result<Vec<Occupant>, AwsError> {
        let input = json!({"logGroupNamePrefix": name});
        let reply = self.call(cloud, Service::LOGS, "DescribeLogGroups", input).await?;
        Ok(named(rows(&reply, "logGroups"), "logGroupName", "logGroupName"))
    }

    /// <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html>
    async fn key_aliases(&self, cloud: &Cloud) -> Result<Vec<Occupant>, AwsError> {
        let request = Request::new(Service::KMS, "ListAliases", json!({"Limit": 100}));
        let aliases = cloud.list(&self.access, &self.region, request, ("Aliases", "NextMarker", "Marker")).await?;
        Ok(named(aliases.iter(), "AliasName", "AliasName"))
    }

    fn iam_arn(&self, rest: &str) -> String {
        format!("arn:{}:iam::{}:{rest}", partition_of(&self.region), self.account)
    }
}

fn rows<'a>(reply: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> {
    reply[list].as_array().into_iter().flatten()
}

fn named<'a>(rows: impl Iterator<Item = &'a Value>, id: &str, name: &str) -> Vec<Occupant> {
    rows.map(|row| Occupant::new(text(row[id].as_str()), text(row[name].as_str()))).collect()
}

/// What a call answers; nothing where AWS says by one of these errors that there is nothing.
fn there(reply: Result<Value, AwsError>, nothing: &[&str]) -> Result<Option<Value>, AwsError> {
    match reply {
        Err(error) if nothing.iter().any(|code| error.is(code)) => Ok(None),
        other => other.map(Some),
    }
}

fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// The stack that has a resource with this physical id, if any has.
#[derive(Debug)]
pub struct HolderOf {
    /// How the account is entered.
    pub access: AccountAccess,
    /// The account's id.
    pub account: String,
    /// The region.
    pub region: String,
    /// The physical id.
    pub id: String,
}

/// A stack that has a resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The stack's ARN.
    pub stack: String,
    /// The stack's name.
    pub name: String,
    /// The names of its resources with that physical id in its template, by their types.
    pub resources: Vec<(String, String)>,
}

impl Question for HolderOf {
    type Answer = Option<Holder>;

    fn key(&self) -> String {
        format!("cloudformation/holder-of/{}/{}/{}", self.account, self.region, self.id)
    }

    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html>
    async fn ask(&self, cloud: &Cloud) -> Result<Option<Holder>, AwsError> {
        let client = cloud.cloudformation(&self.access, &self.region).await?;
        let request = client.describe_stack_resources().physical_resource_id(&self.id);
        let reply = match request.send().await.explain("cloudformation:DescribeStackResources") {
            // No stack has it, or no one may know.
            Err(AwsError { cause: Cause::Refused(_), .. }) => return Ok(None),
            other => other.map_err(|error| self.access.in_account(error))?,
        };
        let own = reply.stack_resources().iter().filter(|it| it.physical_resource_id() == Some(&self.id));
        let own: Vec<_> = own.collect();
        Ok(own.first().map(|first| Holder {
            stack: text(first.stack_id()),
            name: text(first.stack_name()),
            resources: own.iter().map(|it| (text(it.resource_type()), text(it.logical_resource_id()))).collect(),
        }))
    }
}
