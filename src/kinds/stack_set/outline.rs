use std::collections::BTreeSet;

use super::resource::{AutoDeployment, StackSet};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::{Survey, target, within};
use crate::outline::{Entry, LeftOut, Map, Node, Outline};

/// What AWS gives for the value of a parameter that is not to be shown.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>
const HIDDEN: &str = "****";

/// Writes the stack sets that deploy to units, with their templates as files.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    name_those_of_accounts(survey, outline);
    for found in survey.of(StackSet::KIND, outline) {
        let Some(set) = StackSet::of(&found.body) else { continue };
        match said(&set, outline) {
            Ok(mut said) => {
                let path = outline.document(&found.address, "stacks", &set.name, &set.template);
                said.set("template", Node::text(path));
                said.arrange(&["template", "in", "except", "regions", "parameters", "auto_deployment", "tags"]);
                outline.stacks.put(Entry::new(&set.name, said.in_one_line()).of(&found.address));
            }
            Err(left_out) => outline.leave_out(found.address.clone(), left_out),
        }
    }
}

/// Stack sets with self-managed permissions, which deploy to accounts that are named.
fn name_those_of_accounts(survey: &Survey<'_>, outline: &mut Outline) {
    for refusal in &survey.observed.findings.refusals {
        let Some(address) = refusal.address.as_ref().filter(|address| address.is_stack_set()) else { continue };
        let reason = "its permissions are self-managed: landing has stack sets that deploy to units";
        let remedy = "leave it as it is, or write a stack of another name for the units that it is in, and delete it with its stacks retained";
        outline.leave_out(address.clone(), LeftOut::cannot_be_said(reason, remedy));
    }
}

fn said(set: &StackSet, outline: &Outline) -> Result<Map, LeftOut> {
    if !set.template.is_object() {
        return Err(LeftOut::not_known("its template was not read", "import again"));
    }
    if let Some((name, _)) = set.parameters.iter().find(|(_, value)| *value == HIDDEN) {
        let reason = format!("AWS does not show the value of its parameter {name}");
        return Err(LeftOut::cannot_be_said(
            reason,
            "write it by hand, with a reference such as {{resolve:ssm:/NAME}} for the parameter",
        ));
    }
    if set.parameter_overrides.values().any(|values| !values.is_empty()) {
        let reason = "single accounts or regions have other values of its parameters";
        return Err(LeftOut::cannot_be_said(reason, "write it by hand, with `parameters_by`"));
    }
    if set.deployment_targets.is_empty() {
        return Err(LeftOut::cannot_be_said(
            "it is for no unit",
            "delete it, or write it by hand with the units that it is for",
        ));
    }
    let mut said = Map::default();
    said.set("in", Node::texts(targets(set, outline)?));
    said.set("except", Node::texts(excluded(set, outline)?));
    said.set("regions", Node::texts(regions(set)?));
    let parameters: Map = set.parameters.iter().map(|(name, value)| (name.as_str(), Node::text(value))).collect();
    said.set("parameters", parameters.in_one_line());
    if let Some(auto) = auto_deployment(&set.auto_deployment) {
        said.set("auto_deployment", auto);
    }
    said.set("tags", Node::tags(&set.tags));
    Ok(said)
}

fn targets(set: &StackSet, outline: &Outline) -> Result<Vec<String>, LeftOut> {
    set.deployment_targets.keys().map(|unit| target(unit, outline).ok_or_else(|| within(unit, outline))).collect()
}

fn excluded(set: &StackSet, outline: &Outline) -> Result<Vec<String>, LeftOut> {
    set.except.iter().map(|account| target(account, outline).ok_or_else(|| within(account, outline))).collect()
}

/// The regions, where they are the same in all units.
fn regions(set: &StackSet) -> Result<BTreeSet<String>, LeftOut> {
    let mut all = set.deployment_targets.values();
    let first = all.next().cloned().unwrap_or_default();
    if all.any(|regions| *regions != first) {
        let reason = "its regions differ from unit to unit";
        return Err(LeftOut::cannot_be_said(reason, "write it by hand as a stack for each set of regions"));
    }
    Ok(first)
}

/// What is not as where nothing is said: accounts that enter get a stack, those that leave keep it.
fn auto_deployment(auto: &AutoDeployment) -> Option<Map> {
    let mut said = Map::default();
    if !auto.enabled {
        said.set("enabled", false);
    } else if !auto.retains_stacks() {
        said.set("retain_stacks_on_account_removal", false);
    }
    (!said.is_empty()).then(|| said.in_one_line())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Address;

    #[test]
    fn what_is_preset_is_not_said() {
        let auto = |enabled, retain| AutoDeployment {
            enabled,
            retain_stacks_on_account_removal: retain,
            ..AutoDeployment::default()
        };
        let keys = |auto: AutoDeployment| auto_deployment(&auto).map(|said| said.entries()[0].key.clone());
        assert_eq!(keys(auto(true, Some(true))), None);
        assert_eq!(keys(auto(true, Some(false))).as_deref(), Some("retain_stacks_on_account_removal"));
        assert_eq!(keys(auto(false, None)).as_deref(), Some("enabled"));
    }

    #[test]
    fn regions_that_differ_from_unit_to_unit_cannot_be_said() {
        let mut set = StackSet::default();
        let mut add = |unit: &str, regions: &[&str]| {
            set.deployment_targets
                .insert(Address::parse(unit), regions.iter().map(|region| (*region).to_owned()).collect());
            regions_of(&set)
        };
        assert_eq!(add("ou/A", &["eu-west-1"]), Some(1));
        assert_eq!(add("ou/B", &["eu-west-1"]), Some(1));
        assert_eq!(add("ou/C", &["eu-west-1", "us-east-1"]), None);
    }

    fn regions_of(set: &StackSet) -> Option<usize> {
        regions(set).ok().map(|regions| regions.len())
    }
}
