//! A program that serves HTTP on a free loopback port, for as long as the value lives.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// What the HTTP library under moto prints once it listens.
const READY: &str = "Running on http://";

pub struct Server {
    child: Child,
    output: PathBuf,
    pub url: String,
}

impl Server {
    /// Starts the program, told to take any free port, and waits until it says which.
    pub fn start(name: &str, command: &mut Command) -> Server {
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
        let mut server = Server { child, output, url: String::new() };
        server.url = server.wait_for_address();
        server
    }

    fn printed(&self) -> String {
        std::fs::read_to_string(&self.output).unwrap_or_default()
    }

    fn wait_for_address(&mut self) -> String {
        loop {
            let printed = self.printed();
            let address = printed.lines().find_map(|line| line.split_once(READY)).map(|(_, address)| address.trim());
            if let Some(address) = address {
                return format!("http://{address}");
            }
            let ended = self.child.try_wait().expect("a child can be waited for");
            assert!(ended.is_none(), "the server ended: {printed}");
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
