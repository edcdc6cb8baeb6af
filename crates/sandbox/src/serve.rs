//! The sandbox over HTTP, for the AWS CLI, boto3 and whatever else takes an endpoint URL.

use std::fmt;
use std::future::Future;
use std::pin::pin;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::error::Error;
use crate::http::{ConnectionLost, HttpAnswer, HttpRequest};
use crate::sandbox::Sandbox;

impl Sandbox {
    /// Answers the requests that arrive at `listener` until `shutdown` completes. Plain HTTP/1.1, without checks of
    /// who asks: bind it to the loopback interface.
    ///
    /// # Errors
    /// When no connection can be accepted any more.
    pub async fn serve(&self, listener: TcpListener, shutdown: impl Future<Output = ()>) -> Result<(), Error> {
        let mut shutdown = pin!(shutdown);
        // Dropping the set ends the connections that are still open.
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                () = &mut shutdown => return Ok(()),
                accepted = listener.accept() => accepted,
            };
            let (stream, _) = accepted.map_err(Error::Listener)?;
            connections.spawn(converse(self.clone(), stream));
            while connections.try_join_next().is_some() {}
        }
    }
}

async fn converse(sandbox: Sandbox, stream: TcpStream) {
    let answer = service_fn(move |request| answer(sandbox.clone(), request));
    // An error is a client that went away, or a connection that the sandbox means to break.
    let _ = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), answer).await;
}

/// An error breaks the connection, which is how a lost answer looks to the client.
async fn answer(sandbox: Sandbox, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, ServeError> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(ServeError::Body)?.to_bytes();
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let request = HttpRequest {
        method: head.method.to_string(),
        target: head.uri.to_string(),
        headers: head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: body.to_vec(),
    };
    let answer = sandbox.answer(request).await.map_err(ServeError::Lost)?;
    sent(answer).map_err(ServeError::Answer)
}

/// Why a connection ends without an answer.
#[derive(Debug)]
enum ServeError {
    Body(hyper::Error),
    Lost(ConnectionLost),
    Answer(hyper::http::Error),
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => error.fmt(f),
            Self::Lost(ConnectionLost) => f.write_str("the connection is lost on purpose"),
            Self::Answer(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ServeError {}

fn sent(answer: HttpAnswer) -> Result<Response<Full<Bytes>>, hyper::http::Error> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Full::new(Bytes::from(answer.body)))
}
