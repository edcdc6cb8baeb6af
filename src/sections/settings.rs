use super::account;
use super::blueprint::Blueprint;
use crate::declaration::Declaration;
use crate::declaration::{aws_names, tags};
use crate::model::DEFAULT_ACCESS_ROLE;

/// Takes what holds for the whole organization, and for everything that does not say otherwise.
pub(super) fn declare(blueprint: &Blueprint, declaration: &mut Declaration) {
    let section = &blueprint.organization;
    for region in &section.extra_regions {
        aws_names::check_extra_region(region, declaration);
    }
    let exempt = super::guardrail::exempt_roles(&blueprint.policies, &blueprint.enabled(), declaration);
    declaration.unmanaged_services = super::organization::unmanaged_services(section).map(str::to_owned).collect();
    declaration.extra_regions = section.extra_regions.iter().map(|region| region.value.clone()).collect();
    let home = section.home_region.as_ref().or(section.regions.first()).map(|region| region.value.clone());
    let settings = &mut declaration.desired.settings;
    settings.home_region = home.unwrap_or_default();
    settings.regions = section.regions.iter().map(|region| region.value.clone()).collect();
    if settings.regions.is_empty() && !settings.home_region.is_empty() {
        settings.regions.push(settings.home_region.clone());
    }
    settings.access_role =
        section.access_role.as_ref().map_or_else(|| DEFAULT_ACCESS_ROLE.to_owned(), |role| role.value.clone());
    settings.roles = super::stack::own_roles(&blueprint.stacks);
    settings.break_glass_roles = section.break_glass_roles.iter().map(|role| role.value.clone()).collect();
    settings.exempt_roles = exempt;
    let accounts = blueprint.all_accounts().into_iter().map(|entry| account::key(entry).as_str());
    settings.log_archives = super::stack::log_archives(&blueprint.stacks, accounts);
    settings.control_tower = section.control_tower;
    settings.ignore_tags = section.ignore_tags.iter().map(|key| key.value.clone()).collect();
    for region in section.home_region.iter().chain(&section.regions) {
        aws_names::check_region(region, declaration);
    }
    for switch in &section.opt_in_regions {
        aws_names::check_opt_in(switch.name(), switch.is_on(), declaration);
    }
    check_home(blueprint, declaration);
    super::quotas::take(blueprint, declaration);
    let defaults = &mut declaration.defaults;
    defaults.account_email = section.account_email.as_ref().map(|email| email.value.clone());
    defaults.opt_in_regions = section.opt_in_regions.clone();
    defaults.iam_user_access_to_billing = section.iam_user_access_to_billing;
    defaults.tags = tags::plain(&section.default_tags);
    tags::check(&section.default_tags, declaration);
}

fn check_home(blueprint: &Blueprint, declaration: &mut Declaration) {
    let section = &blueprint.organization;
    let (Some(home), false) = (&section.home_region, section.regions.is_empty()) else { return };
    if !section.regions.iter().any(|region| region.value == home.value) {
        let message = format!("the home region {} is not among the regions", home.value);
        declaration.mistake("region", home.place, message, "add it to `regions`: landing works in it");
    }
}
