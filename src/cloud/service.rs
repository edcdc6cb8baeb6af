//! Services that landing makes few calls of, without clients of their own.

use aws_smithy_query::QueryWriter;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

use super::operation::Refused;
use super::xml;
use crate::model::{dns_suffix, global_region, partition_of};

/// A service, as its requests have to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    /// The prefix of its actions in IAM policies, which requests are signed for.
    pub(super) name: &'static str,
    /// What its host's name begins with.
    host: &'static str,
    protocol: Protocol,
    /// Whether a partition has one of it, and not every region.
    is_global: bool,
    /// Whether its hosts are in the domain of those that have IPv6 too.
    is_dual_stack: bool,
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
    pub const IAM: Service = Service::query("iam", "2010-05-08", true);
    /// Elastic Compute Cloud. <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/>
    pub const EC2: Service = Service::query("ec2", "2016-11-15", false);
    /// CloudFormation, for what its own client does not know.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/>
    pub const CLOUDFORMATION: Service = Service::query("cloudformation", "2010-05-15", false);
    /// AWS Config. <https://docs.aws.amazon.com/config/latest/APIReference/>
    pub const CONFIG: Service = Service::json("config", "StarlingDoveService");
    /// CloudTrail. <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/>
    pub const CLOUDTRAIL: Service =
        Service::json("cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101");
    /// CloudWatch Logs. <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/>
    pub const LOGS: Service = Service::json("logs", "Logs_20140328");
    /// Key Management Service. <https://docs.aws.amazon.com/kms/latest/APIReference/>
    pub const KMS: Service = Service::json("kms", "TrentService");
    /// GuardDuty. <https://docs.aws.amazon.com/guardduty/latest/APIReference/>
    pub const GUARDDUTY: Service = Service::rest("guardduty");
    /// Security Hub. <https://docs.aws.amazon.com/securityhub/1.0/APIReference/>
    pub const SECURITY_HUB: Service = Service::rest("securityhub");
    /// AWS Control Tower. <https://docs.aws.amazon.com/controltower/latest/APIReference/>
    pub const CONTROL_TOWER: Service = Service::rest("controltower");
    /// Inspector. <https://docs.aws.amazon.com/inspector/v2/APIReference/>
    pub const INSPECTOR: Service = Service::rest("inspector2");
    /// Macie. <https://docs.aws.amazon.com/macie/latest/APIReference/>
    pub const MACIE: Service = Service::rest("macie2");
    /// Detective. <https://docs.aws.amazon.com/general/latest/gr/detective.html>
    pub const DETECTIVE: Service = Service { host: "api.detective", ..Service::rest("detective") };
    /// Firewall Manager. <https://docs.aws.amazon.com/fms/2018-01-01/APIReference/>
    pub const FIREWALL_MANAGER: Service = Service::json("fms", "AWSFMS_20180101");
    /// IAM Access Analyzer. <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/>
    pub const ACCESS_ANALYZER: Service = Service::rest("access-analyzer");

    /// AWS Health. <https://docs.aws.amazon.com/health/latest/APIReference/>
    pub const HEALTH: Service = Service::json("health", "AWSHealth_20160804");
    /// Network Manager. <https://docs.aws.amazon.com/networkmanager/latest/APIReference/>
    pub const NETWORK_MANAGER: Service = Service::rest("networkmanager");
    /// User Notifications, which has no hosts but those for IPv4 and IPv6.
    /// <https://docs.aws.amazon.com/notifications/latest/APIReference/>
    pub const NOTIFICATIONS: Service = Service { is_dual_stack: true, ..Service::rest("notifications") };

    const fn query(name: &'static str, version: &'static str, is_global: bool) -> Service {
        Service { name, host: name, protocol: Protocol::Query { version }, is_global, is_dual_stack: false }
    }

    const fn json(name: &'static str, target: &'static str) -> Service {
        Service { name, host: name, protocol: Protocol::Json { target }, is_global: false, is_dual_stack: false }
    }

    const fn rest(name: &'static str) -> Service {
        Service { name, host: name, protocol: Protocol::Rest, is_global: false, is_dual_stack: false }
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

    /// Where it is. <https://docs.aws.amazon.com/general/latest/gr/iam-service.html>
    pub(super) fn endpoint(&self, region: &str) -> String {
        let partition = partition_of(region);
        let host = match (self.is_global, partition) {
            (true, "aws") => self.host.to_owned(),
            (true, "aws-us-gov") => format!("{}.us-gov", self.host),
            _ => format!("{}.{}", self.host, self.signing_region(region)),
        };
        let domain = match (self.is_dual_stack, partition) {
            (true, "aws-cn") => "api.amazonwebservices.com.cn",
            (true, "aws-eusc") => "api.amazonwebservices.eu",
            (true, _) => "api.aws",
            _ => dns_suffix(partition),
        };
        format!("https://{host}.{domain}")
    }
}

/// One request to a service.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) service: Service,
    pub(super) operation: &'static str,
    input: Value,
    route: Option<(&'static str, String)>,
}

impl Request {
    /// A request of an operation. `input` is an object as the API reference has it; where parameters go in a form it holds
    /// texts, numbers and booleans only.
    pub fn new(service: Service, operation: &'static str, input: Value) -> Request {
        Request { service, operation, input, route: None }
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
            assert_eq!(Service::IAM.endpoint(region), endpoint);
            assert_eq!(Service::IAM.signing_region(region), signed_for);
        }
        assert_eq!(Service::EC2.endpoint("cn-north-1"), "https://ec2.cn-north-1.amazonaws.com.cn");
        assert_eq!(Service::EC2.signing_region("eu-west-1"), "eu-west-1");
        assert_eq!(Service::DETECTIVE.endpoint("eu-west-1"), "https://api.detective.eu-west-1.amazonaws.com");
        assert_eq!(Service::FIREWALL_MANAGER.endpoint("us-east-1"), "https://fms.us-east-1.amazonaws.com");
    }
}
