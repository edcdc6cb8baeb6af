//! Objects in S3, of which landing writes one sort and reads none.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use super::meter::Meter;
use super::operation::Destination;
use super::{AwsError, Cloud, Explain, dns_suffix, service};
use crate::model::partition_of;

/// S3 in one region.
#[derive(Clone, Debug)]
pub(super) struct Objects {
    shared: SdkConfig,
    region: String,
    meter: Arc<Meter>,
}

impl Objects {
    pub fn new(shared: &SdkConfig, region: &str, meter: &Arc<Meter>) -> Objects {
        Objects { shared: shared.clone(), region: region.to_owned(), meter: Arc::clone(meter) }
    }

    /// Where a bucket is, as CloudFormation takes it too. No bucket's name has a dot: TLS would not know the host.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>
    fn address(&self, bucket: &str) -> String {
        format!("https://{bucket}.s3.{}.{}", self.region, dns_suffix(partition_of(&self.region)))
    }

    /// Where requests for a bucket go: other endpoints than AWS's have no host for each.
    fn endpoint(&self, bucket: &str) -> String {
        match self.shared.endpoint_url() {
            Some(url) => format!("{}/{bucket}", url.trim_end_matches('/')),
            None => self.address(bucket),
        }
    }

    fn destination(&self, operation: &'static str, bucket: &str) -> Destination {
        Destination {
            shared: self.shared.clone(),
            service: "s3",
            operation,
            endpoint: self.endpoint(bucket),
            region: self.region.clone(),
            site: None,
            meter: Arc::clone(&self.meter),
        }
    }
}

impl Cloud {
    /// Puts a text as an object into a bucket of the home region, over an earlier one of that key, and tells where it is.
    /// `key` is made of characters that stand for themselves in a URL.
    ///
    /// # Errors
    /// When AWS refuses, as where the bucket is somebody else's.
    pub async fn put_object(&self, bucket: &str, key: &str, text: String) -> Result<String, AwsError> {
        let put = self.objects.destination("PutObject", bucket).operation(Object::request, service::answer);
        let object = Object { key: key.to_owned(), text };
        put.invoke(object).await.explain("s3:PutObject")?;
        Ok(format!("{}/{key}", self.objects.address(bucket)))
    }
}

#[derive(Debug)]
struct Object {
    key: String,
    text: String,
}

impl Object {
    fn request(self) -> Result<HttpRequest, BoxError> {
        let mut request = HttpRequest::new(SdkBody::from(self.text));
        request.set_method("PUT")?;
        request.set_uri(format!("/{}", self.key))?;
        request.headers_mut().insert("content-type", "application/json");
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_hosts_at_aws_and_paths_elsewhere() {
        let objects = |url: Option<&str>, region: &str| {
            let mut shared = SdkConfig::builder();
            shared.set_endpoint_url(url.map(str::to_owned));
            Objects::new(&shared.build(), region, &Arc::default())
        };
        assert_eq!(objects(None, "eu-west-1").endpoint("b"), "https://b.s3.eu-west-1.amazonaws.com");
        assert_eq!(objects(None, "cn-north-1").endpoint("b"), "https://b.s3.cn-north-1.amazonaws.com.cn");
        assert_eq!(objects(Some("http://127.0.0.1:1/"), "eu-west-1").endpoint("b"), "http://127.0.0.1:1/b");
    }
}
