//! Services that landing makes few calls of, without clients of their own. `tests/wire/endpoints.rs` holds their hosts against
//! AWS's endpoint rules.

use aws_smithy_query::QueryWriter;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use serde_json::{Map, Value};

use super::operation::Refused;
use super::xml;
use crate::model::{dns_suffix, dual_stack_suffix, global_region, partition_of};

/// A service, as its requests have to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The prefix of its actions in IAM policies.
    pub(super) name: &'static str,
    /// How settings name it in the environment and in profiles, such as `AWS_ENDPOINT_URL_SSM`.
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html>
    pub(super) id: &'static str,
    /// What requests are signed for.
    pub(super) signed_for: &'static str,
    /// What its host's name begins with.
    host: &'static str,
    protocol: Protocol,
    /// Whether a partition has one of it, and not every region.
    is_global: bool,
    /// Whether its hosts are always in the domain of those that have IPv6 too.
    is_dual_stack: bool,
    /// Whether its usual hosts in AWS GovCloud (US) are validated by FIPS 140.
    is_fips_in_gov: bool,
}

/// Which of a service's hosts are asked for.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    /// Those validated by FIPS 140.
    pub fips: bool,
    /// Those that have IPv6 too.
    pub dual_stack: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    /// Parameters in a form, answers in XML. <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
    Query { version: &'static str },
    /// JSON both ways, the operation in a header behind a target.
    /// <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>
    Json { target: &'static str },
    /// Methods and paths, JSON both ways. <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>
    Rest,
}

impl Service {
    /// Identity and Access Management. <https://docs.aws.amazon.com/IAM/latest/APIReference/>
    pub const IAM: Service = Service { is_global: true, ..Service::query("iam", "IAM", "2010-05-08") };
    /// Elastic Compute Cloud. <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/>
    pub const EC2: Service = Service::query("ec2", "EC2", "2016-11-15").fips_in_gov();
    /// CloudFormation, for what its own client does not know.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/>
    pub const CLOUDFORMATION: Service = Service::query("cloudformation", "CloudFormation", "2010-05-15").fips_in_gov();
    /// AWS Config. <https://docs.aws.amazon.com/config/latest/APIReference/>
    pub const CONFIG: Service = Service::json("config", "Config Service", "StarlingDoveService").fips_in_gov();
    /// CloudTrail. <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/>
    pub const CLOUDTRAIL: Service =
        Service::json("cloudtrail", "CloudTrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101")
            .fips_in_gov();
    /// CloudWatch Logs. <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/>
    pub const LOGS: Service = Service::json("logs", "CloudWatch Logs", "Logs_20140328").fips_in_gov();
    /// Key Management Service. <https://docs.aws.amazon.com/kms/latest/APIReference/>
    pub const KMS: Service = Service::json("kms", "KMS", "TrentService");
    /// Systems Manager. <https://docs.aws.amazon.com/systems-manager/latest/APIReference/>
    pub const SSM: Service = Service::json("ssm", "SSM", "AmazonSSM").fips_in_gov();
    /// The Resource Groups Tagging API.
    /// <https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/>
    pub const TAGGING: Service = Service {
        host: "tagging",
        signed_for: "tagging",
        ..Service::json("tag", "Resource Groups Tagging API", "ResourceGroupsTaggingAPI_20170126")
    };
    /// AWS Account Management. <https://docs.aws.amazon.com/accounts/latest/reference/>
    pub const ACCOUNT: Service = Service::rest("account", "Account");
    /// Resource Access Manager. <https://docs.aws.amazon.com/ram/latest/APIReference/>
    pub const RAM: Service = Service::rest("ram", "RAM").fips_in_gov();
    /// GuardDuty. <https://docs.aws.amazon.com/guardduty/latest/APIReference/>
    pub const GUARDDUTY: Service = Service::rest("guardduty", "GuardDuty").fips_in_gov();
    /// Security Hub. <https://docs.aws.amazon.com/securityhub/1.0/APIReference/>
    pub const SECURITY_HUB: Service = Service::rest("securityhub", "SecurityHub");
    /// AWS Control Tower. <https://docs.aws.amazon.com/controltower/latest/APIReference/>
    pub const CONTROL_TOWER: Service = Service::rest("controltower", "ControlTower");
    /// Inspector. <https://docs.aws.amazon.com/inspector/v2/APIReference/>
    pub const INSPECTOR: Service = Service::rest("inspector2", "Inspector2");
    /// Macie. <https://docs.aws.amazon.com/macie/latest/APIReference/>
    pub const MACIE: Service = Service::rest("macie2", "Macie2");
    /// Detective. <https://docs.aws.amazon.com/general/latest/gr/detective.html>
    pub const DETECTIVE: Service = Service { host: "api.detective", ..Service::rest("detective", "Detective") };
    /// Firewall Manager. <https://docs.aws.amazon.com/fms/2018-01-01/APIReference/>
    pub const FIREWALL_MANAGER: Service = Service::json("fms", "FMS", "AWSFMS_20180101");
    /// IAM Access Analyzer. <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/>
    pub const ACCESS_ANALYZER: Service = Service::rest("access-analyzer", "AccessAnalyzer").fips_in_gov();
    /// AWS Health. <https://docs.aws.amazon.com/health/latest/APIReference/>
    pub const HEALTH: Service = Service::json("health", "Health", "AWSHealth_20160804");
    /// Network Manager. <https://docs.aws.amazon.com/networkmanager/latest/APIReference/>
    pub const NETWORK_MANAGER: Service = Service::rest("networkmanager", "NetworkManager").fips_in_gov();
    /// User Notifications, which has no hosts but those for IPv4 and IPv6.
    /// <https://docs.aws.amazon.com/notifications/latest/APIReference/>
    pub const NOTIFICATIONS: Service =
        Service { is_dual_stack: true, ..Service::rest("notifications", "Notifications") };

    /// Simple Storage Service. <https://docs.aws.amazon.com/AmazonS3/latest/API/>
    pub const S3: Service = Service::rest("s3", "S3");

    /// Every service above.
    pub const ALL: [Service; 23] = [
        Service::IAM,
        Service::EC2,
        Service::CLOUDFORMATION,
        Service::CONFIG,
        Service::CLOUDTRAIL,
        Service::LOGS,
        Service::KMS,
        Service::SSM,
        Service::TAGGING,
        Service::ACCOUNT,
        Service::RAM,
        Service::GUARDDUTY,
        Service::SECURITY_HUB,
        Service::CONTROL_TOWER,
        Service::INSPECTOR,
        Service::MACIE,
        Service::DETECTIVE,
        Service::FIREWALL_MANAGER,
        Service::ACCESS_ANALYZER,
        Service::HEALTH,
        Service::NETWORK_MANAGER,
        Service::NOTIFICATIONS,
        Service::S3,
    ];

    const fn of(name: &'static str, id: &'static str, protocol: Protocol) -> Service {
        Service {
            name,
            id,
            signed_for: name,
            host: name,
            protocol,
            is_global: false,
            is_dual_stack: false,
            is_fips_in_gov: false,
        }
    }

    const fn query(name: &'static str, id: &'static str, version: &'static str) -> Service {
        Service::of(name, id, Protocol::Query { version })
    }

    const fn json(name: &'static str, id: &'static str, target: &'static str) -> Service {
        Service::of(name, id, Protocol::Json { target })
    }

    const fn rest(name: &'static str, id: &'static str) -> Service {
        Service::of(name, id, Protocol::Rest)
    }

    const fn fips_in_gov(self) -> Service {
        Service { is_fips_in_gov: true, ..self }
    }

    /// How settings name it in the environment and in profiles.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The prefix of its actions in IAM policies.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The region that requests of `region` are signed for: a global service has one.
    pub(super) fn signing_region(&self, region: &str) -> String {
        if !self.is_global {
            return region.to_owned();
        }
        match partition_of(region) {
            "aws-cn" => "cn-north-1".to_owned(),
            partition => global_region(partition).to_owned(),
        }
    }

    /// Where it is: AWS's hosts for a region.
    /// <https://docs.aws.amazon.com/general/latest/gr/rande.html>
    #[must_use]
    pub fn endpoint(&self, region: &str, hosts: Hosts) -> String {
        let partition = partition_of(region);
        if self.name == "s3" {
            let dual_stack = if hosts.dual_stack { "dualstack." } else { "" };
            let fips = if hosts.fips { "-fips" } else { "" };
            return format!("https://s3{fips}.{dual_stack}{region}.{}", dns_suffix(partition));
        }
        let dual_stack = hosts.dual_stack || self.is_dual_stack || self.name == "health" && partition == "aws-eusc";
        let domain = if dual_stack { dual_stack_suffix(partition) } else { dns_suffix(partition) };
        let is_usual = !dual_stack || self.name == "networkmanager";
        let usual_is_fips = partition == "aws-us-gov" && (self.is_global || self.is_fips_in_gov && is_usual);
        let fips = if hosts.fips && !usual_is_fips { "-fips" } else { "" };
        // The hosts of two kinds have other names in the two oldest partitions.
        let is_renamed = dual_stack && matches!(partition, "aws" | "aws-us-gov");
        let host = if is_renamed { self.host.trim_start_matches("api.") } else { self.host };
        let place = match (self.is_global, partition) {
            (true, "aws-us-gov") => "us-gov.".to_owned(),
            (true, "aws" | "aws-cn" | "aws-eusc") if dual_stack => "global.".to_owned(),
            (true, "aws") => String::new(),
            _ => format!("{}.", self.signing_region(region)),
        };
        format!("https://{host}{fips}.{place}{domain}")
    }
}

/// One request to a service.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub(super) service: Service,
    pub(super) operation: &'static str,
    input: Value,
    route: Option<(&'static str, String)>,
    /// Whether it is one attempt, whatever comes of it.
    pub(super) is_once: bool,
    /// Whether it reads or writes the lease.
    pub(super) is_for_the_lease: bool,
}

impl Request {
    /// A request of an operation. `input` is an object as the API reference has it; where parameters go in a form it holds
    /// texts, numbers and booleans only. Members that are null are left out.
    pub fn new(service: Service, operation: &'static str, mut input: Value) -> Request {
        if let Some(members) = input.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        Request { service, operation, input, route: None, is_once: false, is_for_the_lease: false }
    }

    /// One attempt that is not repeated.
    pub(super) fn once(self) -> Request {
        Request { is_once: true, ..self }
    }

    /// A request of the lease: it waits for no turn behind other calls, and is not fenced.
    pub(super) fn for_the_lease(self) -> Request {
        Request { is_for_the_lease: true, ..self }
    }

    /// The same request for another page.
    pub(super) fn from(&self, name: &str, token: &str) -> Request {
        let mut next = self.clone();
        if !next.input.is_object() {
            next.input = Value::Object(Map::new());
        }
        next.input[name] = token.into();
        next
    }

    /// The method and the path, query included, of a REST service's operation.
    pub fn route(self, method: &'static str, path: impl Into<String>) -> Request {
        Request { route: Some((method, path.into())), ..self }
    }

    pub(super) fn to_http(&self) -> Result<HttpRequest, BoxError> {
        let (method, path) = self.route.as_ref().map_or(("POST", "/"), |(method, path)| (*method, path.as_str()));
        let (body, content_type) = match self.service.protocol {
            Protocol::Query { version } => (self.form(version), "application/x-www-form-urlencoded"),
            Protocol::Json { .. } => (self.input.to_string(), "application/x-amz-json-1.1"),
            Protocol::Rest if method == "GET" || self.input.is_null() => (String::new(), "application/json"),
            Protocol::Rest => (self.input.to_string(), "application/json"),
        };
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method)?;
        request.set_uri(path)?;
        request.headers_mut().insert("content-type", content_type);
        if let Protocol::Json { target } = self.service.protocol {
            request.headers_mut().insert("x-amz-target", format!("{target}.{}", self.operation));
        }
        Ok(request)
    }

    fn form(&self, version: &str) -> String {
        let mut form = String::new();
        let mut writer = QueryWriter::new(&mut form, self.operation, version);
        for (name, value) in self.input.as_object().into_iter().flatten() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            writer.prefix(name).string(&text);
        }
        writer.finish();
        form
    }
}

/// What a service answers, whichever way it writes it.
pub(super) fn answer(response: &HttpResponse) -> Result<Value, OrchestratorError<Refused>> {
    let body = body(response);
    if response.status().is_success() {
        // An answer that cannot be read is not one that says nothing.
        let is_empty = response.body().bytes().is_none_or(|body| body.trim_ascii().is_empty());
        let is_readable = body.is_some() || is_empty;
        let words = "the answer is neither JSON nor XML";
        return if is_readable {
            Ok(result(body.unwrap_or_default()))
        } else {
            Err(OrchestratorError::response(words.into()))
        };
    }
    let message = text_in(&body.unwrap_or_default(), &["message", "Message"]);
    Err(Refused::error(error_code(response), message, response.status().as_u16()))
}

/// The code of an error, whichever way the service writes it.
pub(super) fn error_code(response: &HttpResponse) -> Option<String> {
    let header = response.headers().get("x-amzn-errortype").map(str::to_owned);
    let code = header.or_else(|| text_in(&body(response)?, &["__type", "code", "Code"]))?;
    // Namespaces stand before the code, a link after it.
    let code = code.rsplit('#').next().unwrap_or_default();
    Some(code.split(':').next().unwrap_or_default().to_owned())
}

/// The body of an answer, where it is JSON or XML.
fn body(response: &HttpResponse) -> Option<Value> {
    let text = response.body().bytes().map(String::from_utf8_lossy).unwrap_or_default();
    let text = text.trim();
    if text.starts_with('<') { xml::to_json(text).ok() } else { serde_json::from_str(text).ok() }
}

/// What is in the wrapper that the query protocol puts around an answer.
fn result(body: Value) -> Value {
    let is_wrapped = body.get("ResponseMetadata").is_some();
    let wrapped = body.as_object().into_iter().flatten().find(|(name, _)| is_wrapped && name.ends_with("Result"));
    wrapped.map(|(_, result)| result.clone()).unwrap_or(body)
}

/// The first of these members that has a text, in an error as each protocol wraps it.
fn text_in(body: &Value, names: &[&str]) -> Option<String> {
    let error = ["/Error", "/Errors/Error", ""].iter().find_map(|place| body.pointer(place))?;
    names.iter().find_map(|name| error.get(name)?.as_str()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::error::metadata::ProvideErrorMetadata;
    use serde_json::json;

    use super::*;

    fn response(status: u16, body: &str) -> HttpResponse {
        HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body))
    }

    fn refused(body: &str) -> (String, String) {
        let error = answer(&response(400, body)).unwrap_err();
        let refused = error.as_operation_error().unwrap();
        (refused.code().unwrap().to_owned(), refused.message().unwrap().to_owned())
    }

    fn body(request: &Request) -> String {
        String::from_utf8(request.to_http().unwrap().body().bytes().unwrap().to_vec()).unwrap()
    }

    #[test]
    fn a_request_is_written_as_its_service_has_it() {
        let input = json!({"MinimumPasswordLength": 14, "HardExpiry": false});
        let request = Request::new(Service::IAM, "UpdateAccountPasswordPolicy", input);
        let form = "Action=UpdateAccountPasswordPolicy&Version=2010-05-08&MinimumPasswordLength=14&HardExpiry=false";
        assert_eq!(body(&request), form);
        let request = Request::new(Service::CONFIG, "DescribeDeliveryChannels", json!({}));
        assert_eq!(body(&request), "{}");
        let http = request.to_http().unwrap();
        assert_eq!(http.headers().get("x-amz-target"), Some("StarlingDoveService.DescribeDeliveryChannels"));
        let request = Request::new(Service::GUARDDUTY, "ListDetectors", Value::Null).route("GET", "/detector");
        assert_eq!(body(&request), "");
        let http = request.to_http().unwrap();
        assert_eq!((http.method(), http.uri()), ("GET", "/detector"));
        let request = Request::new(Service::MACIE, "DisableOrganizationAdminAccount", Value::Null);
        let request = request.route("DELETE", "/admin?adminAccountId=1");
        assert_eq!(body(&request), "");
        let http = request.to_http().unwrap();
        assert_eq!((http.method(), http.uri()), ("DELETE", "/admin?adminAccountId=1"));
    }

    #[test]
    fn answers_are_taken_out_of_their_wrapper() {
        let text =
            "<R><ROpResult><A>1</A></ROpResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></R>";
        assert_eq!(answer(&response(200, text)).unwrap(), json!({"A": "1"}));
        assert_eq!(answer(&response(200, r#"{"aResult": 1}"#)).unwrap(), json!({"aResult": 1}));
        assert_eq!(answer(&response(200, "")).unwrap(), Value::Null);
    }

    #[test]
    fn errors_are_read_as_each_protocol_writes_them() {
        for text in [
            "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>none</Message></Error></ErrorResponse>",
            "<?xml version=\"1.0\"?>\n<Error><Code>NoSuchEntity</Code><Message>none</Message></Error>",
            "<Response><Errors><Error><Code>NoSuchEntity</Code><Message>none</Message></Error></Errors></Response>",
            r#"{"__type": "com.example#NoSuchEntity", "message": "none"}"#,
            r#"{"__type": "NoSuchEntity:http://example.com/", "Message": "none"}"#,
        ] {
            assert_eq!(refused(text), ("NoSuchEntity".into(), "none".into()), "{text}");
        }
        assert_eq!(refused("no service").0, "HTTP 400");
    }

    #[test]
    fn a_global_service_is_in_one_place_of_a_partition() {
        for (region, endpoint, signed_for) in [
            ("eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
            ("us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
            ("cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("eusc-de-east-1", "https://iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
        ] {
            assert_eq!(Service::IAM.endpoint(region, Hosts::default()), endpoint);
            assert_eq!(Service::IAM.signing_region(region), signed_for);
        }
        assert_eq!(Service::EC2.endpoint("cn-north-1", Hosts::default()), "https://ec2.cn-north-1.amazonaws.com.cn");
        assert_eq!(Service::EC2.signing_region("eu-west-1"), "eu-west-1");
        assert_eq!(
            Service::DETECTIVE.endpoint("eu-west-1", Hosts::default()),
            "https://api.detective.eu-west-1.amazonaws.com"
        );
        assert_eq!(
            Service::FIREWALL_MANAGER.endpoint("us-east-1", Hosts::default()),
            "https://fms.us-east-1.amazonaws.com"
        );
    }
}
