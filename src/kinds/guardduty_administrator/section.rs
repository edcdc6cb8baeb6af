use indexmap::IndexMap;
use landing_blueprint::{Diagnostic, Spanned};
use serde_json::json;

use crate::declaration::Declaration;
use crate::declaration::administrator::{AutoEnable, DelegatedAdministrator, ProtectionPlan};
use crate::declaration::state::State;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Wanted, body_template};

use super::resource::GuardDutyAdministrator;

/// The service, as Organizations knows it.
pub(crate) const PRINCIPAL: &str = "guardduty.amazonaws.com";

/// Wants GuardDuty administered by the account that the blueprint says, in every region of the organization. Its stacks come
/// first: an account without a detector cannot administer others'.
pub(crate) fn declare(administrators: &[Spanned<DelegatedAdministrator>], declaration: &mut Declaration) {
    for administrator in administrators.iter().filter(|it| it.service.value == PRINCIPAL) {
        for region in declaration.desired.settings.regions.clone() {
            declare_in(&region, administrator, declaration);
        }
        if auto_enable(administrator) != AutoEnable::None && administrator.state == State::Present {
            check_stack_sets(administrator, declaration);
        }
    }
}

fn declare_in(region: &str, administrator: &Spanned<DelegatedAdministrator>, declaration: &mut Declaration) {
    let account = Address::account(&administrator.account);
    let wanted = GuardDutyAdministrator {
        auto_enable: Some(api_name(auto_enable(administrator)).to_owned()),
        protection_plans: plans(administrator),
    };
    let detectors = detectors(&account, region, declaration);
    let wanted = wanted.wanted(Address::new(GuardDutyAdministrator::KIND, [region]));
    let opt_in = crate::declaration::trust::opt_in(region, &account, declaration);
    let wanted = wanted.under(account.clone()).needing([account]).needing(opt_in).needing(detectors);
    declaration.want(wanted.present(administrator.state == State::Present), administrator.account.place);
}

fn auto_enable(administrator: &DelegatedAdministrator) -> AutoEnable {
    administrator.auto_enable.as_ref().map(|it| it.value).unwrap_or_default()
}

/// The protection plans, each for whom it is switched on: without them members have only the foundational sources, whatever
/// the administrator's own detector looks at.
/// <https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html>
fn plans(administrator: &DelegatedAdministrator) -> IndexMap<String, String> {
    let given = administrator.protection_plans.as_deref().unwrap_or(&[ProtectionPlan::S3DataEvents]);
    let names = given.iter().filter_map(|plan| json!(plan).as_str().map(str::to_owned));
    names.map(|name| (name, api_name(auto_enable(administrator)).to_owned())).collect()
}

fn api_name(auto_enable: AutoEnable) -> &'static str {
    match auto_enable {
        AutoEnable::All => "ALL",
        AutoEnable::New => "NEW",
        AutoEnable::None => "NONE",
    }
}

/// The stacks and stack sets that may bring the account its detector, and the management account the role without which it is
/// not administered.
fn detectors(account: &Address, region: &str, declaration: &Declaration) -> Vec<Address> {
    let resources = declaration.desired.resources.values();
    let bringing = resources.filter(|wanted| match wanted.kind.as_str() {
        "stack" => is_in(wanted, account, region) && has_detector(wanted),
        "stack-set" => has_detector(wanted),
        _ => false,
    });
    bringing.map(|wanted| wanted.address.clone()).collect()
}

fn is_in(stack: &Wanted, account: &Address, region: &str) -> bool {
    let parent = stack.parent.as_ref();
    stack.address.name() == region && (parent == Some(account) || parent == Some(&Address::management()))
}

/// An account has one detector. What the administrator switches on in a new account may be faster than its stack, which fails
/// then.
fn check_stack_sets(administrator: &Spanned<DelegatedAdministrator>, declaration: &mut Declaration) {
    let sets = declaration.desired.of_kind("stack-set").filter(|set| has_detector(set));
    let names: Vec<String> = sets.map(|set| set.address.name()).collect();
    for name in names {
        let message = format!("GuardDuty's administrator and the stack set {name} both switch it on in new accounts");
        let help = "name the administrator and the management account under the stack's `in` instead of units, or write \
                    `auto_enable: none` here: whichever comes second fails";
        declaration.diagnostics.push(Diagnostic::warning("guardduty", message).at(administrator.place).help(help));
    }
}

fn has_detector(wanted: &Wanted) -> bool {
    let resources = body_template(&wanted.body).and_then(|template| template.get("Resources"));
    let mut resources = resources.and_then(|all| all.as_object()).into_iter().flatten();
    resources.any(|(_, resource)| resource["Type"] == "AWS::GuardDuty::Detector")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::declare_text;

    #[test]
    fn it_is_administered_in_every_region_once_the_account_has_a_detector_there() {
        let text = "version: 1\nname: b\norganization:\n  regions: [eu-west-1, us-east-1]\n  account_email: '{name}@x.example'\n  \
                    delegated_administrators: [{service: guardduty.amazonaws.com, account: audit, auto_enable: new}]\n\
                    accounts: [audit, other]\nstacks:\n  guardduty: {template: guardduty, in: [audit, other]}\n";
        let Ok(declared) = declare_text("landing.yaml", text) else { panic!("it has mistakes") };
        let wanted: Vec<&Wanted> = declared.desired.of_kind("guardduty-administrator").collect();
        let addresses: Vec<&str> = wanted.iter().map(|wanted| wanted.address.as_str()).collect();
        assert_eq!(addresses, ["guardduty-administrator/eu-west-1", "guardduty-administrator/us-east-1"]);
        assert_eq!(wanted[0].body["auto_enable"], "NEW");
        assert_eq!(wanted[0].body["protection_plans"], json!({"S3_DATA_EVENTS": "NEW"}));
        assert_eq!(wanted[0].needs, ["account/audit", "stack/audit/guardduty/eu-west-1"].map(Address::parse));
        assert_eq!(declared.desired.of_kind("delegated-administrator").count(), 0);
    }

    #[test]
    fn members_get_the_protection_plans_that_are_named() {
        let plans = |more: &str| {
            let text = format!(
                "version: 1\nname: b\norganization:\n  regions: [eu-west-1]\n  account_email: '{{name}}@x.example'\n  \
                 delegated_administrators: [{{service: guardduty.amazonaws.com, account: audit, {more}}}]\naccounts: [audit]\n"
            );
            let Ok(declared) = declare_text("landing.yaml", &text) else { panic!("it has mistakes") };
            let wanted = declared.desired.of_kind("guardduty-administrator").next().expect("it is wanted");
            wanted.body["protection_plans"].clone()
        };
        let named = plans("protection_plans: [RDS_LOGIN_EVENTS, EKS_AUDIT_LOGS]");
        assert_eq!(named, json!({"EKS_AUDIT_LOGS": "ALL", "RDS_LOGIN_EVENTS": "ALL"}));
        assert_eq!(plans("protection_plans: []"), json!({}));
        assert_eq!(plans("auto_enable: none"), json!({"S3_DATA_EVENTS": "NONE"}));
    }

    #[test]
    fn anyone_who_would_switch_it_on_twice_in_new_accounts_is_warned() {
        let warned = |place: &str, more: &str| {
            let text = format!(
                "version: 1\nname: b\norganization:\n  regions: [eu-west-1]\n  account_email: '{{name}}@x.example'\n  \
                 delegated_administrators: [{{service: guardduty.amazonaws.com, account: audit{more}}}]\n\
                 accounts: [audit]\norganizational_units: {{Work: }}\nstacks:\n  guardduty: {{in: [{place}]}}\n"
            );
            let Ok(declared) = declare_text("landing.yaml", &text) else { panic!("it has mistakes") };
            declared.warnings.iter().filter(|it| it.code == "guardduty").count()
        };
        assert_eq!(
            (warned("management, audit", ""), warned("Work", ""), warned("Work", ", auto_enable: none")),
            (0, 1, 0)
        );
    }
}
