//! What is new beside a blueprint, as a patch of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use landing_blueprint::file_patch;

use super::super::super::failure::Failure;
use super::super::super::next;
use super::super::super::session::Session;
use crate::import::{Base, Imported};

/// The folders that documents go to.
const FOLDERS: [&str; 2] = ["policies", "stacks"];

/// Reads the blueprint that what is new is added to.
pub(super) fn base(path: &Path, session: &Session) -> Result<Base, Failure> {
    let declared = Arc::new(session.declare(path)?);
    let folder = super::folder_of(path);
    let inside = |name: &&str| {
        let files = fs::read_dir(folder.join(name)).into_iter().flatten().flatten();
        files.map(|file| format!("{name}/{}", file.file_name().to_string_lossy().to_lowercase())).collect::<Vec<_>>()
    };
    let taken: BTreeSet<String> = FOLDERS.iter().flat_map(inside).collect();
    Ok(Base { declared, taken })
}

/// A name for the file that the blueprint is to include: `imported.yaml`, with a number where that is taken.
pub(super) fn free_name(blueprint: &Path) -> String {
    let folder = super::folder_of(blueprint);
    let names = (1..).map(|number: u32| match number {
        1 => "imported.yaml".to_owned(),
        _ => format!("imported-{number}.yaml"),
    });
    names.into_iter().find(|name| !folder.join(name).exists()).unwrap_or_default()
}

/// Every file that is new, and the line that includes the first of them, as one unified diff with paths from the blueprint's folder.
pub(super) fn patch(imported: &Imported, base: &Base, blueprint: &Path) -> String {
    let sources = &base.declared.sources;
    let first = sources.files().next().map(|file| sources.text(file));
    let name = blueprint.file_name().unwrap_or_default().to_string_lossy();
    let including = imported.including.iter().map(|text| file_patch(&name, first, text));
    let new = imported.files.iter().map(|(path, text)| file_patch(path, None, text));
    including.chain(new).collect()
}

/// The command that applies the patch.
pub(super) fn apply(patch: &Path) -> String {
    let folder = super::folder_of(patch);
    let name = PathBuf::from(patch.file_name().unwrap_or_default());
    let within = match folder.as_os_str().is_empty() {
        true => String::new(),
        false => format!("-C {} ", next::quoted(&folder.to_string_lossy())),
    };
    format!("git {within}apply {}", next::quoted(&name.to_string_lossy()))
}
