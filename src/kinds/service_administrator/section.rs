//! Delegated administrators of services that designate them by calls of their own.

use landing_blueprint::Spanned;

use crate::declaration::Declaration;
use crate::declaration::administrator::DelegatedAdministrator;
use crate::declaration::state::State;
use crate::declaration::trust::{opt_in, trust};
use crate::model::{Address, Designation, Wanted, no_fields};

const KIND: &str = "service-administrator";

/// Whether the service designates its administrator itself, so that [`declare`] sees to it. One that landing has no kind
/// for is a mistake: it would be registered with Organizations and administer nothing.
pub(crate) fn is_designated(administrator: &DelegatedAdministrator, declaration: &mut Declaration) -> bool {
    let service = &administrator.service;
    let designation = Designation::of(service);
    if let Some(Designation::Command(command)) = designation {
        let command = command.replace("ACCOUNT", "ID");
        let message = format!("landing does not designate the administrator of {}", service.value);
        let help = format!(
            "remove this entry, and run `{command}` in the management account with the id of {}",
            administrator.account.value
        );
        declaration.mistake("delegated-administrator", service.place, message, help);
    }
    designation.is_some()
}

/// Wants it designated in every region where that counts, once the account has opted in to it.
pub(crate) fn declare(administrator: &Spanned<DelegatedAdministrator>, declaration: &mut Declaration) {
    for region in regions(&administrator.service, declaration) {
        declare_in(&region, administrator, declaration);
    }
}

fn regions(service: &str, declaration: &Declaration) -> Vec<String> {
    let settings = &declaration.desired.settings;
    match Designation::of(service) {
        Some(Designation::EveryRegion) => settings.regions.clone(),
        Some(Designation::GlobalRegion) => vec![settings.global_region().to_owned()],
        Some(Designation::HomeRegion) => vec![settings.home_region.clone()],
        Some(Designation::Command(_)) | None => Vec::new(),
    }
}

fn declare_in(region: &str, administrator: &Spanned<DelegatedAdministrator>, declaration: &mut Declaration) {
    let (service, account) = (&administrator.service, Address::account(&administrator.account));
    let is_present = administrator.state == State::Present;
    let mut needs = vec![account.clone(), Address::organization()];
    if is_present && Designation::needs_trust(service) {
        needs.push(trust(service, service.place, declaration));
    }
    needs.extend(opt_in(region, &account, declaration));
    let wanted = Wanted::new(KIND, Address::new(KIND, [service.as_str(), region]), no_fields()).under(account);
    declaration.want(wanted.needing(needs).present(is_present), administrator.account.place);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Presence;
    use crate::sections::declare_text;

    fn text(administrator: &str) -> String {
        format!(
            "version: 1\nname: b\norganization:\n  regions: [eu-west-1, ap-east-1]\n  opt_in_regions: [ap-east-1]\n  \
             account_email: '{{name}}@x.example'\n  delegated_administrators: [{administrator}]\naccounts: [audit]\n"
        )
    }

    fn wanted(administrator: &str) -> Vec<(String, Presence, Vec<String>)> {
        let Ok(declared) = declare_text("landing.yaml", &text(administrator)) else { panic!("it has mistakes") };
        let kinds = ["delegated-administrator", KIND];
        let of = kinds.iter().flat_map(|kind| declared.desired.of_kind(kind));
        let needs = |wanted: &Wanted| wanted.needs.iter().map(ToString::to_string).collect();
        of.map(|wanted| (wanted.address.to_string(), wanted.presence, needs(wanted))).collect()
    }

    #[test]
    fn a_service_with_a_call_of_its_own_is_reported_where_that_counts() {
        for (service, addresses) in [
            ("inspector2", vec!["inspector2.amazonaws.com/ap-east-1", "inspector2.amazonaws.com/eu-west-1"]),
            ("macie", vec!["macie.amazonaws.com/ap-east-1", "macie.amazonaws.com/eu-west-1"]),
            ("detective", vec!["detective.amazonaws.com/ap-east-1", "detective.amazonaws.com/eu-west-1"]),
            ("securityhub", vec!["securityhub.amazonaws.com/ap-east-1", "securityhub.amazonaws.com/eu-west-1"]),
            ("fms", vec!["fms.amazonaws.com/us-east-1"]),
            ("ipam", vec!["ipam.amazonaws.com/eu-west-1"]),
            ("cloudtrail", vec!["cloudtrail.amazonaws.com/eu-west-1"]),
        ] {
            let found = wanted(&format!("{{service: {service}.amazonaws.com, account: audit}}"));
            let found: Vec<&str> = found.iter().map(|(address, ..)| address.as_str()).collect();
            let addresses: Vec<String> = addresses.iter().map(|it| format!("service-administrator/{it}")).collect();
            assert_eq!(found, addresses, "{service}");
        }
        let found = wanted("{service: config.amazonaws.com, account: audit}");
        assert_eq!(found[0].0, "delegated-administrator/config.amazonaws.com/audit");
    }

    #[test]
    fn it_waits_for_the_account_its_region_and_what_the_service_needs() {
        let found = wanted("{service: securityhub.amazonaws.com, account: audit}");
        let first = ["account/audit", "organization", "trusted-access/securityhub.amazonaws.com"];
        assert_eq!(found[0].2, [&first[..], &["region/audit/ap-east-1"]].concat());
        assert_eq!(found[1].2, first);
        assert_eq!(wanted("{service: macie.amazonaws.com, account: audit}")[1].2, ["account/audit", "organization"]);
    }

    #[test]
    fn what_is_absent_leaves_organizations_too() {
        let found = wanted("{service: detective.amazonaws.com, account: audit, state: absent}");
        let found: Vec<_> = found.iter().map(|(address, presence, _)| (address.as_str(), *presence)).collect();
        let absent = Presence::Absent;
        assert_eq!(
            found,
            [
                ("delegated-administrator/detective.amazonaws.com/audit", absent),
                ("service-administrator/detective.amazonaws.com/ap-east-1", absent),
                ("service-administrator/detective.amazonaws.com/eu-west-1", absent),
            ]
        );
    }

    #[test]
    fn what_landing_cannot_designate_is_refused_by_name() {
        let Err(failed) = declare_text("landing.yaml", &text("{service: auditmanager.amazonaws.com, account: audit}"))
        else {
            panic!("it is taken")
        };
        let said = failed.diagnostics.render(&failed.sources, false, 200);
        assert!(said.contains("landing does not designate the administrator of auditmanager.amazonaws.com"), "{said}");
        assert!(said.contains("aws auditmanager register-organization-admin-account --admin-account-id ID"), "{said}");
    }

    #[test]
    fn no_built_in_stack_needs_an_administrator_that_a_service_designates() {
        for template in crate::template::stacks() {
            for need in template.needs(&serde_json::Map::new()) {
                if let crate::template::Need::Administration(service) = need {
                    assert_eq!(Designation::of(service), None, "{}: {service}", template.name);
                }
            }
        }
    }
}
