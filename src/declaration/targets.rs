//! The places that something is for, without what is excluded: one meaning in every section.

use landing_blueprint::{Diagnostic, Place, Spanned};

use crate::declaration::Declaration;
use crate::declaration::target::{self, MEMBERS};
use crate::model::{Address, Exclusion, Wanted, body_tags};

/// A place that something is for, and what of it is excluded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Target {
    /// `root`, `management`, `ou/…` or `account/…`.
    pub address: Address,
    /// Where it is written.
    pub place: Place,
    /// The accounts in it that it does not mean.
    pub except: Exclusion,
}

/// The places that are named, each without what is excluded. A place that is excluded as a whole is a mistake, and what is
/// excluded although it is in none of the places is doubtful. Units and accounts must be declared before.
pub(crate) fn resolve_all(
    written: &[Spanned<String>],
    except: &Exclusion,
    declaration: &mut Declaration,
) -> Vec<Target> {
    let targets: Vec<Target> = written.iter().filter_map(|text| one(text, except, declaration)).collect();
    let named: Vec<&Target> = targets.iter().collect();
    if targets.len() == written.len() {
        warn_of_vain(&named, except, declaration);
    }
    targets
}

fn one(text: &Spanned<String>, except: &Exclusion, declaration: &mut Declaration) -> Option<Target> {
    let mut except = except.clone();
    let address = match text.as_str() {
        MEMBERS => {
            target::warn_of_namesakes(text, declaration);
            except.places.insert(Address::management());
            Address::root()
        }
        _ => target::resolve(text, declaration)?,
    };
    let tags = declaration.desired.get(&address).map(|wanted| body_tags(&wanted.body)).unwrap_or_default();
    let is_tagged = address.is_account() && except.has_tag(&tags);
    if except.covers(&address) || lies_in_excluded(&address, &except, declaration) || is_tagged {
        let help = "take it out of `in` or out of `except`";
        declaration.mistake("target", text.place, format!("`{}` is excluded as a whole", text.value), help);
        return None;
    }
    Some(Target { address, place: text.place, except })
}

/// Whether the unit of an account is excluded.
fn lies_in_excluded(address: &Address, except: &Exclusion, declaration: &Declaration) -> bool {
    let parent = declaration.desired.get(address).and_then(|wanted| wanted.parent.as_ref());
    address.is_account() && parent.is_some_and(|parent| except.covers(parent))
}

/// Says which of the excluded places lie in none of the targets.
fn warn_of_vain(targets: &[&Target], except: &Exclusion, declaration: &mut Declaration) {
    let Some(place) = targets.first().map(|target| target.place) else { return };
    let is_in = |excluded: &Address, target: &Target| match declaration.desired.get(excluded) {
        Some(Wanted { parent: Some(parent), .. }) if excluded.is_account() => parent.is_below(&target.address),
        _ if excluded.is_management() => matches!(target.address.as_str(), "root" | "management"),
        _ => excluded.is_below(&target.address),
    };
    let vain = except.places.iter().filter(|excluded| !targets.iter().any(|target| is_in(excluded, target)));
    let vain: Vec<&str> = vain.map(Address::as_str).collect();
    if !vain.is_empty() {
        let message = format!("`except` names {}, which lies in none of these places", vain.join(", "));
        let warning = Diagnostic::warning("except", message).at(place);
        declaration.diagnostics.push(warning.help("take it out of `except`, or correct its name"));
    }
}

/// The accounts of the blueprint at or below a target that are not excluded, and those that are.
pub(crate) fn accounts(target: &Target, declaration: &Declaration) -> (Vec<Address>, Vec<Address>) {
    let is_in = |account: &Wanted| {
        let parent = account.parent.clone().unwrap_or_else(Address::root);
        account.address == target.address || parent.is_below(&target.address)
    };
    let accounts = declaration.desired.of(Address::is_account).filter(|account| is_in(account));
    let (out, within): (Vec<&Wanted>, Vec<&Wanted>) = accounts.partition(|account| {
        let parent = account.parent.clone().unwrap_or_else(Address::root);
        target.except.has(&account.address, &parent, false, &body_tags(&account.body))
    });
    let addresses = |accounts: Vec<&Wanted>| accounts.into_iter().map(|account| account.address.clone()).collect();
    (addresses(within), addresses(out))
}

#[cfg(test)]
mod tests;
