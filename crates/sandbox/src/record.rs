//! Records requests and answers as they are on the wire, for tests that hold them against AWS's service models.

use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{fs, io};

use serde_json::{Map, Value, json};

use crate::http::{HttpAnswer, HttpRequest, Signature};

/// The environment variable with the folder that this process records into; without it, nothing is recorded.
const FOLDER: &str = "LANDING_SANDBOX_EXCHANGES";

/// The file of this process, and what is in it by hashes.
struct Record {
    file: File,
    written: HashSet<u64>,
}

/// Records an exchange, unless one that differs only in digits has been recorded. `answer` is `None` where it was lost.
///
/// A record that cannot be written is left out: anyone who reads the folder notices what is missing.
pub(super) fn exchange(request: &HttpRequest, answer: Option<&HttpAnswer>) {
    let Some(record) = record() else { return };
    let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
    if record.written.insert(outline(request, answer)) {
        let _ = writeln!(record.file, "{}", line(request, answer));
    }
}

fn record() -> Option<&'static Mutex<Record>> {
    static RECORD: OnceLock<Option<Mutex<Record>>> = OnceLock::new();
    let open = || {
        let file = open(Path::new(&std::env::var_os(FOLDER)?)).ok()?;
        Some(Mutex::new(Record { file, written: HashSet::new() }))
    };
    RECORD.get_or_init(open).as_ref()
}

fn open(folder: &Path) -> io::Result<File> {
    fs::create_dir_all(folder)?;
    let program = std::env::current_exe()?;
    let program = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    File::options().create(true).append(true).open(folder.join(format!("{program}-{}.jsonl", std::process::id())))
}

/// A hash of what matters of an exchange, without the digits: tests make the same calls for hundreds of accounts.
fn outline(request: &HttpRequest, answer: Option<&HttpAnswer>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut add = |text: &[u8]| {
        let letters: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_digit()).collect();
        letters.hash(&mut hasher);
    };
    add(request.method.as_bytes());
    add(request.target.as_bytes());
    add(request.header("x-amz-target").unwrap_or_default().as_bytes());
    add(&request.body);
    add(answer.map_or(&[], |answer| &answer.body));
    answer.map(|answer| answer.status).hash(&mut hasher);
    hasher.finish()
}

fn line(request: &HttpRequest, answer: Option<&HttpAnswer>) -> Value {
    let signature = Signature::of(request);
    json!({
        "service": signature.as_ref().map(|signature| &signature.service),
        "region": signature.as_ref().map(|signature| &signature.region),
        "method": request.method,
        "target": request.target,
        "headers": headers(request.headers.iter().map(|(name, value)| (name.as_str(), value))),
        "body": String::from_utf8_lossy(&request.body),
        "answer": answer.map(|answer| json!({
            "status": answer.status,
            "headers": headers(answer.headers.iter().map(|(name, value)| (*name, value))),
            "body": String::from_utf8_lossy(&answer.body),
        })),
    })
}

/// The headers but those that hold secrets.
fn headers<'a>(headers: impl Iterator<Item = (&'a str, &'a String)>) -> Map<String, Value> {
    let plain = headers.filter(|(name, _)| !matches!(*name, "authorization" | "x-amz-security-token"));
    plain.map(|(name, value)| (name.to_owned(), Value::from(value.as_str()))).collect()
}
