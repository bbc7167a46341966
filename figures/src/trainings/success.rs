//! The paper's figure: success and reward against T, between ceiling and floor.

use gridworld_statistics::curves::Estimates;
use gridworld_statistics::{Estimate, StatisticsError};

use super::data::{Group, Row, Trainings};
use super::instructions::{axis, estimates, evaluated};
use super::missing::{Missing, any_evaluated};
use super::words::{INTERVALS, entry};
use crate::axis::{Axis, name, round_range};
use crate::figure_frame::{BELOW, Entry, Figure, FigureFrame, LEFT, MARGIN, WIDTH, bound};
use crate::panel::{Named, Panel};
use crate::style::SHADE;
use crate::svg::Rect;
use crate::words::not_shown;

/// The name of the figure.
pub const NAME: &str = "success";

/// Height of each panel in pixels.
const HEIGHT: f64 = 220.0;
/// The least reward that is shown: an agent that wanders about until T = 10,000 loses a thousand.
const LEAST_REWARD: f64 = -1.0;
/// Dashes of the ceiling: none.
pub const CEILING: &str = "";
/// Dashes and gaps of the floor, by their lengths.
pub const FLOOR: &str = "4 3";

/// Quantity that a panel shows against T.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Success,
    Reward,
}

impl Measure {
    fn of(self, row: &Row) -> f64 {
        match self {
            Measure::Success => row.success,
            Measure::Reward => row.reward,
        }
    }

    /// Makes the y axis of a panel, down to `least` for rewards.
    fn axis(self, area: Rect, least: f64) -> Axis {
        let pixels = (area.bottom(), area.y);
        match self {
            Measure::Success => Axis::per_cent("success (%)", (-0.02, 1.04), pixels),
            Measure::Reward => {
                let (least, _) = round_range([least.max(LEAST_REWARD), 1.0].into_iter(), 4);
                Axis::linear("mean reward", (least, 1.0 + 0.04 * (1.0 - least)), pixels, 4)
            }
        }
    }
}

/// Draws the figure.
pub fn draw(trainings: &Trainings, missing: &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError> {
    if !any_evaluated(trainings, NAME, missing) {
        return Ok(None);
    }
    let shown: Vec<&Group> = trainings.groups.iter().filter(|group| !group.evaluated().is_empty()).collect();
    let mut legend: Vec<Entry> = shown.iter().map(|group| entry(group, group.evaluated().len())).collect();
    if !trainings.ceiling.is_empty() {
        legend.push(Entry::Bound(CEILING, "oracle: the ceiling".to_owned()));
    }
    legend.push(Entry::Bound(FLOOR, "random: the floor".to_owned()));
    let trained = trainings.trained;
    let least = least_reward(trainings);
    legend.extend(trained.map(|_| Entry::Shade("trained on".to_owned())));
    let note = note(trainings, &shown)?;
    let mut sheet = FigureFrame::new(NAME, "Success and reward against T", &note, &legend);
    let values = evaluated(trainings);
    let area = |row: usize| Rect {
        x: LEFT,
        y: sheet.top + row as f64 * (HEIGHT + 20.0),
        width: WIDTH - LEFT - MARGIN - 6.0,
        height: HEIGHT,
    };
    for (area, measure, named) in [(area(0), Measure::Success, Named::Left), (area(1), Measure::Reward, Named::Both)] {
        let x = axis(&values, (area.x, area.right()));
        if let Some((low, high)) = trained {
            shade(&mut sheet, &x, area, (low, high));
        }
        let panel = Panel::new(&mut sheet.svg, area, x, measure.axis(area, least), named);
        for (rows, dashes, class) in [(&trainings.ceiling, CEILING, "ceiling"), (&trainings.floor, FLOOR, "floor")] {
            let points = rows.iter().map(|row| (f64::from(row.instruction), measure.of(row)));
            panel.line(&mut sheet.svg, class, points, &bound(dashes));
        }
        for group in trainings.in_drawing_order() {
            let estimates = measured(group, measure)?;
            panel.curve(&mut sheet.svg, &group.name, &estimates, &group.style, |_| true);
        }
    }
    let bottom = sheet.top + 2.0 * HEIGHT + 20.0 + BELOW;
    Ok(Some(sheet.finish(bottom)))
}

/// Shades the values of T that were trained on, below everything else, to half a step beyond their ends.
pub fn shade(sheet: &mut FigureFrame, x: &Axis, area: Rect, (low, high): (u32, u32)) {
    let within = |value: f64| x.values().next().map_or(value, |(least, most)| value.clamp(least, most));
    let place = |value: f64| x.place(within(value)).map(|(_, pixel)| pixel);
    if let (Some(left), Some(right)) = (place(f64::from(low) - 0.5), place(f64::from(high) + 0.5)) {
        sheet.svg.rect("shade", Rect { x: left, width: right - left, ..area }, SHADE);
    }
}

/// Gives the estimates over the seeds; a single seed's success has the interval that its episodes give it.
fn measured(group: &Group, measure: Measure) -> Result<Estimates, StatisticsError> {
    let of_one = |row: &Row| (f64::from(row.instruction), Estimate { point: row.success, interval: row.interval });
    match (group.evaluated().as_slice(), measure) {
        ([run], Measure::Success) => Ok(run.rows.iter().map(of_one).collect()),
        (runs, _) => estimates(group, runs.len(), |row| Some(measure.of(row))),
    }
}

/// Gives the least mean reward there is, of agents or of the floor; 0 if none is below.
fn least_reward(trainings: &Trainings) -> f64 {
    let rows = trainings.runs().flat_map(|run| &run.rows).chain(&trainings.floor);
    rows.map(|row| row.reward).fold(0.0, f64::min)
}

fn note(trainings: &Trainings, shown: &[&Group]) -> Result<String, StatisticsError> {
    let seeds = shown.iter().map(|group| group.evaluated().len());
    let (several, one) = (seeds.clone().any(|count| count > 1), seeds.clone().any(|count| count == 1));
    let mut text = String::new();
    if several {
        text += INTERVALS;
    }
    if one {
        text += "Bands of a single seed: Wilson’s 95 % interval of success over its episodes. ";
    }
    text +=
        &format!("{} Success: share of feasible episodes, in which the target is near enough.", trainings.provenance);
    let mut low = Vec::new();
    for group in shown {
        let rewards = measured(group, Measure::Reward)?;
        if rewards.iter().any(|(_, estimate)| estimate.interval.0 < LEAST_REWARD) {
            low.push(group.name.as_str());
        }
    }
    if trainings.floor.iter().any(|row| row.reward < LEAST_REWARD) {
        low.push("random");
    }
    text += &not_shown(&format!("Rewards below {}", name(LEAST_REWARD)), low.into_iter());
    Ok(text)
}
