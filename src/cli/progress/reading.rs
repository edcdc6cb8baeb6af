use std::sync::Arc;
use std::time::Duration;

use indicatif::ProgressBar;
use tokio::task::JoinHandle;

use super::super::output::Output;
use super::bars::style;
use crate::cloud::{Cloud, Detections};

const TICK: Duration = Duration::from_millis(100);
/// How often whoever reads lines hears how far AWS is with looking for drift.
const LINE_EVERY: Duration = Duration::from_secs(5);

/// Says that AWS is being read and how far it is: drawn where somebody watches, so that nothing stays of it; elsewhere
/// only what takes minutes, in lines.
#[derive(Debug)]
pub(in super::super) struct Reading {
    bar: Option<ProgressBar>,
    telling: Option<JoinHandle<()>>,
}

impl Reading {
    pub fn begin(out: Output, cloud: &Arc<Cloud>) -> Reading {
        let cloud = Arc::clone(cloud);
        if !out.draws_progress() {
            return Reading { bar: None, telling: Some(tokio::spawn(tell(out, cloud))) };
        }
        let bar = ProgressBar::new_spinner().with_style(style("{spinner} {msg}"));
        let telling = tokio::spawn(draw(bar.clone(), cloud));
        Reading { bar: Some(bar), telling: Some(telling) }
    }

    pub fn end(&mut self) {
        if let Some(telling) = self.telling.take() {
            telling.abort();
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

async fn tell(out: Output, cloud: Arc<Cloud>) {
    let (mut told, mut waited_for) = (Detections::default(), None);
    loop {
        tokio::time::sleep(LINE_EVERY).await;
        let waiting = cloud.new_accounts.waiting();
        if let Some(text) = waiting.as_ref().filter(|_| waiting != waited_for) {
            out.say(&format!("{text}\n"));
        }
        waited_for = waiting;
        let now = cloud.meter.detections();
        if now != told {
            out.say(&(detecting(&now) + "\n"));
            told = now;
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
        _ => "reading the organization".into(),
    };
    format!("{what} ({} calls{throttled})", cloud.meter.calls().total)
}

fn detecting(Detections { begun, ended, until }: &Detections) -> String {
    let limit = if ended < begun { format!("; waiting until {until} at most") } else { String::new() };
    format!("detecting drift {ended}/{begun}{limit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_for_drift_says_how_far_it_is_and_until_when() {
        let told = |begun, ended| detecting(&Detections { begun, ended, until: "15:04 UTC".into() });
        assert_eq!(told(12, 7), "detecting drift 7/12; waiting until 15:04 UTC at most");
        assert_eq!(told(12, 12), "detecting drift 12/12");
    }
}
