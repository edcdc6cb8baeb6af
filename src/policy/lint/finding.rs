//! One thing that a rule found.

use crate::policy::{ProblemCode, Severity};

/// Something in a policy that is wrong or doubtful.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What sort of thing it is.
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

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident, $text:literal, $severity:ident;)+) => {
        /// The sorts of findings. Their names do not change between versions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            /// AWS refuses the policy.
            Refused(ProblemCode),
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// Every code of the rules, with what it means; codes of [`ProblemCode`] left aside.
            pub const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, concat!($($doc),+))),+];

            /// The code as it is shown, such as `shadowed-statement`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Refused(code) => code.name(),
                    $(Self::$name => $text,)+
                }
            }

            /// How bad it is.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    Self::Refused(_) => Severity::Error,
                    $(Self::$name => Severity::$severity,)+
                }
            }
        }
    };
}

codes! {
    /// A variable that no request has a value for.
    UnknownVariable, "unknown-variable", Warning;
    /// A statement or condition that no request can meet.
    NeverMatches, "never-matches", Warning;
    /// A value that the operator cannot read.
    UnreadableValue, "unreadable-value", Warning;
    /// A wildcard under an operator that takes it literally.
    EqualsWildcard, "wildcard-in-equals", Warning;
    /// A condition that requests without the key slip past.
    MissesAbsentKey, "misses-absent-key", Warning;
    /// A condition of an Allow that requests without the key meet.
    AllowsAbsentKey, "allows-absent-key", Warning;
    /// ForAllValues, which is true where there are no values.
    ForAllValuesOfNothing, "for-all-values-of-nothing", Warning;
    /// A condition that denies what it probably meant to demand.
    InvertedTest, "inverted-test", Warning;
    /// A condition of which AWS does not say what it means.
    Unsettled, "unsettled", Warning;
    /// A statement that another one makes superfluous or void.
    ShadowedStatement, "shadowed-statement", Warning;
    /// A value that another value of the same list covers.
    RepeatedValue, "repeated-value", Note;
    /// A policy that denies nothing.
    DeniesNothing, "denies-nothing", Warning;
    /// A region guard that stops global services.
    BlocksGlobalServices, "blocks-global-services", Warning;
    /// A perimeter that AWS services on the principal's behalf do not pass.
    BlocksAwsServices, "blocks-aws-services", Warning;
    /// A denial that holds for the roles that the landing zone is kept with.
    LockOut, "lock-out", Warning;
    /// A policy that nearly fills its quota.
    NearlyFull, "nearly-full", Note;
    /// An action that no service is known to have.
    UnknownAction, "unknown-action", Warning;
    /// A condition key that nothing is known to carry.
    UnknownKey, "unknown-condition-key", Warning;
    /// A condition key that none of the statement's actions carries.
    KeyNeverCarried, "condition-key-never-carried", Warning;
    /// A condition key that some of the statement's actions do not carry, where its absence decides.
    KeyNotCarriedByAll, "condition-key-not-carried-by-all", Warning;
    /// A resource that none of the statement's actions has.
    ResourceNeverMatches, "resource-never-matches", Warning;
    /// A set operator on a key of a single value, or none on a key of several.
    SetOperator, "set-operator", Warning;
    /// An RCP for a service that RCPs do not reach.
    ServiceWithoutRcps, "service-without-rcps", Warning;
    /// An allowance that another level of the path does not let through.
    AllowListGap, "allow-list-gap", Warning;
    /// A level with more policies than it may have.
    TooManyPolicies, "too-many-policies", Error;
    /// A level with as many policies as it may have.
    NoPlaceLeft, "no-place-left", Note;
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
