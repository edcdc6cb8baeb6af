//! The files that an import writes: all of them or none, wherever it is stopped and whatever is in their way.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use landing_sandbox::{Attempt, Authorizer, Denial, Options, Policies, Sandbox};
use serde_json::Value;

use super::{Ended, Folder};

const IMPORT: &str = "import --sandbox=state.json --region eu-west-1 --out out/landing.yaml";

impl Folder {
    /// An organization that a blueprint made, and that is unmanaged any more.
    fn unowned(name: &str) -> Folder {
        let folder = Folder::with_blueprint(name);
        folder.landing("apply --sandbox=state.json --yes").code(0);
        folder.edit_state(disown);
        folder
    }

    /// The files that are there, but for the simulated AWS and the blueprint that made it.
    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        collect(&self.0, &self.0, &mut files);
        files.retain(|file| !file.starts_with("state.json") && file != "landing.yaml");
        files.sort();
        files
    }
}

fn collect(top: &Path, folder: &Path, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        files.push(path.strip_prefix(top).unwrap().to_string_lossy().into_owned());
        if path.is_dir() {
            collect(top, &path, files);
        }
    }
}

/// Takes the tags away that say whose everything is.
fn disown(state: &mut Value) {
    for tags in state["organization"]["tags"].as_object_mut().unwrap().values_mut() {
        tags.as_object_mut().unwrap().retain(|key, _| !key.starts_with("landing:"));
    }
}

const WRITTEN: [&str; 6] = [
    "out",
    "out/import.md",
    "out/landing.schema.json",
    "out/landing.yaml",
    "out/policies",
    "out/policies/no-leaving.json",
];

#[test]
fn an_import_writes_its_files_and_takes_none_that_are_there() {
    let folder = Folder::unowned("import");
    folder.landing(IMPORT).code(0).says("Planning it changes nothing");
    assert_eq!(folder.files(), WRITTEN);
    let first = folder.read("out/landing.yaml");
    assert!(first.starts_with("# yaml-language-server: $schema=landing.schema.json\n"), "{first}");
    folder.landing("validate out/landing.yaml").code(0);
    let again = folder.landing(IMPORT).code(1);
    again.complains("out/landing.yaml exists already; nothing was written").complains("--overwrite");
    fs::remove_file(folder.0.join("out/landing.yaml")).unwrap();
    fs::write(folder.0.join("out/policies/no-leaving.json"), "theirs").unwrap();
    let again = folder.landing(IMPORT).code(1);
    again.complains("exists already; nothing was written").complains("landing import --out FOLDER/landing.yaml");
    assert_eq!(folder.read("out/policies/no-leaving.json"), "theirs");
    assert!(!folder.files().contains(&"out/landing.yaml".to_owned()));
    folder.landing(&format!("{IMPORT} --overwrite")).code(0);
    assert_eq!((folder.files(), folder.read("out/landing.yaml")), (WRITTEN.map(str::to_owned).into(), first));
}

#[test]
fn where_a_file_cannot_be_written_none_is_and_the_message_says_what_to_do() {
    let folder = Folder::unowned("import-in-the-way");
    let elsewhere = "write elsewhere, or make room there: `landing import --out FOLDER/landing.yaml`";
    // Known before AWS is asked for anything.
    fs::write(folder.0.join("file"), "").unwrap();
    let refused = folder.landing("import --sandbox=none.json --out file/landing.yaml").code(1);
    refused.complains("file/landing.yaml cannot be written: ").complains("; nothing was written").complains(elsewhere);
    folder.landing("import --sandbox=state.json --out import.md").code(64).complains("import.md");
    // A folder where a file should be.
    fs::create_dir_all(folder.0.join("out/policies/no-leaving.json")).unwrap();
    let before = folder.files();
    let refused = folder.landing(&format!("{IMPORT} --overwrite")).code(1);
    refused.complains("out/policies/no-leaving.json cannot be written: ").complains(elsewhere);
    assert_eq!(folder.files(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn where_the_disk_is_full_nothing_is_written() {
    let folder = Folder::unowned("import-full");
    fs::create_dir(folder.0.join("out")).unwrap();
    std::os::unix::fs::symlink("/dev/full", folder.0.join("out/import.md")).unwrap();
    let before = folder.files();
    let refused = folder.landing(&format!("{IMPORT} --overwrite")).code(1);
    refused.complains("out/import.md cannot be written: No space left on device").complains("; nothing was written");
    assert_eq!(folder.files(), before);
}

fn interrupt(program: u32) {
    Command::new("kill").args(["-INT", &program.to_string()]).status().unwrap();
}

/// The program at work, which ends with the test.
struct Running(Option<Child>);

impl Running {
    fn of(command: &mut Command) -> Running {
        Running(Some(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()))
    }

    fn is_there(&mut self) -> bool {
        self.0.as_mut().unwrap().try_wait().unwrap().is_none()
    }

    fn interrupt(&self) {
        interrupt(self.0.as_ref().unwrap().id());
    }

    fn ended(mut self) -> Ended {
        Ended::of(self.0.take().unwrap().wait_with_output().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Interrupts a program at the call of this number, while it waits for the answer.
#[derive(Debug, Default)]
struct Interrupts {
    at: u64,
    arrived: AtomicU64,
    program: Mutex<Option<u32>>,
}

impl Authorizer for Interrupts {
    fn denial(&self, _: &Attempt<'_>, _: &Policies<'_>) -> Option<Denial> {
        if self.arrived.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            interrupt(self.program.lock().unwrap().unwrap());
            // The signal is there before the answer is.
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        None
    }
}

/// A simulated AWS of its own on the loopback interface: what an earlier program asked for may still be on its way.
struct Served {
    sandbox: Sandbox,
    url: String,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    fn new(state: Value) -> Served {
        let sandbox = Sandbox::restore(state, Options::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = sandbox.clone();
        runtime.spawn(async move { serving.serve(listener, std::future::pending()).await });
        Served { sandbox, url, _runtime: runtime }
    }

    /// Imports, interrupted at a call or never; how many calls were made.
    fn import(&self, folder: &Folder, at: u64) -> (Ended, u64) {
        let interrupts = Arc::new(Interrupts { at, ..Interrupts::default() });
        let mut program = interrupts.program.lock().unwrap();
        self.sandbox.set_options(Options { authorizer: Some(interrupts.clone()), ..Options::default() });
        let mut command =
            folder.command(&format!("import --region eu-west-1 --out out/landing.yaml --endpoint-url {}", self.url));
        command.env("AWS_ACCESS_KEY_ID", "testing").env("AWS_SECRET_ACCESS_KEY", "testing");
        let running = Running::of(&mut command);
        *program = Some(running.0.as_ref().unwrap().id());
        drop(program);
        (running.ended(), interrupts.arrived.load(Ordering::SeqCst))
    }
}

#[test]
fn interrupted_at_any_call_an_import_writes_nothing() {
    let folder = Folder::unowned("import-interrupted");
    let state: Value = serde_json::from_str(&folder.read("state.json")).unwrap();
    let import = |at: u64| {
        let served = Served::new(state.clone());
        let (ended, calls) = served.import(&folder, at);
        assert!(served.sandbox.calls().iter().all(|call| !call.write), "an import writes nothing to AWS");
        (ended, calls)
    };
    let (ended, calls) = import(0);
    ended.code(0);
    assert_eq!(folder.files(), WRITTEN);
    fs::remove_dir_all(folder.0.join("out")).unwrap();
    assert!(calls > 30, "{calls}");
    for at in 1..=calls {
        let (ended, _) = import(at);
        // The last answers may be there before the signal is.
        ended.code(130).complains("interrupted: nothing was written");
        assert_eq!(folder.files(), [""; 0], "interrupted at call {at} of {calls}");
    }
}

/// A pipe holds up the writing of the files until someone reads it.
#[cfg(unix)]
#[test]
fn anyone_who_interrupts_it_while_files_are_written_gets_them_whole() {
    let folder = Folder::unowned("import-written");
    fs::create_dir(folder.0.join("out")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.0.join("out/import.md")).status().unwrap().success());
    let mut running = Running::of(&mut folder.command(&format!("{IMPORT} --overwrite")));
    while !folder.files().iter().any(|file| file.contains("/.landing-")) {
        assert!(running.is_there(), "nothing held it up");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    running.interrupt();
    std::thread::sleep(std::time::Duration::from_millis(100));
    assert!(folder.read("out/import.md").starts_with("# Import of "));
    running.ended().code(0);
    assert_eq!(folder.files(), WRITTEN);
}

#[test]
fn what_a_blueprint_does_not_have_yet_is_a_patch_that_git_applies() {
    let folder = Folder::with_blueprint("import-into");
    folder.landing("apply --sandbox=state.json --yes").code(0);
    folder.edit_state(|state| {
        let accounts = state["organization"]["accounts"].as_object_mut().unwrap();
        let (_, app) = accounts.iter().find(|(_, account)| account["name"] == "app").unwrap();
        let mut by_hand = app.clone();
        (by_hand["name"], by_hand["email"]) = ("by-hand".into(), "by-hand@example.com".into());
        accounts.insert("999999999999".into(), by_hand);
    });
    let before = folder.read("landing.yaml");
    let imported = folder.landing("import --into landing.yaml --sandbox=state.json").code(0);
    imported.says("+ import.patch").says("Written: 2 accounts").says("Next: git apply import.patch");
    assert_eq!(folder.read("landing.yaml"), before, "the blueprint stays as it is");
    folder.landing("import --into landing.yaml --sandbox=state.json").code(1).complains("import.patch exists already");
    let git = std::process::Command::new("git").args(["apply", "import.patch"]).current_dir(&folder.0).status();
    let Ok(status) = git else { return eprintln!("skipped: there is no git to apply the patch") };
    assert!(status.success());
    assert!(folder.read("landing.yaml").contains("include: [imported.yaml]"));
    folder.landing("plan --sandbox=state.json").code(0).says("Plan: 2 to adopt");
    let again = folder.landing("import --into landing.yaml --sandbox=state.json --overwrite").code(0);
    again.says("The blueprint has everything that was found: nothing was written.");
}
