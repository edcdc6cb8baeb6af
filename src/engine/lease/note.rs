//! What the lease's parameter says, and what follows from it. Pure.
//!
//! Parameter Store writes unconditionally and counts versions. A note says which version its writer expected to get: where
//! AWS counted another one, another run wrote first, and the note counts for nothing. The lease belongs to the writer of
//! the last note that counts.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A living holder renews its lease this often.
const RENEW_EVERY: Duration = Duration::from_secs(10);
/// A lease that is not renewed for this long has no living holder. A holder that cannot renew it stops before: see
/// `cloud/fence.rs`.
pub const LEASE_WATCHED_FOR: Duration = Duration::from_secs(30);
/// How often a lease is looked at: by who watches it, and by its holder, who learns so that the lock was broken.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(3);

/// Whether a lease of this age is to be renewed.
pub(super) fn is_due(age: Duration) -> bool {
    age >= RENEW_EVERY
}

/// How long the holder of a lease of this age does nothing.
pub(super) fn until_next_look(age: Duration) -> Duration {
    RENEW_EVERY.saturating_sub(age).min(LOOK_EVERY)
}

/// What a run writes into the parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    /// Differs from that of every other apply.
    pub id: String,
    /// Who it is, for people.
    pub holder: String,
    /// False in the last note of a run, by which it gives the lease back.
    pub held: bool,
    /// The version that its writer expected to get.
    pub version: i64,
}

/// A note that was read, with the version that AWS gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub note: Note,
    pub version: i64,
}

/// What a run does that wants the lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LeasePurpose {
    /// Nothing: its own note counts already, although the answer to its request was lost.
    Nothing,
    /// Write over this version.
    Overwrite,
    /// Watch whether the holder renews it.
    Watch,
}

/// What a run learns that watches a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing was written since.
    None,
    /// The holder is alive.
    Alive,
    /// It was given back.
    GivenBack,
    /// A run that is not the holder gave back what it had lost: who holds the lease is not known.
    Unclear,
}

/// What a run does that watches a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Watch {
    GoOn,
    /// From the beginning.
    Anew,
    TakeOver,
    /// Its holder is alive.
    GiveUp,
}

impl Sign {
    /// What follows from it after so long a watch.
    pub fn after(self, watched: Duration) -> Watch {
        match self {
            Sign::Alive => Watch::GiveUp,
            Sign::GivenBack => Watch::TakeOver,
            Sign::Unclear => Watch::Anew,
            Sign::None if watched >= LEASE_WATCHED_FOR => Watch::TakeOver,
            Sign::None => Watch::GoOn,
        }
    }
}

impl Seen {
    /// Reads a parameter.
    pub fn parse(text: &str, version: i64) -> Seen {
        let note = serde_json::from_str(text).unwrap_or_else(|_| Note {
            id: String::new(),
            // What it says may be a secret that was put into the wrong place.
            holder: "an unknown holder (the parameter is no lease of landing)".into(),
            held: true,
            version: 0,
        });
        Seen { note, version }
    }

    /// Whether its writer got the version that it expected.
    fn counts(&self) -> bool {
        self.note.version == self.version
    }

    /// What the run `id` does that wants the lease, `at_once` where it breaks whatever lock there is.
    pub fn take(&self, id: &str, at_once: bool) -> LeasePurpose {
        match () {
            () if self.counts() && self.note.id == id => LeasePurpose::Nothing,
            () if self.counts() && !self.note.held => LeasePurpose::Overwrite,
            () if at_once => LeasePurpose::Overwrite,
            () => LeasePurpose::Watch,
        }
    }

    /// What this says to a run that watches version `watched`.
    pub fn sign(&self, watched: i64) -> Sign {
        match () {
            () if self.version == watched => Sign::None,
            () if self.note.held => Sign::Alive,
            () if self.counts() => Sign::GivenBack,
            () => Sign::Unclear,
        }
    }

    /// Whether the lease is still that of the run `id`, whose last note that counted has version `ours`.
    ///
    /// Of several notes since then only the last can be read. So another run's single note that does not count is ignored;
    /// behind more than one, a note may be hidden that took the lease over.
    pub fn is_still_held(&self, id: &str, ours: i64) -> bool {
        let is_own = self.counts() && self.note.id == id && self.note.held;
        let is_void = self.version == ours + 1 && self.note.version <= ours;
        self.version == ours || is_own || is_void
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(id: &str, held: bool, expected: i64, version: i64) -> Seen {
        Seen { note: Note { id: id.into(), holder: "h".into(), held, version: expected }, version }
    }

    #[test]
    fn a_note_survives_being_written() {
        let note = Note { id: "a".into(), holder: "me".into(), held: false, version: 7 };
        let text = serde_json::to_string(&note).unwrap();
        assert_eq!(Seen::parse(&text, 8), Seen { note, version: 8 });
    }

    #[test]
    fn what_is_no_note_is_held_and_never_repeated() {
        let seen = Seen::parse("a secret", 3);
        assert!(!seen.note.holder.contains("secret"), "{}", seen.note.holder);
        assert_eq!(seen.take("me", false), LeasePurpose::Watch);
        assert_eq!(seen.take("me", true), LeasePurpose::Overwrite);
        assert!(!seen.is_still_held("", 1));
    }

    #[test]
    fn who_wants_the_lease_watches_one_that_is_held() {
        assert_eq!(seen("other", true, 5, 5).take("me", false), LeasePurpose::Watch);
        // Written second: anyone who was first holds it.
        assert_eq!(seen("other", true, 5, 6).take("me", false), LeasePurpose::Watch);
        // Given back by a run that had lost it.
        assert_eq!(seen("other", false, 5, 6).take("me", false), LeasePurpose::Watch);
        assert_eq!(seen("me", true, 5, 6).take("me", false), LeasePurpose::Watch);
    }

    #[test]
    fn who_wants_the_lease_takes_one_that_was_given_back() {
        assert_eq!(seen("other", false, 5, 5).take("me", false), LeasePurpose::Overwrite);
        assert_eq!(seen("other", false, 5, 5).take("me", true), LeasePurpose::Overwrite);
    }

    #[test]
    fn who_breaks_the_lock_watches_nothing() {
        assert_eq!(seen("other", true, 5, 5).take("me", true), LeasePurpose::Overwrite);
        assert_eq!(seen("other", true, 5, 6).take("me", true), LeasePurpose::Overwrite);
        assert_eq!(seen("other", false, 5, 6).take("me", true), LeasePurpose::Overwrite);
    }

    #[test]
    fn ones_own_note_is_recognized_after_a_lost_answer() {
        assert_eq!(seen("me", true, 5, 5).take("me", false), LeasePurpose::Nothing);
        assert_eq!(seen("me", true, 5, 5).take("me", true), LeasePurpose::Nothing);
    }

    #[test]
    fn a_watched_lease_gives_a_sign_when_its_version_changes() {
        assert_eq!(seen("other", true, 5, 5).sign(5), Sign::None);
        assert_eq!(seen("other", true, 6, 6).sign(5), Sign::Alive);
        assert_eq!(seen("third", true, 5, 6).sign(5), Sign::Alive);
        assert_eq!(seen("other", false, 6, 6).sign(5), Sign::GivenBack);
        // Not given back by its holder: taking it now would take it from a run that is alive.
        assert_eq!(seen("third", false, 5, 6).sign(5), Sign::Unclear);
        assert_eq!(seen("other", false, 5, 5).sign(5), Sign::None);
    }

    #[test]
    fn a_lease_without_a_sign_is_taken_over_after_thirty_seconds() {
        let after = |sign: Sign, milliseconds| sign.after(Duration::from_millis(milliseconds));
        assert_eq!(after(Sign::None, 0), Watch::GoOn);
        assert_eq!(after(Sign::None, 29_999), Watch::GoOn);
        assert_eq!(after(Sign::None, 30_000), Watch::TakeOver);
        for milliseconds in [0, 30_000] {
            assert_eq!(after(Sign::Alive, milliseconds), Watch::GiveUp);
            assert_eq!(after(Sign::GivenBack, milliseconds), Watch::TakeOver);
            assert_eq!(after(Sign::Unclear, milliseconds), Watch::Anew);
        }
    }

    #[test]
    fn a_holder_looks_every_three_seconds_and_renews_every_ten() {
        let milliseconds = Duration::from_millis;
        assert!(!is_due(milliseconds(9_999)));
        assert!(is_due(milliseconds(10_000)));
        assert_eq!(until_next_look(Duration::ZERO), milliseconds(3_000));
        assert_eq!(until_next_look(milliseconds(7_000)), milliseconds(3_000));
        assert_eq!(until_next_look(milliseconds(9_000)), milliseconds(1_000));
        assert_eq!(until_next_look(milliseconds(60_000)), Duration::ZERO);
    }

    #[test]
    fn a_lease_is_held_while_nothing_else_was_written() {
        assert!(seen("me", true, 5, 5).is_still_held("me", 5));
    }

    #[test]
    fn a_lease_that_was_taken_over_is_not_held() {
        assert!(!seen("other", true, 6, 6).is_still_held("me", 5));
        assert!(!seen("other", true, 9, 9).is_still_held("me", 5));
        assert!(!seen("other", false, 6, 6).is_still_held("me", 5));
        // A third came too late, after another run had taken it over at 6.
        assert!(!seen("third", true, 6, 7).is_still_held("me", 5));
        assert!(!seen("third", true, 5, 7).is_still_held("me", 5));
        // Its parameter was deleted and made again.
        assert!(!seen("other", true, 1, 1).is_still_held("me", 5));
        assert!(!seen("other", true, 2, 1).is_still_held("me", 5));
        // Behind its own late note another run's may be hidden.
        assert!(!seen("me", true, 6, 7).is_still_held("me", 5));
    }

    #[test]
    fn a_note_that_came_second_takes_nothing_from_the_holder() {
        assert!(seen("other", true, 5, 6).is_still_held("me", 5));
        assert!(seen("other", true, 3, 6).is_still_held("me", 5));
        assert!(seen("other", false, 5, 6).is_still_held("me", 5));
    }

    #[test]
    fn a_renewal_whose_answer_was_lost_is_ones_own() {
        assert!(seen("me", true, 6, 6).is_still_held("me", 5));
        assert!(seen("me", true, 7, 7).is_still_held("me", 5));
        // Given back already.
        assert!(!seen("me", false, 6, 6).is_still_held("me", 5));
    }
}
