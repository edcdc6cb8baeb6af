//! Accounts that administer a service by being registered with Organizations.

use landing_blueprint::{Place, Spanned};

use crate::declaration::Declaration;
use crate::declaration::administrator;
use crate::declaration::state::State;
use crate::declaration::trust::trust;
use crate::kinds::shared::resource::Resource;
use crate::model::{Address, Designation, Wanted};

use super::resource::DelegatedAdministrator;

/// Wants an account to administer a service, or no more, as the blueprint says.
pub(crate) fn declare(administrator: &administrator::DelegatedAdministrator, declaration: &mut Declaration) {
    let account = Address::account(&administrator.account);
    let wanted = administration(&administrator.service, &account, administrator.service.place, declaration);
    declaration.want(wanted.present(administrator.state == State::Present), administrator.account.place);
}

/// Each service forgets its administrator in a region; Organizations keeps the account registered until it is reported.
/// <https://docs.aws.amazon.com/detective/latest/APIReference/API_DisableOrganizationAdminAccount.html>
pub(crate) fn deregister(
    administrator: &Spanned<administrator::DelegatedAdministrator>,
    declaration: &mut Declaration,
) {
    let is_absent = administrator.state == State::Absent;
    if is_absent && Designation::of(&administrator.service) == Some(Designation::EveryRegion) {
        declare(administrator, declaration);
    }
}

/// Wants a service administered by an account, and gives that wish's address.
pub(crate) fn administer(service: &str, account: &Address, place: Place, declaration: &mut Declaration) -> Address {
    let wanted = administration(service, account, place, declaration);
    let address = wanted.address.clone();
    if !declaration.desired.resources.contains_key(&address) {
        declaration.want(wanted, place);
    }
    address
}

/// The wish that an account administers a service, which is trusted for it.
fn administration(service: &str, account: &Address, place: Place, declaration: &mut Declaration) -> Wanted {
    let trusted = trust(service, place, declaration);
    let administrator = DelegatedAdministrator { service: service.to_owned(), account: account.name() };
    let address = Address::new(DelegatedAdministrator::KIND, [service, account.name().as_str()]);
    administrator.wanted(address).under(account.clone()).needing([account.clone(), trusted])
}
