//! Manifests of Customizations for AWS Control Tower, of the version 2021-03-15.
//! <https://docs.aws.amazon.com/controltower/latest/userguide/the-manifest-file.html>

use landing_policy::PolicyType;

use super::claim::{Foreign, Named, ResourceClaim, Subject, is_placeholder, reason};
use super::format::Format;
use super::ledger::Ledger;
use super::policy_file::Policies;
use super::source::{Mistake, Source, text};
use super::tree::{Kind, Node};
use super::yaml;

/// Reads manifests, and the policies that they name.
pub(super) fn read(files: &[String], source: &dyn Source) -> Result<Foreign, Mistake> {
    let mut ledger = Ledger::new(Format::Cfct);
    let mut policies = Policies { source, prepare: &str::to_owned, roots: Vec::new() };
    let mut roots = Vec::new();
    for file in files {
        let root = yaml::parse(file, &text(source, file)?)?;
        refuse_others(&root)?;
        ledger.begin(&root);
        for resource in root.get("resources").map(Node::items).unwrap_or_default() {
            claim(resource, &mut policies, &mut ledger)?;
        }
        roots.push(root);
    }
    for root in roots.iter().chain(&policies.roots) {
        ledger.rest(root, why);
    }
    Ok(ledger.end())
}

fn refuse_others(root: &Node) -> Result<(), Mistake> {
    let version = root.get("version");
    let said = version.and_then(Node::text).unwrap_or("none");
    if said == "2021-03-15" {
        return Ok(());
    }
    let help = "convert it to version 2021-03-15 first, as \
                https://docs.aws.amazon.com/controltower/latest/userguide/cfct-manifest-file-versions.html has it";
    let message = format!("the manifest's version is {said}, and only 2021-03-15 is read");
    Err(Mistake::of(&root.file, message, help).at(version.map_or(1, |version| version.line)))
}

fn claim(resource: &Node, policies: &mut Policies<'_>, ledger: &mut Ledger) -> Result<(), Mistake> {
    let of_type = match resource.text_at("deploy_method") {
        Some("scp") => PolicyType::ServiceControl,
        Some("rcp") => PolicyType::ResourceControl,
        _ => {
            ledger.rest(resource, |leaf| if is_secret(leaf) { reason::SECRET } else { reason::SELF_MANAGED });
            return Ok(());
        }
    };
    let Some((node, name)) = resource.get("name").and_then(|node| Some((node, node.text()?))) else { return Ok(()) };
    let subject = Subject::Policy(Some(of_type), Named::name(name));
    ledger.comment(&subject, resource);
    let method = resource.get("deploy_method").into_iter();
    ledger.fact(&[node].into_iter().chain(method).collect::<Vec<_>>(), subject.clone(), ResourceClaim::IsThere);
    if let Some((node, description)) = resource.get("description").and_then(|node| Some((node, node.text()?))) {
        ledger.fact(&[node], subject.clone(), ResourceClaim::Field("description", description.into()));
    }
    for unit in resource.at(&["deployment_targets", "organizational_units"]).map(Node::items).unwrap_or_default() {
        let Some(path) = unit.text().filter(|path| !is_placeholder(path)) else { continue };
        let attachment = Subject::Attachment(Box::new(subject.clone()), Box::new(place(path)));
        ledger.fact(&[unit], attachment, ResourceClaim::IsThere);
    }
    match resource.get("resource_file") {
        Some(file) if file.text().is_some_and(|path| path.starts_with("s3:") || path.contains("://")) => {
            ledger.unmapped(file, reason::FETCHES);
        }
        Some(file) => content(file, &subject, policies, ledger)?,
        None => {}
    }
    Ok(())
}

fn content(file: &Node, subject: &Subject, policies: &mut Policies<'_>, ledger: &mut Ledger) -> Result<(), Mistake> {
    let Some(document) = policies.document(file, ledger)? else { return Ok(()) };
    if let Some(value) = document.value {
        ledger.fact(&[file, &document.root], subject.clone(), ResourceClaim::Field("content", value));
    }
    Ok(())
}

/// `Root`, `A:B`.
fn place(path: &str) -> Subject {
    match path {
        "Root" => Subject::Root,
        path => Subject::Unit(Named::path(path.split(':'))),
    }
}

/// A value that CfCT makes up and keeps: `$[alfred_genpass_32]`.
fn is_secret(leaf: &Node) -> bool {
    leaf.text().is_some_and(|text| text.contains("alfred_genpass_") || text.contains("alfred_genkeypair"))
}

fn why(leaf: &Node) -> &'static str {
    let text = match &leaf.kind {
        Kind::Scalar(scalar) => scalar.text.as_str(),
        _ => "",
    };
    match leaf.path.as_str() {
        "version" => reason::BOOKKEEPING,
        "region" => reason::SETTING,
        _ if is_placeholder(text) => reason::PLACEHOLDER,
        _ => reason::NO_KEY,
    }
}
