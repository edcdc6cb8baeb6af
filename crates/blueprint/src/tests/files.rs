use std::fs;
use std::path::{Path, PathBuf};

use super::super::{Loaded, Place, load as load_path};
use super::{START, Sample, load_files, messages};

/// A folder of its own that goes away with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("landing-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("the temporary folder can be written");
        Folder(path)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("the temporary folder can be written");
        fs::write(&path, text).expect("the temporary folder can be written");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left over in the temporary folder does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn failure(path: &Path) -> String {
    let failed = load_path::<Sample>(path).expect_err("it cannot be read");
    failed.diagnostics.sorted()[0].message.clone()
}

#[test]
fn included_files_are_merged_deeply_and_in_order() {
    let loaded = load_files(&[
        (
            "landing.yaml",
            &format!("{START}include: [b.yaml, 'ous/**/*.yaml']\norganizational_units: {{Dev: {{accounts: [a]}}}}\n"),
        ),
        ("b.yaml", "organizational_units: {Dev: {accounts: [b]}, Test: }\n"),
        ("ous/z.yaml", "include: deep/c.yaml\norganizational_units: {Test: {accounts: [z]}}\n"),
        ("ous/deep/c.yaml", "name: ml\norganizational_units: {Dev: {accounts: [c]}}\n"),
        ("ous/.hidden.yaml", "unknown: 1\n"),
    ])
    .expect("they agree");
    let units = &loaded.value.organizational_units;
    let accounts = |unit: &str| -> Vec<String> {
        units.get(unit).expect("it is there").accounts.iter().map(|account| loaded.sources.at(account.place)).collect()
    };
    assert_eq!(accounts("Dev"), ["landing.yaml:4", "b.yaml:1", "ous/deep/c.yaml:2"]);
    assert_eq!(accounts("Test"), ["ous/z.yaml:2"]);
}

#[test]
fn a_circle_of_includes_is_shown_as_a_chain() {
    let root = format!("{START}include: [a.yaml]\n");
    let files = [("landing.yaml", root.as_str()), ("a.yaml", "include: [b.yaml]\n"), ("b.yaml", "include: [a.yaml]\n")];
    assert_eq!(messages(&files), ["b.yaml:1:11: files include one another in a circle: a.yaml → b.yaml → a.yaml"]);
}

#[test]
fn a_file_that_two_files_include_is_read_once() {
    let root = format!("{START}include: [a.yaml, b.yaml]\n");
    let loaded = load_files(&[
        ("landing.yaml", &root),
        ("a.yaml", "include: [c.yaml]\n"),
        ("b.yaml", "include: [./c.yaml]\n"),
        ("c.yaml", "guardrails: [level: active]\n"),
    ]);
    assert_eq!(loaded.expect("they agree").value.guardrails.len(), 1);
}

#[test]
fn a_pattern_does_not_match_its_own_file_and_must_match_another() {
    let root = format!("{START}include: ['*.yaml', 'nothing/*.yaml', /etc/hosts, 5.5, [x]]\n");
    assert_eq!(
        messages(&[("landing.yaml", &root), ("a.yaml", "guardrails: []\n")]),
        [
            "landing.yaml:3:21: no file matches `nothing/*.yaml`",
            "landing.yaml:3:39: `/etc/hosts` is an absolute path",
            "landing.yaml:3:51: `5.5` does not exist",
            "landing.yaml:3:56: `include` takes paths, found a list",
        ]
    );
}

#[test]
fn every_file_that_cannot_be_read_is_named() {
    let root = format!("{START}include: [a.yaml, b.yaml, ous/devv.yaml]\nunknown: 1\n");
    let files = [("landing.yaml", root.as_str()), ("a.yaml", "x: [\n"), ("b.yaml", "y: @\n"), ("ous/dev.yaml", "")];
    let failed = load_files(&files).expect_err("two files are not YAML, one is missing");
    assert_eq!(failed.diagnostics.errors(), 3);
    let helps: Vec<_> = failed.diagnostics.iter().filter_map(|found| found.help.as_deref()).collect();
    assert!(helps.contains(&"did you mean `ous/dev.yaml`?"), "{helps:?}");
}

#[test]
fn files_on_disk_are_named_as_the_user_can_open_them() {
    let folder = Folder::new("disk");
    folder.write("policies/p.json", "{}");
    folder.write("ous/dev.yaml", "guardrails: [level: active]\n");
    folder.write("ous/deep/test.yaml", "guardrails: [level: active]\n");
    let path = folder.write("landing.yaml", format!("{START}include: ['ous/**/*.yaml']\n"));
    let mut loaded: Loaded<Sample> = load_path(&path).expect("they agree");
    assert_eq!(loaded.value.guardrails.len(), 2);
    assert_eq!(loaded.sources.at(loaded.value.name.place), format!("{}:2", path.display()));
    let (file, text) = loaded.sources.draw_in(loaded.value.name.place, "policies/p.json").expect("it is there");
    assert_eq!(text, "{}");
    assert_eq!(loaded.sources.name(file), folder.0.join("policies/p.json").to_string_lossy());
    let missing = loaded.sources.draw_in(loaded.value.name.place, "policies/q.json").expect_err("it is not there");
    assert_eq!(missing.place, Some(loaded.value.name.place));
}

#[test]
fn what_is_not_a_text_file_is_refused() {
    let folder = Folder::new("refused");
    let write = |name: &str, bytes: &[u8]| failure(&folder.write(name, bytes));
    assert!(write("utf16.yaml", b"\xff\xfev\0").ends_with("is UTF-16; save it as UTF-8"));
    assert!(write("latin.yaml", b"a: 1\nb: \xe9\n").ends_with("is not UTF-8 (line 2); save it as UTF-8"));
    assert!(write("large.yaml", &vec![b'#'; (4 << 20) + 1]).ends_with("is larger than 4 MB"));
    assert!(failure(&folder.0).ends_with("is a folder, not a file"));
    assert!(failure(Path::new(".")).ends_with("is a folder, not a file"));
    assert!(failure(&folder.0.join("none.yaml")).ends_with("none.yaml` does not exist"));
    #[cfg(unix)]
    assert!(failure(Path::new("/dev/null")).ends_with("is not a regular file"));
}

#[cfg(unix)]
#[test]
fn links_that_go_round_in_circles_do_not_keep_a_pattern_from_ending() {
    let folder = Folder::new("links");
    folder.write("ous/a.yaml", "guardrails: [level: active]\n");
    std::os::unix::fs::symlink("..", folder.0.join("ous/up")).expect("links can be made");
    let path = folder.write("landing.yaml", format!("{START}include: ['ous/**/*.yaml']\n"));
    assert_eq!(load_path::<Sample>(&path).expect("they agree").value.guardrails.len(), 1);
}

#[test]
fn the_fingerprint_covers_names_and_texts_but_not_the_order_of_reading() {
    let texts = [("landing.yaml", START), ("a.json", "1"), ("b.json", "2")];
    let fingerprint = |files: &[(&str, &str)], order: &[&str]| {
        let mut sources = load_files(files).expect("they are right").sources;
        for path in order {
            sources.draw_in(Place::NOWHERE, path).expect("it is there");
        }
        sources.sha256()
    };
    let one = fingerprint(&texts, &["a.json", "b.json"]);
    assert_eq!(one.len(), 64);
    assert_eq!(one, fingerprint(&texts, &["b.json", "a.json", "./b.json"]));
    assert_ne!(one, fingerprint(&texts, &["a.json"]));
    assert_ne!(one, fingerprint(&[("landing.yaml", START), ("a.json", "2"), ("b.json", "1")], &["a.json", "b.json"]));
    assert_ne!(one, fingerprint(&[("landing.yaml", START), ("a.json", "12"), ("b.json", "")], &["a.json", "b.json"]));
}

#[test]
fn columns_are_counted_in_characters_however_long_the_line_is() {
    let text = format!("{}\nab{}", "é".repeat(3000), "𝄞".repeat(2000));
    let mut sources = super::super::Sources::embedded(&[("a.yaml", &text)]);
    let file = sources.read(Place::NOWHERE, "a.yaml").expect("it is there");
    let at = |byte: usize| sources.position(Place::new(file, byte..byte));
    for characters in [0, 1, 511, 512, 513, 1024, 2999] {
        assert_eq!(at(2 * characters), (1, characters + 1));
    }
    assert_eq!(at(6001), (2, 1));
    for characters in [0, 1, 253, 254, 255, 1999] {
        assert_eq!(at(6003 + 4 * characters), (2, characters + 3));
    }
}

#[test]
fn of_a_line_that_is_too_long_to_read_only_the_place_is_shown() {
    let shown = super::complaints(&format!("version: 1\nname: ml\n{{a: {}, nonsense: 1}}", "x".repeat(5000)));
    assert!(shown.lines().all(|line| line.len() < 300), "{shown}");
    let text = format!("version: 1\nname: ml\nguardrails: [{}]\n", "level, ".repeat(1000));
    let shown = super::complaints(&text);
    assert!(shown.contains("--> landing.yaml:3:14\n"), "{shown}");
    assert!(!shown.contains("level, level"), "{shown}");
}
