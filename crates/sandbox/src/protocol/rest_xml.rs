//! restXml, see "AWS restXml protocol" in the Smithy specification, as far as S3 uses it: buckets and keys are in the
//! host and the path, objects are bodies.

use serde_json::{Map, Value, json};

use super::query::{decode, query};
use super::xml;
use crate::aws_error::ApiError;
use crate::http::{HttpAnswer, HttpRequest};

const CONTENT_TYPE: &str = "application/xml";
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// The bucket and the key that a host and a path name: `BUCKET.s3.REGION.…/KEY`, or `…/BUCKET/KEY`.
pub(crate) fn bucket_and_key(host: &str, path: &str) -> (String, String) {
    let path = decode(&path.replace('+', "%2B"));
    let path = path.trim_start_matches('/');
    let host = host.split(':').next().unwrap_or_default();
    let bucket = ["s3.", "s3-", "localhost"].iter().find_map(|service| {
        let (bucket, _) = host.split_once(&format!(".{service}"))?;
        (!bucket.is_empty()).then_some(bucket)
    });
    match bucket {
        Some(bucket) => (bucket.to_owned(), path.to_owned()),
        None => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            (bucket.to_owned(), key.to_owned())
        }
    }
}

fn place(request: &HttpRequest) -> (String, String) {
    bucket_and_key(request.header("host").unwrap_or_default(), request.path())
}

/// The operation as the API reference names it; the method and what it is about, where it is none of these.
pub(super) fn operation_name(request: &HttpRequest) -> String {
    let (bucket, key) = place(request);
    let fields = query(request);
    let has = |name: &str| fields.iter().any(|(field, _)| field == name);
    let name = match (request.method.as_str(), bucket.is_empty(), key.is_empty()) {
        ("GET", true, _) => "ListBuckets",
        ("HEAD", false, true) => "HeadBucket",
        ("GET", false, true) if has("location") => "GetBucketLocation",
        ("GET", false, true) if has("list-type") => "ListObjectsV2",
        ("PUT", false, false) => "PutObject",
        ("GET", false, false) => "GetObject",
        ("HEAD", false, false) => "HeadObject",
        ("DELETE", false, false) => "DeleteObject",
        (method, _, _) => return format!("{method} {}", request.target),
    };
    name.to_owned()
}

/// Bucket and key, the fields of the query, and the object as text.
pub(super) fn members(request: &HttpRequest) -> Result<Map<String, Value>, ApiError> {
    let (bucket, key) = place(request);
    let mut members: Map<String, Value> =
        query(request).into_iter().map(|(name, value)| (name, Value::from(value))).collect();
    let refused = || ApiError::new("NotImplemented", "not simulated: objects that are not UTF-8 text").with_status(501);
    let body = String::from_utf8(payload(request)).map_err(|_| refused())?;
    members.extend([("Bucket".into(), bucket.into()), ("Key".into(), key.into()), ("Body".into(), body.into())]);
    if let Some(owner) = request.header("x-amz-expected-bucket-owner") {
        members.insert("ExpectedBucketOwner".into(), owner.into());
    }
    Ok(members)
}

/// The body without the frames of `aws-chunked`, see "Signature calculations for the Authorization header: Transferring
/// payload in multiple chunks" in the S3 API reference.
fn payload(request: &HttpRequest) -> Vec<u8> {
    let framed = request.header("x-amz-content-sha256").is_some_and(|digest| digest.starts_with("STREAMING-"));
    if !framed {
        return request.body.clone();
    }
    let mut out = Vec::new();
    let mut rest = request.body.as_slice();
    while let Some((length, after)) = frame(rest).filter(|(length, _)| *length > 0) {
        let end = length.min(after.len());
        out.extend_from_slice(&after[..end]);
        rest = after.get(end + 2..).unwrap_or_default();
    }
    out
}

/// The length of the next chunk, and what follows its header line.
fn frame(rest: &[u8]) -> Option<(usize, &[u8])> {
    let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
    let header = std::str::from_utf8(&rest[..end]).ok()?;
    let digits = header.split(';').next()?;
    Some((usize::from_str_radix(digits, 16).ok()?, &rest[end + 2..]))
}

/// An object as it is, everything else as XML.
pub(super) fn answer(operation: &str, output: &Value) -> HttpAnswer {
    let text = |name: &str| output.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(etag) = output.get("ETag").and_then(Value::as_str) {
        let mut answer = HttpAnswer::new(200, "text/plain", text("Body").into_bytes());
        answer.headers.push(("etag", etag.to_owned()));
        return answer;
    }
    if output.as_object().is_none_or(Map::is_empty) {
        return HttpAnswer::new(if operation == "DeleteObject" { 204 } else { 200 }, CONTENT_TYPE, Vec::new());
    }
    let mut body = String::new();
    for (name, value) in output.as_object().into_iter().flatten() {
        xml::flat(name, value, &mut body);
    }
    let body = body.replacen('>', &format!(" xmlns=\"{NAMESPACE}\">"), 1);
    HttpAnswer::new(200, CONTENT_TYPE, body.into_bytes())
}

pub(super) fn failure(error: &ApiError, request_id: &str) -> HttpAnswer {
    let mut body = String::new();
    let shown = json!({"Code": error.code, "Message": error.message, "RequestId": request_id});
    xml::flat("Error", &shown, &mut body);
    HttpAnswer::new(error.status, CONTENT_TYPE, body.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_named_by_the_host_or_by_the_path() {
        let named = |bucket: &str, key: &str| (bucket.to_owned(), key.to_owned());
        let virtual_host = bucket_and_key("b.s3.eu-west-1.amazonaws.com", "/k/l.yaml");
        assert_eq!(virtual_host, named("b", "k/l.yaml"));
        assert_eq!(bucket_and_key("s3.eu-west-1.amazonaws.com", "/b/k%20l"), named("b", "k l"));
        assert_eq!(bucket_and_key("127.0.0.1:4566", "/b"), named("b", ""));
        assert_eq!(bucket_and_key("b.localhost:4566", "/k"), named("b", "k"));
    }

    #[test]
    fn chunks_lose_their_frames() {
        let headers = vec![("x-amz-content-sha256".to_owned(), "STREAMING-UNSIGNED-PAYLOAD-TRAILER".to_owned())];
        let body = b"3\r\nabc\r\n2;chunk-signature=x\r\nde\r\n0\r\nx-amz-checksum-crc32:AA==\r\n\r\n".to_vec();
        let request = HttpRequest { headers, body, ..HttpRequest::default() };
        assert_eq!(payload(&request), b"abcde");
    }
}
