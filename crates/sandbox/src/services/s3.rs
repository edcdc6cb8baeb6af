//! Amazon S3, by its API reference (version 2006-03-01): objects in the buckets that CloudFormation made.

use std::collections::{BTreeMap, BTreeSet};

use aws_smithy_types::DateTime;
use serde_json::{Value, json};

use crate::aws_error::{Answer, ApiError, ErrorCodes};
use crate::ids::hexadecimal;
use crate::model::resources::{BUCKET, Place};
use crate::model::s3::Object;
use crate::protocol::Protocol;
use crate::request::Request;
use crate::service::{Service, admit_all, nothing_due, operation};
use crate::shared::objects::{bucket, no_such_key};

pub(super) const SERVICE: Service = Service {
    name: "s3",
    action_prefix: "s3",
    protocol: Protocol::RestXml,
    errors: ErrorCodes {
        access_denied: "AccessDenied",
        access_denied_status: 403,
        invalid_input: "InvalidRequest",
        reason: None,
        throttled: "SlowDown",
        throttled_status: 503,
    },
    operations: &[&[
        operation("ListBuckets", list_buckets),
        operation("HeadBucket", head_bucket),
        operation("GetBucketLocation", get_bucket_location),
        operation("ListObjectsV2", list_objects),
        operation("PutObject", put_object),
        operation("GetObject", get_object),
        operation("HeadObject", head_object),
        operation("DeleteObject", delete_object),
    ]],
    admit: admit_all,
    settle: nothing_due,
};

/// The bucket that a request names, if the caller may use it and it belongs to whom the caller expects.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html>
pub(crate) fn named(request: &Request<'_>) -> Result<(String, Place), ApiError> {
    let name = request.input.text("Bucket")?.to_owned();
    let owner = bucket(request.state, &request.caller.account, &name)?;
    let expected = request.input.optional("ExpectedBucketOwner")?;
    if expected.is_none_or(|expected| expected == owner.account) {
        return Ok((name, owner));
    }
    Err(ApiError::new("AccessDenied", "Access Denied").with_status(403))
}

fn list_buckets(request: &mut Request<'_>) -> Answer {
    let account = &request.caller.account;
    let regions = request.state.resources.get(account).into_iter().flatten();
    let prefix = request.input.optional("prefix")?.unwrap_or_default();
    let most = request.input.number("max-buckets")?.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    let names: BTreeSet<&String> =
        regions.filter_map(|(_, types)| types.get(BUCKET)).flat_map(BTreeMap::keys).collect();
    let asked = names.into_iter().filter(|name| name.starts_with(prefix)).take(most);
    let buckets: Vec<Value> = asked.map(|name| json!({"Name": name, "CreationDate": stamp(0)})).collect();
    let owner = json!({"ID": hexadecimal(account, 64)});
    Ok(json!({"ListAllMyBucketsResult": {"Owner": owner, "Buckets": {"Bucket": buckets}}}))
}

fn stamp(seconds: u64) -> String {
    DateTime::from_secs(seconds.cast_signed()).to_string()
}

fn head_bucket(request: &mut Request<'_>) -> Answer {
    named(request)?;
    Ok(json!({}))
}

/// us-east-1 has an empty name.
fn get_bucket_location(request: &mut Request<'_>) -> Answer {
    let (_, owner) = named(request)?;
    let region = if owner.region == "us-east-1" { "" } else { &owner.region };
    Ok(json!({"LocationConstraint": region}))
}

/// Up to a thousand objects; there are no further pages.
fn list_objects(request: &mut Request<'_>) -> Answer {
    let (name, _) = named(request)?;
    let prefix = request.input.optional("prefix")?.unwrap_or_default();
    let objects = request.state.objects.get(&name).into_iter().flatten().filter(|(key, _)| key.starts_with(prefix));
    let rows: Vec<Value> = objects
        .take(1_000)
        .map(|(key, object)| {
            json!({
                "Key": key,
                "LastModified": stamp(object.modified),
                "ETag": object.etag(),
                "Size": object.body.len(),
                "StorageClass": "STANDARD",
            })
        })
        .collect();
    Ok(json!({"ListBucketResult": {
        "Name": name,
        "Prefix": prefix,
        "KeyCount": rows.len(),
        "MaxKeys": 1_000,
        "IsTruncated": false,
        "Contents": rows,
    }}))
}

fn put_object(request: &mut Request<'_>) -> Answer {
    let (name, _) = named(request)?;
    let key = request.input.bounded("Key", 1, 1_024)?.to_owned();
    let object = Object { body: request.input.text("Body")?.to_owned(), modified: request.now };
    let etag = object.etag();
    request.state.objects.entry(name).or_default().insert(key, object);
    Ok(json!({"ETag": etag}))
}

fn existing<'a>(request: &'a Request<'_>) -> Result<&'a Object, ApiError> {
    let (name, _) = named(request)?;
    let key = request.input.text("Key")?;
    request.state.objects.get(&name).and_then(|objects| objects.get(key)).ok_or_else(no_such_key)
}

fn get_object(request: &mut Request<'_>) -> Answer {
    let object = existing(request)?;
    Ok(json!({"ETag": object.etag(), "Body": object.body}))
}

fn head_object(request: &mut Request<'_>) -> Answer {
    Ok(json!({"ETag": existing(request)?.etag()}))
}

/// Deleting what is not there succeeds.
fn delete_object(request: &mut Request<'_>) -> Answer {
    let (name, _) = named(request)?;
    let key = request.input.text("Key")?.to_owned();
    if let Some(objects) = request.state.objects.get_mut(&name) {
        objects.remove(&key);
    }
    Ok(json!({}))
}
