use std::collections::BTreeSet;

use landing_blueprint::{Place, Spanned};
use landing_cloudformation::unsupported_in_units;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::declaration::Declaration;
use crate::declaration::trust::trust;
use crate::kinds::shared::deployed::Templated;
use crate::kinds::stack_set::resource::{self, AUTO_DEPLOYMENT, StackSet, TAG_EXCEPT, Targeting};
use crate::model::{Address, Presence, Wanted};
pub(crate) use resource::OperationPreferences;

/// The service that makes the stacks of units.
const SERVICE: &str = "member.org.stacksets.cloudformation.amazonaws.com";

/// What happens when accounts enter or leave a unit that gets the stack.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("x-form" = "auto-deployment"))]
pub(crate) struct AutoDeployment {
    /// Whether accounts that enter get a stack.
    enabled: bool,
    /// Whether accounts that leave keep their stack, and whether the stacks stay that the blueprint drops: true unless
    /// given, so that moving an account destroys nothing.
    retain_stacks_on_account_removal: Option<bool>,
}

impl Default for AutoDeployment {
    fn default() -> AutoDeployment {
        AutoDeployment { enabled: true, retain_stacks_on_account_removal: None }
    }
}

/// What stack sets take beside what stacks take.
#[derive(Clone, Copy)]
pub(crate) struct Options<'a> {
    pub auto_deployment: Option<&'a Spanned<AutoDeployment>>,
    pub operation_preferences: Option<&'a Spanned<OperationPreferences>>,
}

impl Options<'_> {
    /// Where something is said that only stack sets take.
    pub fn place(&self) -> Option<Place> {
        let auto = self.auto_deployment.map(|auto| auto.place);
        auto.or(self.operation_preferences.map(|preferences| preferences.place))
    }
}

/// Wants a stack in every account of some units, in each of these regions. `stack_set` says what is in it, of a built-in
/// `template` where it is one.
pub(crate) fn declare(
    mut stack_set: StackSet,
    (template, written): (Option<&str>, Place),
    units: &[(Address, Place)],
    regions: &BTreeSet<String>,
    options: Options<'_>,
    declaration: &mut Declaration,
) {
    let Some((_, place)) = units.first() else { return };
    let address = Address::stack_set(&stack_set.name);
    check_partition(&address, *place, declaration);
    check_overlap(units, declaration);
    stack_set.deployment_targets = units.iter().map(|(unit, _)| (unit.clone(), regions.clone())).collect();
    stack_set.auto_deployment = auto_deployment(options.auto_deployment, declaration);
    if let Some(preferences) = options.operation_preferences {
        check_preferences(preferences, declaration);
        stack_set.operation_preferences = Some(preferences.value.clone());
    }
    if !stack_set.except.is_empty() {
        stack_set.tags.insert(TAG_EXCEPT.to_owned(), digest(&stack_set.except));
    }
    let trusted = trusted(&address, *place, declaration);
    let special = stack_set.parameters_by.accounts.keys().cloned().collect::<Vec<_>>();
    let needs = units.iter().map(|(unit, _)| unit.clone()).chain([trusted]).chain(stack_set.except.clone());
    let needs = needs.chain(special);
    let wanted = stack_set.into_wanted(address).of_template(template).under(Address::organization());
    declaration.want(wanted.needing(needs), written);
}

/// A short text that is another one for other accounts.
fn digest(accounts: &BTreeSet<Address>) -> String {
    let mut digest = Sha256::new();
    accounts.iter().for_each(|account| digest.update(format!("{account}\n")));
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// In accounts that come later, AWS deploys a stack set after those that it depends on, and all others at once.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html>
pub(crate) fn follow_in_new_accounts(stack_set: &mut Wanted, first: BTreeSet<String>) {
    let auto = Targeting::of(&stack_set.body).auto.filter(|auto| auto.enabled && !first.is_empty());
    if let Some(auto) = auto {
        let auto = resource::AutoDeployment { depends_on: first, ..auto };
        stack_set.body.insert(AUTO_DEPLOYMENT.into(), json!(auto));
    }
}

/// The partition of China has no stack sets that deploy to organizational units.
/// <https://docs.amazonaws.cn/en_us/AWSCloudFormation/latest/UserGuide/stacksets-prereqs.html>
fn check_partition(stack_set: &Address, place: Place, declaration: &mut Declaration) {
    if declaration.desired.settings.partition() != "aws-cn" {
        return;
    }
    let message =
        format!("the stack {} is for a unit, and CloudFormation has no such stack sets in China", stack_set.name());
    declaration.mistake("stack-set", place, message, "name accounts under the stack's `in` instead of units");
}

/// Stack sets are for units only while their service is trusted.
fn trusted(stack_set: &Address, place: Place, declaration: &mut Declaration) -> Address {
    let address = trust(SERVICE, place, declaration);
    if declaration.desired.get(&address).is_some_and(|wanted| wanted.presence == Presence::Absent) {
        let message = format!("the stack {} is for a unit, and `trusted_access` disables {SERVICE}", stack_set.name());
        declaration.mistake("trusted-access", place, message, "remove its `state: absent`, or name accounts here");
    }
    address
}

/// What AWS does not take in a stack set for units is a mistake.
pub(crate) fn check_template(
    name: &str,
    template: &serde_json::Value,
    units: &[(Address, Place)],
    declaration: &mut Declaration,
) {
    let Some((unit, place)) = units.first() else { return };
    for what in unsupported_in_units(template) {
        let message = format!(
            "the stack {name} is for {unit}, and its template has {what}, which stack sets for units do not take"
        );
        let help = "name accounts under the stack's `in` instead of units, or write the template without it: \
                    `aws cloudformation get-template --template-stage Processed` shows what a transform makes";
        declaration.mistake("stack-set", *place, message, help);
    }
}

/// What gets the stack twice is a mistake: a unit or an account that lies in another unit.
fn check_overlap(units: &[(Address, Place)], declaration: &mut Declaration) {
    for (nth, (unit, place)) in units.iter().enumerate() {
        let covers = |at: usize, other: &Address| lies_in(unit, other) && (unit != other || at < nth);
        let wider = units.iter().enumerate().find(|(at, (other, _))| covers(*at, other));
        if let Some((_, (wider, _))) = wider {
            let message =
                if unit == wider { format!("{unit} is named twice") } else { format!("{unit} lies in {wider}") };
            declaration.mistake("target", *place, message, "remove it: its accounts get the stack already");
        }
    }
}

/// An account that is named beside a unit that it lies in is a mistake.
pub(crate) fn check_accounts(accounts: &[(Address, Place)], units: &[(Address, Place)], declaration: &mut Declaration) {
    for (account, place) in accounts {
        let parent = declaration.desired.get(account).and_then(|wanted| wanted.parent.clone());
        let Some(parent) = parent.filter(|_| account.prefix() == "account") else { continue };
        if let Some((unit, _)) = units.iter().find(|(unit, _)| lies_in(&parent, unit)) {
            let message = format!("{account} lies in {unit}, which is named too");
            declaration.mistake("target", *place, message, "remove it: it gets the stack already");
        }
    }
}

fn lies_in(place: &Address, unit: &Address) -> bool {
    *unit == Address::root() || place.is_within(unit)
}

fn auto_deployment(given: Option<&Spanned<AutoDeployment>>, declaration: &mut Declaration) -> resource::AutoDeployment {
    let AutoDeployment { enabled, retain_stacks_on_account_removal: retain } =
        given.map(|given| given.value.clone()).unwrap_or_default();
    if enabled {
        let retain = Some(retain.unwrap_or(true));
        return resource::AutoDeployment {
            enabled,
            retain_stacks_on_account_removal: retain,
            ..resource::AutoDeployment::default()
        };
    }
    if let Some(given) = given.filter(|_| retain.is_some()) {
        let help = "remove `retain_stacks_on_account_removal`: accounts that leave keep their stacks then";
        declaration.mistake("auto-deployment", given.place, "AWS follows no accounts where it is not enabled", help);
    }
    resource::AutoDeployment::default()
}

/// AWS takes a number or a share.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html>
fn check_preferences(preferences: &Spanned<OperationPreferences>, declaration: &mut Declaration) {
    let both = |count: Option<u32>, percentage: Option<u32>| count.is_some() && percentage.is_some();
    for (what, twice) in [
        ("max_concurrent", both(preferences.max_concurrent_count, preferences.max_concurrent_percentage)),
        ("failure_tolerance", both(preferences.failure_tolerance_count, preferences.failure_tolerance_percentage)),
    ] {
        if twice {
            let message = format!("`{what}_count` and `{what}_percentage` say the same twice");
            declaration.mistake("operation-preferences", preferences.place, message, "keep one of them");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::sections::declare_text;

    /// The mistakes in a blueprint with a stack `s` that says `said`: their codes and what is wrong.
    fn mistakes(said: &str, more: &str) -> Vec<String> {
        mistakes_in("eu-west-1", said, more)
    }

    fn mistakes_in(region: &str, said: &str, more: &str) -> Vec<String> {
        let text = format!(
            "version: 1\nname: b\norganization: {{regions: [{region}], account_email: '{{name}}@x.example', {more}}}\n\
             organizational_units: {{W: {{accounts: [a], organizational_units: {{D: }}}}, P: }}\n\
             stacks: {{s: {{template: budget, parameters: {{limit_usd: 1, emails: [a@x.example]}}, {said}}}}}\n"
        );
        match declare_text("landing.yaml", &text) {
            Ok(_) => Vec::new(),
            Err(failed) => failed.diagnostics.iter().map(|it| format!("{}: {}", it.code, it.message)).collect(),
        }
    }

    #[test]
    fn units_and_the_management_account_go_together() {
        for said in ["in: [W, P]", "in: [management, root]", "in: [W/D, a], termination_protection: false"] {
            assert_eq!(mistakes(said, ""), [""; 0], "{said}");
        }
    }

    #[test]
    fn in_china_stacks_are_for_accounts_only() {
        let expected = "stack-set: the stack s is for a unit, and CloudFormation has no such stack sets in China";
        assert_eq!(mistakes_in("cn-north-1", "in: [W]", ""), [expected]);
        assert_eq!(mistakes_in("cn-north-1", "in: [a, management]", ""), [""; 0]);
        for region in ["eusc-de-east-1", "us-gov-west-1"] {
            assert_eq!(mistakes_in(region, "in: [W]", ""), [""; 0], "{region}");
        }
    }

    #[test]
    fn what_gets_the_stack_twice_is_a_mistake() {
        for (targets, expected) in [
            ("[W, a]", "target: account/a lies in ou/W, which is named too"),
            ("[management, a, root]", "target: account/a lies in root, which is named too"),
            ("[W/D, W]", "target: ou/W/D lies in ou/W"),
            ("[P, P]", "target: ou/P is named twice"),
            ("[management, root, W]", "target: ou/W lies in root"),
        ] {
            assert_eq!(mistakes(&format!("in: {targets}"), ""), [expected], "{targets}");
        }
    }

    #[test]
    fn what_stack_sets_do_not_take_is_a_mistake_and_what_only_they_take_as_well() {
        for (said, expected) in [
            (
                "in: [W], termination_protection: true",
                "termination-protection: the stack s is for ou/W, and AWS protects no stack sets from deletion",
            ),
            ("in: [a], auto_deployment: {enabled: false}", "stack-set: the stack s is for no unit"),
            (
                "in: [W], auto_deployment: {enabled: false, retain_stacks_on_account_removal: true}",
                "auto-deployment: AWS follows no accounts where it is not enabled",
            ),
            (
                "in: [W], operation_preferences: {max_concurrent_count: 1, max_concurrent_percentage: 10}",
                "operation-preferences: `max_concurrent_count` and `max_concurrent_percentage` say the same twice",
            ),
        ] {
            assert_eq!(mistakes(said, ""), [expected], "{said}");
        }
    }

    #[test]
    fn trusted_access_that_stack_sets_need_cannot_be_taken_away() {
        let absent = format!("trusted_access: [{{name: {}, state: absent}}]", super::SERVICE);
        let expected =
            format!("trusted-access: the stack s is for a unit, and `trusted_access` disables {}", super::SERVICE);
        assert_eq!(mistakes("in: [W]", &absent), [expected]);
    }

    #[test]
    fn what_a_stack_set_gives_no_one_can_take() {
        let text = "version: 1\nname: b\norganization: {regions: [eu-west-1], account_email: '{name}@x.example'}\n\
                    organizational_units: {W: {accounts: [a]}}\nstacks:\n  \
                    s: {template: budget, in: [W], parameters: {limit_usd: 1, emails: [a@x.example]}}\n  \
                    t: {template: budget, in: [management], parameters: {limit_usd: 1, emails: [a@x.example], BudgetName: \
                    '${stack/a/s/eu-west-1.BudgetName}'}}\n";
        let failed = declare_text("landing.yaml", text).expect_err("no one knows what a stack set gives");
        let help: Vec<_> = failed.diagnostics.iter().filter_map(|it| it.help.clone()).collect();
        assert_eq!(help.len(), 1);
        assert!(help[0].starts_with("CloudFormation does not return the outputs of a stack set"), "{help:?}");
    }
}
