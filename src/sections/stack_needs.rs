use std::collections::BTreeSet;

use landing_blueprint::{Diagnostic, Place};
use serde_json::{Map, Value};

use crate::declaration::Declaration;
use crate::declaration::trust::trust;
use crate::kinds::resource::{Resource, StackSet};
use crate::kinds::section::delegated_administrator::administer;
use crate::kinds::section::stack_set::follow_in_new_accounts;
use crate::model::Address;
use crate::template::{Need, StackTemplate};

/// The stacks of a built-in template that a part of the blueprint makes.
pub(super) struct Made {
    pub template: &'static StackTemplate,
    /// What the template is given.
    pub given: Map<String, Value>,
    /// The accounts that get a stack of their own.
    pub accounts: Vec<Address>,
    pub regions: BTreeSet<String>,
    /// The addresses of the stacks and of the stack set.
    pub stacks: Vec<Address>,
    pub place: Place,
}

/// Wants what the stacks need, and has it come first: an organization that trusts the service, an account that
/// administers it, other stacks.
pub(super) fn declare(all: &[Made], declaration: &mut Declaration) {
    for made in all {
        for need in made.template.needs(&made.given) {
            let first = match need {
                Need::TrustedAccess(service) => vec![trust(service, made.place, declaration)],
                Need::Administration(service) => {
                    let accounts = made.accounts.iter().filter(|account| **account != Address::management());
                    accounts.map(|account| administer(service, account, made.place, declaration)).collect()
                }
                Need::Stacks(template) => {
                    let others = all.iter().filter(|other| other.template.name == template);
                    others.flat_map(|other| other.stacks.clone()).collect()
                }
                Need::GlobalRegion => {
                    check_global_region(made, declaration);
                    Vec::new()
                }
            };
            for stack in &made.stacks {
                if let Some(wanted) = declaration.desired.resources.get_mut(stack) {
                    wanted.needs.extend(first.iter().cloned());
                    if wanted.kind == StackSet::KIND {
                        let sets = sets_before(stack, &first);
                        follow_in_new_accounts(wanted, sets);
                    }
                }
            }
        }
    }
}

/// The names of the other stack sets among what comes before one.
fn sets_before(stack_set: &Address, first: &[Address]) -> BTreeSet<String> {
    let sets = first.iter().filter(|first| first.prefix() == StackSet::KIND && *first != stack_set);
    sets.map(Address::name).collect()
}

fn check_global_region(made: &Made, declaration: &mut Declaration) {
    let region = declaration.desired.settings.global_region();
    if !made.regions.contains(region) {
        let message = format!("{} is not in {region}, where AWS reports IAM and Organizations", made.template.name);
        let warning = Diagnostic::warning("region", message).at(made.place);
        declaration.diagnostics.push(warning.help(format!("write {region} under the stack's `regions` too")));
    }
}

#[cfg(test)]
mod tests {
    use crate::model::Address;
    use crate::sections::declare_text;

    fn needs(stacks: &str, stack: &Address) -> Vec<String> {
        let text = format!(
            "version: 1\nname: b\norganization: {{regions: [eu-west-1], account_email: '{{name}}@x.example'}}\n\
             organizational_units: {{W: {{accounts: [a]}}}}\naccounts: [audit]\nstacks:\n{stacks}"
        );
        let Ok(declared) = declare_text("landing.yaml", &text) else { panic!("it has mistakes") };
        let wanted = declared.desired.get(stack).unwrap_or_else(|| panic!("{stack} is not wanted"));
        assert!(wanted.needs.iter().all(|need| declared.desired.get(need).is_some()), "{:?}", wanted.needs);
        wanted.needs.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_acts_for_the_organization_waits_for_the_administration_of_its_account() {
        let aggregator = Address::stack("audit", "see", "eu-west-1");
        let needs = needs("  see: {template: config-aggregator, in: [audit]}\n", &aggregator);
        assert!(needs.contains(&"delegated-administrator/config.amazonaws.com/audit".to_owned()), "{needs:?}");
    }

    #[test]
    fn rules_wait_for_recorders_in_whatever_way_both_are_deployed() {
        let stacks =
            "  rules: {template: config-rules, in: [W, audit], parameters: {rules: [{name: r, identifier: R}]}}
  recorder: {template: config-recorder, in: [W, audit], parameters: {BucketName: bucket}}\n";
        for stack in [Address::stack_set("rules"), Address::stack("audit", "rules", "eu-west-1")] {
            let needs = needs(stacks, &stack);
            for first in [Address::stack_set("recorder"), Address::stack("audit", "recorder", "eu-west-1")] {
                assert!(needs.contains(&first.to_string()), "{stack}: {needs:?}");
            }
        }
    }

    #[test]
    fn in_new_accounts_rules_are_deployed_after_recorders() {
        let stacks = "  rules: {template: config-rules, in: [W], parameters: {rules: [{name: r, identifier: R}]}}
  recorder: {template: config-recorder, in: [W, audit], parameters: {BucketName: bucket}}\n";
        let text = format!(
            "version: 1\nname: b\norganization: {{regions: [eu-west-1], account_email: '{{name}}@x.example'}}\n\
             organizational_units: {{W: {{accounts: [a]}}}}\naccounts: [audit]\nstacks:\n{stacks}"
        );
        let Ok(declared) = declare_text("landing.yaml", &text) else { panic!("it has mistakes") };
        let auto = |name: &str| {
            let wanted = declared.desired.get(&Address::stack_set(name)).unwrap_or_else(|| panic!("{name} is wanted"));
            wanted.body["auto_deployment"]["depends_on"].clone()
        };
        assert_eq!((auto("rules"), auto("recorder")), (serde_json::json!(["recorder"]), serde_json::Value::Null));
    }

    #[test]
    fn anyone_who_would_not_hear_of_global_services_is_warned() {
        let warned = |regions: &str| {
            let text = format!(
                "version: 1\nname: b\norganization: {{regions: [eu-west-1], account_email: '{{name}}@x.example'}}\n\
                 stacks: {{s: {{template: security-events, in: [management], regions: {regions}, parameters: \
                 {{BusArn: 'arn:aws:events:eu-west-1:111111111111:event-bus/b'}}}}}}\n"
            );
            let Ok(declared) = declare_text("landing.yaml", &text) else { panic!("it has mistakes") };
            declared.warnings.iter().filter(|it| it.message.contains("us-east-1")).count()
        };
        assert_eq!((warned("[eu-west-1]"), warned("[eu-west-1, us-east-1]")), (1, 0));
    }
}
