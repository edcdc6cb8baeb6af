//! A finding of a rule.

use super::code::Code;

/// Something in a policy that is wrong or doubtful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What type of resource it is.
    pub code: Code,
    /// A JSON pointer (RFC 6901) to the place in the document.
    pub path: String,
    /// Whether it is the key at that place or the value.
    pub part: Part,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// What to write instead, where that is mechanical.
    pub fix: Option<Fix>,
}

/// A text to be replaced by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// A JSON pointer to what is replaced.
    pub path: String,
    /// Whether the key is replaced, or the value.
    pub part: Part,
    /// The JSON text to write instead.
    pub text: String,
}

/// A member of an object has two parts; of everything else both are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The key.
    Key,
    /// The value.
    Value,
}

impl Finding {
    pub(super) fn new(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, path: path.into(), part: Part::Value, message: message.into(), help: None, fix: None }
    }

    /// The same finding in a document that stands at `place` of another.
    #[must_use]
    pub fn below(mut self, place: &str) -> Self {
        self.path.insert_str(0, place);
        if let Some(fix) = &mut self.fix {
            fix.path.insert_str(0, place);
        }
        self
    }

    pub(super) fn on(mut self, part: Part) -> Self {
        self.part = part;
        self
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers a JSON text to write at the finding's own place.
    pub(super) fn fix(self, text: impl Into<String>) -> Self {
        let (path, part) = (self.path.clone(), self.part);
        self.fix_at(path, part, text)
    }

    /// Offers a JSON text to write at another place.
    pub(super) fn fix_at(mut self, path: impl Into<String>, part: Part, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { path: path.into(), part, text: text.into() });
        self
    }
}
