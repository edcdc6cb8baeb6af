use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::{JoinError, JoinSet};

use super::{Facts, Look};
use crate::cloud::{AwsError, Cloud};

/// How many questions without an answer are named.
const NAMED: usize = 3;

/// One in so many of the answers that are on their way is awaited before the next thought. A thought takes the longer the more is
/// known: one for each answer would take an organization of thousands of accounts minutes.
const SHARE: usize = 32;

/// Has `think` look at the facts until nothing that it looks for is missing, and gives what it thought last.
/// Whatever is missing is fetched at once; `think` runs again as soon as one in 32 answers is there, and the first where they
/// are few.
///
/// # Errors
/// The first answer that AWS refuses; what is on its way is dropped. Where the facts are recorded, that something is missing.
pub async fn read_until_complete<T>(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    mut think: impl FnMut(&Look<'_>) -> T,
) -> Result<T, AwsError> {
    if facts.recorded().is_some() {
        let look = Look::new(facts);
        let thought = think(&look);
        return match look.missed_since(0) {
            missed if missed.is_empty() => Ok(thought),
            missed => Err(unanswered(&missed)),
        };
    }
    let mut asked = HashSet::new();
    let mut answers = JoinSet::new();
    loop {
        let look = Look::new(facts);
        let thought = think(&look);
        let missing = look.into_missing();
        if missing.is_empty() && answers.is_empty() {
            return Ok(thought);
        }
        for (key, question) in missing {
            if asked.insert(key.clone()) {
                let cloud = Arc::clone(cloud);
                answers.spawn(async move { (key, question.fetch(cloud).await) });
            }
        }
        if answers.is_empty() {
            // Everything missing was answered and is still missing: the thought would never end.
            return Err(shapeless(&asked));
        }
        for _ in 0..answers.len().div_ceil(SHARE) {
            let Some(next) = answers.join_next().await else { break };
            keep(facts, next).map_err(|error| cloud.in_account(error))?;
        }
        while let Some(ready) = answers.try_join_next() {
            keep(facts, ready).map_err(|error| cloud.in_account(error))?;
        }
    }
}

/// As [`read_until_complete`], but where the facts are recorded it gives what comes of those that there are: `think` has to say what it
/// missed.
///
/// # Errors
/// As there, but for what is missing in recorded facts.
pub async fn read_recorded<T>(
    cloud: &Arc<Cloud>,
    facts: &mut Facts,
    mut think: impl FnMut(&Look<'_>) -> T,
) -> Result<T, AwsError> {
    match facts.recorded() {
        Some(_) => Ok(think(&Look::new(facts))),
        None => read_until_complete(cloud, facts, think).await,
    }
}

/// Recorded facts do not answer these questions, of which there is at least one.
pub fn unanswered(questions: &[String]) -> AwsError {
    let named: Vec<&str> = questions.iter().take(NAMED).map(String::as_str).collect();
    let more = questions.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    AwsError::unusable(
        "the snapshot",
        format!("not known: {}{more}", named.join(", ")),
        "take a snapshot with this blueprint, `landing snapshot BLUEPRINT --out FILE`; or leave out --against, so that AWS is asked",
    )
}

type Answered = Result<(String, Result<String, AwsError>), JoinError>;

fn keep(facts: &mut Facts, answered: Answered) -> Result<(), AwsError> {
    let (key, answer) = answered.map_err(|error| AwsError::odd("reading", error.to_string()))?;
    facts.keep(key, answer?);
    Ok(())
}

fn shapeless(asked: &HashSet<String>) -> AwsError {
    AwsError::odd("reading", format!("an answer does not have its question's shape; asked: {asked:?}"))
}
