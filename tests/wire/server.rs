//! A program that serves HTTP on a free loopback port, for as long as the value lives.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

pub struct Server {
    child: Child,
    output: PathBuf,
    pub url: String,
}

impl Server {
    /// Starts a program that was reported to take any free port, and waits until it prints its URL after `before`.
    pub fn start(name: &str, before: &str, command: &mut Command) -> Server {
        let mut server = Server::spawn(name, command);
        server.url = server.wait_for(|server| {
            let printed = server.printed();
            // A line that is still being printed has no end yet.
            let lines = printed.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
            lines.filter_map(|line| line.split_once(before)).map(|(_, url)| url.trim().to_owned()).next()
        });
        server
    }

    /// Starts a program that was reported to take `port`, and waits until it does.
    pub fn start_at(port: u16, name: &str, command: &mut Command) -> Server {
        let mut server = Server::spawn(name, command);
        server.url = server.wait_for(|_| {
            let reached = TcpStream::connect((Ipv4Addr::LOCALHOST, port));
            reached.is_ok().then(|| format!("http://127.0.0.1:{port}"))
        });
        server
    }

    fn spawn(name: &str, command: &mut Command) -> Server {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let output = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{number}.log"));
        let log = File::create(&output).expect("the target folder can be written");
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be shared"))
            .stderr(log)
            .spawn()
            .expect("the server can be started");
        Server { child, output, url: String::new() }
    }

    fn printed(&self) -> String {
        std::fs::read_to_string(&self.output).unwrap_or_default()
    }

    fn wait_for(&mut self, ready: impl Fn(&Server) -> Option<String>) -> String {
        loop {
            let ended = self.child.try_wait().expect("a child can be waited for");
            assert!(ended.is_none(), "the server ended: {}", self.printed());
            if let Some(url) = ready(self) {
                return url;
            }
            sleep(Duration::from_millis(50));
        }
    }
}

/// Stops it also when a test fails.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that no one listens at.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound listener has an address").port()
}
