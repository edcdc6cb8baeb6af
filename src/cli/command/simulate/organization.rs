//! One request in the accounts of an organization.

use std::collections::BTreeSet;

use landing_blueprint::did_you_mean;
use landing_policy::{Asking, Case, account_of};

use super::super::super::exit::Exit;
use super::super::super::failure::Failure;
use super::super::super::policies::before_and_after;
use super::super::super::session::Session;
use super::super::super::source::Source;
use super::check::{self, PermissionSets};
use super::{Arguments, asking};
use crate::hierarchy::Hierarchy;
use crate::model::{Address, Desired};

/// The request in every account that is meant, with the policies that are asked for.
pub(super) async fn cases(arguments: &Arguments, session: &Session) -> Result<Vec<Case>, Failure> {
    let asking = asking(arguments, session);
    check::names(&asking, session)?;
    let (before, after, sets) = hierarchies(arguments, session).await?;
    check::principal(&asking, Some(&after), &sets, session)?;
    let case = |account: &Address| {
        let case = after.case(&asking, account);
        match &before {
            Some(before) => with_before(case, before, &asking, account),
            None => case,
        }
    };
    // An ARN says its account by itself; a place is only needed for what is called the same in every account.
    if account_of(&asking.principal).is_some_and(|id| !id.is_empty()) {
        return Ok(vec![case(&Address::management())]);
    }
    Ok(accounts(arguments, &after)?.iter().map(|account| case(account)).collect())
}

type Asked = (Option<Hierarchy>, Hierarchy, PermissionSets);

async fn hierarchies(arguments: &Arguments, session: &Session) -> Result<Asked, Failure> {
    if arguments.offline {
        let desired = Source::read(&arguments.what, session)?.desired;
        return Ok((None, Hierarchy::declared(&desired), Some(wanted_sets(&desired))));
    }
    let source = if arguments.live { Source::nothing() } else { Source::read(&arguments.what, session)? };
    let hierarchies = before_and_after(&source, &arguments.against, session).await?;
    let mut sets: BTreeSet<String> = hierarchies.before.permission_sets().collect();
    if arguments.live {
        return Ok((None, hierarchies.before, Some(sets).filter(|sets| !sets.is_empty())));
    }
    sets.extend(wanted_sets(&source.desired));
    Ok((Some(hierarchies.before), hierarchies.after, Some(sets)))
}

fn wanted_sets(desired: &Desired) -> BTreeSet<String> {
    desired.of(Address::is_permission_set).map(|wanted| wanted.address.name()).collect()
}

/// The case with the policies to compare with. An account that is still to be made has none.
fn with_before(mut case: Case, before: &Hierarchy, asking: &Asking, account: &Address) -> Case {
    let was = before.case(asking, account).levels;
    let is_there = account_of(&asking.principal).is_some() || before.accounts().any(|known| known == account);
    if is_there {
        case.levels.before = Some(was.scps);
        case.levels.rcps_before = Some(was.rcps);
    }
    case
}

fn accounts<'a>(arguments: &Arguments, hierarchy: &'a Hierarchy) -> Result<BTreeSet<&'a Address>, Failure> {
    if arguments.places.is_empty() {
        return Ok(hierarchy.accounts().collect());
    }
    let mut accounts = BTreeSet::new();
    for text in &arguments.places {
        match hierarchy.places_called(text).as_slice() {
            [place] => accounts.extend(hierarchy.within(place)),
            [] => return Err(unknown(text, hierarchy)),
            several => {
                let names: Vec<&str> = several.iter().map(Address::as_str).collect();
                let message = format!("`{text}` is the name of {}", names.join(" and of "));
                return Err(Failure::new(message).help("write one of them in full").exit(Exit::USAGE));
            }
        }
    }
    if accounts.is_empty() {
        return Err(Failure::new(format!("there is no account in {}", arguments.places.join(", "))).exit(Exit::USAGE));
    }
    Ok(accounts)
}

fn unknown(text: &str, hierarchy: &Hierarchy) -> Failure {
    let asked = Address::parse(text);
    let is_whole = text.contains('/') && (asked.is_unit() || asked.is_account());
    let written = |place: &Address| match place.as_str().split_once('/') {
        Some((_, path)) if !is_whole => path.to_owned(),
        _ => place.to_string(),
    };
    let known: Vec<String> = hierarchy.places().map(written).collect();
    let near = did_you_mean(text, known.iter().map(String::as_str));
    let help = near.map_or_else(
        || "write `root`, `management`, the path of a unit, or the name or the id of an account".to_owned(),
        |near| format!("did you mean `{near}`?"),
    );
    Failure::new(format!("no unit and no account is called `{text}`")).help(help).exit(Exit::USAGE)
}
