//! Logs on disk, as people have them.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::event::event;
use super::folder::Folder;
use super::world::{ACCOUNT, full_access};

/// A folder with policies of which a new one denies everything of S3.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    let deny = json!({"Statement": {"Sid": "No", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}});
    let full = json!({"name": "FullAWSAccess", "policy": full_access()});
    let level = |policies: Value| json!([{"id": ACCOUNT, "policies": policies}]);
    let account =
        json!({"before": level(json!([full])), "after": level(json!([full, {"name": "Guard", "policy": deny}]))});
    folder.write("p.json", &json!({"accounts": {ACCOUNT: account}}));
    folder
}

fn log(id: &str) -> String {
    json!({"Records": [event(&json!({"eventID": id}))]}).to_string()
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).expect("memory");
    packer.finish().expect("memory")
}

#[test]
fn a_folder_is_read_whatever_its_files_are_called() {
    let folder = folder("names");
    for name in ["a.json", "b.jsonl", "c.ndjson", "D.JSON", "noext", "sub/deep/e.txt", "f.log"] {
        folder.write_text(&format!("logs/{name}"), &log(name));
    }
    fs::write(folder.0.join("logs/g.json.gz"), packed(&log("g"))).expect("written");
    fs::write(folder.0.join("logs/h"), packed(&log("h"))).expect("written");
    folder.write_text("logs/.DS_Store", "x");
    let found = folder.json("replay --policies p.json logs", 2);
    assert_eq!((&found["events"], &found["denied"][0]["count"], &found["unread"]), (&json!(9), &json!(9), &json!([])));
}

#[test]
fn members_of_gzip_one_after_the_other_are_one_log() {
    let folder = folder("members");
    let both = [packed(&log("a")), packed(&log("b"))].concat();
    fs::write(folder.0.join("all.json.gz"), both).expect("written");
    let found = folder.json("replay --policies p.json all.json.gz", 2);
    assert_eq!((&found["events"], &found["denied"][0]["example"]), (&json!(2), &json!("a")));
}

#[test]
fn what_is_no_log_is_an_error_that_names_it() {
    let folder = folder("no-logs");
    folder.write_text("empty.json", "");
    folder.write_text("other.json", "{\"a\": 1}");
    folder.write_text("nothing/.hidden", "");
    folder.write_text("text/readme.md", "# Logs");
    for (logs, part) in [
        ("empty.json", "empty.json is empty"),
        ("other.json", "other.json is not a CloudTrail log: it looks like JSON with a"),
        ("nothing", "no CloudTrail event is in nothing: there are no files"),
        ("text", "text/readme.md looks like text that begins with `# Logs`"),
        ("missing", "missing cannot be read"),
        ("-", "standard input is empty"),
    ] {
        let (code, stdout, stderr) = folder.landing(&format!("replay --policies p.json {logs}"));
        assert_eq!((code, stdout.as_str()), (1, ""), "{logs}: {stderr}");
        let message = stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(message.contains(part), "{logs}: {message}");
    }
}

#[test]
fn other_files_of_a_folder_are_counted_and_named() {
    let folder = folder("other-files");
    folder.write_text(
        "logs/a.json",
        &log("a").replace("s3.amazonaws.com", "ec2.amazonaws.com").replace("GetObject", "RunInstances"),
    );
    assert_eq!(folder.json("replay --policies p.json logs", 0)["unread"], json!([]));
    folder.write_text("logs/readme.md", "# Logs");
    folder.write_text("logs/zero.json", "");
    let found = folder.json("replay --policies p.json logs", 2);
    assert_eq!(
        found["unread"],
        json!([{"log": "logs/readme.md", "looks_like": "text that begins with `# Logs`", "count": 1},
               {"log": "logs/zero.json", "looks_like": "an empty file", "count": 1}])
    );
    let (_, text, _) = folder.landing("replay --policies p.json logs");
    for part in
        ["Not read", "logs/zero.json: it looks like an empty file", "2 parts of the logs were not read as events"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn a_damaged_log_is_an_error_beside_what_was_found() {
    let folder = folder("damaged");
    folder.write_text("logs/a.json", &log("a"));
    let whole = packed(&log("b"));
    fs::write(folder.0.join("logs/b.json.gz"), &whole[..whole.len() / 2]).expect("written");
    folder.write_text("logs/c.json", &log("c")[..100]);
    let (code, stdout, stderr) = folder.landing("replay --policies p.json logs --format json");
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stderr.contains("logs/b.json.gz cannot be read") && stderr.contains("logs/c.json cannot be read"),
        "{stderr}"
    );
    let found: Value = serde_json::from_str(&stdout).expect("JSON");
    assert_eq!(found["denied"][0]["count"], 1);
}

#[test]
fn events_that_are_no_calls_are_named_and_a_replay_without_calls_says_so() {
    let folder = folder("insight");
    let insight = json!({"eventType": "AwsCloudTrailInsight", "eventID": "i", "insightDetails": {"eventName": "x"}});
    folder.write("insight.json", &json!({"Records": [insight]}));
    let (code, stdout, stderr) = folder.landing("replay --policies p.json insight.json");
    assert!(code == 0 && stdout.contains("1 left out (1 insight)"), "{stdout}");
    assert!(stderr.contains("warning: no event was decided"), "{stderr}");
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_and_pipes_neither_repeat_nor_stop_a_replay() {
    use std::os::unix::fs::symlink;
    let folder = folder("links");
    folder.write_text("logs/a.json", &log("a"));
    symlink(".", folder.0.join("logs/again")).expect("linked");
    symlink("a.json", folder.0.join("logs/b.json")).expect("linked");
    assert!(std::process::Command::new("mkfifo").arg(folder.0.join("logs/pipe")).status().expect("mkfifo").success());
    let found = folder.json("replay --policies p.json logs logs/a.json", 2);
    assert_eq!((&found["events"], &found["unread"][0]["log"]), (&json!(1), &json!("logs/pipe")));
}

/// The most memory that a process of the program took, in KiB.
#[cfg(target_os = "linux")]
fn peak(folder: &Folder, arguments: &[&str]) -> (u64, String) {
    use std::process::{Command, Stdio};
    let mut command = Command::new(env!("CARGO_BIN_EXE_landing"));
    command.args(arguments).current_dir(&folder.0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("it runs").is_none() {
        let now = fs::read_to_string(&status).unwrap_or_default();
        let line = now.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("0").to_owned();
        peak = peak.max(line.replace(|c: char| !c.is_ascii_digit(), "").parse().unwrap_or(0));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let mut message = String::new();
    let mut stderr = child.stderr.take().expect("piped");
    std::io::Read::read_to_string(&mut stderr, &mut message).expect("text");
    (peak, message)
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_inflates_to_much_takes_little_memory() {
    let folder = folder("bomb");
    // A megabyte of long events, two hundred times, and one text without an end.
    let long = event(&json!({"userAgent": "x".repeat(100_000)}));
    let events = format!("{long}\n").repeat(10);
    let member = packed(&events);
    fs::write(folder.0.join("long.gz"), member.repeat(200)).expect("written");
    fs::write(folder.0.join("endless.gz"), [packed("{\"a\": \""), packed(&"x".repeat(1 << 20)).repeat(400)].concat())
        .expect("written");
    let (taken, _) = peak(&folder, &["replay", "--policies", "p.json", "long.gz"]);
    assert!(taken < 128 << 10, "{taken} KiB");
    let (taken, message) = peak(&folder, &["replay", "--policies", "p.json", "endless.gz"]);
    assert!(taken < 128 << 10, "{taken} KiB");
    assert!(message.contains("a single record has more than 8 MiB"), "{message}");
}
