//! One rate as a token bucket that follows what AWS says: additive increase, multiplicative decrease, as in TCP
//! (<https://www.rfc-editor.org/rfc/rfc5681>).

use std::time::Duration;

use tokio::time::Instant;

/// Calls a second that an operation may be made, and how many at once before that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rate {
    pub per_second: f64,
    pub burst: f64,
}

/// The least that throttling leaves of a rate.
const FLOOR: f64 = 1.0 / 16.0;

/// A rate that was halved is back after so many answers for half of them: no more than one call in 25 finds the limit again.
const ANSWERS_TO_RECOVER: f64 = 50.0;

/// How much of the assumed rate one answer adds while nothing is known of the endpoint's limit: it doubles within ten answers.
const SEARCHING: f64 = 0.1;

/// The longest pause that an answer may ask for.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// Tokens are fractions, and AWS rounds in its own way: a call that waits comes so much of a token later.
const MARGIN: f64 = 1e-6;

/// A token bucket whose rate follows the answers.
#[derive(Debug)]
pub(super) struct Bucket {
    rate: Rate,
    /// Whether more than `rate` is never granted.
    is_limit: bool,
    /// What is kept to now.
    per_second: f64,
    /// How much an answer adds to it.
    step: f64,
    tokens: f64,
    at: Instant,
    /// Until when AWS asked for no call.
    paused_until: Option<Instant>,
    /// When it was last slowed down.
    slowed: Option<Instant>,
}

impl Bucket {
    /// The rate of AWS, of which nothing is used.
    pub fn full(rate: Rate, now: Instant) -> Bucket {
        let step = rate.per_second / ANSWERS_TO_RECOVER;
        Bucket {
            rate,
            is_limit: true,
            per_second: rate.per_second,
            step,
            tokens: rate.burst,
            at: now,
            paused_until: None,
            slowed: None,
        }
    }

    /// A rate that an endpoint of unknown limits may have, which throttled a call just now: nothing is left of it, and more is
    /// granted until it throttles again.
    pub fn assumed(rate: Rate, now: Instant) -> Bucket {
        let step = rate.per_second * SEARCHING;
        Bucket { is_limit: false, step, tokens: 0.0, slowed: Some(now), ..Bucket::full(rate, now) }
    }

    /// How long it is until there is a token.
    pub fn wait(&mut self, now: Instant) -> Duration {
        self.refill(now);
        let missing = if self.tokens >= 1.0 { 0.0 } else { 1.0 + MARGIN - self.tokens };
        let until_token = Duration::from_secs_f64(missing / self.per_second);
        let paused = self.paused_until.map(|until| until.saturating_duration_since(now)).unwrap_or_default();
        until_token.max(paused)
    }

    /// Takes a token, which [`Bucket::wait`] said is there.
    pub fn take(&mut self, now: Instant) {
        self.refill(now);
        self.tokens -= 1.0;
    }

    /// A call that waited for its turn was not throttled.
    pub fn answered(&mut self, now: Instant) {
        self.refill(now);
        let most = if self.is_limit { self.rate.per_second } else { f64::INFINITY };
        self.per_second = (self.per_second + self.step).min(most);
    }

    /// AWS throttled a call that was sent at `sent`, and asked for this pause. Calls that were under way together slow down once.
    pub fn throttled(&mut self, sent: Instant, pause: Option<Duration>, now: Instant) {
        self.refill(now);
        self.tokens = self.tokens.min(0.0);
        if let Some(pause) = pause {
            let until = now + pause.min(LONGEST_PAUSE);
            self.paused_until = Some(self.paused_until.map_or(until, |before| before.max(until)));
        }
        if self.slowed.is_some_and(|slowed| sent <= slowed) {
            return;
        }
        self.step = self.per_second.max(self.rate.per_second) / ANSWERS_TO_RECOVER;
        self.per_second = (self.per_second / 2.0).max(self.rate.per_second * FLOOR);
        self.slowed = Some(now);
    }

    /// The time between two calls.
    pub fn interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.per_second)
    }

    fn refill(&mut self, now: Instant) {
        let gained = now.saturating_duration_since(self.at).as_secs_f64() * self.per_second;
        self.tokens = (self.tokens + gained).min(self.rate.burst);
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_second: 5.0, burst: 8.0 };

    const fn millis(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    /// Calls, one after another, for as long as given; how many were made.
    fn calls_within(bucket: &mut Bucket, from: Instant, time: Duration) -> u32 {
        let (mut now, mut made) = (from, 0);
        loop {
            // As timers are: whole milliseconds, rounded up.
            let millis = bucket.wait(now).as_nanos().div_ceil(1_000_000);
            now += Duration::from_millis(u64::try_from(millis).unwrap());
            if now >= from + time {
                return made;
            }
            if bucket.wait(now).is_zero() {
                bucket.take(now);
                bucket.answered(now);
                made += 1;
            }
        }
    }

    #[test]
    fn a_bucket_gives_its_burst_and_then_its_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::full(RATE, start);
        for _ in 0..8 {
            assert_eq!(bucket.wait(start), Duration::ZERO);
            bucket.take(start);
        }
        // And a millionth of a token more.
        assert_eq!(bucket.wait(start).as_nanos(), 200_000_200);
        assert_eq!(bucket.wait(start + millis(150)).as_millis(), 50);
        assert_eq!(bucket.interval(), millis(200));
    }

    #[test]
    fn a_burst_of_one_is_enough_for_one_call() {
        let start = Instant::now();
        let mut bucket = Bucket::full(Rate { per_second: 1.0, burst: 1.0 }, start);
        assert_eq!(bucket.wait(start), Duration::ZERO);
        bucket.take(start);
        assert_eq!(bucket.wait(start).as_micros(), 1_000_001);
        assert_eq!(bucket.wait(start + Duration::from_secs(60)), Duration::ZERO);
    }

    #[test]
    fn throttling_halves_the_rate_down_to_a_sixteenth() {
        let start = Instant::now();
        let mut bucket = Bucket::full(RATE, start);
        let mut intervals = Vec::new();
        for nth in 1..=5 {
            let now = start + millis(1000 * nth);
            bucket.throttled(now, None, now);
            intervals.push(bucket.interval().as_millis());
        }
        assert_eq!(intervals, [400, 800, 1600, 3200, 3200]);
    }

    #[test]
    fn calls_that_were_under_way_together_slow_down_once() {
        let start = Instant::now();
        let mut bucket = Bucket::full(RATE, start);
        for _ in 0..24 {
            bucket.throttled(start, None, start + millis(60));
        }
        assert_eq!(bucket.interval(), millis(400));
        bucket.throttled(start + millis(61), None, start + millis(120));
        assert_eq!(bucket.interval(), millis(800));
    }

    #[test]
    fn twenty_five_answers_bring_a_halved_rate_back_and_none_brings_more_than_aws_grants() {
        let start = Instant::now();
        let mut bucket = Bucket::full(RATE, start);
        bucket.throttled(start, None, start);
        for _ in 0..24 {
            bucket.answered(start);
        }
        // 2.5 and 24 times 0.1 a second.
        assert_eq!(bucket.interval().as_micros(), 204_081);
        for _ in 0..10 {
            bucket.answered(start);
        }
        assert_eq!(bucket.interval(), millis(200));
    }

    #[test]
    fn an_assumed_rate_grows_until_the_endpoint_throttles_again() {
        let start = Instant::now();
        let mut bucket = Bucket::assumed(RATE, start);
        bucket.throttled(start, None, start);
        let waits = bucket.wait(start).as_millis();
        assert_eq!((bucket.interval(), waits), (millis(200), 200), "the first throttle made it");
        for _ in 0..190 {
            bucket.answered(start);
        }
        // 5 and 190 times 0.5 a second.
        assert_eq!(bucket.interval(), millis(10));
        let later = start + millis(1);
        bucket.throttled(later, None, later);
        assert_eq!(bucket.interval(), millis(20));
        for _ in 0..25 {
            bucket.answered(later);
        }
        assert_eq!(bucket.interval(), millis(10), "a known limit is approached slowly");
    }

    #[test]
    fn one_throttle_does_not_hold_a_fast_endpoint_at_the_assumed_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::assumed(RATE, start);
        // Each answer adds half a call a second, so that n calls take 2 ln(1 + n / 10) seconds. At 5 a second it would be 50.
        let made = calls_within(&mut bucket, start, Duration::from_secs(10));
        assert!((1300..=1474).contains(&made), "{made}");
    }

    #[test]
    fn the_pause_that_an_answer_asks_for_is_kept_and_is_not_endless() {
        let start = Instant::now();
        let mut bucket = Bucket::full(RATE, start);
        bucket.throttled(start, Some(Duration::from_secs(7)), start);
        assert_eq!(bucket.wait(start), Duration::from_secs(7));
        bucket.throttled(start, Some(Duration::from_secs(2)), start);
        assert_eq!(bucket.wait(start), Duration::from_secs(7), "a shorter pause does not end a longer one");
        bucket.throttled(start, Some(Duration::from_secs(86_400)), start);
        assert_eq!(bucket.wait(start), Duration::from_secs(300));
        assert_eq!(bucket.wait(start + Duration::from_secs(300)), Duration::ZERO);
    }
}
