//! The progress of a computation whose length is known beforehand.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Progress;
use crate::output::numbers::duration;
use crate::program::message::tell;

/// Seconds before anything is shown: what is done by then needs no bar.
const PATIENCE: u64 = 1;
/// Seconds between lines, where there is no bar.
const SILENCE: u64 = 10;

/// The progress of a computation whose length is known beforehand, on standard error: a bar on a terminal, elsewhere a line
/// every ten seconds. Threads may share it.
#[derive(Debug)]
pub struct Countdown {
    name: &'static str,
    form: Progress,
    bar: ProgressBar,
    began: Instant,
    total: u64,
    done: AtomicU64,
    /// Second at which the bar or the next line is due.
    due: AtomicU64,
}

impl Countdown {
    /// Begins the computation that `name` names, of `total` steps of any kind; it may well end sooner.
    #[must_use]
    pub fn new(name: &'static str, form: Progress, total: u64) -> Countdown {
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        let template = ProgressStyle::with_template("{prefix}: {wide_bar} {percent:>3} %  {eta} left");
        let bar = bar.with_style(template.unwrap_or_else(|_| ProgressStyle::default_bar())).with_prefix(name);
        let due = AtomicU64::new(if form == Progress::Lines { SILENCE } else { PATIENCE });
        Countdown { name, form, bar, began: Instant::now(), total, done: AtomicU64::new(0), due }
    }

    /// Adds steps that were done.
    pub fn add(&self, steps: u64) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        self.bar.inc(steps);
        let (seconds, due) = (self.began.elapsed().as_secs(), self.due.load(Ordering::Relaxed));
        let next = if self.form == Progress::Lines { seconds + SILENCE } else { u64::MAX };
        // Only one of several threads goes on.
        if seconds < due || self.due.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        match self.form {
            Progress::Bar(_) => self.bar.set_draw_target(ProgressDrawTarget::stderr()),
            Progress::Lines => tell(&self.line(done)),
            Progress::Quiet => {}
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Writes the line after so many steps.
    fn line(&self, done: u64) -> String {
        let share = done.min(self.total) as f64 / self.total.max(1) as f64;
        let left = self.began.elapsed().as_secs_f64() * (1.0 - share) / share;
        format!("{}: {:.0} %, about {} left", self.name, (100.0 * share).floor(), duration(left))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_line_tells_the_share_and_the_time_that_is_left() {
        let mut work = Countdown::new("evaluating", Progress::Lines, 1000);
        work.began = Instant::now().checked_sub(Duration::from_secs(20)).expect("an up-time of twenty seconds");
        assert_eq!(work.line(250), "evaluating: 25 %, about 1 min 0 s left");
        assert_eq!(work.line(2000), "evaluating: 100 %, about 0 s left");
        assert_eq!(work.line(0), "evaluating: 0 %, about ? left");
    }

    #[test]
    fn a_line_is_due_every_ten_seconds() {
        let mut work = Countdown::new("evaluating", Progress::Lines, 1000);
        work.add(1);
        assert_eq!(work.due.load(Ordering::Relaxed), SILENCE);
        work.began = Instant::now().checked_sub(Duration::from_secs(20)).expect("an up-time of twenty seconds");
        work.add(1);
        assert_eq!(work.due.load(Ordering::Relaxed), 20 + SILENCE);
        assert_eq!(work.done.load(Ordering::Relaxed), 2);
    }
}
