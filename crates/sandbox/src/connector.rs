//! The sandbox in place of the SDK's HTTP client.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest as SdkRequest, HttpResponse as SdkResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use crate::http::{HttpAnswer, HttpRequest};
use crate::sandbox::Sandbox;

impl Sandbox {
    /// What takes the place of the network in an SDK configuration. The region, the credentials' access key and the
    /// session token of the request say who calls what and where; signatures are not checked.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(Connector(self.clone()));
        http_client_fn(move |_, _| connector.clone())
    }
}

#[derive(Debug)]
struct Connector(Sandbox);

impl HttpConnector for Connector {
    fn call(&self, request: SdkRequest) -> HttpConnectorFuture {
        let sandbox = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = received(&request)?;
            match sandbox.answer(request).await {
                Ok(answer) => sent(answer),
                Err(_) => Err(ConnectorError::io("the connection was reset by the sandbox".into())),
            }
        })
    }
}

fn received(request: &SdkRequest) -> Result<HttpRequest, ConnectorError> {
    let uri = request.uri();
    // The SDK gives an absolute URI: what follows the authority is the target.
    let after_scheme = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, target) = after_scheme.split_at(after_scheme.find('/').unwrap_or(after_scheme.len()));
    let body = request.body().bytes();
    let streamed = || ConnectorError::user("the sandbox takes no streamed bodies".into());
    let headers = request.headers().iter().map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Ok(HttpRequest {
        method: request.method().to_owned(),
        target: if target.is_empty() { "/" } else { target }.to_owned(),
        // The connection would add the host.
        headers: headers.chain([("host".to_owned(), host.to_owned())]).collect(),
        body: body.ok_or_else(streamed)?.to_vec(),
    })
}

fn sent(answer: HttpAnswer) -> Result<SdkResponse, ConnectorError> {
    let status = StatusCode::try_from(answer.status).map_err(|error| ConnectorError::other(error.into(), None))?;
    let mut response = SdkResponse::new(status, SdkBody::from(answer.body));
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
