//! Files that others published, beside this repository; the tests skip them where they are not there.

use std::fs;
use std::path::{Path, PathBuf};

use super::live::held;
use super::*;

/// A folder on disk, which tests may read.
struct Folder(PathBuf);

impl Source for Folder {
    fn text(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.0.join(path)).map_err(|error| error.to_string())
    }
}

/// The samples of a tool, unless they are not there.
fn samples(tool: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/import").join(tool);
    folder.is_dir().then_some(folder)
}

/// Reads files of a sample, counts them, and holds them against an organization that is another one.
fn counted(format: Format, folder: &Path, files: &[&str]) -> Vec<String> {
    let source = Folder(folder.to_owned());
    let given: Vec<String> = files.iter().map(|file| (*file).to_owned()).collect();
    let foreign = read(format, &given, &source).unwrap_or_else(|mistake| panic!("{}: {mistake}", folder.display()));
    for sheet in &foreign.sheets {
        let claimed: usize = sheet.claims.iter().map(|claim| claim.leaves).sum();
        assert_eq!(claimed, sheet.leaves, "{}", sheet.file);
        assert!(sheet.leaves > 0, "{}", sheet.file);
        // LZA's files are no YAML before their replacements.
        let text = source.text(&sheet.file).expect("it was read");
        if !text.contains("{{") {
            assert_eq!(claimed, leaves(&sheet.file, &text), "{}", sheet.file);
        }
    }
    let compared = held(&foreign);
    for sheet in &compared.sheets {
        assert_eq!(sheet.count(|_| true), sheet.leaves, "{}", sheet.file);
    }
    foreign.sheets.into_iter().map(|sheet| sheet.file).collect()
}

#[test]
fn every_leaf_of_the_states_is_counted() {
    let Some(folder) = samples("terraform/states") else { return };
    for file in
        ["aft.show.json", "organization.show.json", "organization.tfstate", "sso.show.json", "stack-sets.show.json"]
    {
        counted(Format::Terraform, &folder, &[file]);
    }
    counted(Format::Terraform, &folder, &["organization.show.json", "sso.show.json"]);
}

#[test]
fn every_leaf_of_organization_files_and_what_they_include_is_counted() {
    let Some(folder) = samples("org-formation") else { return };
    let files = counted(Format::OrgFormation, &folder.join("sage-bionetworks"), &["_tasks.yaml"]);
    assert!(files.len() > 20, "{files:?}");
    assert!(files.contains(&"_scp.yaml".to_owned()) && files.contains(&"organization.yaml".to_owned()));
    counted(Format::OrgFormation, &folder.join("sage-bionetworks"), &["organization.yaml"]);
}

#[test]
fn every_leaf_of_configurations_of_lza_is_counted() {
    let Some(folder) = samples("lza") else { return };
    for sample in ["all-enabled-test", "govcloud-commercial", "healthcare", "standard", "universal/base/default"] {
        let folder = folder.join(sample);
        let entries = fs::read_dir(&folder).expect("the sample is there");
        let mut files: Vec<String> =
            entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect();
        files.retain(|file| file.ends_with("-config.yaml"));
        counted(Format::Lza, &folder, &files.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

#[test]
fn every_leaf_of_manifests_is_counted() {
    let Some(folder) = samples("cfct") else { return };
    counted(Format::Cfct, &folder.join("example"), &["manifest.yaml"]);
    counted(Format::Cfct, &folder.join("ssm-parameters"), &["manifest.yaml"]);
}
