//! `landing sandbox serve`, as others find it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use super::landing::program;
use super::server::Server;

/// An empty simulated AWS, behaving as `options` say.
pub fn serve(options: &[&str]) -> Server {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let number = STARTED.fetch_add(1, Ordering::Relaxed);
    let state = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("wire-sandbox-{number}.json"));
    let _ = std::fs::remove_file(&state);
    let mut command = program();
    command.arg(format!("--sandbox={}", state.display())).args(["sandbox", "serve", "--port", "0"]).args(options);
    Server::start("sandbox", "AWS_ENDPOINT_URL=", &mut command)
}
