//! Figure of the time of arrival against T, on whose diagonal agents are on time.

use gridworld_statistics::StatisticsError;
use gridworld_statistics::curves::Estimates;

use super::data::{Group, Trainings};
use super::instructions::{curves, evaluated, last_near, legend};
use super::missing::{Missing, any_evaluated};
use super::success::shade;
use super::words::interval_note;
use crate::axis::{Axis, round_range};
use crate::figure_frame::{BELOW, Entry, Figure, FigureFrame, LEFT, MARGIN, WIDTH, bound};
use crate::panel::{Named, Panel};
use crate::svg::Rect;
use crate::words::not_shown;

/// The name of the figure.
pub const NAME: &str = "arrival";

/// Height of each panel in pixels.
const HEIGHT: f64 = 330.0;

/// Draws the figure: a panel for near T, and one of ratios for far ones.
pub fn draw(trainings: &Trainings, missing: &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError> {
    if !any_evaluated(trainings, NAME, missing) {
        return Ok(None);
    }
    // Mean times of the runs that have one in at least half of their episodes.
    let shown = curves(trainings, |row| row.time.filter(|_| row.timeouts <= 0.5))?;
    if shown.is_empty() {
        let reason = "no run arrives in half of its episodes at any T".to_owned();
        missing.push(Missing { figure: NAME, run: None, reason });
        return Ok(None);
    }
    let mut legend = legend(trainings, &shown);
    legend.push(Entry::Bound(DIAGONAL, "on time".to_owned()));
    legend.extend(trainings.trained.map(|_| Entry::Shade("trained on".to_owned())));
    let timing = &trainings.timing;
    let most = shown.iter().map(|(group, _)| group.evaluated().len()).max().unwrap_or(0);
    let values = evaluated(trainings);
    let near_end = last_near(&values);
    let near: Vec<u32> = values.iter().copied().filter(|&value| near_end.is_none_or(|end| value <= end)).collect();
    let ends = (f64::from(near[0]), f64::from(near[near.len() - 1]).max(f64::from(near[0]) + 1.0));
    let times = shown.iter().flat_map(|(_, found)| found).filter(|(x, _)| *x <= ends.1);
    // What is far too late would press the rest together.
    let reached = times.flat_map(|(_, estimate)| [estimate.interval.0, estimate.interval.1.min(1.5 * ends.1)]);
    let y = round_range(reached.chain([ends.0, ends.1]), 6);
    let far: Option<(f64, f64)> = near_end.and_then(|end| {
        let far = || values.iter().copied().filter(|&value| value >= end);
        Some((f64::from(far().min()?), f64::from(far().max()?)))
    });
    let leaving = shown
        .iter()
        .filter(|(_, found)| leaves(found, ends, y) || far.is_some_and(|ends| leaves(found, ends, widened(ends))));
    let note = format!(
        "{}{} Mean over the episodes that have an arrival; drawn where at least half of the episodes have one{}.{}",
        interval_note(most),
        trainings.provenance,
        if most > 1 { " in at least half of the seeds" } else { "" },
        not_shown("Times beyond an axis", leaving.map(|(group, _)| group.name.as_str())),
    );
    let title = format!("Time of {timing} against T");
    let mut sheet = FigureFrame::new(NAME, &title, &note, &legend);
    let room = WIDTH - LEFT - MARGIN - 6.0;
    let wide = if near_end.is_some() { (room - LEFT + 10.0) / 2.0 } else { room };
    let area = Rect { x: LEFT, y: sheet.top, width: wide, height: HEIGHT };
    let x = Axis::linear("T (steps)", (ends.0 - 0.5, ends.1 + 0.5), (area.x, area.right()), 6);
    if let Some(trained) = trainings.trained {
        shade(&mut sheet, &x, area, trained);
    }
    let title = format!("time of {timing} (steps)");
    let y = Axis::linear(&title, y, (area.bottom(), area.y), 6);
    system(&mut sheet, &shown, (x, y), area, ends);
    if let Some(ends) = far {
        let area = Rect { x: area.right() + LEFT - 10.0, ..area };
        let x = Axis::log("T (steps)", widened(ends), (area.x, area.right()));
        let y = Axis::log("", widened(ends), (area.bottom(), area.y));
        system(&mut sheet, &shown, (x, y), area, ends);
    }
    let bottom = sheet.top + HEIGHT + BELOW;
    Ok(Some(sheet.finish(bottom)))
}

/// Gives the values at the ends of an axis of ratios for the values between `ends`.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    (low / 1.2, high * 1.2)
}

/// Tells if something of a curve between two T lies outside the range that is shown.
fn leaves(curve: &Estimates, (first, last): (f64, f64), (low, high): (f64, f64)) -> bool {
    let mut within = curve.iter().filter(|(x, _)| (first..=last).contains(x));
    within.any(|(_, estimate)| estimate.interval.0 < low || estimate.interval.1 > high)
}

/// Dashes of the diagonal: none.
const DIAGONAL: &str = "";

/// Draws a panel with its diagonal, and the curves between the diagonal's ends.
fn system(
    sheet: &mut FigureFrame,
    shown: &[(&Group, Estimates)],
    (x, y): (Axis, Axis),
    area: Rect,
    (first, last): (f64, f64),
) {
    let panel = Panel::new(&mut sheet.svg, area, x, y, Named::Both);
    panel.line(&mut sheet.svg, "diagonal", [(first, first), (last, last)], &bound(DIAGONAL));
    for (group, estimates) in shown {
        let within = estimates.iter().filter(|(x, _)| (first..=last).contains(x)).copied().collect();
        panel.curve(&mut sheet.svg, &group.name, &within, &group.style, |_| true);
    }
}
