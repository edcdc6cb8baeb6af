//! What an exemption opens beside the request that it is made for.

use landing_policy::{Case, Compared, Decision, Request, Sides, compared, evaluate};

use super::asked::Asked;
use crate::hierarchy::Hierarchy;
use crate::model::Address;

/// No role is called so.
const ANYONE: &str = "role/landing-compares-with-any-other-role";
/// One action in so many is looked at where sizes are compared.
const STEP: usize = 61;
/// In how many other accounts the request is decided, at most.
const MOST_ACCOUNTS: usize = 500;

/// What is decided otherwise, as far as was looked: every action that AWS has, in the principal's account, under what is known of
/// the request's conditions; and the request itself in the other accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewlyAllowed {
    /// Actions of the same principal.
    pub own: Compared,
    /// Actions of any other role of its account.
    pub anyone: Compared,
    /// Other accounts in which a principal that is called the same gets the request through, or may.
    pub accounts: Vec<Address>,
    /// Other accounts in which any role does.
    pub anyone_in: Vec<Address>,
    /// How many other accounts were not looked at.
    pub accounts_left_out: usize,
}

impl NewlyAllowed {
    /// The exemption's size, for choosing the smallest: whom it is for counts before what.
    pub(super) fn size(&self) -> [usize; 4] {
        let actions = |compared: &Compared| compared.opened.len() + compared.perhaps.len();
        [actions(&self.anyone), self.anyone_in.len(), self.accounts.len(), actions(&self.own)]
    }

    /// By every action.
    pub(super) fn of(asked: &Asked<'_>, before: &Hierarchy, after: &Hierarchy) -> NewlyAllowed {
        NewlyAllowed::by(asked, before, after, 1)
    }

    /// By some actions, for choosing the smallest.
    pub(super) fn roughly(asked: &Asked<'_>, before: &Hierarchy, after: &Hierarchy) -> NewlyAllowed {
        NewlyAllowed::by(asked, before, after, STEP)
    }

    fn by(asked: &Asked<'_>, before: &Hierarchy, after: &Hierarchy, step: usize) -> NewlyAllowed {
        let Some(action) = asked.actions().next() else { return NewlyAllowed::default() };
        let anyone = renamed(&asked.principal, None, Some(ANYONE));
        let by_anyone = anyone.map(|anyone| asked.case_by(&anyone, action, before).request);
        let requests: Vec<Request> = [asked.case(action, before).request].into_iter().chain(by_anyone).collect();
        let mut found =
            differences(&asked.case(action, before), &asked.case(action, after), &requests, step).into_iter();
        let mut next = || found.next().unwrap_or_default();
        let mut opening = NewlyAllowed { own: next(), anyone: next(), ..NewlyAllowed::default() };
        let own: Vec<String> = asked.actions().map(str::to_owned).collect();
        for list in [&mut opening.own.opened, &mut opening.own.perhaps] {
            list.retain(|action| !own.contains(action));
        }
        opening.elsewhere(asked, action, before, after);
        opening
    }

    fn elsewhere(&mut self, asked: &Asked<'_>, action: &str, before: &Hierarchy, after: &Hierarchy) {
        let own = landing_policy::account_of(&asked.principal).unwrap_or_default();
        let others = before.accounts().filter(|account| before.id(account) != own && !before.is_management(account));
        for (nth, account) in others.enumerate() {
            if nth >= MOST_ACCOUNTS {
                self.accounts_left_out += 1;
                continue;
            }
            let id = before.id(account);
            let opens = |name: Option<&str>| {
                renamed(&asked.principal, Some(id), name).is_some_and(|principal| {
                    let decide = |hierarchy| decision(&asked.case_by(&principal, action, hierarchy));
                    is_opened(decide(before), decide(after))
                })
            };
            self.accounts.extend(opens(None).then(|| account.clone()));
            self.anyone_in.extend(opens(Some(ANYONE)).then(|| account.clone()));
        }
    }
}

fn differences(before: &Case, after: &Case, requests: &[Request], step: usize) -> Vec<Compared> {
    let scps = Sides::new(before.levels.scps.clone(), after.levels.scps.clone());
    let rcps = Sides::new(before.levels.rcps.clone(), after.levels.rcps.clone());
    compared(&scps, &rcps, requests, step)
}

fn decision(case: &Case) -> Decision {
    evaluate(&case.levels.scps, &case.levels.rcps, &case.request).decision
}

fn is_opened(before: Decision, after: Decision) -> bool {
    matches!(
        (before, after),
        (Decision::Deny, Decision::Allow | Decision::Undecided) | (Decision::Undecided, Decision::Allow)
    )
}

/// A principal's ARN with another account, or another name.
fn renamed(arn: &str, account: Option<&str>, name: Option<&str>) -> Option<String> {
    let mut parts: Vec<&str> = arn.splitn(6, ':').collect();
    if parts.len() != 6 {
        return None;
    }
    if name.is_some() {
        parts[2] = "iam";
    }
    parts[4] = account.unwrap_or(parts[4]);
    parts[5] = name.unwrap_or(parts[5]);
    Some(parts.join(":"))
}
