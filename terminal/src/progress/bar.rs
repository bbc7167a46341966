//! The progress of a training in one line that stays in its place.

use std::fmt::Write;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use console::{Term, style};
use indicatif::{ProgressBar, ProgressFinish, ProgressState, ProgressStyle};

use super::Glyphs;
use super::known::{Known, Words};
use crate::output::numbers::{duration, grouped, percent};

/// Columns of the line where nobody says how wide the terminal is.
const WIDTH: usize = 80;

/// Least and most columns of the curve; it takes a quarter of the line.
const CURVE: (usize, usize) = (8, 40);

/// A bar of progress on the terminal.
pub(super) struct Bar {
    bar: ProgressBar,
    known: Arc<Mutex<Known>>,
}

impl Bar {
    /// Shows the way from `step` to `total` environment steps.
    pub fn new(step: u64, total: u64, glyphs: Glyphs) -> Bar {
        let known = Arc::new(Mutex::new(Known { step, ..Known::default() }));
        let shown = Arc::clone(&known);
        let line = move |state: &ProgressState, out: &mut dyn Write| {
            let known = shown.lock().unwrap_or_else(PoisonError::into_inner);
            let width = Term::stderr().size_checked().map_or(WIDTH, |(_, columns)| usize::from(columns));
            let Line { before, done, rest, after } = line(&known, state.pos(), total, width, glyphs);
            let (done, rest) = (style(done).for_stderr().cyan(), style(rest).for_stderr().dim());
            // Where the line cannot be written there is nobody to tell.
            let _ = write!(out, "{before}{done}{rest}{after}");
        };
        let style = ProgressStyle::with_template("{line}").unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(total).with_style(style.with_key("line", line)).with_position(step);
        Bar { bar: bar.with_finish(ProgressFinish::Abandon), known }
    }

    /// Shows the latest figures.
    pub fn show(&self, known: &Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = known.clone();
        self.bar.set_position(known.step);
    }

    /// Moves to `step`.
    pub fn advance(&self, step: u64) {
        self.bar.set_position(step);
    }

    /// Writes a line above the bar.
    pub fn message(&self, text: &str) {
        // Not the bar's own `println`, which says nothing where a bar is asked for and there is no terminal.
        self.bar.suspend(|| drop(io::Write::write_fmt(&mut io::stderr(), format_args!("{text}\n"))));
    }

    /// Leaves the last state on the screen.
    pub fn finish(&self) {
        self.bar.abandon();
    }
}

/// Parts of the line that shows progress.
#[derive(Debug, PartialEq)]
struct Line {
    before: &'static str,
    /// The curve so far.
    done: String,
    /// The way that is left.
    rest: String,
    after: String,
}

/// Writes the line at `step` for a terminal of `width` columns: the curve and the share of the steps, then as many
/// figures as have room, those first that are asked for most.
fn line(known: &Known, step: u64, total: u64, width: usize, glyphs: Glyphs) -> Line {
    let (before, end) = glyphs.ends();
    let curve = (width / 4).clamp(CURVE.0, CURVE.1);
    let (done, rest) = known.history.columns(step, total, curve, glyphs);
    // A rollout is taken to its end, which can be beyond the last step.
    let step = step.min(total);
    let share = if total == 0 { 1.0 } else { step as f64 / total as f64 };
    // Rounded down, so that it is 100 at the end and not sooner.
    let mut after = format!("{end} {:>3} %", (100.0 * share).floor());
    // A terminal that has its last column filled may go to the next line.
    let room = width.saturating_sub(before.len() + curve + 1);
    let Words { step: one, steps, success: solved } = known.words;
    let figures = [
        known.success.map(|success| format!("{solved} {}", percent(success))),
        known.rate.map(|rate| format!("{} left", duration(total.saturating_sub(step) as f64 / rate))),
        known.rate.map(|rate| format!("{} {steps}/s", grouped(rate as u64))),
        known.evaluation.map(|success| format!("evaluation {}", percent(success))),
        Some(format!("{one} {} of {}", grouped(step), grouped(total))),
    ];
    let mut separator = "  ";
    for figure in figures.into_iter().flatten() {
        if after.chars().count() + separator.len() + figure.chars().count() > room {
            break;
        }
        after = after + separator + &figure;
        separator = ", ";
    }
    Line { before, done, rest, after }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let mut known = Known { step: 2_000_000, success: Some(0.918), rate: Some(172_385.0), ..Known::default() };
        (1..=20).for_each(|tenth| known.history.add(tenth * 100_000, (tenth as f64 / 16.0).min(0.95)));
        known.evaluation = Some(0.974);
        known
    }

    fn text(known: &Known, width: usize, glyphs: Glyphs) -> String {
        let Line { before, done, rest, after } = line(known, known.step, 4_000_000, width, glyphs);
        format!("{before}{done}{rest}{after}")
    }

    #[test]
    fn a_terminal_of_any_width_has_what_matters_most() {
        let all = "▁▂▂▃▃▄▄▅▅▅▆▆▇▇██████░░░░░░░░░░░░░░░░░░░░  50 %  success 91.8 %, 12 s left, 172,385 steps/s, \
                   evaluation 97.4 %, step 2,000,000 of 4,000,000";
        let rows = [
            (200, all),
            (80, "▂▃▃▄▅▆▇███░░░░░░░░░░  50 %  success 91.8 %, 12 s left, 172,385 steps/s"),
            (60, "▂▃▄▅▆▇██░░░░░░░  50 %  success 91.8 %, 12 s left"),
            (36, "▂▄▆▇█░░░░  50 %  success 91.8 %"),
            (10, "▂▅▇█░░░░  50 %"),
        ];
        for (width, line) in rows {
            assert_eq!(text(&known(), width, Glyphs::Unicode), line);
            assert!(width == 10 || line.chars().count() < width);
        }
        assert_eq!(text(&known(), 36, Glyphs::Ascii), "[:=*%#    ]  50 %  success 91.8 %");
    }

    #[test]
    fn nothing_is_shown_that_is_not_known() {
        let nothing = Known::default();
        assert_eq!(text(&nothing, 60, Glyphs::Unicode), "░░░░░░░░░░░░░░░   0 %  step 0 of 4,000,000");
        let nearly = Known { step: 3_999_999, ..Known::default() };
        assert!(text(&nearly, 36, Glyphs::Unicode).contains(" 99 %"));
        let beyond = Known { step: 4_400_000, ..Known::default() };
        assert!(text(&beyond, 80, Glyphs::Unicode).ends_with(" 100 %  step 4,000,000 of 4,000,000"));
    }
}
