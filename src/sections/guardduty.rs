use serde_json::json;

use super::declaration::Declaration;
use super::organization::{AutoEnable, DelegatedAdministrator, OrganizationSection, State};
use crate::blueprint::Spanned;
use crate::model::{Address, Body, Wanted};

/// The service, as Organizations knows it.
pub(super) const PRINCIPAL: &str = "guardduty.amazonaws.com";

/// Wants GuardDuty administered by the account that the blueprint says, in every region of the organization. Its stacks come
/// first: an account without a detector cannot administer others'.
pub(super) fn declare(section: &OrganizationSection, declaration: &mut Declaration) {
    let administrators = section.delegated_administrators.iter();
    for administrator in administrators.filter(|it| it.service.value == PRINCIPAL) {
        for region in declaration.desired.settings.regions.clone() {
            declare_in(&region, administrator, declaration);
        }
    }
}

fn declare_in(region: &str, administrator: &Spanned<DelegatedAdministrator>, declaration: &mut Declaration) {
    let account = Address::account(&administrator.account);
    let auto_enable = administrator.auto_enable.as_ref().map(|it| it.value).unwrap_or_default();
    let mut body = Body::new();
    body.insert("auto_enable".into(), json!(api_name(auto_enable)));
    let detectors = detectors(&account, region, declaration);
    let wanted = Wanted::new("guardduty-administrator", Address::new("guardduty-administrator", [region]), body);
    let wanted = wanted.under(account.clone()).needing([account]).needing(detectors);
    declaration.want(wanted.present(administrator.state == State::Present), administrator.account.place);
}

fn api_name(auto_enable: AutoEnable) -> &'static str {
    match auto_enable {
        AutoEnable::All => "ALL",
        AutoEnable::New => "NEW",
        AutoEnable::None => "NONE",
    }
}

/// The stacks and stack sets that may bring the account its detector.
fn detectors(account: &Address, region: &str, declaration: &Declaration) -> Vec<Address> {
    let resources = declaration.desired.resources.values();
    let bringing = resources.filter(|wanted| match wanted.kind.as_str() {
        "stack" => wanted.parent.as_ref() == Some(account) && wanted.address.name() == region && has_detector(wanted),
        "stack-set" => has_detector(wanted),
        _ => false,
    });
    bringing.map(|wanted| wanted.address.clone()).collect()
}

fn has_detector(wanted: &Wanted) -> bool {
    let resources = wanted.body.get("template").and_then(|template| template.get("Resources"));
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
        assert_eq!(wanted[0].needs, ["account/audit", "stack/audit/guardduty/eu-west-1"].map(Address::parse));
        assert_eq!(declared.desired.of_kind("delegated-administrator").count(), 0);
    }
}
