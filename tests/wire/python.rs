//! The Python environment that the peers run in. It is made once, under the cargo target folder.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

const REQUIREMENTS: &str = include_str!("requirements.txt");
const SKIP: &str = "LANDING_SKIP_WIRE";

/// The virtual environment; `None` where the user asked to leave these tests out. Fails saying what to do where it
/// cannot be made.
pub fn environment() -> Option<&'static Environment> {
    static MADE: OnceLock<Result<Environment, String>> = OnceLock::new();
    if std::env::var_os(SKIP).is_some_and(|value| value == "1") {
        eprintln!("skipped: {SKIP}=1");
        return None;
    }
    match MADE.get_or_init(Environment::make) {
        Ok(environment) => Some(environment),
        Err(why) => panic!("{why}\nto leave these tests out: {SKIP}=1 cargo test"),
    }
}

pub struct Environment {
    folder: PathBuf,
}

impl Environment {
    /// Several test processes may come here at once: one makes it, the others wait for the lock. The marker is
    /// written last, so that an environment which was cut off in the making is made anew.
    fn make() -> Result<Environment, String> {
        let around = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = around.join("wire-python");
        let marker = folder.join("landing-requirements");
        let wanted = fingerprint();
        fs::create_dir_all(around).map_err(|error| format!("{}: {error}", around.display()))?;
        let lock = File::create(around.join("wire-python.lock")).map_err(|error| error.to_string())?;
        lock.lock().map_err(|error| format!("the lock of {}: {error}", folder.display()))?;
        if fs::read_to_string(&marker).is_ok_and(|made| made == wanted) {
            return Ok(Environment { folder });
        }
        let _ = fs::remove_dir_all(&folder);
        let install = "install python3 (3.10 or later) with its venv module";
        done(Command::new("python3").args(["-m", "venv"]).arg(&folder), install)?;
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire/requirements.txt");
        let install = "make sure that pip reaches PyPI or a mirror of it";
        done(
            Command::new(folder.join("bin/python")).args(["-m", "pip", "install", "--quiet", "-r"]).arg(requirements),
            install,
        )?;
        fs::write(&marker, wanted).map_err(|error| format!("{}: {error}", marker.display()))?;
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

/// A program that sees none of the user's AWS settings, has credentials that are nobody's, and goes through no proxy.
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

fn fingerprint() -> String {
    Sha256::digest(REQUIREMENTS).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn done(command: &mut Command, help: &str) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?}: {error}\n{help}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}\n{help}", String::from_utf8_lossy(&output.stderr)))
}
