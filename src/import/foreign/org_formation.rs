//! Files of org-formation: `organization.yml` and task files. Functions are evaluated as far as they only refer to what the
//! files say (`!Ref`, `!Include`); `!Cmd` is never run, and nothing is fetched.
//! <https://github.com/org-formation/org-formation-cli/blob/master/docs/organization-resources.md>

mod includes;
mod organization;

use super::claim::{Foreign, is_placeholder, reason};
use super::format::Format;
use super::ledger::Ledger;
use super::source::{Mistake, Source, beside};
use super::tree::{Kind, Node};
use includes::Includes;

/// Reads organization files and task files, and what they include.
pub(super) fn read(files: &[String], source: &dyn Source) -> Result<Foreign, Mistake> {
    let mut ledger = Ledger::new(Format::OrgFormation);
    let mut includes = Includes::new(source);
    let mut queue: Vec<String> = files.iter().rev().cloned().collect();
    let mut read = Vec::new();
    while let Some(file) = queue.pop() {
        if read.contains(&file) {
            continue;
        }
        let root = includes.load(&file, &mut ledger)?;
        match root.get("Organization") {
            Some(_) => organization::claim(&root, &mut ledger),
            None => queue.extend(tasks(&file, &root, &mut ledger)?),
        }
        read.push(file);
    }
    for root in includes.raw() {
        ledger.rest(root, why);
    }
    Ok(ledger.end())
}

/// The files that tasks lead to: the organization, and other tasks.
fn tasks(file: &str, root: &Node, ledger: &mut Ledger) -> Result<Vec<String>, Mistake> {
    let mut more = Vec::new();
    for (_, task) in root.entries() {
        let named = match task.text_at("Type") {
            Some("update-organization") => task.get("Template"),
            Some("include") => task.get("Path"),
            _ => None,
        };
        let Some(named) = named else { continue };
        if let Some(text) = named.text().filter(|text| !is_placeholder(text)) {
            more.push(beside(file, text).map_err(|mistake| mistake.at(named.line))?);
            ledger.unmapped(named, reason::INCLUDE);
        }
    }
    more.reverse();
    Ok(more)
}

/// Why a leaf has no place in a blueprint.
fn why(leaf: &Node) -> &'static str {
    let last = leaf.path.rsplit('.').next().unwrap_or_default();
    let text = match &leaf.kind {
        Kind::Scalar(scalar) => scalar.text.as_str(),
        _ => "",
    };
    match leaf.tag.as_deref() {
        Some("Cmd") => return reason::EXECUTES,
        Some("Include") => return reason::INCLUDE,
        Some(_) => return reason::EXPRESSION,
        None => {}
    }
    match last {
        "Type" | "AWSTemplateFormatVersion" | "Description" | "DependsOn" => reason::BOOKKEEPING,
        "PartitionAlias" | "PartitionAccountId" | "SupportLevel" => reason::NO_KEY,
        "CloseAccountsOnRemoval" | "MirrorInPartition" | "DefaultBuildAccessRoleName" => reason::NO_KEY,
        _ if is_placeholder(text) => reason::PLACEHOLDER,
        _ if last == "Template" && text.contains("://") => reason::FETCHES,
        _ if leaf.path.starts_with("Organization.") && leaf.path.contains(".PasswordPolicy.") => reason::PASSWORD,
        _ if leaf.path.starts_with("Organization.") => reason::NO_KEY,
        _ => reason::STACKS,
    }
}
