//! What one wish makes another necessary: policy types and trusted access.

use landing_blueprint::Place;
use landing_policy::PolicyType;

use crate::declaration::Declaration;
use crate::model::{Address, Presence};

/// The address of a policy type.
pub(crate) fn policy_type_address(policy_type: PolicyType) -> Address {
    Address::new("policy-type", [policy_type.api_name()])
}

/// Wants a service trusted, unless the blueprint leaves that as it is, and gives that wish's address.
pub(crate) fn trust(service: &str, place: Place, declaration: &mut Declaration) -> Address {
    let address = Address::new("trusted-access", [service]);
    if declaration.unmanaged_services.contains(service) {
        return address;
    }
    declaration.want_also("trusted-access", &address, &[Address::organization()], place);
    address
}

/// Contacts, names and regions of member accounts are managed through this service.
pub(crate) fn trust_account_management(place: Place, declaration: &mut Declaration) -> Address {
    trust("account.amazonaws.com", place, declaration)
}

/// The account's opt-in to the region, where the blueprint has one.
pub(crate) fn opt_in(region: &str, account: &Address, declaration: &Declaration) -> Option<Address> {
    let opt_in = Address::new("region", [account.name().as_str(), region]);
    let wanted = declaration.desired.get(&opt_in).filter(|wanted| wanted.presence == Presence::Present);
    wanted.map(|wanted| wanted.address.clone())
}
