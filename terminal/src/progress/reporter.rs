//! Progress of a training, on standard error.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, SystemTime};

use gridworld_records::{Listener, MetricsLine, Record, visible};

use super::Glyphs;
use super::bar::Bar;
use super::known::{Known, Words};
use super::metrics;
use crate::output::numbers::{done, duration, grouped, percent};

/// Time for which lines of progress keep silent after one another, unless there was an evaluation.
const SILENCE: Duration = Duration::from_secs(2);

/// The form in which progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// A bar that stays in its place, for terminals; it is a curve of the success.
    Bar(Glyphs),
    /// A line now and then, for files and pipes.
    Lines,
    /// Nothing; what must be said is said nevertheless.
    Quiet,
}

impl Progress {
    /// Finds the form: a bar where standard error is a terminal that can go back in a line, and lines elsewhere.
    #[must_use]
    pub fn detect() -> Progress {
        if io::stderr().is_terminal() && !console::is_dumb() {
            Progress::Bar(Glyphs::detect())
        } else {
            Progress::Lines
        }
    }
}

/// Display of the progress of a training.
pub struct Reporter {
    display: Display,
    /// Environment steps at which the training ends.
    total: u64,
    known: Known,
    /// Step and second of the first record, from which the rate is taken.
    begun: Option<(u64, f64)>,
}

enum Display {
    Bar(Bar),
    Lines(Lines),
    Quiet,
}

struct Lines {
    out: Box<dyn Write + Send>,
    printed: Option<SystemTime>,
    /// A line that was kept back.
    held: Option<Held>,
}

/// A line that was kept back: an evaluation at the same step has a line that says more.
struct Held {
    step: u64,
    line: String,
    /// True if the line is printed before anything of a later step.
    due: bool,
}

impl Reporter {
    /// Shows the way from `step` to `total` environment steps.
    #[must_use]
    pub fn new(progress: Progress, step: u64, total: u64) -> Reporter {
        let display = match progress {
            Progress::Bar(glyphs) => Display::Bar(Bar::new(step, total, glyphs)),
            Progress::Lines => Display::Lines(Lines { out: Box::new(io::stderr()), printed: None, held: None }),
            Progress::Quiet => Display::Quiet,
        };
        Reporter { display, total, known: Known { step, ..Known::default() }, begun: None }
    }

    /// Uses other words for what is counted.
    #[must_use]
    pub fn with_words(mut self, words: Words) -> Reporter {
        self.known.words = words;
        if let Display::Bar(bar) = &self.display {
            bar.show(&self.known);
        }
        self
    }

    /// Shows lines on `out` instead of standard error.
    #[cfg(test)]
    pub fn lines_to(out: impl Write + Send + 'static, step: u64, total: u64) -> Reporter {
        let lines = Lines { out: Box::new(out), printed: None, held: None };
        Reporter { display: Display::Lines(lines), ..Reporter::new(Progress::Quiet, step, total) }
    }

    /// Tells the user something, above the bar where there is one.
    fn message(&mut self, text: &str) {
        self.write(&visible(text));
    }

    /// Writes a line in which there may be colours.
    fn write(&mut self, line: &str) {
        match &mut self.display {
            Display::Bar(bar) => bar.message(line),
            Display::Lines(lines) => {
                lines.pass(u64::MAX);
                lines.write(line);
            }
            Display::Quiet => drop(writeln!(io::stderr(), "{line}")),
        }
    }

    fn learn(&mut self, record: &Record) {
        // Over the whole way so far: single records are short, and some have an evaluation in them.
        let &mut (step, seconds) = self.begun.get_or_insert((record.step, record.seconds));
        let measured = (record.step > step && record.seconds > seconds)
            .then(|| (record.step - step) as f64 / (record.seconds - seconds));
        let known = &mut self.known;
        known.step = record.step;
        known.rate = measured.or(known.rate).or(record.get(metrics::RATE));
        known.evaluation = record.get(metrics::EVALUATION).or(known.evaluation);
        if let Some(success) = record.get(metrics::SUCCESS).filter(|share| share.is_finite()) {
            known.success = Some(success);
            known.history.add(record.step, success);
        }
    }
}

impl Listener for Reporter {
    // The curve begins where the training did.
    fn remember(&mut self, line: &MetricsLine) {
        if let Some(success) = line.scalars.get(metrics::SUCCESS).copied().flatten() {
            self.known.history.add(line.step, success);
            if let Display::Bar(bar) = &self.display {
                bar.show(&self.known);
            }
        }
    }

    fn rewind(&mut self, step: u64) {
        self.known.step = step;
        self.known.history.rewind(step);
        match &mut self.display {
            Display::Bar(bar) => bar.show(&self.known),
            Display::Lines(lines) => lines.held = None,
            Display::Quiet => {}
        }
    }

    fn record(&mut self, record: &Record, now: SystemTime) {
        self.learn(record);
        match &mut self.display {
            Display::Bar(bar) => bar.show(&self.known),
            Display::Lines(lines) => {
                lines.pass(record.step);
                let line = line(record, self.known.words, self.total, &summary(&self.known, self.total));
                match record.scalars.iter().any(|(name, _)| name.starts_with(metrics::EVALUATIONS)) {
                    true => lines.print(&line, now),
                    false => lines.hold(record.step, line, now),
                }
            }
            Display::Quiet => {}
        }
    }

    fn advance(&mut self, step: u64) {
        match &mut self.display {
            Display::Bar(bar) => bar.advance(step),
            Display::Lines(lines) => lines.pass(step),
            Display::Quiet => {}
        }
    }

    fn warn(&mut self, text: &str) {
        let warning = console::style("warning").for_stderr().yellow().bold();
        self.write(&format!("{warning}: {}", visible(text)));
    }

    /// Tells the user something, unless no progress is wanted.
    fn news(&mut self, text: &str) {
        if !matches!(self.display, Display::Quiet) {
            self.message(text);
        }
    }

    fn finish(&mut self) {
        match &mut self.display {
            Display::Bar(bar) => bar.finish(),
            Display::Lines(lines) => {
                if let Some(held) = lines.held.take() {
                    lines.write(&held.line);
                }
            }
            Display::Quiet => {}
        }
    }
}

impl Lines {
    fn is_due(&self, now: SystemTime) -> bool {
        // A clock that was set back does not silence us.
        self.printed.is_none_or(|printed| now.duration_since(printed).map_or(true, |passed| passed >= SILENCE))
    }

    fn print(&mut self, line: &str, now: SystemTime) {
        self.held = None;
        self.printed = Some(now);
        self.write(line);
    }

    fn hold(&mut self, step: u64, line: String, now: SystemTime) {
        let due = self.is_due(now);
        if due {
            self.printed = Some(now);
        }
        self.held = Some(Held { step, line, due });
    }

    /// Prints the line that was kept back, if it is due and of a step before `step`.
    fn pass(&mut self, step: u64) {
        if let Some(held) = self.held.take_if(|held| held.due && held.step < step) {
            self.write(&held.line);
        }
    }

    /// Writes a line; a reader who has gone away is no reason to stop a training.
    fn write(&mut self, line: &str) {
        let _ = writeln!(self.out, "{line}");
        let _ = self.out.flush();
    }
}

/// Writes the latest figures of the way to `total` in one line.
fn summary(known: &Known, total: u64) -> String {
    let figures = [
        known.rate.map(|rate| format!("{} {}/s", grouped(rate as u64), known.words.steps)),
        known.success.map(|success| format!("{} {}", known.words.success, percent(success))),
        known.rate.map(|rate| format!("{} left", duration(total.saturating_sub(known.step) as f64 / rate))),
    ];
    figures.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn line(record: &Record, words: Words, total: u64, summary: &str) -> String {
    // A rollout is taken to its end, which can be beyond the last step.
    let step = record.step.min(total);
    let mut line = format!("{} {} of {} ({})", words.step, grouped(step), grouped(total), done(step, total));
    if !summary.is_empty() {
        line.push_str(&format!(", {summary}"));
    }
    if let Some(success) = record.get(metrics::EVALUATION) {
        line.push_str(&format!(", evaluation {}", percent(success)));
    }
    line
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A place to write that the test can look into.
    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Screen {
        fn lines(&self) -> Vec<String> {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap().lines().map(str::to_owned).collect()
        }
    }

    fn at(seconds: f64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs_f64(seconds)
    }

    fn record(step: u64, scalars: &[(&str, f64)]) -> Record {
        let scalars = scalars.iter().map(|&(name, number)| (name.to_owned().into(), number)).collect();
        Record { step, seconds: step as f64 / 1_000.0, scalars }
    }

    #[test]
    fn what_is_counted_has_the_words_that_are_asked_for() {
        let screen = Screen::default();
        let words = Words { step: "update", steps: "updates", success: "solved" };
        let mut reporter = Reporter::lines_to(screen.clone(), 0, 10_000).with_words(words);
        reporter.record(&record(1_000, &[]), at(1.0));
        reporter.record(&record(2_000, &[(metrics::SUCCESS, 0.5)]), at(9.0));
        reporter.finish();
        let expected = [
            "update 1,000 of 10,000 (10.0 %)",
            "update 2,000 of 10,000 (20.0 %), 1,000 updates/s, solved 50.0 %, 8 s left",
        ];
        assert_eq!(screen.lines(), expected);
    }

    #[test]
    fn lines_are_rare_except_for_evaluations() {
        let screen = Screen::default();
        let mut reporter = Reporter::lines_to(screen.clone(), 0, 10_000);
        reporter.record(&record(1_000, &[(metrics::SUCCESS, 0.25)]), at(1.0));
        reporter.record(&record(2_000, &[(metrics::SUCCESS, 0.5)]), at(2.0));
        reporter.record(&record(2_500, &[(metrics::EVALUATION, 0.75)]), at(2.5));
        reporter.record(&record(4_000, &[]), at(4.4));
        reporter.record(&record(5_000, &[(metrics::RATE, 500.0)]), at(4.6));
        reporter.message("saved");
        reporter.record(&record(6_000, &[]), at(4.7));
        reporter.finish();
        reporter.finish();
        assert_eq!(
            screen.lines(),
            [
                "step 1,000 of 10,000 (10.0 %), success 25.0 %",
                "step 2,500 of 10,000 (25.0 %), 1,000 steps/s, success 50.0 %, 8 s left, evaluation 75.0 %",
                "step 5,000 of 10,000 (50.0 %), 1,000 steps/s, success 50.0 %, 5 s left",
                "saved",
                "step 6,000 of 10,000 (60.0 %), 1,000 steps/s, success 50.0 %, 4 s left",
            ]
        );
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_silence_us() {
        let screen = Screen::default();
        let mut reporter = Reporter::lines_to(screen.clone(), 0, 0);
        reporter.record(&record(0, &[]), at(1_000.0));
        reporter.record(&record(1, &[]), at(10.0));
        reporter.finish();
        assert_eq!(screen.lines().len(), 2);
    }

    #[test]
    fn no_step_has_two_lines_and_none_is_beyond_the_last() {
        let screen = Screen::default();
        let mut reporter = Reporter::lines_to(screen.clone(), 0, 4_000);
        let evaluation = [(metrics::EVALUATION, 0.75)];
        reporter.record(&record(1_000, &[]), at(1.0));
        reporter.record(&record(1_000, &evaluation), at(2.0));
        reporter.record(&record(2_500, &[]), at(9.0));
        reporter.advance(2_500);
        assert_eq!(screen.lines().len(), 1, "an evaluation of this step may follow");
        reporter.advance(2_600);
        assert_eq!(screen.lines().len(), 2);
        reporter.record(&record(3_999, &[]), at(19.0));
        reporter.record(&record(4_010, &[]), at(29.0));
        reporter.record(&record(4_010, &evaluation), at(30.0));
        reporter.finish();
        let steps: Vec<String> =
            screen.lines().iter().map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",")).collect();
        assert_eq!(
            steps,
            [
                "step 1,000 of 4,000 (25.0 %)",
                "step 2,500 of 4,000 (62.5 %)",
                "step 3,999 of 4,000 (99.9 %)",
                "step 4,000 of 4,000 (100.0 %)",
            ]
        );
    }

    #[test]
    fn messages_are_one_line_whatever_they_name() {
        console::set_colors_enabled_stderr(false);
        let screen = Screen::default();
        let mut reporter = Reporter::lines_to(screen.clone(), 0, 1);
        reporter.message("cannot read a\nb\u{1b}]0;x\u{7}");
        reporter.warn("no \u{202e}");
        assert_eq!(screen.lines(), [r"cannot read a\nb\u{1b}]0;x\u{7}", r"warning: no \u{202e}"]);
    }

    #[test]
    fn no_display_panics() {
        for progress in [Progress::Quiet, Progress::Bar(Glyphs::Unicode), Progress::Lines] {
            let mut reporter = Reporter::new(progress, 5, 10);
            reporter.advance(6);
            reporter.record(&record(20, &[(metrics::RATE, 0.0), (metrics::SUCCESS, f64::NAN)]), at(0.0));
            reporter.finish();
        }
        let gone = io::Cursor::new([0_u8; 0]); // takes no byte
        let mut reporter = Reporter::lines_to(Box::new(gone), 0, 1);
        reporter.message("nobody reads this");
    }
}
