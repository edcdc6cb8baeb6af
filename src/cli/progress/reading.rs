use std::sync::Arc;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use tokio::task::JoinHandle;

use super::super::output::Output;
use super::bars::style;
use crate::cloud::{Cloud, Detections, Queue};
use crate::report::reading_text;

const TICK: Duration = Duration::from_millis(100);
/// How often anyone who reads lines hears how far AWS is with looking for drift.
const LINE_EVERY: Duration = Duration::from_secs(5);
/// How often the same hears how long a reading takes that waits for AWS's rates.
const RATE_EVERY: Duration = Duration::from_secs(30);
/// What is over sooner is not worth saying.
const WORTH_SAYING: Duration = Duration::from_secs(5);

/// Says that AWS is being read and how far it is: drawn where someone watches, so that nothing stays of it; elsewhere
/// only what takes minutes, in lines.
#[derive(Debug)]
pub(in super::super) struct Reading {
    bar: Option<ProgressBar>,
    reporting: Option<JoinHandle<()>>,
}

impl Reading {
    pub fn begin(out: Output, cloud: &Arc<Cloud>) -> Reading {
        let cloud = Arc::clone(cloud);
        if !out.draws_progress() {
            return Reading { bar: None, reporting: Some(tokio::spawn(message(out, cloud))) };
        }
        let bar = ProgressBar::new_spinner().with_style(style("{spinner} {msg}"));
        let reporting = tokio::spawn(draw(bar.clone(), cloud));
        Reading { bar: Some(bar), reporting: Some(reporting) }
    }

    pub fn end(&mut self) {
        if let Some(reporting) = self.reporting.take() {
            reporting.abort();
        }
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.end();
    }
}

async fn draw(bar: ProgressBar, cloud: Arc<Cloud>) {
    loop {
        let Detections { begun, ended, .. } = cloud.meter.detections();
        if begun > ended {
            bar.set_style(style("{bar:30} {msg}").progress_chars("━╸ "));
            bar.set_length(begun as u64);
            bar.set_position(ended as u64);
        } else {
            bar.set_style(style("{spinner} {msg}"));
        }
        bar.set_message(progress(&cloud));
        bar.tick();
        tokio::time::sleep(TICK).await;
    }
}

async fn message(out: Output, cloud: Arc<Cloud>) {
    let (mut message, mut waited_for) = (Detections::default(), None);
    let mut rate_told: Option<Instant> = None;
    loop {
        tokio::time::sleep(LINE_EVERY).await;
        let is_due = rate_told.is_none_or(|last| last.elapsed() >= RATE_EVERY);
        if let Some(text) = waiting_for_rate(&cloud.queues()).filter(|_| is_due) {
            out.say(&format!("{text}\n"));
            rate_told = Some(Instant::now());
        }
        let waiting = cloud.new_accounts.waiting();
        if let Some(text) = waiting.as_ref().filter(|_| waiting != waited_for) {
            out.say(&format!("{text}\n"));
        }
        waited_for = waiting;
        let now = cloud.meter.detections();
        if now != message {
            out.say(&(detecting(&now) + "\n"));
            message = now;
        }
    }
}

fn progress(cloud: &Cloud) -> String {
    let throttled = match cloud.meter.throttled() {
        0 => String::new(),
        some => format!(", {some} throttled: waiting as AWS asks"),
    };
    if let Some(waiting) = cloud.new_accounts.waiting() {
        return waiting;
    }
    let what = match cloud.meter.detections() {
        now if now.begun > now.ended => detecting(&now),
        _ => waiting_for_rate(&cloud.queues()).unwrap_or_else(|| "reading the organization".into()),
    };
    format!("{what} ({} calls{throttled})", cloud.meter.calls().total)
}

/// The calls that take longest by their rate, where that is long.
fn waiting_for_rate(queues: &[Queue]) -> Option<String> {
    let longest = queues.first().filter(|queue| queue.left() >= WORTH_SAYING)?;
    Some(reading_text(&longest.call, longest.made, longest.waiting, longest.left()))
}

fn detecting(Detections { begun, ended, until }: &Detections) -> String {
    let limit = if ended < begun { format!("; waiting until {until} at most") } else { String::new() };
    format!("detecting drift {ended}/{begun}{limit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_says_what_it_waits_for_once_that_is_long() {
        let queue = |waiting| Queue {
            call: "organizations:DescribePolicy".into(),
            made: 120,
            waiting,
            interval: Duration::from_millis(500),
        };
        let said = "reading: organizations:DescribePolicy 120 of 300, about 90 s at AWS's rate";
        assert_eq!(waiting_for_rate(&[queue(180), queue(20)]).as_deref(), Some(said));
        assert!(waiting_for_rate(&[queue(10)]).is_some());
        assert_eq!(waiting_for_rate(&[queue(9)]), None);
        assert_eq!(waiting_for_rate(&[]), None);
    }

    #[test]
    fn looking_for_drift_says_how_far_it_is_and_until_when() {
        let message = |begun, ended| detecting(&Detections { begun, ended, until: "15:04 UTC".into() });
        assert_eq!(message(12, 7), "detecting drift 7/12; waiting until 15:04 UTC at most");
        assert_eq!(message(12, 12), "detecting drift 12/12");
    }
}
