//! Mistakes, as data; [`render`](super::render) shows them.

use std::collections::HashSet;

use serde_json::Value;

use super::place::Place;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The blueprint cannot be used.
    Error,
    /// The blueprint can be used but probably does not say what was meant.
    Warning,
}

/// A mistake, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A short name of this sort of mistake, such as `unknown-key`, that does not change between versions.
    pub code: &'static str,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// Where it is written, if anywhere.
    pub place: Option<Place>,
    /// A few words that stand beside the source at the place.
    pub label: Option<String>,
    /// Other places that have to do with it, and what each is.
    pub also: Vec<(Place, String)>,
    /// What to do.
    pub help: Option<String>,
    /// What to write instead, where that is known in full.
    pub offer: Option<Box<Offer>>,
}

/// A document that can be written in place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where the other one is written.
    pub place: Place,
    /// What the other one says.
    pub replaced: Value,
    /// The JSON text to write.
    pub text: String,
    /// Why it is better, in one sentence without a full stop.
    pub message: String,
    /// How it was made.
    pub help: &'static str,
}

impl Diagnostic {
    /// An error with nothing but its message.
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message.into())
    }

    /// A warning with nothing but its message.
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message.into())
    }

    fn new(severity: Severity, code: &'static str, message: String) -> Self {
        Diagnostic { severity, code, message, place: None, label: None, also: Vec::new(), help: None, offer: None }
    }

    /// Says where it is; [`Place::NOWHERE`] says nothing.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place.is_somewhere().then_some(place);
        self
    }

    /// Puts words beside the source at the place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Shows another place; [`Place::NOWHERE`] is left out.
    #[must_use]
    pub fn also(mut self, place: Place, label: impl Into<String>) -> Self {
        if place.is_somewhere() {
            self.also.push((place, label.into()));
        }
        self
    }

    /// Offers what to write instead.
    #[must_use]
    pub fn offer(mut self, offer: Offer) -> Self {
        self.offer = Some(Box::new(offer));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<Box<Diagnostic>> for Diagnostic {
    fn from(boxed: Box<Diagnostic>) -> Self {
        *boxed
    }
}

/// Everything that is wrong, in the order in which it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: impl Into<Diagnostic>) {
        self.0.push(diagnostic.into());
    }

    /// Gives a place to those that have none, the first `after` left out.
    pub fn place_rest(&mut self, after: usize, place: Place) {
        for diagnostic in self.0.iter_mut().skip(after).filter(|diagnostic| diagnostic.place.is_none()) {
            diagnostic.place = Some(place);
        }
    }

    /// Gives another place to all but the first `after`.
    pub fn move_rest(&mut self, after: usize, place: Place) {
        for diagnostic in self.0.iter_mut().skip(after) {
            diagnostic.place = Some(place);
        }
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// How many there are, errors and warnings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many errors there are.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.0.iter().filter(|found| found.severity == Severity::Error).count()
    }

    /// How many warnings there are.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.len() - self.errors()
    }

    /// Whether the blueprint cannot be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors() > 0
    }

    /// Sorts them as a reader meets them and drops those that are there twice.
    pub fn tidy(&mut self) {
        self.0.sort_by_key(|found| (found.place, found.severity));
        self.drop_repeated();
    }

    /// Drops those that say the same of the same place as an earlier one.
    pub fn drop_repeated(&mut self) {
        let mut seen = HashSet::new();
        let mut is_first = self.0.iter().map(|found| seen.insert((found.place, found.code, &found.message)));
        let is_first: Vec<bool> = is_first.by_ref().collect();
        let mut is_first = is_first.into_iter();
        self.0.retain(|_| is_first.next().unwrap_or(true));
    }

    /// In the order in which a reader meets them: first those without a place, then by file and place, each only once.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.0.iter().collect();
        sorted.sort_by_key(|found| (found.place, found.severity));
        sorted.dedup();
        sorted
    }
}

impl Extend<Diagnostic> for Diagnostics {
    fn extend<I: IntoIterator<Item = Diagnostic>>(&mut self, more: I) {
        self.0.extend(more);
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(all: I) -> Self {
        Diagnostics(all.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
