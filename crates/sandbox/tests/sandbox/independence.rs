//! What the sandbox must not know.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The crates beside it that it may use: they are about AWS's languages, templates and policies.
const LANGUAGES: [&str; 2] = ["cloudformation", "policy"];

#[test]
fn the_sandbox_knows_awss_languages_but_no_blueprint_no_program_and_no_sdk_client() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&folder) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains("aws_sdk_"), "{} mentions an SDK client", path.display());
        for path_of_a_crate in text.split("landing_").skip(1).filter_map(|after| after.split_once("::")) {
            let (name, _) = path_of_a_crate;
            let is_a_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            assert!(!is_a_name || LANGUAGES.contains(&name), "{} uses landing_{name}", path.display());
        }
    }
}

#[test]
fn its_manifest_names_no_other_crate_of_the_workspace() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let named = manifest.lines().filter_map(|line| line.strip_prefix("landing-"));
    let others: Vec<&str> = named.filter(|name| !LANGUAGES.iter().any(|language| name.starts_with(language))).collect();
    assert!(others.is_empty(), "landing-{others:?}");
}

/// The layers from below, and what each must not name: those above it.
const ABOVE: [(&str, &[&str]); 4] = [
    ("model/", &["state", "request", "service", "shared", "resources", "services"]),
    ("state.rs", &["request", "service", "shared", "resources", "services"]),
    ("shared/", &["resources", "services"]),
    ("resources/", &["request", "service", "services"]),
];

#[test]
fn models_know_no_operations_and_no_layer_knows_what_is_above_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (below, above) in ABOVE {
        let files = sources(&folder).into_iter().filter(|path| {
            path.strip_prefix(&folder).is_ok_and(|path| path.to_string_lossy().replace('\\', "/").starts_with(below))
        });
        for path in files {
            let text = fs::read_to_string(&path).unwrap();
            for module in above {
                assert!(!text.contains(&format!("crate::{module}::")), "{} uses {module}", path.display());
            }
        }
    }
}

#[test]
fn services_know_models_of_others_but_not_their_operations() {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/services");
    for path in sources(&services) {
        let own = path.strip_prefix(&services).unwrap().components().next().unwrap().as_os_str().to_string_lossy();
        let own = own.trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        for used in text.split("crate::services::").skip(1) {
            assert!(used.starts_with(&own), "{} uses services::{}", path.display(), used.split(';').next().unwrap());
        }
        let is_file_of_its_own = path.parent() == Some(&services) && own != "mod";
        assert!(!is_file_of_its_own || !text.contains("use super::"), "{} uses another service", path.display());
    }
}
