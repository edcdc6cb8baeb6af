use std::process::Command;
use std::time::{Duration, Instant};

use super::{Ended, Folder, Stdio, fs};

/// Applies a blueprint with many accounts to an AWS that answers slowly, and sends a signal once the first accounts are asked for.
fn stopped_by(signal: &str) -> (Ended, Duration) {
    let folder = Folder::new(&format!("stop{signal}"));
    let accounts: Vec<String> = (0..60).map(|nth| format!("a{nth:02}")).collect();
    let head =
        "version: 1\nname: test\norganization: {home_region: eu-west-1, account_email: \"aws+{name}@example.com\"}\n";
    folder.write("landing.yaml", &format!("{head}accounts: [{}]\n", accounts.join(", ")));
    let mut command = folder.command("apply --sandbox=state.json --latency-ms 150 --yes --log log.jsonl");
    let running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let has_begun = || {
        let log = fs::read_to_string(folder.0.join("log.jsonl")).unwrap_or_default();
        log.contains(r#""event":"started""#) && log.contains("account/a0")
    };
    while !has_begun() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let reported = Instant::now();
    assert!(Command::new("kill").args([signal, &running.id().to_string()]).status().unwrap().success());
    let ended = Ended::of(running.wait_with_output().unwrap());
    (ended, reported.elapsed())
}

#[test]
fn sigterm_stops_an_apply_whose_accounts_wait_for_their_turn() {
    let (ended, took) = stopped_by("-TERM");
    assert!(took < Duration::from_secs(20), "{took:?}");
    ended.code(130).complains("! stopping: ").complains("not begun; press Ctrl-C again").says("Interrupted in ");
}
