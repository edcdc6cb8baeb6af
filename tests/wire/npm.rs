//! Packages from npm that the tests run, each installed once below the cargo target folder.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder `name` with the package; `None`, said on stderr, where npm is absent or does not get it.
pub fn installed(name: &str, package: &str) -> Option<PathBuf> {
    install(name, package).map_err(|why| eprintln!("skipped: npm does not install {package}: {why}")).ok()
}

/// The same where the gate must not leave the test out: there npm has been installed.
pub fn required(name: &str, package: &str) -> Option<PathBuf> {
    let folder = installed(name, package);
    let is_gate = std::env::var_os("CI").is_some();
    assert!(folder.is_some() || !is_gate, "install nodejs and npm, or unset CI");
    folder
}

/// Installs the package. The marker is written last, so that a package of which only a part is there is installed again.
fn install(name: &str, package: &str) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let marker = folder.join("landing-package");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let lock = File::create(folder.with_extension("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == package) {
        return Ok(folder);
    }
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--fetch-retries", "1", "--prefix"]).arg(&folder).arg(package);
    let output = npm.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    fs::write(&marker, package).map_err(|error| error.to_string())?;
    Ok(folder)
}
