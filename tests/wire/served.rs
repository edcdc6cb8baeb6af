//! The sandbox over HTTP, for as long as the value lives.

use std::future::pending;

use landing::sandbox::{Options, Sandbox};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub struct Served {
    pub sandbox: Sandbox,
    pub url: String,
    task: JoinHandle<()>,
}

impl Served {
    pub async fn start() -> Served {
        let sandbox = Sandbox::new(Options::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound listener has an address");
        let serving = sandbox.clone();
        let task = tokio::spawn(async move { serving.serve(listener, pending()).await.expect("it serves") });
        Served { sandbox, url: format!("http://{address}"), task }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}
