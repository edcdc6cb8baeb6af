//! What AWS was asked and what it answered. The pure core asks by looking; anyone who drives it fetches what is
//! missing and has it look again, until nothing is missing. Facts are plain JSON, so they can be kept,
//! compared and looked at without AWS.

mod question;
mod read_until_complete;

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

pub use question::{Asked, Question};
pub use read_until_complete::{read_recorded, read_until_complete, unanswered};

/// Answers by question.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts {
    answers: BTreeMap<String, Fact>,
    /// Where they come from, where AWS is not asked for more.
    #[serde(skip)]
    recorded: Option<Recorded>,
}

/// Facts that were recorded earlier: AWS is not asked for what they do not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// When they were: `2026-11-29T12:00:00Z`.
    pub taken: String,
    /// The SHA-256 of the file that holds them, in hexadecimal.
    pub sha256: String,
}

/// One answer, as JSON and, once looked at, in its type. The JSON is kept as text, which takes a fifth of the memory of a [`Value`].
#[derive(Debug)]
struct Fact {
    text: Box<str>,
    typed: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl Fact {
    fn new(text: String) -> Fact {
        Fact { text: text.into(), typed: OnceLock::new() }
    }

    /// `None` where the answer does not have this shape.
    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.text).ok()
    }

    fn json(&self) -> Value {
        // The text was JSON before.
        self.read().unwrap_or_default()
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fact, D::Error> {
        Value::deserialize(deserializer).map(|json| Fact::new(json.to_string()))
    }
}

impl Facts {
    /// Keeps an answer, over an earlier one to the same question.
    pub fn put(&mut self, key: String, json: Value) {
        self.keep(key, json.to_string());
    }

    /// The same, by the text of its JSON.
    fn keep(&mut self, key: String, text: String) {
        self.answers.insert(key, Fact::new(text));
    }

    /// The same, as all that there is to know.
    #[must_use]
    pub fn as_recorded(self, recorded: Recorded) -> Facts {
        Facts { recorded: Some(recorded), ..self }
    }

    /// Where they come from, where AWS is not asked for more.
    pub fn recorded(&self) -> Option<&Recorded> {
        self.recorded.as_ref()
    }

    /// How many questions are answered.
    pub fn len(&self) -> usize {
        self.answers.len()
    }

    /// Whether no question is answered.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Forgets all answers but those to keep, for looking anew.
    pub fn clear_but(&mut self, keeps: impl Fn(&Value) -> bool) {
        self.answers.retain(|_, fact| keeps(&fact.json()));
    }

    /// The answer, if the question was asked. One that does not have the question's shape counts as not
    /// asked, so that facts from a file of an older version are fetched anew.
    fn get<Q: Question>(&self, question: &Q) -> Option<&Q::Answer> {
        let fact = self.answers.get(&question.key())?;
        if fact.typed.get().is_none() {
            let answer: Q::Answer = fact.read()?;
            // Losing a race to set it is fine: the other value is the same.
            let _ = fact.typed.set(Box::new(answer));
        }
        fact.typed.get()?.downcast_ref()
    }
}

/// A look at the facts that notes what it would have liked to know.
#[derive(Debug)]
pub struct Look<'a> {
    facts: &'a Facts,
    missing: RefCell<BTreeMap<String, Box<dyn Asked>>>,
    /// The keys of all questions without an answer, in the order in which they were looked for; some more than once.
    misses: RefCell<Vec<String>>,
}

impl<'a> Look<'a> {
    /// A first look, that misses nothing yet.
    pub fn new(facts: &'a Facts) -> Look<'a> {
        Look { facts, missing: RefCell::default(), misses: RefCell::default() }
    }

    /// The answer; `None` means that it is not known yet and will be fetched before the next look.
    pub fn at<Q: Question>(&self, question: Q) -> Option<&'a Q::Answer> {
        let answer = self.facts.get(&question);
        if answer.is_none() {
            self.misses.borrow_mut().push(question.key());
            self.missing.borrow_mut().entry(question.key()).or_insert_with(|| Box::new(question));
        }
        answer
    }

    /// Whether the answer is known. Unlike [`Look::at`], this asks for nothing.
    pub fn knows<Q: Question>(&self, question: &Q) -> bool {
        self.facts.get(question).is_some()
    }

    /// Whether the facts were recorded earlier, so that AWS is not asked for what they lack.
    pub fn is_recorded(&self) -> bool {
        self.facts.recorded().is_some()
    }

    /// The answers that are there to questions whose keys begin with `prefix`, by the rest of the key.
    pub fn known<T: DeserializeOwned>(&self, prefix: &'static str) -> impl Iterator<Item = (&'a str, T)> {
        self.facts
            .answers
            .range(prefix.to_owned()..)
            .map_while(move |(key, fact)| Some((key.strip_prefix(prefix)?, fact)))
            .filter_map(|(rest, fact)| Some((rest, fact.read()?)))
    }

    /// The rests of the keys, of the answered questions whose keys begin with `prefix`.
    pub fn answered(&self, prefix: &'static str) -> impl Iterator<Item = &'a str> {
        let keys = self.facts.answers.range(prefix.to_owned()..).map(|(key, _)| key.as_str());
        keys.map_while(move |key| key.strip_prefix(prefix))
    }

    /// Whether all that was looked for so far is known.
    pub fn misses_nothing(&self) -> bool {
        self.missing.borrow().is_empty()
    }

    /// How often something was looked for in vain so far.
    pub fn misses(&self) -> usize {
        self.misses.borrow().len()
    }

    /// The keys of the questions that had no answer since there were so many misses.
    pub fn missed_since(&self, misses: usize) -> Vec<String> {
        let missed = self.misses.borrow();
        let mut keys: Vec<String> = missed.get(misses..).unwrap_or_default().to_vec();
        keys.sort();
        keys.dedup();
        keys
    }

    /// What was looked for in vain.
    pub fn into_missing(self) -> BTreeMap<String, Box<dyn Asked>> {
        self.missing.into_inner()
    }
}
