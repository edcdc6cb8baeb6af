//! Availability zones that a region does not have.

use std::collections::BTreeSet;

use landing_blueprint::{Diagnostic, Place};
use serde_json::Value;

use crate::declaration::Declaration;
use crate::kinds::resource::{Resource, Stack, StackSet, Targeting, stack_region};
use crate::model::{Wanted, body_template};

/// How many zones a new account has in a region.
/// <https://aws.amazon.com/about-aws/global-infrastructure/regions_az/>
const ZONES: [(&str, u64); 4] = [("ap-northeast-2", 4), ("us-east-1", 6), ("us-west-1", 2), ("us-west-2", 4)];

/// The same in every other region.
const MOST_REGIONS: u64 = 3;

/// Warns of stacks that take more zones than an account has in their region: CloudFormation refuses to create these. Stacks
/// must be declared before.
pub(super) fn check(declaration: &mut Declaration) {
    let stacks = declaration.desired.of_kind(Stack::KIND).chain(declaration.desired.of_kind(StackSet::KIND));
    let warnings: Vec<Diagnostic> = stacks.filter_map(|stack| warning(stack, declaration)).collect();
    declaration.diagnostics.extend(warnings);
}

fn warning(stack: &Wanted, declaration: &Declaration) -> Option<Diagnostic> {
    let taken = taken(body_template(&stack.body)?)?;
    let regions = regions(stack);
    let (region, had) = regions.iter().map(|region| (region, zones(region))).find(|(_, had)| taken > *had)?;
    let place = declaration.places.get(&stack.address).copied().unwrap_or(Place::NOWHERE);
    let message =
        format!("{} takes {taken} availability zones of {region}, where new accounts have {had}", stack.address);
    let help = "write fewer `zones`; where the account has more, name them by `zone_ids`";
    Some(Diagnostic::warning("zones", message).at(place).help(help))
}

fn zones(region: &str) -> u64 {
    ZONES.iter().find(|(of, _)| *of == region).map_or(MOST_REGIONS, |(_, zones)| *zones)
}

fn regions(stack: &Wanted) -> BTreeSet<String> {
    match stack.kind.as_str() {
        StackSet::KIND => Targeting::of(&stack.body).targets.into_values().flatten().collect(),
        _ => stack_region(&stack.body).map(str::to_owned).into_iter().collect(),
    }
}

/// How many zones of its region a template takes by their numbers, if any: `!Select [2, !GetAZs ""]` takes three.
fn taken(template: &Value) -> Option<u64> {
    let here = template["Fn::Select"].as_array().filter(|pair| pair.len() == 2 && pair[1]["Fn::GetAZs"] == "");
    let here = here.and_then(|pair| pair[0].as_u64()).map(|index| index.saturating_add(1));
    let below: Option<u64> = match template {
        Value::Object(members) => members.values().filter_map(taken).max(),
        Value::Array(items) => items.iter().filter_map(taken).max(),
        _ => None,
    };
    here.max(below)
}

#[cfg(test)]
mod tests {
    use crate::sections::declare_text;

    fn warnings(region: &str, zones: &str) -> Vec<String> {
        let text = format!(
            "version: 1\nname: b\norganization: {{regions: [{region}], account_email: '{{name}}@x.example'}}\n\
             accounts: [a]\nstacks: {{n: {{template: network, in: [a], parameters: {{cidr: 10.0.0.0/16, {zones}}}}}}}\n"
        );
        let declared = declare_text("landing.yaml", &text).unwrap_or_else(|failed| panic!("{:?}", failed.diagnostics));
        declared.warnings.iter().filter(|it| it.code == "zones").map(|it| it.message.clone()).collect()
    }

    #[test]
    fn more_zones_than_a_region_has_are_warned_of() {
        let expected = "stack/a/n/us-west-1 takes 3 availability zones of us-west-1, where new accounts have 2";
        assert_eq!(warnings("us-west-1", "zones: 3"), [expected]);
        assert_eq!(warnings("us-west-1", "internet: none"), [expected], "three is the preset");
        assert_eq!(warnings("us-west-1", "zones: 2"), [""; 0]);
        assert_eq!(warnings("eu-west-1", "zones: 3"), [""; 0]);
        assert_eq!(warnings("eu-west-1", "zones: 4").len(), 1);
        assert_eq!(warnings("us-east-1", "zones: 6"), [""; 0]);
    }

    #[test]
    fn zones_that_are_named_are_the_users_business() {
        assert_eq!(warnings("us-west-1", "zones: 3, zone_ids: [usw1-az1, usw1-az2, usw1-az3]"), [""; 0]);
    }
}
