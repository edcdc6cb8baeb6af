//! Why a request was denied: which statement, where the blueprint says it, the smallest exemption as a patch, and what else
//! that patch would open.
//!
//! Pure: what AWS said, the tree of policies and the blueprint's files come in as values.

mod asked;
mod candidate;
mod edit;
mod elsewhere;
mod exemption;
mod opening;
mod origin;
mod statement;
mod world;

use landing_policy::Denied;

use asked::Asked;
pub use elsewhere::Look;
pub use exemption::Exemption;
pub use opening::NewlyAllowed;
pub use statement::DenyingStatement;
pub use world::{ResourceOwner, Verdict, World};

/// What is to be said about one denial.
#[derive(Debug)]
pub struct Explained {
    /// What AWS said.
    pub denied: Denied,
    /// Whose principal it is.
    pub account: ResourceOwner,
    /// The account that the resource belongs to, where that is another one.
    pub owner: Option<ResourceOwner>,
    /// What came out.
    pub verdict: Verdict,
    /// The statements of the organization's policies that deny it, or may.
    pub statements: Vec<DenyingStatement>,
    /// What to look at where it was no policy of the organization.
    pub look: Option<Look>,
    /// What was taken to be so, and what prevents an answer.
    pub notes: Vec<String>,
    /// The smallest exemption, or why there is none; nothing where none is needed.
    pub exemption: Option<Result<Exemption, String>>,
}

/// Explains one denial.
#[must_use]
pub fn explain(denied: &Denied, world: World<'_>) -> Explained {
    let asked = Asked::new(denied, world.now, world.region);
    let statements = statement::find(&asked, world);
    let verdict = verdict(denied, &statements);
    let statements = statement::that_matter(statements, &verdict);
    let is_answered = matches!(verdict, Verdict::Denied | Verdict::Undecided(_));
    let exemption = match (&verdict, world.blueprint) {
        (Verdict::Denied, Some(_)) => Some(exemption::find(&asked, &statements, world)),
        _ => None,
    };
    Explained {
        account: asked.account.clone(),
        owner: asked.owner(world.now),
        look: (!is_answered).then(|| elsewhere::look(&verdict, &asked, world)).flatten(),
        notes: notes(&asked, &verdict, world),
        denied: denied.clone(),
        verdict,
        statements,
        exemption,
    }
}

fn verdict(denied: &Denied, statements: &[DenyingStatement]) -> Verdict {
    let said = denied.said.as_ref();
    let named = said.and_then(|said| said.through.or(said.policy_type));
    if let Some(other) = named.filter(|it| !it.is_of_organization()) {
        return Verdict::Elsewhere(other);
    }
    // Where AWS says that a policy of this type denied it and one statement alone may have, it has.
    let may: Vec<&DenyingStatement> = statements.iter().filter(|it| it.is_named).collect();
    let is_sure = statements.iter().any(DenyingStatement::is_sure);
    match (named, may.as_slice()) {
        _ if is_sure => Verdict::Denied,
        (Some(_), [_]) => Verdict::Denied,
        _ if !statements.is_empty() => Verdict::Undecided(missing(statements)),
        (Some(named), _) => Verdict::Contradicted(named),
        (None, _) => Verdict::NotByOrganization,
    }
}

fn missing(statements: &[DenyingStatement]) -> Vec<String> {
    let mut keys: Vec<String> = statements.iter().flat_map(|it| it.missing.clone()).collect();
    keys.sort();
    keys.dedup();
    keys
}

fn notes(asked: &Asked<'_>, verdict: &Verdict, world: World<'_>) -> Vec<String> {
    let mut notes = asked.notes(world.now);
    if let Verdict::Contradicted(policy_type) = verdict {
        let since = "it was changed since, or what the denial does not show decides";
        notes.push(format!("no {policy_type} that applies now denies the request: {since}"));
    }
    notes
}

#[cfg(test)]
mod tests;
