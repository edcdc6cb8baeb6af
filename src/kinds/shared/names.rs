//! Which found resource is which of the blueprint's, where AWS keeps names unique: units beside each other, policies of one
//! type.
//!
//! A resource's own address goes before an earlier one that another resource of the blueprint names by `was`: so what the
//! next plan finds does not depend on a rename that is done. Where names changed hands and contents did not, the contents
//! say who was renamed, so that nothing that is attached has to say something else for a moment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::model::{Address, Desired, Found, Note, Observed, Owner, OwnershipTags, Refusal, Tags, Wanted, body_name};

/// A found resource that may be one of the blueprint's.
pub(in crate::kinds) struct Candidate<'a> {
    /// AWS's id: the order of candidates must not matter, ids decide where nothing else does.
    pub id: &'a str,
    pub name: &'a str,
    pub tags: &'a Tags,
}

/// Whether a candidate says what is wanted of a resource.
pub(in crate::kinds) type SaysIt<'a> = dyn Fn(&Wanted, usize) -> bool + 'a;

/// Gives each candidate, in their order, the wanted resource that it is, if it is one.
pub(in crate::kinds) fn assign<'w>(
    blueprint: &str,
    wanted: &[&'w Wanted],
    candidates: &[Candidate<'_>],
    says_it: &SaysIt<'_>,
) -> Vec<Option<&'w Wanted>> {
    let matching = Matching::new(blueprint, wanted, candidates, says_it);
    let mut given = vec![None; candidates.len()];
    for (nth, candidate) in matching.all() {
        given[candidate] = Some(wanted[nth]);
    }
    given
}

/// Wanted resources and candidates, by their places in their lists.
type Pairs = BTreeMap<usize, usize>;

struct Matching<'a> {
    wanted: &'a [&'a Wanted],
    candidates: &'a [Candidate<'a>],
    says_it: &'a SaysIt<'a>,
    /// What the tags of wanted resources say, and of those that they were.
    tags: Vec<String>,
    earlier_tags: Vec<Vec<String>>,
    /// The address in a candidate's ownership tags, where they are this blueprint's.
    tagged: Vec<Option<String>>,
    /// Whether another blueprint owns the candidate.
    is_others: Vec<bool>,
    /// Candidates by their ids.
    order: Vec<usize>,
}

impl<'a> Matching<'a> {
    fn new(
        blueprint: &str,
        wanted: &'a [&'a Wanted],
        candidates: &'a [Candidate<'a>],
        says_it: &'a SaysIt<'a>,
    ) -> Matching<'a> {
        let tag = |address: &Address| OwnershipTags::new(blueprint, address).address;
        let owners: Vec<Option<OwnershipTags>> =
            candidates.iter().map(|candidate| OwnershipTags::take(&mut candidate.tags.clone())).collect();
        let mut order: Vec<usize> = (0..candidates.len()).collect();
        order.sort_by_key(|nth| candidates[*nth].id);
        Matching {
            wanted,
            candidates,
            says_it,
            tags: wanted.iter().map(|wanted| tag(&wanted.address)).collect(),
            earlier_tags: wanted.iter().map(|wanted| wanted.was.iter().map(tag).collect()).collect(),
            is_others: owners.iter().map(|it| it.as_ref().is_some_and(|it| it.blueprint != blueprint)).collect(),
            tagged: owners
                .into_iter()
                .map(|it| it.filter(|it| it.blueprint == blueprint).map(|it| it.address))
                .collect(),
            order,
        }
    }

    fn all(&self) -> Pairs {
        let own = self.by_own_address();
        let moved = self.by_content(&own);
        let taken: BTreeSet<usize> = moved.values().copied().collect();
        let mut all = moved;
        for (nth, candidate) in own {
            if !taken.contains(&candidate) {
                all.entry(nth).or_insert(candidate);
            }
        }
        self.match_rest(&mut all, |nth, candidate| self.is_tagged_as_earlier(nth, candidate));
        self.match_rest(&mut all, |nth, candidate| self.is_called_as_earlier(nth, candidate));
        all
    }

    /// By the address in the tags, then by the name.
    fn by_own_address(&self) -> Pairs {
        let mut own = Pairs::new();
        let is_tagged = |nth: usize, candidate: usize| self.tagged[candidate].as_ref() == Some(&self.tags[nth]);
        let is_called =
            |nth: usize, candidate: usize| self.wanted[nth].address.name() == self.candidates[candidate].name;
        self.match_rest(&mut own, |nth, candidate| is_tagged(nth, candidate) && is_called(nth, candidate));
        self.match_rest(&mut own, is_tagged);
        self.match_rest(&mut own, is_called);
        own
    }

    /// Matches what is free on both sides.
    fn match_rest(&self, pairs: &mut Pairs, is_it: impl Fn(usize, usize) -> bool) {
        let mut taken: BTreeSet<usize> = pairs.values().copied().collect();
        for nth in 0..self.wanted.len() {
            if pairs.contains_key(&nth) {
                continue;
            }
            let found =
                self.order.iter().copied().find(|candidate| !taken.contains(candidate) && is_it(nth, *candidate));
            if let Some(candidate) = found {
                taken.insert(candidate);
                pairs.insert(nth, candidate);
            }
        }
    }

    fn is_tagged_as_earlier(&self, nth: usize, candidate: usize) -> bool {
        self.tagged[candidate].as_ref().is_some_and(|tagged| self.earlier_tags[nth].contains(tagged))
    }

    fn is_called_as_earlier(&self, nth: usize, candidate: usize) -> bool {
        self.wanted[nth].was.iter().any(|was| was.name() == self.candidates[candidate].name)
    }

    /// Those that took another's name along with what they say: all of them or none, so that anyone who gives away what it had
    /// gets what another had, or is made anew because the blueprint says by `was` where that went.
    fn by_content(&self, own: &Pairs) -> Pairs {
        let owner: Pairs = own.iter().map(|(nth, candidate)| (*candidate, *nth)).collect();
        let mut moved = Pairs::new();
        for by_was in [true, false] {
            for nth in 0..self.wanted.len() {
                let is_settled = own.get(&nth).is_some_and(|candidate| (self.says_it)(self.wanted[nth], *candidate));
                if is_settled || moved.contains_key(&nth) {
                    continue;
                }
                let is_free = |candidate: &usize| !moved.values().any(|taken| taken == candidate);
                let mut choices = self.order.iter().copied().filter(is_free);
                let choice = choices.find(|candidate| {
                    self.may_have_become(nth, *candidate, own, &owner) && (!by_was || self.was_it(nth, *candidate))
                });
                moved.extend(choice.map(|candidate| (nth, candidate)));
            }
        }
        self.close(moved, own, &owner)
    }

    /// Whether the candidate says what is wanted, and is not what it should be by its own address.
    fn may_have_become(&self, nth: usize, candidate: usize, own: &Pairs, owner: &Pairs) -> bool {
        let is_elsewhere =
            owner.get(&candidate).is_some_and(|other| *other != nth && !(self.says_it)(self.wanted[*other], candidate));
        let is_double = !owner.contains_key(&candidate) && self.is_double(candidate);
        let is_linked = self.was_it(nth, candidate) || is_double || own.contains_key(&nth);
        let is_candidate = (is_elsewhere || is_double) && is_linked && !self.is_others[candidate];
        is_candidate && (self.says_it)(self.wanted[nth], candidate)
    }

    fn was_it(&self, nth: usize, candidate: usize) -> bool {
        self.is_tagged_as_earlier(nth, candidate) || self.is_called_as_earlier(nth, candidate)
    }

    /// Whether its tags name a wanted resource, which another candidate is: an exchange of names was cut off.
    fn is_double(&self, candidate: usize) -> bool {
        self.tagged[candidate].as_ref().is_some_and(|tagged| self.tags.contains(tagged))
    }

    fn close(&self, mut moved: Pairs, own: &Pairs, owner: &Pairs) -> Pairs {
        loop {
            let taken: BTreeSet<usize> = moved.values().copied().collect();
            let broken: Vec<usize> = moved
                .iter()
                .filter(|(nth, candidate)| {
                    let leaves_own = own.get(*nth).is_some_and(|own| !taken.contains(own));
                    let deprives = owner.get(*candidate).is_some_and(|other| !moved.contains_key(other));
                    leaves_own || deprives && !self.was_it(**nth, **candidate)
                })
                .map(|(nth, _)| *nth)
                .collect();
            if broken.is_empty() {
                return moved;
            }
            moved.retain(|nth, _| !broken.contains(nth));
        }
    }
}

/// The addresses of candidates that the blueprint does not know: natural ones, or those of doubles with a number.
pub(in crate::kinds) fn free_addresses(
    given: &[Option<&Wanted>],
    candidates: &[Candidate<'_>],
    natural: impl Fn(&str) -> Address,
) -> Vec<Address> {
    let mut addresses: Vec<Option<Address>> = given.iter().map(|it| it.map(|it| it.address.clone())).collect();
    let mut taken: BTreeSet<Address> = addresses.iter().flatten().cloned().collect();
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|nth| candidates[*nth].id);
    for nth in order {
        let name = candidates[nth].name;
        let numbered = (2..).map(|number| natural(&format!("{name} ({number})")));
        let mut choices = std::iter::once(natural(name)).chain(numbered);
        if addresses[nth].is_none() {
            addresses[nth] = choices.find(|address| taken.insert(address.clone()));
        }
    }
    // Every place was filled: numbers do not end.
    addresses.into_iter().flatten().collect()
}

/// Where the resource that `was` names goes on existing, `was` has no effect, and people should know.
pub(in crate::kinds) fn note_vain_was(desired: &Desired, observed: &mut Observed) {
    let vain = desired.resources.values().flat_map(|wanted| {
        let was = wanted.was.iter().filter(|was| is_vain(desired, observed, wanted, was));
        was.map(|was| vain_was(observed, wanted, was)).collect::<Vec<_>>()
    });
    let vain: Vec<Note> = vain.collect();
    observed.findings.notes.extend(vain);
}

fn is_vain(desired: &Desired, observed: &Observed, wanted: &Wanted, was: &Address) -> bool {
    let found = observed.found.get(&wanted.address);
    // A permission set goes for its successor, since AWS cannot rename one; an account is known by its email.
    let is_matched_by_name = matches!(wanted.kind.as_str(), "organizational-unit" | "policy");
    let is_beside = !is_matched_by_name || was.parent_unit() == wanted.address.parent_unit();
    let stays = desired.resources.contains_key(was) || is_matched_by_name && found.is_some();
    let is_there = *was != wanted.address && observed.found.contains_key(was);
    is_there && is_beside && stays && !found.is_some_and(|found| is_renamed(wanted, found))
}

/// Whether the plan renames what was found.
fn is_renamed(wanted: &Wanted, found: &Found) -> bool {
    let is_stale = matches!(&found.owner, Owner::This { stale: Some(_) });
    is_stale || body_name(&found.body).is_some_and(|name| body_name(&wanted.body) != Some(name))
}

fn vain_was(observed: &Observed, wanted: &Wanted, was: &Address) -> Note {
    let then = match observed.found.contains_key(&wanted.address) {
        true => "both exist, so neither is renamed",
        false => "that one keeps its name, and a new one is created",
    };
    let what = format!("`was: {}` has no effect: {was} exists; {then}", was.name());
    Note { address: Some(wanted.address.clone()), what, about: vec![wanted.address.clone(), was.clone()] }
}

/// What two resources claim by their tags is left to people: tags of accounts, units and policies can be set by delegated
/// administrators too.
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_TagResource.html>
pub(in crate::kinds) fn refuse_doubles(desired: &Desired, observed: &mut Observed) {
    let is_stale = |found: &&Found| matches!(found.owner, Owner::This { stale: Some(_) });
    if !observed.found.values().any(|found| is_stale(&found)) {
        return;
    }
    let holders: BTreeMap<String, &Found> = observed
        .found
        .values()
        .filter(|found| matches!(found.owner, Owner::This { stale: None }) && desired.get(&found.address).is_some())
        .map(|found| (OwnershipTags::new(&desired.blueprint, &found.address).address, found))
        .collect();
    let doubles = observed.found.values().filter(|found| desired.get(&found.address).is_none());
    let refusals = doubles.filter_map(|double| {
        let Owner::This { stale: Some(tagged) } = &double.owner else { return None };
        let holder = holders.get(tagged).filter(|holder| holder.kind == double.kind)?;
        Some(double_refusal(holder, double))
    });
    let refusals: Vec<Refusal> = refusals.collect();
    observed.findings.refusals.extend(refusals);
}

fn double_refusal(holder: &Found, double: &Found) -> Refusal {
    let name = |found: &Found| format!("{} ({})", body_name(&found.body).unwrap_or_default(), found.id);
    Refusal {
        code: "claimed-twice".into(),
        address: Some(holder.address.clone()),
        message: format!("{} and {} both carry the ownership tags of {}", name(holder), name(double), holder.address),
        help: "remove the tags landing:blueprint and landing:address from the one that landing did not make; where that is \
               unclear, compare both with the blueprint"
            .into(),
    }
}

/// AWS refuses a name that a sibling has; where that sibling keeps its name no order of changes helps.
pub(in crate::kinds) fn refuse_taken_names(kind: &str, desired: &Desired, observed: &mut Observed) {
    let refusals: Vec<Refusal> =
        desired.of_kind(kind).filter_map(|wanted| taken_name(desired, observed, wanted)).collect();
    observed.findings.refusals.extend(refusals);
}

fn taken_name(desired: &Desired, observed: &Observed, wanted: &Wanted) -> Option<Refusal> {
    let found = observed.found.get(&wanted.address)?;
    let name = body_name(&wanted.body).filter(|name| body_name(&found.body) != Some(name))?;
    let holder = observed.found.values().find(|other| {
        other.kind == found.kind
            && other.address != wanted.address
            && other.address.prefix() == wanted.address.prefix()
            && other.parent == found.parent
            && body_name(&other.body) == Some(name)
    })?;
    let lets_go = desired.resources.contains_key(&holder.address) || matches!(holder.owner, Owner::This { .. });
    (!lets_go).then(|| Refusal {
        code: "name-taken".into(),
        address: Some(wanted.address.clone()),
        message: format!(
            "{} cannot be renamed: {}, which is not of this blueprint, has the name {}",
            wanted.address,
            holder.id,
            json!(name)
        ),
        help: "rename or remove that one first, or take another name in the blueprint".into(),
    })
}

/// What a resource is called while names change in a circle: AWS takes no name twice.
pub(in crate::kinds) fn temporary_name(id: &str) -> String {
    format!("landing-temporary-{id}")
}

#[cfg(test)]
mod tests;
