//! Folders in which the program is run.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;

/// A folder of its own for one test, deleted in the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("landing-policy-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Folder(path)
    }

    pub fn write(&self, name: &str, content: &Value) {
        fs::write(self.0.join(name), format!("{content:#}")).expect("a file can be written");
    }

    /// A file as it is.
    pub fn write_text(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("it can be read")
    }

    /// The exit code, what was written to standard output, and to standard error.
    pub fn landing(&self, arguments: &str) -> (i32, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_landing"));
        command.args(arguments.split_whitespace()).current_dir(&self.0).stdin(Stdio::null()).env("NO_COLOR", "1");
        let output = command.output().expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code().expect("an exit code"), text(&output.stdout), text(&output.stderr))
    }

    /// What a command reports as JSON; it must exit so.
    pub fn json(&self, arguments: &str, code: i32) -> Value {
        let (found, stdout, stderr) = self.landing(&format!("{arguments} --format json"));
        assert_eq!(found, code, "{stdout}{stderr}");
        serde_json::from_str(&stdout).expect("JSON")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
