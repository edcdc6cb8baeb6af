//! A mistake that AWS would refuse.

use serde::Serialize;

/// Something in a policy document that AWS would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What sort of problem it is.
    pub code: ProblemCode,
    /// A JSON pointer (RFC 6901) to the place, for example `/Statement/0/Effect`; empty for the document.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// How bad something in a policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// AWS refuses it, or it cannot do what it says.
    Error,
    /// It probably does not do what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

macro_rules! codes {
    ($(#[doc = $doc:literal] $name:ident, $text:literal;)+) => {
        /// The sorts of problems.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum ProblemCode {
            $(#[doc = $doc] $name,)+
        }

        impl ProblemCode {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code as it stands in JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// What is written above it here.
            pub(crate) const fn lines(self) -> &'static [&'static str] {
                match self {
                    $(Self::$name => &[$doc],)+
                }
            }
        }
    };
}

codes! {
    /// A value has another JSON type than the element takes.
    WrongType, "wrong-type";
    /// An element that must be there is not.
    MissingElement, "missing-element";
    /// An element that the language does not have.
    UnknownElement, "unknown-element";
    /// An element that the language has, but not this policy type, such as `Principal` in an SCP.
    UnsupportedElement, "unsupported-element";
    /// Two elements that exclude each other.
    ConflictingElements, "conflicting-elements";
    /// A value that the element does not take, such as another `Principal` than `*` in an RCP.
    InvalidValue, "invalid-value";
    /// A `Sid` that an earlier statement has.
    DuplicateSid, "duplicate-sid";
    /// A condition operator or inheritance operator that does not exist.
    UnknownOperator, "unknown-operator";
    /// More characters than the quota allows.
    TooLarge, "too-large";
}

impl Severity {
    /// The word for it, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl ProblemCode {
    /// Whether it is about the key at its place, not about what stands under it.
    #[must_use]
    pub const fn is_of_key(self) -> bool {
        matches!(self, Self::UnknownElement | Self::UnsupportedElement | Self::UnknownOperator)
    }
}

impl Problem {
    pub(crate) fn new(code: ProblemCode, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, path: path.into(), message: message.into(), help: None }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Offers the known name that the wrong one most resembles, or else all of them.
    pub(crate) fn help_with_names(self, wrong: &str, known: &[&str]) -> Self {
        match suggestion(wrong, known) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None if known.len() <= 10 => self.help(format!("possible are {}", quoted(known))),
            None => self,
        }
    }
}

/// The known name that the wrong one most resembles, if any does.
pub(crate) fn suggestion<'a>(wrong: &str, known: &[&'a str]) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    known
        .iter()
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), *name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

fn quoted(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}
