//! A shell in which commands are typed as a reader would type them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{files_below, repository};

/// A command without `--sandbox` means AWS, whose place the sandbox takes here.
const LANDING: &str = "#!/bin/sh
for argument; do case $argument in --sandbox*) exec PROGRAM \"$@\" ;; esac; done
exec PROGRAM \"$@\" --sandbox
";

/// Lives in a folder of its own, which goes with it; the folder holds a copy of `examples`.
pub struct Shell {
    top: PathBuf,
    /// The working directory, which `cd` changes.
    at: PathBuf,
}

/// What a command came to.
pub struct Ran {
    pub code: Option<i32>,
    /// Both streams, as a terminal shows them.
    pub output: String,
}

impl Shell {
    /// A shell in the copy of a folder of the repository.
    pub fn in_folder(folder: &Path) -> Shell {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("docs-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let top = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let at = top.join("repository").join(folder);
        let shell = Shell { top, at };
        fs::create_dir_all(&shell.at).expect("the target folder can be written");
        shell.copy_examples();
        shell.install();
        shell
    }

    fn copy_examples(&self) {
        for file in files_below(&repository().join("examples")) {
            let copy = self.top.join("repository").join(file.strip_prefix(repository()).expect("it is below"));
            fs::create_dir_all(copy.parent().expect("a file is in a folder")).expect("a folder can be made");
            fs::copy(&file, copy).expect("a file can be copied");
        }
    }

    fn install(&self) {
        let program = self.top.join("bin/landing");
        fs::create_dir_all(self.top.join("bin")).expect("a folder can be made");
        fs::write(&program, LANDING.replace("PROGRAM", env!("CARGO_BIN_EXE_landing"))).expect("a file can be written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("a file can be made a program");
    }

    /// Runs a command by bash. Nothing of the caller's environment is seen but the system's programs.
    pub fn run(&mut self, command: &str) -> Ran {
        let went = self.top.join("went");
        let script = format!("exec 2>&1\n{command}\ncode=$?\npwd >'{}'\nexit $code", went.display());
        let output = Command::new("bash")
            .args(["-c", &script])
            .current_dir(&self.at)
            .env_clear()
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", self.top.join("bin").display()))
            .env("HOME", &self.top)
            .env("USER", "reader")
            .env("LC_ALL", "C.UTF-8")
            .env("GITHUB_STEP_SUMMARY", self.top.join("summary.md"))
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .expect("bash can be started");
        if let Ok(went) = fs::read_to_string(went) {
            self.at = PathBuf::from(went.trim_end());
        }
        Ran { code: output.status.code(), output: String::from_utf8_lossy(&output.stdout).into_owned() }
    }

    /// A file in the working directory.
    pub fn path(&self, name: &str) -> PathBuf {
        self.at.join(name)
    }

    /// Runs a command that must succeed, and gives what it printed.
    pub fn done(&mut self, command: &str) -> String {
        let ran = self.run(command);
        assert_eq!(ran.code, Some(0), "{command}\n{}", ran.output);
        ran.output
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.top);
    }
}
