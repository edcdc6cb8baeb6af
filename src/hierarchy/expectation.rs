//! What a blueprint says that its policies must come to, held against the tree.

use std::fmt;

use landing_policy::{Asking, Decision, Verdict};

use super::Hierarchy;
use crate::model::{Address, Expectation};

/// An expectation that does not hold, for one action and one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The action.
    pub action: String,
    /// Whether it was to be denied.
    pub denied: bool,
    /// What the policies say instead.
    pub verdict: Verdict,
    /// Where.
    pub accounts: Vec<Address>,
}

/// In what an expectation does not hold. The management account is left out unless it is named: no policy binds it. For a
/// unit without accounts it is held against any that may come there.
/// What cannot be decided does not hold: no one could say that it does.
#[must_use]
pub fn broken(expectation: &Expectation, hierarchy: &Hierarchy) -> Vec<Broken> {
    let expected = if expectation.denied { Decision::Deny } else { Decision::Allow };
    let mut all: Vec<Broken> = Vec::new();
    let askings: Vec<Asking> = expectation.actions.iter().map(|action| asking(expectation, action)).collect();
    for account in accounts(expectation, hierarchy) {
        let verdicts = hierarchy.decide_each(&askings, account);
        for (action, verdict) in expectation.actions.iter().zip(verdicts) {
            if verdict.decision == expected {
                continue;
            }
            match all.iter_mut().find(|broken| broken.action == *action && broken.verdict == verdict) {
                Some(broken) => broken.accounts.push(account.clone()),
                None => all.push(Broken {
                    action: action.clone(),
                    denied: expectation.denied,
                    verdict,
                    accounts: vec![account.clone()],
                }),
            }
        }
    }
    all
}

fn accounts<'a>(expectation: &'a Expectation, hierarchy: &'a Hierarchy) -> Vec<&'a Address> {
    let is_meant = |account: &Address| {
        !hierarchy.is_management(account)
            || expectation.places.iter().any(|place| place == account || *place == Address::management())
    };
    let mut accounts: Vec<&Address> = Vec::new();
    for place in &expectation.places {
        let within = hierarchy.within(place);
        let to_come = within.is_empty().then_some(place);
        accounts.extend(within.into_iter().filter(|account| is_meant(account)).chain(to_come));
    }
    accounts.sort();
    accounts.dedup();
    accounts
}

fn asking(expectation: &Expectation, action: &str) -> Asking {
    Asking {
        principal: expectation.principal.clone(),
        action: action.to_owned(),
        resource: expectation.resource.clone(),
        region: expectation.region.clone(),
        context: expectation.context.clone(),
    }
}

impl fmt::Display for Broken {
    /// `ec2:RunInstances is allowed in account/sandbox-1 and 2 more: no policy denies it`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.accounts.first().map(Address::as_str).unwrap_or_default();
        let (action, why) = (&self.action, &self.verdict);
        let decision = match self.verdict.decision {
            Decision::Allow => "is allowed",
            Decision::Deny => "is denied",
            Decision::Undecided if self.denied => "is not surely denied",
            Decision::Undecided => "is not surely allowed",
        };
        write!(f, "{action} {decision} in {first}")?;
        if self.accounts.len() > 1 {
            write!(f, " and {} more", self.accounts.len() - 1)?;
        }
        write!(f, ": {}", because(why))
    }
}

impl Broken {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self.verdict.decision {
            Decision::Undecided => {
                let keys: Vec<String> = self.verdict.missing.iter().map(|key| format!("{key}: VALUE")).collect();
                match self.verdict.missing.as_slice() {
                    [resource] if resource == "resource" => "say the `resource` that is meant".into(),
                    _ => format!("say what is meant: context: {{{}}}, or [] for a key that is absent", keys.join(", ")),
                }
            }
            Decision::Deny => "exempt the principal in that statement, or change what is expected".into(),
            Decision::Allow => "attach a policy that denies it there, or change what is expected".into(),
        }
    }
}

/// Why the policies decide so, as the end of a sentence.
#[must_use]
pub fn because(verdict: &Verdict) -> String {
    match &verdict.decided_by {
        None => "no policy denies it".into(),
        Some(decided) if verdict.decision == Decision::Undecided => {
            format!("it depends on {}; if that does not settle it, {decided}", verdict.missing.join(", "))
        }
        Some(decided) => decided.to_string(),
    }
}
