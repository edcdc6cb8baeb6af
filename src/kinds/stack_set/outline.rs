use std::collections::BTreeSet;

use super::missing;
use super::resource::{AutoDeployment, StackSet, Values};
use crate::kinds::shared::resource::Resource;
use crate::kinds::shared::survey::{Survey, target, within};
use crate::kinds::shared::unsayable;
use crate::kinds::shared::values_by::{Placed, ValuesBy};
use crate::model::Address;
use crate::outline::{Entry, LeftOut, Map, Node, Outline};

/// Writes the stack sets that deploy to units, with their templates as files.
pub(super) fn outline(survey: &Survey<'_>, outline: &mut Outline) {
    name_those_of_accounts(survey, outline);
    for found in survey.of(StackSet::KIND, outline) {
        let Some(set) = StackSet::of(&found.body) else { continue };
        match said(&set, outline) {
            Ok(mut said) => {
                let path = outline.document(&found.address, "stacks", &set.name, &set.template);
                said.set("template", Node::text(path));
                said.arrange(&[
                    "template",
                    "in",
                    "except",
                    "regions",
                    "parameters",
                    "parameters_by",
                    "auto_deployment",
                    "tags",
                ]);
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
        outline.leave_out(address.clone(), LeftOut::not_expressible(reason, remedy));
    }
}

fn said(set: &StackSet, outline: &Outline) -> Result<Map, LeftOut> {
    if let Some(left_out) = unsayable::template(&set.template, &set.parameters) {
        return Err(left_out);
    }
    if let Some((account, region)) = missing::first(set) {
        let reason = format!("{account} has no stack of it in {region} and has one in another region");
        let remedy = format!("add its stack in {region}, or remove the other, then import again");
        return Err(LeftOut::not_expressible(reason, remedy));
    }
    if set.deployment_targets.is_empty() {
        return Err(LeftOut::not_expressible(
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
    said.set("parameters_by", parameters_by(set, outline)?);
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
        return Err(LeftOut::not_expressible(reason, "write it by hand as a stack for each set of regions"));
    }
    Ok(first)
}

/// The values that instances have for themselves.
fn parameters_by(set: &StackSet, outline: &Outline) -> Result<Map, LeftOut> {
    if let Some(left_out) = set.parameter_overrides.values().find_map(unsayable::hidden) {
        return Err(left_out);
    }
    let placed: Placed = set.parameter_overrides.iter().filter_map(|(place, own)| placed(place, own, set)).collect();
    let by = ValuesBy::of(&set.parameters, &placed).map_err(|uneven| {
        let accounts: Vec<String> = uneven.iter().map(Address::to_string).collect();
        let reason = format!("values of its parameters differ by region in {} alone", accounts.join(", "));
        LeftOut::not_expressible(reason, "give these accounts the same values in all regions, then import again")
    })?;
    by.said(|account| target(account, outline)).map_err(|account| within(&account, outline))
}

/// The values of an instance, those that are the stack set's included.
fn placed(place: &str, own: &Values, set: &StackSet) -> Option<((Address, String), Values)> {
    // Neither regions nor the ids in them have a dot.
    let (account, region) = place.rsplit_once('.')?;
    let values = set.parameters.clone().into_iter().chain(own.clone()).collect();
    Some(((Address::parse(account), region.to_owned()), values))
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
    fn regions_that_differ_from_unit_to_unit_not_expressible() {
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

    #[test]
    fn values_that_instances_have_for_themselves_are_said_by_account_and_region() {
        let values = |size: &str| Values::from([("Size".to_owned(), size.to_owned())]);
        let mut outline = Outline::default();
        for account in ["a", "b"] {
            outline.accounts.insert(Address::account(account), crate::outline::Account::default());
        }
        let mut set = StackSet { parameters: values("1"), ..StackSet::default() };
        let mut said = |overrides: &[(&str, &str)]| {
            let own = |size: &str| if size.is_empty() { Values::new() } else { values(size) };
            let all = overrides.iter().map(|(place, size)| (format!("account/{place}"), own(size)));
            set.parameter_overrides = all.collect();
            let mut text = crate::outline::Text::default();
            parameters_by(&set, &outline).map_err(|left_out| left_out.reason).map(|map| {
                text.map(&map);
                text.text
            })
        };
        assert_eq!(said(&[("a.r", ""), ("b.r", "1")]).as_deref(), Ok(""), "what is the set's value anyway is not said");
        assert_eq!(said(&[("a.r", "2"), ("b.r", "")]).as_deref(), Ok("accounts: {a: {Size: \"2\"}}\n"));
        let by_region = said(&[("a.r", ""), ("a.s", "3"), ("b.r", ""), ("b.s", "3")]);
        assert_eq!(by_region.as_deref(), Ok("regions: {s: {Size: \"3\"}}\n"));
        let uneven = said(&[("a.r", ""), ("a.s", "3"), ("b.r", ""), ("b.s", "")]);
        assert!(uneven.is_err_and(|reason| reason.contains("account/a alone")));
        assert!(said(&[("a.r", "****")]).is_err_and(|reason| reason.contains("does not show")));
        assert!(said(&[("gone.r", "9"), ("a.r", "")]).is_err_and(|reason| reason.contains("account/gone")));
    }

    fn regions_of(set: &StackSet) -> Option<usize> {
        regions(set).ok().map(|regions| regions.len())
    }
}
