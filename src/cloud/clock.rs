use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// A clock that only goes forward and counts the time for which the machine was suspended.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Clock {
    /// The machine's own, since it was started.
    pub fn boot() -> Clock {
        Clock::reading(since_boot)
    }

    /// A clock that shows what `read` gives, for tests.
    pub fn reading(read: impl Fn() -> Duration + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(read))
    }

    pub(super) fn now(&self) -> Duration {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}

/// `15:04 UTC`: when a wait ends, none of which takes a day.
pub fn time_of_day(time: SystemTime) -> String {
    let text = DateTime::from(time).fmt(Format::DateTime).unwrap_or_default();
    format!("{} UTC", text.get(11..16).unwrap_or_default())
}

/// `2026-11-29T15:04:05Z`, without parts of a second.
pub fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
    let whole = DateTime::from_secs(i64::try_from(seconds).unwrap_or_default());
    whole.fmt(Format::DateTime).unwrap_or_default()
}

/// `CLOCK_BOOTTIME` counts suspension, `CLOCK_MONOTONIC` does not.
/// <https://man7.org/linux/man-pages/man2/clock_gettime.2.html>
#[cfg(any(target_os = "linux", target_os = "android"))]
fn since_boot() -> Duration {
    reading_of(rustix::time::ClockId::Boottime)
}

/// Apple's `CLOCK_MONOTONIC` goes on while the machine sleeps.
#[cfg(target_vendor = "apple")]
fn since_boot() -> Duration {
    reading_of(rustix::time::ClockId::Monotonic)
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn reading_of(clock: rustix::time::ClockId) -> Duration {
    // The time since the machine was started is never negative.
    Duration::try_from(rustix::time::clock_gettime(clock)).unwrap_or_default()
}

/// The later of both clocks of the standard library: that of Windows counts suspension, and where the steady one does
/// not, the time of day does.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn since_boot() -> Duration {
    use std::sync::LazyLock;
    use std::time::{Instant, SystemTime};
    static START: LazyLock<(Instant, SystemTime)> = LazyLock::new(|| (Instant::now(), SystemTime::now()));
    let (steady, time_of_day) = *START;
    steady.elapsed().max(time_of_day.elapsed().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_in_utc_to_the_second() {
        let at = |milliseconds| utc(SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds));
        assert_eq!(at(0), "1970-01-01T00:00:00Z");
        assert_eq!(at(1_795_964_645_999), "2026-11-29T15:04:05Z");
    }

    #[test]
    fn the_clock_of_the_machine_goes_forward() {
        let clock = Clock::boot();
        let before = clock.now();
        std::thread::sleep(Duration::from_millis(5));
        assert!(clock.now() >= before + Duration::from_millis(5));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_clock_of_the_machine_counts_suspension() {
        let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
        let uptime: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
        assert!((Clock::boot().now().as_secs_f64() - uptime).abs() < 1.0, "{uptime}");
    }
}
