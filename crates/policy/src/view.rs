//! A policy taken apart with the place of everything, as much of it as can be understood: what rules look at.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::statement::{pointer, strings};
use crate::value::{Literal, Operand, Pattern};
use crate::{BaseOperator, ConditionOperator, Effect, PolicyType};

/// The most statements and values that are compared with each other, which takes time by their square.
pub(super) const COMPARED: usize = 4_000;

/// A policy with places.
pub(super) struct Policy<'a> {
    pub document: &'a Value,
    pub policy_type: PolicyType,
    /// The statements that can be understood.
    pub statements: Vec<Statement<'a>>,
}

/// A statement with places.
pub(super) struct Statement<'a> {
    pub path: String,
    pub value: &'a Value,
    pub effect: Effect,
    pub actions: List,
    pub resources: List,
    pub clauses: Vec<Clause>,
    /// The clauses by key in lower case.
    by_key: HashMap<String, Vec<usize>>,
}

/// `Action`, `NotAction`, `Resource` or `NotResource`.
pub(super) struct List {
    pub name: &'static str,
    pub negated: bool,
    pub items: Vec<Item>,
}

/// One pattern of a list.
pub(super) struct Item {
    pub path: String,
    pub text: String,
    pub pattern: Pattern,
}

/// One condition key under one operator.
pub(super) struct Clause {
    pub operator: ConditionOperator,
    pub operator_path: String,
    /// How many keys stand under the operator.
    pub beside: usize,
    pub key: String,
    pub key_path: String,
    pub values: Vec<Wanted>,
}

/// One value of a condition.
pub(super) struct Wanted {
    pub path: String,
    pub text: String,
    pub operand: Operand,
}

impl<'a> Policy<'a> {
    pub fn new(document: &'a Value, policy_type: PolicyType) -> Self {
        let variables = document.get("Version").is_some_and(|version| version == "2012-10-17");
        let statements = match document.get("Statement") {
            Some(Value::Array(list)) => list
                .iter()
                .enumerate()
                .filter_map(|(index, value)| Statement::new(value, format!("/Statement/{index}"), variables))
                .collect(),
            Some(single) => Statement::new(single, "/Statement".to_owned(), variables).into_iter().collect(),
            None => Vec::new(),
        };
        Self { document, policy_type, statements }
    }

    pub fn denying(&self) -> impl Iterator<Item = &Statement<'a>> {
        self.statements.iter().filter(|statement| statement.effect == Effect::Deny)
    }

    /// How much there is to compare: its statements and all values in them.
    pub fn weight(&self) -> usize {
        let of_clauses = |statement: &Statement<'_>| {
            statement.clauses.iter().map(|clause| clause.values.len().max(1)).sum::<usize>()
        };
        let of_lists = |statement: &Statement<'_>| statement.actions.items.len() + statement.resources.items.len();
        self.statements.iter().map(|statement| 1 + of_lists(statement) + of_clauses(statement)).sum()
    }

    /// Whether its statements and values can be compared with each other in little time. Every policy can that AWS takes
    /// without raised quotas: the shortest value, `"*",`, has four characters.
    pub fn is_comparable(&self) -> bool {
        self.weight() <= COMPARED
    }

    /// Every clause with its statement.
    pub fn clauses(&self) -> impl Iterator<Item = (&Statement<'a>, &Clause)> {
        self.statements.iter().flat_map(|statement| statement.clauses.iter().map(move |clause| (statement, clause)))
    }
}

impl<'a> Statement<'a> {
    fn new(value: &'a Value, path: String, variables: bool) -> Option<Self> {
        let members = value.as_object()?;
        let effect = match members.get("Effect")?.as_str()? {
            "Allow" => Effect::Allow,
            "Deny" => Effect::Deny,
            _ => return None,
        };
        let resource = |text: &str| Pattern::new(text, variables);
        let clauses = clauses(members.get("Condition"), &pointer(&path, "Condition"), variables);
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, clause) in clauses.iter().enumerate() {
            by_key.entry(clause.key.to_lowercase()).or_default().push(index);
        }
        Some(Self {
            effect,
            actions: List::new(members, &path, ["Action", "NotAction"], Pattern::in_lower_case)?,
            resources: List::new(members, &path, ["Resource", "NotResource"], resource)?,
            clauses,
            by_key,
            path,
            value,
        })
    }

    /// Whether every request that `narrow` matches is matched here too, as far as that is certain.
    pub fn takes_in(&self, narrow: &Self) -> bool {
        self.actions.covers(&narrow.actions)
            && self.resources.covers(&narrow.resources)
            && self.clauses.iter().all(|clause| narrow.on_key(&clause.key).any(|other| clause.is_same_as(other)))
            && self.has_principals_of(narrow)
    }

    /// The same, where conditions of `narrow` may also ask for more than those here: fewer values of a key, or more values that
    /// it must not have.
    pub fn includes(&self, narrow: &Self) -> bool {
        self.actions.covers(&narrow.actions)
            && self.resources.covers(&narrow.resources)
            && self.clauses.iter().all(|clause| narrow.on_key(&clause.key).any(|other| other.implies(clause)))
            && self.has_principals_of(narrow)
    }

    /// Whether both name the same principals, in the same words, or none.
    pub fn has_principals_of(&self, other: &Self) -> bool {
        ["Principal", "NotPrincipal"].iter().all(|name| self.value.get(name) == other.value.get(name))
    }

    /// The clauses on a key.
    pub fn on_key(&self, key: &str) -> impl Iterator<Item = &Clause> + use<'_, 'a> {
        let places = self.by_key.get(&key.to_lowercase()).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| &self.clauses[*place])
    }

    /// Whether a `Null` on the key asks that it is there (`false`) or absent (`true`).
    pub fn asks_null(&self, key: &str, wanted: bool) -> bool {
        let null = |clause: &&Clause| clause.operator.base == BaseOperator::Null;
        self.on_key(key).filter(null).any(|clause| clause.values.iter().any(|value| value.is_bool(wanted)))
    }
}

impl List {
    fn new(
        members: &Map<String, Value>,
        path: &str,
        names: [&'static str; 2],
        read: impl Fn(&str) -> Pattern,
    ) -> Option<Self> {
        let name = *names.iter().find(|name| members.contains_key(**name))?;
        let (value, path) = (&members[name], pointer(path, name));
        let item = |(path, text): (String, String)| Item { path, pattern: read(&text), text };
        let items = located(value, &path)?.into_iter().map(item).collect();
        Some(Self { name, negated: name == names[1], items })
    }

    /// The items that another item of the list covers, each with that one; of two that mean the same, the later one.
    pub fn superfluous(&self) -> impl Iterator<Item = (&Item, &Item)> {
        let mut first: HashMap<Literal<'_>, usize> = HashMap::new();
        for (place, literal) in
            self.items.iter().enumerate().filter_map(|(place, item)| Some((place, item.pattern.literal()?)))
        {
            first.entry(literal).or_insert(place);
        }
        let with_wildcards: Vec<usize> =
            (0..self.items.len()).filter(|place| self.items[*place].pattern.literal().is_none()).collect();
        self.items.iter().enumerate().filter_map(move |(index, item)| {
            let same = item.pattern.literal().map(|literal| first[&literal]);
            let by = same
                .into_iter()
                .filter(|place| *place < index)
                .chain(self.first_wider(&with_wildcards, index))
                .min()?;
            Some((item, &self.items[by]))
        })
    }

    /// The first of these places, which have wildcards, where the item at `index` is covered.
    fn first_wider(&self, places: &[usize], index: usize) -> Option<usize> {
        let item = &self.items[index].pattern;
        let is_wider = |place: &usize| {
            let other = &self.items[*place].pattern;
            *place != index && other.covers(item) && (*place < index || !item.covers(other))
        };
        places.iter().copied().find(is_wider)
    }

    /// Whether it takes in everything.
    pub fn is_everything(&self) -> bool {
        !self.negated && self.items.iter().any(|item| item.pattern.matches_anything())
    }

    /// Whether it takes in something that `pattern` matches, as far as can be reported.
    pub fn meets(&self, pattern: &Pattern) -> bool {
        if self.negated {
            !self.items.iter().any(|left_out| left_out.pattern.covers(pattern))
        } else {
            self.items.iter().any(|item| item.pattern.meets(pattern))
        }
    }

    /// Whether there is something that both take in, as far as can be reported.
    pub fn shares_with(&self, other: &Self) -> bool {
        match (self.negated, other.negated) {
            (_, false) => other.items.iter().any(|item| self.meets(&item.pattern)),
            (false, true) => self.items.iter().any(|item| other.meets(&item.pattern)),
            (true, true) => true,
        }
    }

    /// Whether everything that `other` takes in is taken in here too, as far as that is certain.
    pub fn covers(&self, other: &Self) -> bool {
        let covered = |by: &[Item], item: &Item| by.iter().any(|wide| wide.pattern.covers(&item.pattern));
        // A variable without a value leaves a negated list undecided, unless it leaves the other one so too.
        let open = |item: &Item| item.pattern.variables().next().is_some();
        let as_open = |item: &Item| !open(item) || other.negated && other.items.iter().any(|own| own.text == item.text);
        if self.negated && !self.items.iter().all(as_open) {
            return false;
        }
        match (self.negated, other.negated) {
            (false, false) => other.items.iter().all(|item| covered(&self.items, item)),
            (true, true) => self.items.iter().all(|item| covered(&other.items, item)),
            (true, false) => {
                let apart = |item: &Item| self.items.iter().all(|left_out| !left_out.pattern.meets(&item.pattern));
                other.items.iter().all(apart)
            }
            (false, true) => self.is_everything(),
        }
    }
}

impl Clause {
    pub fn is_on(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key)
    }

    /// The same test, whatever the order of its values.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let values = |clause: &Self| {
            let mut values: Vec<String> = clause.values.iter().map(|value| value.text.clone()).collect();
            values.sort();
            values.dedup();
            values
        };
        self.operator == other.operator && self.is_on(&other.key) && values(self) == values(other)
    }

    /// Whether `wide` holds of every request of which this holds, as far as that is certain.
    pub fn implies(&self, wide: &Self) -> bool {
        let is_alike = self.operator == wide.operator && self.is_on(&wide.key);
        let is_simple = self.operator.quantifier.is_none() && self.operator.base != BaseOperator::Null;
        // A negated operator asks that no value matches, any other that one does.
        let (more, fewer) = if self.operator.base.is_negated() { (self, wide) } else { (wide, self) };
        self.is_same_as(wide) || is_alike && is_simple && !fewer.values.is_empty() && more.has_plain_values_of(fewer)
    }

    /// Whether it has all values of `other`, and what it has besides does not depend on the request.
    fn has_plain_values_of(&self, other: &Self) -> bool {
        let has = |clause: &Self, value: &Wanted| clause.values.iter().any(|own| own.text == value.text);
        let is_plain = |value: &Wanted| !value.text.contains("${");
        other.values.iter().all(|value| has(self, value))
            && self.values.iter().all(|value| has(other, value) || is_plain(value))
    }
}

impl Wanted {
    pub fn is_bool(&self, wanted: bool) -> bool {
        self.text.eq_ignore_ascii_case(if wanted { "true" } else { "false" })
    }
}

fn clauses(condition: Option<&Value>, path: &str, variables: bool) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let operators = condition.and_then(Value::as_object).into_iter().flatten();
    for (name, keys) in operators {
        let operator_path = pointer(path, name);
        let (Ok(operator), Some(keys)) = (name.parse::<ConditionOperator>(), keys.as_object()) else { continue };
        for (key, value) in keys {
            let key_path = pointer(&operator_path, key);
            let Some(values) = located(value, &key_path) else { continue };
            let wanted = |(path, text): (String, String)| Wanted {
                operand: Operand::read(operator.base, &text, variables),
                path,
                text,
            };
            let values = values.into_iter().map(wanted).collect();
            let (operator_path, key) = (operator_path.clone(), key.clone());
            clauses.push(Clause { operator, operator_path, beside: keys.len(), key, key_path, values });
        }
    }
    clauses
}

/// One value or a list of them, each with its place.
fn located(value: &Value, path: &str) -> Option<Vec<(String, String)>> {
    let texts = strings(value)?;
    let place = |index| if value.is_array() { format!("{path}/{index}") } else { path.to_owned() };
    Some(texts.into_iter().enumerate().map(|(index, text)| (place(index), text)).collect())
}
