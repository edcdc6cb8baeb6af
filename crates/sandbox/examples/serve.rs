//! A simulated AWS over HTTP on a free port of the loopback interface, and a request to it:
//! `cargo run -p landing-sandbox --example serve`
//!
//! Any program that takes an endpoint can ask it: `AWS_ENDPOINT_URL=http://127.0.0.1:PORT aws sts get-caller-identity`.

#![expect(clippy::print_stdout, reason = "an example prints what it shows")]

use std::error::Error;
use std::net::SocketAddr;

use landing_sandbox::{Options, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(async move {
        let shutdown = async { stopped.await.unwrap_or_default() };
        Sandbox::new(Options::default()).serve(listener, shutdown).await
    });
    println!("http://{address}");
    println!("{}", who_am_i(address).await?);
    // This fails only if the server has ended already.
    let _ = stop.send(());
    Ok(server.await??)
}

/// Asks STS. The signature says which service is meant, where, and by which key; it is not checked.
async fn who_am_i(address: SocketAddr) -> Result<String, Box<dyn Error>> {
    let body = "Action=GetCallerIdentity&Version=2011-06-15";
    let credential = "AKIAEXAMPLE/20261101/us-east-1/sts/aws4_request";
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    let (_, identity) = answer.split_once("\r\n\r\n").ok_or("no body")?;
    Ok(identity.to_owned())
}
