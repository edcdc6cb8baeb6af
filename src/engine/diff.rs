use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::versions;
use crate::kinds::{Kind, kind};
use crate::model::{
    Action, Address, Bindings, Change, Desired, FieldChange, Found, Observed, Owner, Presence, Refusal, Risk,
    TAG_ADDRESS, Waiting, Wanted, is_plain,
};

/// What differs, in the order of addresses, and what of it cannot be.
#[derive(Default)]
pub(super) struct Differences {
    pub changes: Vec<Change>,
    /// What is missing and can be made only later.
    pub waiting: Vec<Waiting>,
    /// What is as wanted, with what it is under in the tree.
    pub unchanged: Vec<(Address, Option<Address>)>,
    pub unmanaged: Vec<Address>,
    /// What is AWS Control Tower's.
    pub control_tower: Vec<Address>,
    pub refusals: Vec<Refusal>,
}

/// Compares everything that is wanted with everything that was found.
pub(super) fn compare(desired: &Desired, observed: &Observed) -> Differences {
    let mut differences = Differences::default();
    let all_wanted: Vec<&Wanted> = desired.resources.values().collect();
    let waiting = waiting(&all_wanted, &observed.waiting);
    for wanted in &all_wanted {
        differences.compare_one(wanted, observed, &waiting);
    }
    for closed in observed.closed.values() {
        differences.move_closed(desired, closed, observed);
    }
    let wanted: BTreeSet<&Address> = all_wanted.iter().map(|wanted| &wanted.address).collect();
    for found in observed.found.values().filter(|found| !wanted.contains(&found.address)) {
        match found.owner {
            Owner::This { .. } => differences.delete(None, found, observed),
            Owner::Unmanaged => differences.unmanaged.push(found.address.clone()),
            Owner::Other(_) | Owner::Shared | Owner::ControlTower => {}
        }
    }
    let of_control_tower = observed.found.values().filter(|found| found.owner == Owner::ControlTower);
    differences.control_tower = of_control_tower.map(|found| found.address.clone()).collect();
    differences.fold_into_deleted_targets();
    for change in &mut differences.changes {
        versions::explain_versions(change, desired);
    }
    differences.changes.sort_by(|a, b| a.address.cmp(&b.address));
    differences.waiting.sort_by(|a, b| a.change.address.cmp(&b.change.address));
    differences
}

/// What can only be waited for, and all that needs it, with what each waits for in the end.
fn waiting(all_wanted: &[&Wanted], causes: &BTreeSet<Address>) -> BTreeMap<Address, Address> {
    let mut waiting: BTreeMap<Address, Address> = causes.iter().map(|it| (it.clone(), it.clone())).collect();
    loop {
        let rest = all_wanted.iter().filter(|wanted| !waiting.contains_key(&wanted.address));
        let held: Vec<(Address, Address)> = rest
            .filter_map(|wanted| {
                let cause = wanted.needs.iter().find_map(|need| waiting.get(need))?;
                Some((wanted.address.clone(), cause.clone()))
            })
            .collect();
        if held.is_empty() {
            return waiting;
        }
        waiting.extend(held);
    }
}

/// What is wanted with the ids of what it refers to. Most resources refer to nothing, and of those there are thousands.
fn resolved<'w>(wanted: &'w Wanted, bindings: &Bindings) -> Cow<'w, Wanted> {
    if wanted.body.values().all(is_plain) {
        return Cow::Borrowed(wanted);
    }
    Cow::Owned(Wanted { body: bindings.resolve(&wanted.body), ..wanted.clone() })
}

impl Differences {
    fn compare_one(&mut self, wanted: &Wanted, observed: &Observed, waiting: &BTreeMap<Address, Address>) {
        let found = observed.found.get(&wanted.address);
        match (wanted.presence, found) {
            (_, Some(found)) if matches!(found.owner, Owner::Other(_)) => self.refuse_other(wanted, found),
            (_, Some(found)) if found.owner == Owner::ControlTower => {
                self.refer_to_control_towers(wanted, found, &observed.bindings);
            }
            (Presence::Absent, Some(found)) => self.delete(Some(wanted), found, observed),
            (Presence::Present, Some(found)) => self.update(wanted, found, &observed.bindings),
            (Presence::Present, None) => match waiting.get(&wanted.address) {
                Some(cause) => self.wait(wanted, &observed.bindings, cause),
                None => self.make(wanted, observed),
            },
            (Presence::Absent, None) => match observed.unseen.get(&wanted.address) {
                Some(first) => self.push_unseen(wanted, Action::Delete, Vec::new(), first),
                None => self.agree(wanted),
            },
        }
    }

    fn make(&mut self, wanted: &Wanted, observed: &Observed) {
        let fields = made(wanted, &observed.bindings);
        match observed.unseen.get(&wanted.address) {
            Some(first) => self.push_unseen(wanted, Action::Create, fields, first),
            None => self.push(Some(wanted), None, Action::Create, fields),
        }
    }

    /// A change of what can be looked at only once `first` is there.
    fn push_unseen(&mut self, wanted: &Wanted, action: Action, fields: Vec<FieldChange>, first: &Address) {
        let reason = match action {
            Action::Delete => format!("not known before {first} is there: what is there then is deleted"),
            _ => format!("not known before {first} is there: apply looks then, and leaves what is there and differs"),
        };
        let change = change(Some(wanted), None, action, fields);
        self.changes.extend(change.map(|change| Change { reason, unseen: true, ..change }));
    }

    fn agree(&mut self, wanted: &Wanted) {
        self.unchanged.push((wanted.address.clone(), wanted.parent.clone()));
    }

    /// Of what a person must act on itself it is not known what will be left to do.
    fn wait(&mut self, wanted: &Wanted, bindings: &Bindings, cause: &Address) {
        let fields = if *cause == wanted.address { Vec::new() } else { made(wanted, bindings) };
        let Some(change) = change(Some(wanted), None, Action::Create, fields) else { return };
        let change = Change { risk: Risk::None, reason: format!("waits for {cause}"), ..change };
        self.waiting.push(Waiting { change, waits_for: cause.clone() });
    }

    fn update(&mut self, wanted: &Wanted, found: &Found, bindings: &Bindings) {
        let resolved = resolved(wanted, bindings);
        let mut fields = kind(&wanted.kind).map(|kind| kind.differ(&resolved, found)).unwrap_or_default();
        if let Owner::This { stale: Some(stale) } = &found.owner {
            fields.push(FieldChange {
                path: format!("tags.{TAG_ADDRESS}"),
                before: json!(stale),
                after: json!(wanted.address),
            });
        }
        let action = match &found.owner {
            Owner::Unmanaged => Action::Adopt,
            _ if fields.is_empty() => return self.agree(wanted),
            _ if fields.iter().any(|field| field.path == "parent") => Action::Move,
            _ => Action::Update,
        };
        self.push(Some(wanted), Some(found), action, fields);
    }

    /// Nothing of a closed account is managed but where it is: an emptied unit cannot be deleted before it has left.
    fn move_closed(&mut self, desired: &Desired, closed: &Found, observed: &Observed) {
        let Some(wanted) = desired.get(&closed.address) else { return };
        let wanted =
            Wanted { presence: Presence::Present, body: observed.bindings.resolve(&wanted.body), ..wanted.clone() };
        let fields = kind(&wanted.kind).map(|kind| kind.differ(&wanted, closed)).unwrap_or_default();
        let fields: Vec<FieldChange> = fields.into_iter().filter(|field| field.path == "parent").collect();
        if !fields.is_empty() {
            self.unchanged.retain(|(address, _)| *address != closed.address);
            self.push(Some(&wanted), Some(closed), Action::Move, fields);
        }
    }

    fn delete(&mut self, wanted: Option<&Wanted>, found: &Found, observed: &Observed) {
        let fields = match wanted {
            Some(wanted) => kind(&wanted.kind).map(|kind| kind.differ(wanted, found)).unwrap_or_default(),
            None => Vec::new(),
        };
        let fields = fields.into_iter().filter(|field| matches!(field.path.as_str(), "state" | "parent")).collect();
        match observed.held.get(&found.address) {
            Some(holder) => self.hold(wanted, found, holder),
            None => self.push(wanted, Some(found), Action::Delete, fields),
        }
    }

    /// A deletion that AWS refuses for as long as the closed account that holds the resource is there.
    fn hold(&mut self, wanted: Option<&Wanted>, found: &Found, holder: &Address) {
        let Some(change) = change(wanted, Some(found), Action::Delete, Vec::new()) else { return };
        let reason = format!("held by the closed {holder}: AWS removes that account 90 days after it was closed");
        let change = Change { reason, ..change };
        self.waiting.push(Waiting { change, waits_for: holder.clone() });
    }

    fn push(&mut self, wanted: Option<&Wanted>, found: Option<&Found>, action: Action, fields: Vec<FieldChange>) {
        self.changes.extend(change(wanted, found, action, fields));
    }

    fn refuse_other(&mut self, wanted: &Wanted, found: &Found) {
        let Owner::Other(blueprint) = &found.owner else { return };
        self.refusals.push(Refusal {
            code: "another-blueprint".into(),
            address: Some(wanted.address.clone()),
            message: format!("{} belongs to the blueprint {blueprint}", wanted.address),
            help: format!(
                "take it out of this blueprint, or out of {blueprint} first (its apply then releases it), or remove its tag landing:blueprint"
            ),
        });
    }

    /// What is Control Tower's may be named, as long as it is what the blueprint says.
    fn refer_to_control_towers(&mut self, wanted: &Wanted, found: &Found, bindings: &Bindings) {
        let resolved = Wanted { body: bindings.resolve(&wanted.body), ..wanted.clone() };
        let fields = kind(&wanted.kind).map(|kind| kind.differ(&resolved, found)).unwrap_or_default();
        let paths: Vec<&str> = fields.iter().map(|field| field.path.as_str()).collect();
        let would = match wanted.presence {
            Presence::Present if paths.is_empty() => return self.agree(wanted),
            Presence::Present => format!("change its {}", paths.join(", ")),
            Presence::Absent => "remove it".into(),
        };
        self.refusals.push(Refusal {
            code: "control-tower".into(),
            address: Some(wanted.address.clone()),
            message: format!("{} is AWS Control Tower's, and the blueprint would {would}", wanted.address),
            help: "change it in Control Tower, or give what the blueprint makes another name".into(),
        });
    }

    /// What hangs on a unit or account that goes away goes with it.
    fn fold_into_deleted_targets(&mut self) {
        let deleted: BTreeSet<Address> = self
            .changes
            .iter()
            .filter(|change| change.action == Action::Delete && change.address.is_unit())
            .map(|change| change.address.clone())
            .collect();
        self.changes.retain(|change| match change.address.split_target() {
            Some((_, target)) => !deleted.contains(&target),
            None => true,
        });
    }
}

/// What there is to say of one difference by itself; nothing where there is neither side of it.
fn change(wanted: Option<&Wanted>, found: Option<&Found>, action: Action, fields: Vec<FieldChange>) -> Option<Change> {
    let of_wanted = wanted.map(|wanted| (&wanted.address, &wanted.kind, &wanted.parent));
    let (address, name, parent) =
        of_wanted.or_else(|| found.map(|found| (&found.address, &found.kind, &found.parent)))?;
    let (risk, reason) = kind(name).map(|kind: &dyn Kind| kind.judge(action, &fields, found)).unwrap_or_default();
    Some(Change {
        fields,
        risk,
        reason,
        source: wanted.and_then(|wanted| wanted.source.clone()),
        parent: parent.clone(),
        ..Change::new(action, name.as_str(), address.clone())
    })
}

/// The fields of what is made.
fn made(wanted: &Wanted, bindings: &Bindings) -> Vec<FieldChange> {
    let fields = bindings.resolve(&wanted.body).into_iter().filter(|(_, value)| !is_empty(value));
    fields.map(|(path, after)| FieldChange { path, before: Value::Null, after }).collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}
