use std::sync::Arc;
use std::time::Duration;

use indicatif::ProgressBar;
use tokio::task::JoinHandle;

use super::super::output::Output;
use super::bars::style;
use crate::cloud::Cloud;

const TICK: Duration = Duration::from_millis(100);

/// Says that AWS is being read and how far it is, where somebody watches; nothing stays of it.
#[derive(Debug)]
pub(in super::super) struct Reading {
    bar: Option<ProgressBar>,
    counting: Option<JoinHandle<()>>,
}

impl Reading {
    pub fn begin(out: Output, cloud: &Arc<Cloud>) -> Reading {
        if !out.draws_progress() {
            return Reading { bar: None, counting: None };
        }
        let bar = ProgressBar::new_spinner().with_style(style("{spinner} {msg}"));
        let (shown, cloud) = (bar.clone(), Arc::clone(cloud));
        let counting = tokio::spawn(async move {
            loop {
                shown.set_message(progress(&cloud));
                shown.tick();
                tokio::time::sleep(TICK).await;
            }
        });
        Reading { bar: Some(bar), counting: Some(counting) }
    }

    pub fn end(&mut self) {
        if let Some(counting) = self.counting.take() {
            counting.abort();
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

fn progress(cloud: &Cloud) -> String {
    let throttled = match cloud.meter.throttled() {
        0 => String::new(),
        some => format!(", {some} throttled: waiting as AWS asks"),
    };
    format!("reading the organization ({} calls{throttled})", cloud.meter.calls().total)
}
