//! The configuration of Landing Zone Accelerator on AWS: `{{ KEY }}` is replaced first, then the text is YAML.
//! <https://awslabs.github.io/landing-zone-accelerator-on-aws/latest/user-guide/config/>

mod accounts;
mod identity;
mod organization;
mod replacements;

use super::claim::{Foreign, is_placeholder, reason};
use super::format::Format;
use super::ledger::Ledger;
use super::policy_file::Policies;
use super::source::{Mistake, Source, text};
use super::tree::{Kind, Node};
use super::yaml;
use accounts::Accounts;
use replacements::Replacements;

/// The file that says what stands for what in the others.
const REPLACEMENTS: &str = "replacements-config.yaml";

/// Reads the files of a configuration, and the policies that they name.
pub(super) fn read(files: &[String], source: &dyn Source) -> Result<Foreign, Mistake> {
    let mut ledger = Ledger::new(Format::Lza);
    let replacements = match files.iter().find(|file| base(file) == REPLACEMENTS) {
        Some(file) => Replacements::read(&yaml::parse(file, &text(source, file)?)?),
        None => Replacements::default(),
    };
    let roots = files
        .iter()
        .map(|file| yaml::parse(file, &replacements.applied(&text(source, file)?)))
        .collect::<Result<Vec<Node>, Mistake>>()?;
    for root in &roots {
        ledger.begin(root);
    }
    let of = |name: &str| roots.iter().find(|root| base(&root.file) == name);
    let accounts = of("accounts-config.yaml").map(Accounts::of).unwrap_or_default();
    let variables = variables(of("global-config.yaml"));
    let prepare = |text: &str| {
        let text = replacements.applied(text);
        variables.iter().fold(text, |text, (variable, value)| text.replace(variable, value))
    };
    let mut policies = Policies { source, prepare: &prepare, roots: Vec::new() };
    for root in &roots {
        match base(&root.file) {
            "accounts-config.yaml" => accounts.claim(root, &mut ledger),
            "organization-config.yaml" => organization::claim(root, &accounts, &mut policies, &mut ledger)?,
            "iam-config.yaml" => identity::claim(root, &accounts, &mut policies, &mut ledger)?,
            "global-config.yaml" => organization::global(root, &mut ledger),
            REPLACEMENTS => ledger.rest(root, |_| reason::REPLACED),
            _ => {}
        }
    }
    for root in roots.iter().chain(&policies.roots) {
        ledger.rest(root, why);
    }
    Ok(ledger.end())
}

/// A file's name without its folder.
fn base(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// What LZA puts into policies.
/// <https://awslabs.github.io/landing-zone-accelerator-on-aws/latest/user-guide/config/>
fn variables(global: Option<&Node>) -> Vec<(&'static str, String)> {
    let role = global.and_then(|it| it.text_at("managementAccountAccessRole")).unwrap_or("AWSControlTowerExecution");
    vec![
        ("${ACCELERATOR_PREFIX}", "AWSAccelerator".to_owned()),
        ("${MANAGEMENT_ACCOUNT_ACCESS_ROLE}", role.to_owned()),
        ("${PARTITION}", "aws".to_owned()),
    ]
}

fn why(leaf: &Node) -> &'static str {
    let text = match &leaf.kind {
        Kind::Scalar(scalar) => scalar.text.as_str(),
        _ => "",
    };
    match text {
        _ if is_placeholder(text) => reason::PLACEHOLDER,
        _ if text.contains("${ACCEL_LOOKUP") => reason::EXPRESSION,
        _ => reason::NO_KEY,
    }
}
