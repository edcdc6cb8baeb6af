//! Who may touch the world: the clock, the network, files, the terminal, the process.

use super::source::{Source, none, sources};

/// Values in, values out.
const PURE: [&str; 8] = [
    "crates/blueprint",
    "crates/cloudformation",
    "crates/policy",
    "src/declaration",
    "src/model",
    "src/report",
    "src/sections",
    "src/template",
];

fn outside(places: &'static [&'static str]) -> impl Iterator<Item = &'static Source> {
    sources().iter().filter(move |source| !source.is_in(places))
}

fn inside(places: &'static [&'static str]) -> impl Iterator<Item = &'static Source> {
    sources().iter().filter(move |source| source.is_in(places))
}

#[test]
fn pure_modules_have_no_clock_and_wait_for_nothing() {
    let words = ["tokio", "SystemTime", "std::time::Instant", "std::time::{", "std::thread", ".await"];
    let wrong = inside(&PURE).flat_map(|source| source.mentions(&words));
    none(wrong, "take the time, or what would be waited for, as a value");
}

#[test]
fn pure_modules_have_no_network() {
    // An IP address is a value like any other.
    let words = ["TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "hyper", "std::net::{", "std::net::*"];
    let wrong = inside(&PURE).flat_map(|source| source.mentions(&words));
    none(wrong, "AWS is asked through `facts`; nothing else is on the network");
}

#[test]
fn files_are_read_by_the_blueprint_library_the_sandbox_store_and_the_command_line_alone() {
    const READERS: [&str; 7] = [
        "crates/blueprint/src/folder.rs",
        "crates/blueprint/src/library.rs",
        "crates/sandbox/src/store.rs",
        "crates/sandbox/src/store/journal.rs",
        "crates/sandbox/src/core.rs",
        // Where tests ask for it.
        "crates/sandbox/src/record.rs",
        "src/cli",
    ];
    let wrong = outside(&READERS).flat_map(|source| source.mentions(&["std::fs", "fs::", "File::", "OpenOptions"]));
    none(wrong, "draw files into a blueprint through `blueprint::Sources`; write them in src/cli");
}

#[test]
fn only_the_command_line_touches_the_terminal() {
    let words = ["println!", "print!", "eprintln!", "eprint!", "dbg!", "stdout()", "stderr()", "stdin()"];
    let wrong = outside(&["src/cli", "src/main.rs"]).flat_map(|source| source.mentions(&words));
    none(wrong, "give the text back, or show an `engine::Event`: src/cli prints it");
}

#[test]
fn only_the_command_line_ends_the_process() {
    let wrong = outside(&["src/cli", "src/main.rs"])
        .flat_map(|source| source.mentions(&["process::exit", "process::abort", "ExitCode"]));
    none(wrong, "return an error: src/cli turns it into an exit code");
}

#[test]
fn only_the_command_line_and_the_connection_read_the_environment() {
    // The AWS SDK's own variables say where AWS is. Every test binary that has a sandbox records what it is asked.
    let wrong = outside(&["src/cli", "src/main.rs", "src/cloud/connection.rs", "crates/sandbox/src/record.rs"])
        .flat_map(|source| source.mentions(&["std::env", "env::var", "env::args"]));
    none(wrong, "take it as an argument of the command line, which may have an environment variable for it");
}
