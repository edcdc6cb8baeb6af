//! The sorts of findings, and what is to be known of each.

use crate::{ProblemCode, Severity};

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
            /// Every code of the rules; codes of [`ProblemCode`] left aside.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

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

            /// What is written above it here, line by line.
            const fn lines(self) -> &'static [&'static str] {
                match self {
                    Self::Refused(code) => code.lines(),
                    $(Self::$name => &[$($doc),+],)+
                }
            }
        }
    };
}

codes! {
    /// A variable that no request has a value for.
    ///
    /// `${…}` in a resource or a condition names a condition key. Anything else is never filled in, so that the value
    /// matches nothing; mostly it is a place in a published policy that was to be filled in by hand. See
    /// [policy variables](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    UnknownVariable, "unknown-variable", Warning;
    /// A statement or condition that no request can meet.
    ///
    /// Two conditions of the statement exclude each other, a list of values is empty, everything is left out by
    /// `NotAction`, or `aws:PrincipalArn` is compared with the ARN of a session, which it never holds.
    NeverMatches, "never-matches", Warning;
    /// A value that the operator cannot read.
    ///
    /// A word under a numeric operator, say, or a text that is no date: the comparison is false for every request. Under a
    /// negated operator such as `NotIpAddress` the condition then holds for every request, so that a denial denies all. See
    /// [condition operators](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    UnreadableValue, "unreadable-value", Warning;
    /// A wildcard under an operator that takes it literally.
    ///
    /// `StringEquals` and its kin compare character by character; only `StringLike` and the ARN operators know `*` and
    /// `?`.
    EqualsWildcard, "wildcard-in-equals", Warning;
    /// A condition that requests without the key slip past.
    ///
    /// `Bool … false` denies those that say false, not those that say nothing, and clients mostly say nothing. With
    /// `IfExists` the denial holds for them too.
    MissesAbsentKey, "misses-absent-key", Warning;
    /// A condition of an Allow that requests without the key meet.
    ///
    /// `BoolIfExists` on the second factor, for example, is met by access keys, which have none. See
    /// [aws:MultiFactorAuthPresent](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent).
    AllowsAbsentKey, "allows-absent-key", Warning;
    /// ForAllValues, which is true where there are no values.
    ///
    /// A request that lacks the key meets it, so that an Allow is wider than it looks, and a Deny too, also with a negated
    /// operator. `IfExists` says that this is meant. See
    /// [keys of several values](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html).
    ForAllValuesOfNothing, "for-all-values-of-nothing", Warning;
    /// A condition that denies what it probably meant to demand.
    ///
    /// A denial names what must not be. `Bool aws:SecureTransport true` denies encrypted requests, `StringEquals
    /// ec2:MetadataHttpTokens required` denies instances with version 2 of the metadata service, `ArnLike` with the
    /// break-glass role denies that role alone.
    InvertedTest, "inverted-test", Warning;
    /// A condition of which AWS does not say what it means.
    ///
    /// A variable without a value and without a default in a negated condition, and ARNs of fewer than six parts, are
    /// not settled by AWS's documents: landing does not guess and neither should a guardrail.
    Unsettled, "unsettled", Warning;
    /// A statement that another one makes superfluous or void.
    ///
    /// Another statement of the policy denies all that this one denies or allows, or allows all that this one allows.
    ShadowedStatement, "shadowed-statement", Warning;
    /// A value that another value of the same list covers.
    ///
    /// The list means the same without it.
    RepeatedValue, "repeated-value", Note;
    /// A policy that denies nothing.
    ///
    /// It allows everything, as FullAWSAccess beside it does, and what else it allows adds nothing to that.
    DeniesNothing, "denies-nothing", Warning;
    /// A region guard that stops global services.
    ///
    /// IAM, Organizations, Route 53 and others answer in us-east-1 whatever region one works in. A denial of all regions
    /// but some others stops them, unless `NotAction` leaves them out. See
    /// [AWS's example](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html).
    BlocksGlobalServices, "blocks-global-services", Warning;
    /// A perimeter that AWS services on the principal's behalf do not pass.
    ///
    /// A service that writes into a bucket comes as itself and without `aws:PrincipalOrgID`. See
    /// [AWS's examples](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html).
    BlocksAwsServices, "blocks-aws-services", Warning;
    /// A denial that holds for the roles that the landing zone is kept with.
    ///
    /// Whatever else a request holds, landing's own role, stack sets or Control Tower could not keep accounts in order
    /// where the policy is attached. In a blueprint the roles are its own: `access_role`, those of `landing-roles`,
    /// `break_glass_roles`, and that of stack sets where it has some; `may_lock_out: true` at the policy says that it is
    /// meant. Of a single policy the roles are not known: a statement that exempts any role by `aws:PrincipalArn` passes.
    LockOut, "lock-out", Warning;
    /// An allow-list that leaves out what accounts are entered and access is repaired with.
    ///
    /// Attached in place of FullAWSAccess, a list of allowed services without `sts` and `iam` stops roles that assume others
    /// and everyone who could repair roles. Found in single policies; in blueprints and files of levels
    /// [`lock-out`](#lock-out) looks at all policies of a target together.
    AllowListLockOut, "allow-list-lock-out", Warning;
    /// A policy that nearly fills its quota.
    ///
    /// From nine tenths on. Characters count without white space, which landing does not send.
    NearlyFull, "nearly-full", Note;
    /// A policy with so many statements and values that the rules were not applied.
    ///
    /// Rules compare them with each other. No policy that AWS accepts without raised quotas is so large; what AWS refuses
    /// is found all the same.
    Oversized, "oversized", Note;
    /// A policy that can say the same in fewer characters.
    ///
    /// Statements that differ in their actions or resources alone are joined, and what others cover is left out; nothing
    /// is replaced by a wildcard that was not there, so that it means the same for actions that AWS adds later. The
    /// finding offers the whole policy. Where nothing but lists of one value could be shorter, it says so only from nine
    /// tenths of the quota on.
    ShorterForm, "shorter-form", Note;
    /// An action that no service is known to have.
    ///
    /// It is misspelt, or newer than the table of AWS's services that landing carries; the message names the table's day.
    UnknownAction, "unknown-action", Warning;
    /// A condition key that nothing is known to carry.
    ///
    /// A condition on it is never met, or always if it is negated or has `IfExists`.
    UnknownKey, "unknown-condition-key", Warning;
    /// A condition key that none of the statement's actions carries.
    ///
    /// The service knows the key, but no request for these actions has it. See the
    /// [service authorization reference](https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    KeyNeverCarried, "condition-key-never-carried", Warning;
    /// A condition key that some of the statement's actions do not carry, where its absence decides.
    ///
    /// A denial of requests without the key denies these actions whatever a request says.
    KeyNotCarriedByAll, "condition-key-not-carried-by-all", Warning;
    /// A resource that none of the statement's actions has.
    ///
    /// `s3:GetObject` is about objects, never about a bucket; actions without resources are asked about `*` alone.
    ResourceNeverMatches, "resource-never-matches", Warning;
    /// A set operator on a key of a single value, or none on a key of several.
    ///
    /// Keys such as `aws:TagKeys` hold several values, of which `ForAnyValue` and `ForAllValues` say how many must match;
    /// on others they only change what the key's absence means.
    SetOperator, "set-operator", Warning;
    /// An RCP for a service that RCPs do not reach.
    ///
    /// The statement denies nothing there. See
    /// [the services that RCPs reach](https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services).
    ServiceWithoutRcps, "service-without-rcps", Warning;
    /// An allowance that another level of the path does not let through.
    ///
    /// What is allowed must be allowed on the root, on every unit of the path and on the account. Found in blueprints and
    /// in files of levels.
    AllowListGap, "allow-list-gap", Warning;
    /// A level with more policies than it may have.
    ///
    /// FullAWSAccess takes a place too. The help says whether the policies would fit if they were joined.
    TooManyPolicies, "too-many-policies", Error;
    /// A level with as many policies as it may have.
    ///
    /// A replacement is attached before what it replaces is detached, which takes a place for a moment.
    NoPlaceLeft, "no-place-left", Note;
}

impl Code {
    /// What it is, in a sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        self.lines().first().map_or("", |line| line.trim())
    }

    /// Why it matters and where AWS says so, in Markdown; empty where the summary says everything.
    #[must_use]
    pub fn explanation(self) -> String {
        self.lines().iter().skip(2).map(|line| line.trim()).collect::<Vec<_>>().join("\n")
    }
}
