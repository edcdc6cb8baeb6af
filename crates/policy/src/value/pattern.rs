//! Wildcards and policy variables
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>).

use std::borrow::Cow;

use super::variable::{Variable, next_variable};
use crate::evaluate::{Context, Held};

/// A text in which `*` stands for any characters, `?` for any one, and `${…}` for what a request holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    written: String,
    tokens: Vec<Token>,
}

/// What a pattern without wildcards matches: two such patterns cover each other if it is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Literal<'a>(&'a [Token]);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Token {
    /// Never empty.
    Text(String),
    AnyOne,
    AnyMany,
    Variable(Box<Variable>),
}

/// Why a pattern cannot be compared with anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unresolved<'a> {
    /// The request does not have the variable's key, or it has several values, and there is no default.
    NoValue(&'a str),
    /// The value of this key is not known.
    Unknown(&'a str),
}

impl Pattern {
    /// Reads a pattern. Without `variables`, `${…}` stands for itself.
    pub fn new(text: &str, variables: bool) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        while variables && let Some((before, inside, after)) = next_variable(rest) {
            push_text(&mut tokens, before);
            match inside {
                "*" | "?" | "$" => push_literally(&mut tokens, inside),
                _ => tokens.push(Token::Variable(Box::new(Variable::new(inside)))),
            }
            rest = after;
        }
        push_text(&mut tokens, rest);
        Self { written: text.to_owned(), tokens }
    }

    /// Reads a pattern without variables that matches whatever the case of what is compared, if that is in lower case.
    pub fn in_lower_case(text: &str) -> Self {
        Self { written: text.to_owned(), ..Self::new(&text.to_lowercase(), false) }
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Its variables.
    pub fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.tokens.iter().filter_map(|token| match token {
            Token::Variable(variable) => Some(variable.as_ref()),
            _ => None,
        })
    }

    /// The pattern with its variables replaced by what the context holds; what comes from there has no wildcards.
    pub fn resolve<'a>(&'a self, context: &Context) -> Result<Cow<'a, Self>, Unresolved<'a>> {
        if self.variables().next().is_none() {
            return Ok(Cow::Borrowed(self));
        }
        let mut tokens = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            match token {
                Token::Variable(variable) => push_literally(&mut tokens, value_of(variable, context)?),
                other => tokens.push(other.clone()),
            }
        }
        Ok(Cow::Owned(Self { written: self.written.clone(), tokens }))
    }

    /// Whether the whole text matches. Variables must have been replaced: one that is left matches nothing.
    pub fn matches(&self, text: &str) -> bool {
        let (mut token, mut place) = (0, 0);
        // Where to go on when the part after the last `*` does not match: that `*` takes one more character.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            let rest = &text[place..];
            match self.tokens.get(token) {
                Some(Token::AnyMany) => {
                    token += 1;
                    retry = Some((token, place));
                    continue;
                }
                Some(Token::AnyOne) if !rest.is_empty() => {
                    (token, place) = (token + 1, place + first_length(rest));
                    continue;
                }
                Some(Token::Text(expected)) if rest.starts_with(expected.as_str()) => {
                    (token, place) = (token + 1, place + expected.len());
                    continue;
                }
                None if rest.is_empty() => return true,
                _ => {}
            }
            match &mut retry {
                Some((after_star, taken)) if *taken < text.len() => {
                    *taken += first_length(&text[*taken..]);
                    (token, place) = (*after_star, *taken);
                }
                _ => return false,
            }
        }
    }

    /// Whether there is no text that does not match.
    pub fn matches_anything(&self) -> bool {
        !self.tokens.is_empty() && self.tokens.iter().all(|token| matches!(token, Token::AnyMany))
    }

    /// Whether every text that `other` matches is matched by this too, as far as that is certain: a wildcard or a
    /// variable of `other` is covered only by a `*`, or by the same at the same place.
    pub fn covers(&self, other: &Self) -> bool {
        match self.literal() {
            Some(literal) => other.literal() == Some(literal),
            None => self.may_cover(other) && covers(&self.atoms(), &other.atoms()),
        }
    }

    /// What stands before the first wildcard or variable, and after the last one, stands in everything that is covered.
    /// Most pairs of patterns differ there.
    fn may_cover(&self, other: &Self) -> bool {
        let begins = match (self.tokens.first(), other.tokens.first()) {
            (Some(Token::Text(own)), Some(Token::Text(theirs))) => theirs.starts_with(own.as_str()),
            (Some(Token::Text(_)), _) => false,
            _ => true,
        };
        begins
            && match (self.tokens.last(), other.tokens.last()) {
                (Some(Token::Text(own)), Some(Token::Text(theirs))) => theirs.ends_with(own.as_str()),
                (Some(Token::Text(_)), _) => false,
                _ => true,
            }
    }

    /// Whether there is a text that both match; a variable may stand for any text.
    pub fn meets(&self, other: &Self) -> bool {
        self.may_meet(other) && meets(&self.atoms(), &other.atoms())
    }

    /// Of two texts at the start, or at the end, one goes on where the other ends.
    fn may_meet(&self, other: &Self) -> bool {
        let begin = match (self.tokens.first(), other.tokens.first()) {
            (Some(Token::Text(own)), Some(Token::Text(theirs))) => {
                theirs.starts_with(own.as_str()) || own.starts_with(theirs.as_str())
            }
            _ => true,
        };
        begin
            && match (self.tokens.last(), other.tokens.last()) {
                (Some(Token::Text(own)), Some(Token::Text(theirs))) => {
                    theirs.ends_with(own.as_str()) || own.ends_with(theirs.as_str())
                }
                _ => true,
            }
    }

    /// What it matches, if it has no wildcards.
    pub fn literal(&self) -> Option<Literal<'_>> {
        (!self.has_wildcards()).then_some(Literal(&self.tokens))
    }

    /// Whether there are wildcards in it.
    pub fn has_wildcards(&self) -> bool {
        self.tokens.iter().any(|token| matches!(token, Token::AnyMany | Token::AnyOne))
    }

    /// The text, its wildcards standing for themselves. Variables must have been replaced.
    pub fn text(&self) -> Cow<'_, str> {
        if let [Token::Text(only)] = self.tokens.as_slice() {
            return Cow::Borrowed(only);
        }
        let parts = self.tokens.iter().map(|token| match token {
            Token::Text(text) => text,
            Token::AnyOne => "?",
            Token::AnyMany => "*",
            Token::Variable(_) => "",
        });
        Cow::Owned(parts.collect())
    }

    /// The first parts between colons, `count` of them at most, the last one with all that follows.
    pub fn parts(&self, count: usize) -> Vec<Self> {
        let (mut parts, mut part) = (Vec::new(), Vec::new());
        for token in &self.tokens {
            let Token::Text(text) = token else {
                part.push(token.clone());
                continue;
            };
            let pieces_left = count - parts.len();
            for (index, piece) in text.splitn(pieces_left, ':').enumerate() {
                if index > 0 {
                    parts.push(std::mem::take(&mut part));
                }
                push_literally(&mut part, piece);
            }
        }
        parts.push(part);
        parts.into_iter().map(|tokens| Self { written: String::new(), tokens }).collect()
    }

    fn atoms(&self) -> Vec<Atom<'_>> {
        let mut atoms = Vec::new();
        for token in &self.tokens {
            match token {
                Token::Text(text) => atoms.extend(text.chars().map(Atom::Char)),
                Token::AnyOne => atoms.push(Atom::AnyOne),
                Token::AnyMany => atoms.push(Atom::AnyMany),
                Token::Variable(variable) => atoms.push(Atom::Variable(variable)),
            }
        }
        atoms
    }
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn push_text(tokens: &mut Vec<Token>, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['*', '?']) {
        push_literally(tokens, &rest[..at]);
        tokens.push(if rest[at..].starts_with('*') { Token::AnyMany } else { Token::AnyOne });
        rest = &rest[at + 1..];
    }
    push_literally(tokens, rest);
}

fn push_literally(tokens: &mut Vec<Token>, text: &str) {
    match tokens.last_mut() {
        _ if text.is_empty() => {}
        Some(Token::Text(before)) => before.push_str(text),
        _ => tokens.push(Token::Text(text.to_owned())),
    }
}

fn value_of<'a, 'c: 'r, 'r>(variable: &'a Variable, context: &'c Context) -> Result<&'r str, Unresolved<'a>>
where
    'a: 'r,
{
    match (context.get(variable.folded()), variable.default()) {
        (Held::Values([value]), _) => Ok(value),
        (Held::Absent, Some(default)) => Ok(default),
        (Held::Values(_) | Held::Absent, _) => Err(Unresolved::NoValue(variable.key())),
        (Held::Unknown | Held::Foreign(_), _) => Err(Unresolved::Unknown(variable.key())),
    }
}

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Atom<'a> {
    Char(char),
    AnyOne,
    AnyMany,
    Variable(&'a Variable),
}

/// The wildcards of `narrow` are taken for characters of their own, which only wildcards of `wide` match.
fn covers(wide: &[Atom], narrow: &[Atom]) -> bool {
    let steps_over = |wide: Atom, narrow: Atom| match wide {
        Atom::AnyOne => matches!(narrow, Atom::Char(_) | Atom::AnyOne),
        other => other == narrow,
    };
    // reached[i]: the part of `wide` before i covers what has been seen of `narrow`.
    let mut reached = start(wide);
    for &atom in narrow {
        let mut next = vec![false; wide.len() + 1];
        for (at, &own) in wide.iter().enumerate() {
            match own {
                Atom::AnyMany => next[at] |= reached[at],
                _ => next[at + 1] |= reached[at] && steps_over(own, atom),
            }
            if own == Atom::AnyMany && next[at] {
                next[at + 1] = true;
            }
        }
        reached = next;
    }
    reached[wide.len()]
}

fn meets(a: &[Atom], b: &[Atom]) -> bool {
    let many = |atom: Atom| matches!(atom, Atom::AnyMany | Atom::Variable(_));
    // reached[i]: some text leads through the part of `a` before i and what has been seen of `b`.
    let skip = |reached: &mut Vec<bool>| {
        for (at, &own) in a.iter().enumerate() {
            reached[at + 1] |= many(own) && reached[at];
        }
    };
    let mut reached = vec![false; a.len() + 1];
    reached[0] = true;
    skip(&mut reached);
    for &other in b {
        let mut next = if many(other) { reached.clone() } else { vec![false; a.len() + 1] };
        for (at, &own) in a.iter().enumerate() {
            let fits = match (own, other) {
                (Atom::Char(one), Atom::Char(two)) => one == two,
                _ => true,
            };
            if many(other) {
                next[at + 1] |= next[at];
            } else if many(own) {
                next[at] |= reached[at];
            } else {
                next[at + 1] |= reached[at] && fits;
            }
        }
        skip(&mut next);
        reached = next;
    }
    reached[a.len()]
}

fn start(wide: &[Atom]) -> Vec<bool> {
    let mut reached = vec![false; wide.len() + 1];
    reached[0] = true;
    for (at, &own) in wide.iter().enumerate() {
        reached[at + 1] = reached[at] && own == Atom::AnyMany;
    }
    reached
}

#[cfg(test)]
mod tests;
