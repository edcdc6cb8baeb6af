mod hostile;
mod live;
mod samples;
mod summary;

use std::collections::BTreeMap;

use super::*;

/// Files that are held in memory.
pub(super) struct Files(pub BTreeMap<String, String>);

impl Files {
    pub fn of<const N: usize>(files: [(&str, &str); N]) -> Files {
        Files(files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect())
    }
}

impl Source for Files {
    fn text(&self, path: &str) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".into())
    }
}

/// What files in memory say, the first of which are given.
pub(super) fn read_these<const N: usize>(
    format: Format,
    given: &[&str],
    files: [(&str, &str); N],
) -> Result<Foreign, Mistake> {
    let given: Vec<String> = given.iter().map(|file| (*file).to_owned()).collect();
    read(format, &given, &Files::of(files))
}

/// The leaves of a file, by a walk that knows nothing of the reader's.
pub(super) fn leaves(file: &str, text: &str) -> usize {
    let is_json = file.ends_with(".json") || file.ends_with(".tfstate");
    if is_json {
        json_leaves(&serde_json::from_str(text).expect("it is JSON"))
    } else {
        yaml_leaves(&serde_yaml::from_str(text).expect("it is YAML"))
    }
}

fn json_leaves(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::Array(items) if !items.is_empty() => items.iter().map(json_leaves).sum(),
        serde_json::Value::Object(map) if !map.is_empty() => map.values().map(json_leaves).sum(),
        _ => 1,
    }
}

fn yaml_leaves(value: &serde_yaml::Value) -> usize {
    match value {
        serde_yaml::Value::Sequence(items) if !items.is_empty() => items.iter().map(yaml_leaves).sum(),
        serde_yaml::Value::Mapping(map) if !map.is_empty() => map.values().map(yaml_leaves).sum(),
        serde_yaml::Value::Tagged(tagged) => yaml_leaves(&tagged.value),
        _ => 1,
    }
}

/// Makes sure that every leaf of every file is counted once.
pub(super) fn all_are_counted(foreign: &Foreign, text: impl Fn(&str) -> String) {
    assert!(!foreign.sheets.is_empty());
    for sheet in &foreign.sheets {
        let claimed: usize = sheet.claims.iter().map(|claim| claim.leaves).sum();
        assert_eq!(claimed, sheet.leaves, "{}", sheet.file);
        assert_eq!(claimed, leaves(&sheet.file, &text(&sheet.file)), "{}", sheet.file);
    }
}
