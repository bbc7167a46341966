//! Figure of the error at each length of sequences, number of digits or number of updates.

use gridworld_statistics::Estimate;
use gridworld_statistics::curves::Estimates;
use gridworld_statistics::ordered::ascending;

use super::grid::{Grid, Series, named_panel};
use crate::axis::{Axis, Tick};
use crate::figure_frame::{Figure, FigureFrame};

/// Errors of an experiment.
#[derive(Clone, Debug)]
pub struct Errors {
    /// Quantity at whose values the errors are measured.
    pub by: By,
    /// Kind of error, as the figure's note names it.
    pub measure: &'static str,
    /// Places, each with the errors of all seeds there; an error that is not finite counts as infinite.
    pub points: Vec<(f64, Vec<f64>)>,
}

/// Quantity at whose values errors are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Lengths of sequences.
    Length,
    /// Digits of numbers.
    Digits,
    /// Updates before the measurement.
    Updates,
}

/// Decades of errors that are shown at most, from the greatest downwards.
const DECADES: i32 = 12;
/// Greatest error that an axis is made for: above it, errors are all alike.
const GREATEST: f64 = 1e4;

/// Draws the figure of a task, with one series at least.
pub fn draw(series: &[&Series<Errors>], reserved: &[&str]) -> Figure {
    let grid = Grid::new(series, reserved);
    let Errors { by, measure, .. } = series[0].data;
    let title = match by {
        By::Length => "Error by length",
        By::Digits => "Error by number of digits",
        By::Updates => "Error during training",
    };
    let note = format!(
        "{measure}. Lines: medians over the seeds; bands: from the lower to the upper quartile. Values outside an axis are drawn \
         at its edge."
    );
    let mut sheet = FigureFrame::new(series[0].task, title, &note, &grid.legend());
    let (areas, bottom) = grid.areas(sheet.top);
    for (name, &area) in grid.panels.iter().zip(&areas) {
        let within: Vec<_> = series.iter().filter(|series| series.panel == *name).collect();
        let places = || within.iter().flat_map(|series| series.data.points.iter().map(|(x, _)| *x));
        let last = places().fold(1.0, f64::max);
        let pixels = (area.x, area.right());
        let x = match by {
            By::Length => Axis::log("length", (places().fold(last, f64::min), last), pixels),
            By::Digits => {
                let ends = (places().fold(last, f64::min), last);
                Axis::linear("digits of each number", ends, pixels, 4).only_whole()
            }
            By::Updates => Axis::linear("updates", (0.0, last), pixels, 4),
        };
        let curves: Vec<Estimates> = within.iter().map(|series| estimates(&series.data.points)).collect();
        let (least, greatest) = decades(&curves);
        let ticks = (least..=greatest).step_by((greatest - least).unsigned_abs().div_ceil(6).max(1) as usize);
        let tick = |power: i32| Tick { value: 10_f64.powi(power), name: short(power) };
        let ends = (10_f64.powi(least), 10_f64.powi(greatest));
        let y = Axis::log("error", ends, (area.bottom(), area.y)).with_ticks(ticks.map(tick).collect());
        let panel = named_panel(&mut sheet.svg, name, area, x, y);
        for (series, estimates) in within.iter().zip(&curves) {
            let style = grid.style(&series.name);
            let inside = |value: f64| value.clamp(ends.0, ends.1);
            let clamped = |(x, estimate): &(f64, Estimate)| {
                let (low, high) = estimate.interval;
                (*x, Estimate { point: inside(estimate.point), interval: (inside(low), inside(high)) })
            };
            let shown: Estimates = estimates.iter().map(clamped).collect();
            panel.curve(&mut sheet.svg, &series.name, &shown, &style, |_| by != By::Updates);
        }
    }
    sheet.finish(bottom)
}

/// Writes a power of ten in a few letters.
fn short(power: i32) -> String {
    match power {
        -3..=4 => crate::axis::name(10_f64.powi(power)),
        power => format!("1e{power}").replace('-', "−"),
    }
}

/// Gives the median error at each place, with the quartiles as its interval.
fn estimates(points: &[(f64, Vec<f64>)]) -> Estimates {
    let estimate = |(x, errors): &(f64, Vec<f64>)| {
        let errors = ascending(errors.iter().copied());
        // Each is one of the errors: between a finite one and an infinite one there is none to show.
        let at = |share: f64| errors[(share * (errors.len() - 1) as f64).round() as usize];
        (*x, Estimate { point: at(0.5), interval: (at(0.25), at(0.75)) })
    };
    points.iter().filter(|(_, errors)| !errors.is_empty()).map(estimate).collect()
}

/// Gives the powers of ten between which all medians lie that can be shown.
fn decades(curves: &[Estimates]) -> (i32, i32) {
    let medians = curves.iter().flatten().map(|(_, estimate)| estimate.point);
    let shown = medians.map(|median| median.min(GREATEST)).filter(|&median| median > 0.0);
    let (low, high) = shown.fold((f64::INFINITY, 0.0_f64), |(low, high), median| (low.min(median), high.max(median)));
    if low > high {
        return (-1, 1);
    }
    let greatest = high.log10().ceil() as i32;
    let least = (low.log10().floor() as i32).max(greatest - DECADES);
    if least < greatest { (least, greatest) } else { (least - 1, greatest) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middles_are_medians_with_their_quartiles() {
        let found = estimates(&[(10.0, vec![5.0, 1.0, 2.0, 4.0, f64::INFINITY]), (20.0, vec![])]);
        assert_eq!(found, [(10.0, Estimate { point: 4.0, interval: (2.0, 5.0) })]);
    }

    #[test]
    fn axes_hold_all_medians_that_can_be_shown() {
        let curve = |points: &[f64]| -> Estimates {
            points.iter().map(|&point| (1.0, Estimate { point, interval: (point, point) })).collect()
        };
        assert_eq!(decades(&[curve(&[0.02, 300.0])]), (-2, 3));
        assert_eq!(decades(&[curve(&[1e-12, f64::INFINITY])]), (-8, 4));
        assert_eq!(decades(&[curve(&[0.0])]), (-1, 1));
        assert_eq!(decades(&[curve(&[10.0])]), (0, 1));
    }
}
