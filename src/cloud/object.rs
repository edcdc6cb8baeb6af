//! Objects in S3, of which landing writes one sort and reads none, and whose buckets are.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use super::operation::{Destination, configured_endpoint, hosts};
use super::retry::Repeats;
use super::{AccountAccess, AwsError, Cloud, Explain, Service, service};
use crate::model::{dns_suffix, partition_of};

/// S3 in one region.
#[derive(Clone, Debug)]
pub(super) struct Objects {
    shared: SdkConfig,
    region: String,
    /// The account and region that calls are counted as.
    site: Option<Arc<str>>,
    repeats: Repeats,
}

impl Objects {
    pub fn new(shared: &SdkConfig, region: &str, repeats: &Repeats) -> Objects {
        Objects { shared: shared.clone(), region: region.to_owned(), site: None, repeats: repeats.clone() }
    }

    /// Where a bucket is, as CloudFormation takes it too. No bucket's name has a dot: TLS would not know the host.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>
    fn address(&self, bucket: &str) -> String {
        format!("https://{bucket}.s3.{}.{}", self.region, dns_suffix(partition_of(&self.region)))
    }

    /// Where requests for a bucket go: other endpoints than AWS's have no host for each.
    fn endpoint(&self, bucket: &str) -> String {
        match configured_endpoint(&self.shared, &Service::S3) {
            Some(url) => format!("{}/{bucket}", url.trim_end_matches('/')),
            None => self.of_aws().replacen("://", &format!("://{bucket}."), 1),
        }
    }

    /// Where S3 itself is.
    fn service(&self) -> String {
        let url = configured_endpoint(&self.shared, &Service::S3);
        url.map_or_else(|| self.of_aws(), |url| url.trim_end_matches('/').to_owned())
    }

    fn of_aws(&self) -> String {
        Service::S3.endpoint(&self.region, hosts(&self.shared))
    }

    fn destination(&self, operation: &'static str, endpoint: String) -> Destination {
        Destination {
            shared: self.shared.clone(),
            service: Service::S3,
            operation,
            endpoint,
            region: self.region.clone(),
            site: self.site.clone(),
            repeats: self.repeats.clone(),
            is_once: false,
            is_for_the_lease: false,
        }
    }
}

impl Cloud {
    /// Puts a text as an object into a bucket of the home region, over an earlier one of that key, and gives its address.
    /// `key` is made of characters that stand for themselves in a URL. S3 refuses where the bucket belongs to another account
    /// than the caller's, who may have taken its name.
    ///
    /// # Errors
    /// When AWS refuses, and before the caller's account is known.
    pub async fn put_object(&self, bucket: &str, key: &str, text: String) -> Result<String, AwsError> {
        let put = self.objects.destination("PutObject", self.objects.endpoint(bucket));
        let put = put.operation(Object::request, service::answer);
        let owner =
            self.caller().ok_or_else(|| AwsError::odd("s3:PutObject", "the caller's account is not known yet"))?;
        let object = Object { key: key.to_owned(), text, owner: owner.to_owned() };
        put.invoke(object).await.explain("s3:PutObject")?;
        Ok(format!("{}/{key}", self.objects.address(bucket)))
    }
}

impl Cloud {
    /// Whether a bucket of this name is the account's own, or else another account's; nothing where the name is free, as far as
    /// the caller may learn that. The account is entered as [`Cloud::cloudformation`] does.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html>
    ///
    /// # Errors
    /// When the account cannot be entered, and when AWS shows neither.
    pub async fn has_bucket(
        &self,
        access: &AccountAccess,
        region: &str,
        bucket: &str,
        account: &str,
    ) -> Result<Option<bool>, AwsError> {
        let (shared, site) = self.at(access, region).await?;
        let objects = Objects { site, ..Objects::new(&shared, region, &self.repeats) };
        objects.has(bucket, account).await.map_err(|error| access.in_account(error))
    }
}

/// What S3 says of a bucket to whom it does not name its owner.
#[derive(Debug, PartialEq, Eq)]
enum Head {
    /// It is this account's.
    Own,
    /// There is none of this name.
    Missing,
    /// There is one, in another region.
    Elsewhere,
    /// There is one that is another account's, or the caller may not ask about buckets.
    Forbidden,
}

impl Objects {
    async fn has(&self, bucket: &str, account: &str) -> Result<Option<bool>, AwsError> {
        let head = match self.head(bucket, account).await? {
            Head::Own => return Ok(Some(true)),
            Head::Missing => return Ok(None),
            head => head,
        };
        if self.lists(bucket).await? {
            return Ok(Some(true));
        }
        let says_nothing = head == Head::Forbidden && !self.knows_missing(account).await?;
        Ok((!says_nothing).then_some(false))
    }

    async fn head(&self, bucket: &str, account: &str) -> Result<Head, AwsError> {
        let head = self.destination("HeadBucket", self.endpoint(bucket)).operation(head_bucket, service::answer);
        match head.invoke(account.to_owned()).await.explain("s3:HeadBucket") {
            Ok(_) => Ok(Head::Own),
            Err(error) if error.is("HTTP 404") => Ok(Head::Missing),
            Err(error) if error.is("HTTP 403") => Ok(Head::Forbidden),
            Err(error) if error.is("HTTP 301") || error.is("HTTP 400") => Ok(Head::Elsewhere),
            Err(error) => Err(error),
        }
    }

    /// Whether the bucket is among the caller's own.
    async fn lists(&self, bucket: &str) -> Result<bool, AwsError> {
        let list = self.destination("ListBuckets", self.service()).operation(list_buckets, service::answer);
        // Names come in order, so that this one comes before all those that it begins.
        match list.invoke(bucket.to_owned()).await.explain("s3:ListBuckets") {
            Ok(answer) => Ok(answer["Buckets"]["Bucket"]["Name"] == bucket),
            Err(error) if error.is_access_denied() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the caller learns that a name is free: without s3:ListBucket the answer may be 403 for any name.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html>
    async fn knows_missing(&self, account: &str) -> Result<bool, AwsError> {
        Ok(self.head(&format!("landing-no-such-bucket-{account}"), account).await? == Head::Missing)
    }
}

/// S3 refuses where the bucket is not this account's.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html>
const EXPECTED_OWNER: &str = "x-amz-expected-bucket-owner";

fn head_bucket(owner: String) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("HEAD")?;
    request.set_uri("/")?;
    request.headers_mut().insert(EXPECTED_OWNER, owner);
    Ok(request)
}

fn list_buckets(prefix: String) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("GET")?;
    request.set_uri(format!("/?max-buckets=1&prefix={prefix}"))?;
    Ok(request)
}

#[derive(Debug)]
struct Object {
    key: String,
    text: String,
    owner: String,
}

impl Object {
    fn request(self) -> Result<HttpRequest, BoxError> {
        let mut request = HttpRequest::new(SdkBody::from(self.text));
        request.set_method("PUT")?;
        request.set_uri(format!("/{}", self.key))?;
        request.headers_mut().insert("content-type", "application/json");
        request.headers_mut().insert(EXPECTED_OWNER, self.owner);
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_put_only_where_the_bucket_is_the_callers() {
        let object = Object { key: "k".into(), text: "{}".into(), owner: "111111111111".into() };
        let request = object.request().unwrap();
        assert_eq!((request.method(), request.uri()), ("PUT", "/k"));
        assert_eq!(request.headers().get("x-amz-expected-bucket-owner"), Some("111111111111"));
    }

    #[test]
    fn buckets_are_hosts_at_aws_and_paths_elsewhere() {
        let objects = |url: Option<&str>, region: &str| {
            let mut shared = SdkConfig::builder();
            shared.set_endpoint_url(url.map(str::to_owned));
            Objects::new(&shared.build(), region, &Repeats::default())
        };
        assert_eq!(objects(None, "eu-west-1").endpoint("b"), "https://b.s3.eu-west-1.amazonaws.com");
        assert_eq!(objects(None, "cn-north-1").endpoint("b"), "https://b.s3.cn-north-1.amazonaws.com.cn");
        assert_eq!(objects(Some("http://127.0.0.1:1/"), "eu-west-1").endpoint("b"), "http://127.0.0.1:1/b");
    }
}
