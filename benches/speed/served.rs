//! A simulated AWS behind HTTP, as another program or process reaches it.

use std::sync::Arc;

use landing::cloud::{Cloud, Connection, Pace};
use landing_sandbox::Sandbox;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use super::estate::{REGION, all_threads};

/// It answers on this machine only, for as long as this value lives.
pub struct Served {
    pub sandbox: Sandbox,
    pub url: String,
    _runtime: Runtime,
}

impl Served {
    pub fn new(sandbox: Sandbox) -> Served {
        let runtime = all_threads();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it has an address"));
        let serving = sandbox.clone();
        runtime.spawn(async move { serving.serve(listener, std::future::pending()).await });
        Served { sandbox, url, _runtime: runtime }
    }
}

/// Clients of the AWS behind this address.
pub async fn cloud(url: &str, pace: Pace) -> Arc<Cloud> {
    // Given its client, it asks for no credentials of the user's.
    let http_client = Some(aws_smithy_http_client::Builder::new().build_http());
    let connection =
        Connection { endpoint_url: Some(url.to_owned()), pace: Some(pace), http_client, ..Connection::default() };
    Arc::new(Cloud::connect(&connection, Some(REGION)).await)
}
