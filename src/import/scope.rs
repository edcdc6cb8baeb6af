use std::collections::{BTreeMap, BTreeSet};

use super::summary::{ImportError, Options};
use crate::kinds::kind_info;
use crate::model::{Address, Found, Observed, Part, Role};
use crate::outline::LeftOut;

/// What the import is not asked for.
pub(super) fn not_asked_for(
    observed: &Observed,
    known: &BTreeSet<Address>,
    options: &Options,
) -> Result<BTreeMap<Address, LeftOut>, ImportError> {
    if let Some(unit) = options.unit.as_ref().filter(|unit| !observed.found.contains_key(*unit)) {
        return Err(ImportError::NoUnit(unit.clone()));
    }
    let mut left_out = BTreeMap::new();
    if !options.parts.contains(&Part::Stacks) {
        let not_looked_at = LeftOut::not_asked_for("stacks and stack sets are not looked at", "import with `--stacks`");
        left_out.insert(Address::parse("stack"), not_looked_at);
    } else if options.regions.is_empty() {
        let reason = format!("stacks of accounts are looked at in {} alone", options.home_region);
        let remedy = "import with `--regions` and every region that has some";
        left_out.insert(Address::parse("stack"), LeftOut::not_asked_for(reason, remedy));
    }
    for found in observed.found.values().filter(|found| !known.contains(&found.address)) {
        let is_asked_for = options.parts.contains(&kind_info(&found.kind).part);
        if !is_asked_for {
            left_out.insert(
                found.address.clone(),
                LeftOut::not_asked_for("`--only` leaves it out", "import without `--only`"),
            );
        } else if let Some(unit) = options.unit.as_ref().filter(|unit| !is_in(found, unit, observed)) {
            let reason = format!("it is not in {unit}");
            left_out.insert(found.address.clone(), LeftOut::not_asked_for(reason, "import without `--ou`"));
        }
    }
    Ok(left_out)
}

/// Whether something has its place at or below a unit, or is a unit on the way there. What has no place is not limited.
fn is_in(found: &Found, unit: &Address, observed: &Observed) -> bool {
    let address = &found.address;
    match kind_info(&found.kind).role {
        Role::Unit => address.is_below(unit) || unit.is_below(address),
        Role::Account => found.parent.as_ref().is_some_and(|parent| parent.is_below(unit)),
        Role::Stack => {
            let account = found.parent.as_ref().and_then(|account| observed.accounts.get(account));
            account.is_some_and(|parent| parent.is_below(unit))
        }
        _ => true,
    }
}
