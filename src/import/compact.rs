//! What is said often, said once: a pattern of emails, tags that everything has, and maps of tags that several have.

use std::collections::{BTreeMap, BTreeSet};

use crate::declaration::email::email_of;
use crate::outline::{Entry, Map, Node, Outline, slug};

/// A pattern or a value is worth its line where so many accounts have it.
const WORTH_IT: usize = 3;

/// Says what is common in one place. Answers the blueprint's `values`.
pub(super) fn compact(outline: &mut Outline) -> Map {
    share_emails(outline);
    let mut values = share_tags(outline);
    let contacts = share_contacts(outline);
    if !contacts.is_empty() {
        values.set("contacts", contacts);
    }
    values
}

/// The pattern that gives most accounts exactly the email that they have.
fn share_emails(outline: &mut Outline) {
    let emails: Vec<(String, String)> =
        outline.accounts.values().filter_map(|account| key_and_email(&account.said)).collect();
    let mut fitting: BTreeMap<String, usize> = BTreeMap::new();
    for pattern in emails.iter().filter_map(|(name, email)| pattern(name, email)) {
        *fitting.entry(pattern).or_default() += 1;
    }
    // The first of several that fit as often, so that it is the same in every run.
    let most = fitting.into_iter().rev().max_by_key(|(_, count)| *count);
    let Some((pattern, _)) = most.filter(|(_, count)| *count >= WORTH_IT) else { return };
    for account in outline.accounts.values_mut() {
        if key_and_email(&account.said).is_some_and(|(name, email)| email_of(&pattern, &name) == email) {
            account.said.remove("email");
        }
    }
    outline.organization.set("account_email", Node::text(pattern));
}

/// An account's key and email.
fn key_and_email(said: &Map) -> Option<(String, String)> {
    let name = said.get("key").or_else(|| said.get("name"));
    Some((text(name?)?, text(said.get("email")?)?))
}

fn text(node: &Node) -> Option<String> {
    match node {
        Node::Scalar(value) => value.as_str().map(str::to_owned),
        _ => None,
    }
}

/// `aws+{name}@example.com` for an email in which the account's name stands as `account_email` would put it there.
fn pattern(name: &str, email: &str) -> Option<String> {
    let name = email_of("{name}", name);
    let (local, _) = email.split_once('@')?;
    let at = local.rfind(&name).filter(|_| !name.is_empty())?;
    let pattern = format!("{}{{name}}{}", &email[..at], &email[at + name.len()..]);
    (email_of(&pattern, &name) == email).then_some(pattern)
}

/// Tags that all have become `default_tags`; whole maps of tags that several have become values.
fn share_tags(outline: &mut Outline) -> Map {
    let common = common(outline);
    if !common.is_empty() {
        for_each_tags(outline, &mut |said| {
            if let Some(Node::Map(tags)) = said.remove("tags") {
                let rest = tags
                    .entries()
                    .iter()
                    .filter(|entry| !common.iter().any(|(key, node)| *key == entry.key && *node == entry.node));
                let rest: Map = rest.map(|entry| (entry.key.as_str(), entry.node.clone())).collect();
                said.set("tags", rest.in_one_line());
            }
        });
        let tags: Map = common.iter().map(|(key, node)| (key.as_str(), node.clone())).collect();
        outline.organization.set("default_tags", tags.in_one_line());
    }
    let names = names(outline);
    for_each_tags(outline, &mut |said| {
        let name = said.get("tags").and_then(|tags| names.iter().find(|(_, known)| known == tags));
        if let Some((name, _)) = name {
            said.set("tags", Node::Reference(format!("${{values.tags.{name}}}")));
        }
    });
    let mut values = Map::default();
    if !names.is_empty() {
        let tags: Map = names.iter().map(|(name, tags)| (name.as_str(), tags.clone())).collect();
        values.set("tags", tags);
    }
    values
}

/// The tags that every unit, account, policy and permission set has with the same value.
fn common(outline: &mut Outline) -> Vec<(String, Node)> {
    let mut common: Option<Vec<(String, Node)>> = None;
    let mut count = 0;
    for_each_tags(outline, &mut |said| {
        count += 1;
        let tags: &[Entry] = match said.get("tags") {
            Some(Node::Map(tags)) => tags.entries(),
            _ => &[],
        };
        let has = |key: &str, node: &Node| tags.iter().any(|entry| entry.key == key && entry.node == *node);
        match &mut common {
            None => common = Some(tags.iter().map(|entry| (entry.key.clone(), entry.node.clone())).collect()),
            Some(common) => common.retain(|(key, node)| has(key, node)),
        }
    });
    common.filter(|_| count >= WORTH_IT).unwrap_or_default()
}

/// Whatever `default_tags` holds for.
fn for_each_tags(outline: &mut Outline, act: &mut dyn FnMut(&mut Map)) {
    outline.units.values_mut().for_each(&mut *act);
    outline.accounts.values_mut().for_each(|account| act(&mut account.said));
    let policies = outline.policies.values_mut();
    let sets = match outline.identity.entry_if_any("permission_sets") {
        Some(Node::Map(sets)) => Some(sets.values_mut()),
        _ => None,
    };
    for node in policies.chain(sets.into_iter().flatten()) {
        if let Node::Map(said) = node {
            act(said);
        }
    }
}

/// Names for the maps of tags that at least [`WORTH_IT`] resources have, with the maps.
fn names(outline: &mut Outline) -> Vec<(String, Node)> {
    let mut maps = Vec::new();
    for_each_tags(outline, &mut |said| said.get("tags").into_iter().for_each(|tags| count(tags, &mut maps)));
    maps.retain(|(_, count)| *count >= WORTH_IT);
    let keys = distinguishing(&maps.iter().map(|(tags, _)| tags).collect::<Vec<_>>());
    named(maps.into_iter().map(|(tags, _)| (name(&tags, &keys), tags)).collect())
}

/// Counts how often each of several nodes is there.
fn count(node: &Node, counted: &mut Vec<(Node, usize)>) {
    match counted.iter_mut().find(|(known, _)| known == node) {
        Some((_, times)) => *times += 1,
        None => counted.push((node.clone(), 1)),
    }
}

/// The same with a number behind a name that is taken, in the order of names.
fn named(nodes: Vec<(String, Node)>) -> Vec<(String, Node)> {
    let mut taken = BTreeSet::new();
    let mut named: Vec<(String, Node)> = nodes
        .into_iter()
        .map(|(base, node)| {
            let numbered = |number: u32| if number == 1 { base.clone() } else { format!("{base}-{number}") };
            let name = (1..).map(numbered).find(|name| taken.insert(name.clone())).unwrap_or_default();
            (name, node)
        })
        .collect();
    named.sort_by(|(one, _), (other, _)| one.cmp(other));
    named
}

/// Contacts that every account has become the organization's; those that several have become values.
fn share_contacts(outline: &mut Outline) -> Map {
    let mut found = Vec::new();
    let contacts = outline.accounts.values().filter_map(|account| account.said.get(CONTACTS));
    contacts.for_each(|contacts| count(contacts, &mut found));
    if let [(contacts, times)] = found.as_slice()
        && *times == outline.accounts.len()
    {
        outline.organization.set(CONTACTS, contacts.clone());
        outline.accounts.values_mut().for_each(|account| drop(account.said.remove(CONTACTS)));
        return Map::default();
    }
    found.retain(|(_, count)| *count >= WORTH_IT);
    let names = named(found.into_iter().map(|(contacts, _)| (name_of_contacts(&contacts), contacts)).collect());
    for account in outline.accounts.values_mut() {
        let known = account.said.get(CONTACTS).and_then(|contacts| names.iter().find(|(_, known)| known == contacts));
        if let Some((name, _)) = known {
            account.said.set(CONTACTS, Node::Reference(format!("${{values.contacts.{name}}}")));
        }
    }
    names.iter().map(|(name, contacts)| (name.as_str(), contacts.clone())).collect()
}

const CONTACTS: &str = "contacts";

/// The name of the first person or team among them.
fn name_of_contacts(contacts: &Node) -> String {
    let first = entries(contacts).first().map(|entry| &entry.node);
    slug(&first.and_then(|contact| value(contact, "name")).unwrap_or_default())
}

/// The keys, fewest first, whose values distinguish these maps.
fn distinguishing(maps: &[&Node]) -> Vec<String> {
    let keys: BTreeSet<String> = maps.iter().flat_map(|tags| entries(tags)).map(|entry| entry.key.clone()).collect();
    let mut by_values: Vec<(usize, String)> = keys
        .into_iter()
        .map(|key| {
            let values: BTreeSet<Option<String>> = maps.iter().map(|tags| value(tags, &key)).collect();
            (usize::MAX - values.len(), key)
        })
        .collect();
    by_values.sort();
    let mut keys: Vec<String> = Vec::new();
    for (_, key) in by_values {
        let distinct: BTreeSet<Vec<Option<String>>> =
            maps.iter().map(|tags| keys.iter().map(|key| value(tags, key)).collect()).collect();
        if distinct.len() == maps.len() && !keys.is_empty() {
            break;
        }
        keys.push(key);
    }
    keys
}

fn entries(tags: &Node) -> &[Entry] {
    match tags {
        Node::Map(map) => map.entries(),
        _ => &[],
    }
}

fn value(tags: &Node, key: &str) -> Option<String> {
    entries(tags).iter().find(|entry| entry.key == key).and_then(|entry| text(&entry.node))
}

/// A value's name by what distinguishes it from the others.
fn name(tags: &Node, keys: &[String]) -> String {
    let values: Vec<String> = keys.iter().filter_map(|key| value(tags, key)).collect();
    slug(&values.join(" "))
}
