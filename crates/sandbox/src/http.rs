//! A request as it arrives, an answer as it leaves, and what a signature says.

/// An HTTP request whose body has arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct HttpRequest {
    pub(crate) method: String,
    /// The path and, after `?`, the query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An HTTP answer.
#[derive(Clone, Debug)]
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

/// No answer arrives: the connection was never made or broke.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ConnectionLost;

/// What a Signature Version 4 says about a request, see "Create a signed AWS API request" in the IAM user guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signature {
    pub(crate) access_key: String,
    pub(crate) region: String,
    pub(crate) service: String,
    pub(crate) session_token: Option<String>,
}

impl HttpRequest {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

impl Signature {
    /// Reads the `Authorization` header's credential scope, `KEY/DATE/REGION/SERVICE/aws4_request`.
    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        let authorization = request.header("authorization")?;
        let scope = authorization.split("Credential=").nth(1)?.split([',', ' ']).next()?;
        // The access key comes first and may itself hold no slash.
        let mut parts = scope.split('/').map(str::to_owned);
        let (access_key, _date) = (parts.next()?, parts.next()?);
        Some(Self {
            access_key,
            region: parts.next()?,
            service: parts.next()?,
            session_token: request.header("x-amz-security-token").map(str::to_owned),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credential_scope_shows_key_region_and_service() {
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/us-east-1/organizations/aws4_request, \
                             SignedHeaders=host, Signature=0";
        let request =
            HttpRequest { headers: vec![("authorization".into(), authorization.into())], ..HttpRequest::default() };
        let signature = Signature::of(&request).unwrap();
        assert_eq!(signature.access_key, "AKIDEXAMPLE");
        assert_eq!((signature.region.as_str(), signature.service.as_str()), ("us-east-1", "organizations"));
        assert_eq!(Signature::of(&HttpRequest::default()), None);
    }
}
