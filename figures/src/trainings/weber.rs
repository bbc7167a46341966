//! Figure of the Weber fraction against T: constant for a timer whose errors grow with the time, and zero for a counter.

use gridworld_statistics::StatisticsError;

use super::data::{Row, Trainings};
use super::instructions::{axis, curves, evaluated, legend};
use super::missing::{Missing, any_timed};
use super::success::shade;
use super::words::interval_note;
use crate::axis::{Axis, round_range};
use crate::figure_frame::{BELOW, Entry, Figure, FigureFrame, LEFT, MARGIN, WIDTH};
use crate::panel::{Named, Panel};
use crate::svg::Rect;

/// The name of the figure.
pub const NAME: &str = "weber";

/// Height of the panel in pixels.
const HEIGHT: f64 = 220.0;

/// Draws the figure.
pub fn draw(trainings: &Trainings, missing: &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError> {
    if !any_timed(trainings, NAME, missing) {
        return Ok(None);
    }
    let shown = curves(trainings, Row::weber)?;
    let mut legend = legend(trainings, &shown);
    legend.extend(trainings.trained.map(|_| Entry::Shade("trained on".to_owned())));
    let most = shown.iter().map(|(group, _)| group.evaluated().len()).max().unwrap_or(0);
    let note = format!(
        "{}{} Weber fraction: standard deviation of the time of {} as a share of its mean, over the feasible episodes of a \
         seed; drawn where at least half of them have such a time{}. Counting gives 0 at every T, a timer whose errors grow \
         with the time (Gibbon 1977) the same above 0.",
        interval_note(most),
        trainings.provenance,
        trainings.timing,
        if most > 1 { ", in at least half of the seeds" } else { "" },
    );
    let mut sheet = FigureFrame::new(NAME, "Weber fraction against T", &note, &legend);
    let area = Rect { x: LEFT, y: sheet.top, width: WIDTH - LEFT - MARGIN - 6.0, height: HEIGHT };
    let x = axis(&evaluated(trainings), (area.x, area.right()));
    if let Some(trained) = trainings.trained {
        shade(&mut sheet, &x, area, trained);
    }
    let ends = shown.iter().flat_map(|(_, found)| found).map(|(_, estimate)| estimate.interval.1);
    let (_, greatest) = round_range(ends.chain([0.0, 0.05]), 5);
    let y = Axis::linear("Weber fraction", (-0.02 * greatest, 1.04 * greatest), (area.bottom(), area.y), 5);
    let panel = Panel::new(&mut sheet.svg, area, x, y, Named::Both);
    for (group, found) in &shown {
        panel.curve(&mut sheet.svg, &group.name, found, &group.style, |_| true);
    }
    Ok(Some(sheet.finish(area.bottom() + BELOW)))
}
