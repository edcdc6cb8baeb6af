use super::*;

/// A folder of its own for one test, deleted in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("landing-walk-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }

    fn names(&self, paths: &[PathBuf]) -> Vec<String> {
        paths.iter().map(|path| path.strip_prefix(&self.0).unwrap().display().to_string()).collect()
    }

    fn found(&self, given: &[&str]) -> Found {
        self.found_where(given, &|_| None, &|_| true)
    }

    fn found_where(
        &self,
        given: &[&str],
        instead_of_folder: &dyn Fn(&Path) -> Option<PathBuf>,
        keeps: &dyn Fn(&Path) -> bool,
    ) -> Found {
        let given: Vec<PathBuf> = given.iter().map(|name| self.0.join(name)).collect();
        files_below(&given, Wanted { instead_of_folder, keeps }).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_are_found_by_name_whatever_they_are_called() {
    let folder = Folder::new("names");
    ["b", "a.JSON", "c/d.jsonl", "c/a", "A.gz"].iter().for_each(|name| folder.write(name));
    assert_eq!(folder.names(&folder.found(&[""]).files), ["A.gz", "a.JSON", "b", "c/a", "c/d.jsonl"]);
}

#[test]
fn given_files_come_first_and_each_file_once() {
    let folder = Folder::new("given");
    ["a", "b"].iter().for_each(|name| folder.write(name));
    assert_eq!(folder.names(&folder.found(&["b", "", "b", "a"]).files), ["b", "a"]);
}

#[test]
fn only_wanted_files_of_folders_are_found_and_given_ones_whatever_they_are() {
    let folder = Folder::new("wanted");
    ["a.json", "b.txt", "c/landing.yaml", "c/x.json"].iter().for_each(|name| folder.write(name));
    let is_json = |path: &Path| path.extension().is_some_and(|extension| extension == "json");
    let blueprint = |path: &Path| Some(path.join("landing.yaml")).filter(|path| path.is_file());
    let found = folder.found_where(&["b.txt", ""], &blueprint, &is_json);
    assert_eq!(folder.names(&found.files), ["b.txt", "a.json", "c/landing.yaml"]);
}

#[test]
fn what_does_not_exist_is_an_error_with_its_name() {
    let folder = Folder::new("missing");
    let given = [folder.0.join("nowhere")];
    let error = files_below(&given, Wanted { instead_of_folder: &|_| None, keeps: &|_| true }).unwrap_err();
    assert!(error.to_string().contains("nowhere cannot be read"), "{error}");
}

#[cfg(unix)]
#[test]
fn links_in_a_circle_end_and_files_that_several_links_lead_to_are_found_once() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("links");
    folder.write("real/log");
    folder.write("real/deep/log");
    symlink("../..", folder.0.join("real/deep/up")).unwrap();
    symlink("real", folder.0.join("also")).unwrap();
    symlink("real/log", folder.0.join("same")).unwrap();
    let found = folder.found(&["", "also"]);
    assert_eq!(folder.names(&found.files), ["also/deep/log", "also/log"]);
    assert_eq!(found.special, Vec::<PathBuf>::new());
}

#[cfg(unix)]
#[test]
fn pipes_and_links_that_lead_nowhere_are_not_opened() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new("special");
    folder.write("log");
    let pipe = folder.0.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    symlink("nowhere", folder.0.join("broken")).unwrap();
    symlink("/dev/zero", folder.0.join("endless")).unwrap();
    let found = folder.found(&[""]);
    assert_eq!(folder.names(&found.files), ["log"]);
    assert_eq!(folder.names(&found.special), ["broken", "endless", "pipe"]);
    assert_eq!(folder.found(&["pipe"]).files, [pipe], "one that is given is read");
}
