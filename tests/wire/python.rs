//! The Python environments that the peers run in. Each is made once, under the cargo target folder.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

const SKIP: &str = "LANDING_SKIP_WIRE";
const CHECKOV: &str = "LANDING_CHECKOV";

/// What most peers need.
const PEERS: Requirements = Requirements { folder: "wire-python", file: "tests/wire/requirements.txt" };
/// checkov wants a boto3 that is older than the one that the other peers take.
const CHECKOV_ALONE: Requirements =
    Requirements { folder: "wire-checkov", file: "tests/wire/requirements-checkov.txt" };

/// The virtual environment; `None` where the user asked to leave these tests out. Fails saying what to do where it
/// cannot be made.
pub fn environment() -> Option<&'static Environment> {
    static MADE: OnceLock<Result<Environment, String>> = OnceLock::new();
    if are_left_out() {
        return None;
    }
    Some(made(MADE.get_or_init(|| Environment::make(&PEERS))))
}

/// The environment with checkov, which takes a minute and 290 MB to make: `None` where it is not there yet and the user
/// does not ask for it.
pub fn with_checkov() -> Option<&'static Environment> {
    static MADE: OnceLock<Result<Environment, String>> = OnceLock::new();
    if are_left_out() {
        return None;
    }
    if !(is_set(CHECKOV) || CHECKOV_ALONE.are_met()) {
        eprintln!("skipped: {CHECKOV}=1 cargo test installs checkov (a minute, 290 MB) and runs it");
        return None;
    }
    Some(made(MADE.get_or_init(|| Environment::make(&CHECKOV_ALONE))))
}

/// Whether the user asked to leave out what needs programs of others and a network.
pub fn are_left_out() -> bool {
    let left_out = is_set(SKIP);
    if left_out {
        eprintln!("skipped: {SKIP}=1");
    }
    left_out
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value == "1")
}

fn made(environment: &'static Result<Environment, String>) -> &'static Environment {
    environment.as_ref().unwrap_or_else(|why| panic!("{why}\nto leave these tests out: {SKIP}=1 cargo test"))
}

struct Requirements {
    /// The environment's folder, below the cargo target folder.
    folder: &'static str,
    /// What pip installs, from the top of the repository.
    file: &'static str,
}

impl Requirements {
    fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(self.folder)
    }

    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(self.file)
    }

    fn marker(&self) -> PathBuf {
        self.folder().join("landing-requirements")
    }

    fn fingerprint(&self) -> String {
        let text = fs::read(self.path()).expect("requirements are in the repository");
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether the environment has been made, of these requirements.
    fn are_met(&self) -> bool {
        fs::read_to_string(self.marker()).is_ok_and(|made| made == self.fingerprint())
    }
}

pub struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Several test processes may come here at once: one makes it, the others wait for the lock. The marker is
    /// written last, so that an environment which was cut off in the making is made anew.
    fn make(requirements: &Requirements) -> Result<Environment, String> {
        let folder = requirements.folder();
        let around = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(around).map_err(|error| format!("{}: {error}", around.display()))?;
        let lock = File::create(folder.with_extension("lock")).map_err(|error| error.to_string())?;
        lock.lock().map_err(|error| format!("the lock of {}: {error}", folder.display()))?;
        if requirements.are_met() {
            return Ok(Environment { folder });
        }
        let _ = fs::remove_dir_all(&folder);
        let install = "install python3 (3.10 or later) with its venv module";
        done(Command::new("python3").args(["-m", "venv"]).arg(&folder), install)?;
        let install = "make sure that pip reaches PyPI or a mirror of it";
        done(
            Command::new(folder.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "-r"])
                .arg(requirements.path()),
            install,
        )?;
        let marker = requirements.marker();
        fs::write(&marker, requirements.fingerprint()).map_err(|error| format!("{}: {error}", marker.display()))?;
        Ok(Environment { folder })
    }

    /// A program of the environment.
    pub fn program(&self, name: &str) -> Command {
        isolated(self.folder.join("bin").join(name))
    }

    /// A script of this folder.
    pub fn script(&self, name: &str) -> Command {
        let mut command = self.program("python");
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(name));
        command
    }
}

/// What a program prints, as JSON. Fails where the program does.
pub fn json(command: &mut Command) -> Value {
    let output = command.stdin(Stdio::null()).output().expect("the program can be started");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}

/// A program that sees none of the user's AWS settings, has credentials that are no one's, and goes through no proxy.
pub fn isolated(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("AWS_") || name.to_lowercase().ends_with("_proxy") {
            command.env_remove(name);
        }
    }
    command
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("PYTHONUNBUFFERED", "1");
    command
}

fn done(command: &mut Command, help: &str) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}\n{help}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}\n{help}", String::from_utf8_lossy(&output.stderr)))
}
