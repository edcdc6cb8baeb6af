//! Waits for what AWS works on: each is limited in time, and says what it waits for and until when.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::cloud::{Awaited, reported_to_stop, time_of_day, waiting};
use crate::kinds::{WriteContext, WriteError};
use crate::model::Address;

/// How long one wait may take, and when it is over. The waiting code reports it.
#[derive(Debug)]
pub(in crate::kinds) struct Limit {
    patience: Duration,
    every: fn(u32) -> Duration,
    start: Instant,
    until: String,
    looks: u32,
}

impl Limit {
    /// A wait that begins now.
    pub fn new(patience: Duration) -> Limit {
        let until = end(SystemTime::now(), patience);
        Limit { patience, every: usual, start: Instant::now(), until, looks: 0 }
    }

    /// `15:04 UTC`, when the time is over.
    pub fn until(&self) -> &str {
        &self.until
    }

    /// Whether the time is over.
    pub fn is_over(&self) -> bool {
        self.start.elapsed() >= self.patience
    }

    /// Pauses before the next look.
    pub async fn pause(&mut self) {
        tokio::time::sleep((self.every)(self.looks)).await;
        self.looks += 1;
    }

    /// Says that `what` took longer than this.
    pub fn timed_out(&self, what: &str) -> String {
        format!("timed out after {}: {what}", span(self.patience))
    }
}

/// One wait of a change: looks at something again and again until it is as it should be, or the time is over.
pub(in crate::kinds) struct Wait<'a> {
    context: &'a WriteContext,
    address: &'a Address,
    limit: Limit,
}

impl<'a> Wait<'a> {
    /// Waits for the change of `address`, for as long as `patience`.
    pub fn new(context: &'a WriteContext, address: &'a Address, patience: Duration) -> Wait<'a> {
        Wait { context, address, limit: Limit::new(patience) }
    }

    /// The same, with other pauses between looks, by how many there were.
    pub fn every(self, every: fn(u32) -> Duration) -> Wait<'a> {
        Wait { limit: Limit { every, ..self.limit }, ..self }
    }

    /// Says what AWS is at, and pauses before the next look.
    ///
    /// # Errors
    /// When the time is over.
    pub async fn next(&mut self, what: impl Into<String>) -> Result<(), WriteError> {
        let what = what.into();
        self.end_in_time(&what)?;
        self.context.report_progress(self.address, format!("{what}; waiting until {} at most", self.limit.until()));
        waiting(|| Awaited::aws(what), self.limit.pause()).await;
        Ok(())
    }

    /// As [`Wait::next`] for what AWS ends by itself and nothing is written after: gives false where the run was reported to stop.
    ///
    /// # Errors
    /// As for [`Wait::next`].
    pub async fn next_unless_stopped(&mut self, what: impl Into<String>) -> Result<bool, WriteError> {
        tokio::select! {
            biased;
            () = reported_to_stop() => Ok(false),
            waited = self.next(what) => waited.map(|()| true),
        }
    }

    /// As [`Wait::next`], without saying anything: what ends within seconds.
    ///
    /// # Errors
    /// As for [`Wait::next`].
    pub async fn next_silently(&mut self, what: &str) -> Result<(), WriteError> {
        self.end_in_time(what)?;
        waiting(|| Awaited::aws(what), self.limit.pause()).await;
        Ok(())
    }

    fn end_in_time(&self, what: &str) -> Result<(), WriteError> {
        if !self.limit.is_over() {
            return Ok(());
        }
        Err(WriteError::Failed {
            message: format!("{}: {}", self.address, self.limit.timed_out(what)),
            help: "AWS may still go on with it: look at it in the console, and run apply again later, which continues from \
                   what is there by then"
                .into(),
        })
    }
}

/// Short pauses at first, because much is done in seconds.
fn usual(looks: u32) -> Duration {
    let seconds = [1, 2, 3, 5, 8];
    let index = usize::try_from(looks).unwrap_or(usize::MAX).min(seconds.len() - 1);
    Duration::from_secs(seconds[index])
}

/// When a wait is over that begins at `start`.
fn end(start: SystemTime, patience: Duration) -> String {
    time_of_day(start + patience)
}

/// `90 min`, `3 h`.
fn span(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    if minutes.is_multiple_of(60) { format!("{} h", minutes / 60) } else { format!("{minutes} min") }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use super::*;
    use crate::cloud::{Cloud, Connection};
    use crate::model::{Bindings, Desired};

    #[tokio::test(start_paused = true)]
    async fn a_wait_says_until_when_and_ends_then() {
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let hear = {
            let said = Arc::clone(&said);
            move |_: &Address, message: String| said.lock().unwrap_or_else(PoisonError::into_inner).push(message)
        };
        let connection = Connection { region: Some("eu-west-1".into()), ..Connection::default() };
        let cloud = Arc::new(Cloud::connect(&connection, Some("eu-west-1")).await);
        let context = WriteContext::new(cloud, Arc::new(Desired::default()), "1", Bindings::default(), hear);
        let address = Address::account("a");
        let start = Instant::now();
        let mut wait = Wait::new(&context, &address, Duration::from_secs(600)).every(|_| Duration::from_secs(60));
        let mut looks = 0;
        let error = loop {
            match wait.next("AWS creates the account").await {
                Ok(()) => looks += 1,
                Err(error) => break error,
            }
        };
        assert_eq!((looks, start.elapsed()), (10, Duration::from_secs(600)));
        let WriteError::Failed { message, help } = error else { panic!("{error:?}") };
        assert_eq!(message, "account/a: timed out after 10 min: AWS creates the account");
        assert!(help.contains("run apply again"));
        let said = said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_said = |text: &String| {
            text.starts_with("AWS creates the account; waiting until ") && text.ends_with(" UTC at most")
        };
        assert!(said.len() == 10 && said.iter().all(is_said), "{said:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_is_over_when_its_time_is() {
        let (start, mut limit) = (Instant::now(), Limit::new(Duration::from_secs(15 * 60)));
        let mut looks = 0;
        while !limit.is_over() {
            limit.pause().await;
            looks += 1;
        }
        // 1, 2, 3 and 5 seconds, then every 8.
        assert_eq!((looks, start.elapsed()), (4 + 112, Duration::from_secs(11 + 112 * 8)));
        assert!(limit.until().len() == "15:04 UTC".len() && limit.until().ends_with(" UTC"));
        assert_eq!(limit.timed_out("AWS looks for drift"), "timed out after 15 min: AWS looks for drift");
    }

    #[test]
    fn times_are_said_as_people_say_them() {
        let afternoon = SystemTime::UNIX_EPOCH + Duration::from_secs(54_240);
        assert_eq!(time_of_day(afternoon), "15:04 UTC");
        assert_eq!(end(afternoon, Duration::from_secs(90 * 60)), "16:34 UTC");
        assert_eq!([90, 180].map(|minutes| span(Duration::from_secs(60 * minutes))), ["90 min", "3 h"]);
        assert_eq!([0, 1, 4, 9].map(usual), [1, 2, 8, 8].map(Duration::from_secs));
    }
}
