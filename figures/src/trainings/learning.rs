//! Figure of success and return, against steps and against seconds.

use gridworld_statistics::StatisticsError;
use gridworld_statistics::curves::{Curve, Estimates, along};

use super::data::{Group, Point, Run, Trainings};
use super::missing::{Missing, any_with};
use super::words::{entry, interval_note};
use crate::axis::{Axis, round_range};
use crate::figure_frame::{BELOW, Figure, FigureFrame, LEFT, MARGIN, WIDTH};
use crate::panel::{Named, Panel};
use crate::svg::Rect;

/// The name of the figure.
pub const NAME: &str = "learning";

/// Number of places at which a group's curve is estimated.
const PLACES: usize = 120;
/// Height of each panel in pixels.
const HEIGHT: f64 = 210.0;
/// Greatest ratio of the times of two groups at which equal differences are equally long on the axis.
const UNEVEN: f64 = 5.0;
/// Number of marks on each curve, approximately.
const MARKS: usize = 6;

/// Quantity along the x axis of a column of panels.
#[derive(Clone, Copy)]
enum Clock {
    Steps,
    Seconds,
}

impl Clock {
    fn of(self, point: &Point) -> f64 {
        match self {
            Clock::Steps => point.steps,
            Clock::Seconds => point.seconds,
        }
    }
}

/// Quantity along the y axis of a row of panels.
#[derive(Clone, Copy)]
enum Measure {
    Success,
    Return,
}

impl Measure {
    fn of(self, point: &Point) -> Option<f64> {
        match self {
            Measure::Success => point.success,
            Measure::Return => point.episodic_return,
        }
    }
}

/// Draws the figure.
pub fn draw(trainings: &Trainings, missing: &mut Vec<Missing>) -> Result<Option<Figure>, StatisticsError> {
    let has = |run: &Run| run.points.iter().any(|point| point.success.is_some());
    let help = |_: &Run| "wait for the first one".to_owned();
    if !any_with("evaluation of the training yet", has, help, (trainings, NAME), missing) {
        return Ok(None);
    }
    let seeds = |group| curves(group, Measure::Success, Clock::Steps).len();
    let shown: Vec<(&Group, usize)> = trainings.groups.iter().map(|group| (group, seeds(group))).collect();
    let legend: Vec<_> =
        shown.iter().filter(|(_, seeds)| *seeds > 0).map(|(group, seeds)| entry(group, *seeds)).collect();
    let most = shown.iter().map(|(_, seeds)| *seeds).max().unwrap_or(0);
    let note = format!(
        "{}Above: greedy success on training T, feasible episodes only. Below: return of the training episodes, whose \
         actions are sampled.{}",
        interval_note(most),
        if most > 1 { " Curves stop at the shortest run." } else { "" }
    );
    let mut sheet = FigureFrame::new(NAME, "Learning curves", &note, &legend);
    let wide = (WIDTH - LEFT - MARGIN - 28.0) / 2.0;
    let groups = trainings.in_drawing_order();
    for (row, measure) in [Measure::Success, Measure::Return].into_iter().enumerate() {
        let area = |column: usize| Rect {
            x: LEFT + column as f64 * (wide + 28.0),
            y: sheet.top + row as f64 * (HEIGHT + 22.0),
            width: wide,
            height: HEIGHT,
        };
        let columns = [(Clock::Steps, area(0)), (Clock::Seconds, area(1))];
        // One axis of y for both columns.
        let estimated = columns.map(|(clock, area)| {
            let of = |group: &Group| along(&curves(group, measure, clock), PLACES);
            let found: Result<Vec<Estimates>, _> = groups.iter().map(|group| of(group)).collect();
            found.map(|found| (clock, area, found))
        });
        let estimated = estimated.into_iter().collect::<Result<Vec<_>, _>>()?;
        let all = || estimated.iter().flat_map(|(_, _, found)| found.iter().flatten());
        let ends = all().flat_map(|(_, estimate)| [estimate.interval.0, estimate.interval.1]);
        for (column, (clock, area, found)) in estimated.iter().enumerate() {
            let pixels = (area.bottom(), area.y);
            let y = match measure {
                Measure::Return => Axis::linear("training return", round_range(ends.clone(), 5), pixels, 5),
                Measure::Success => Axis::per_cent("success (%)", (0.0, 1.0), pixels),
            };
            let named = match (column, row) {
                (0, 0) => Named::Left,
                (0, _) => Named::Both,
                (_, 0) => Named::Neither,
                _ => Named::Below,
            };
            let panel = Panel::new(&mut sheet.svg, *area, clock_axis(*clock, &groups, *area), y, named);
            for (place, (group, estimates)) in groups.iter().zip(found).enumerate() {
                // The marks of different groups do not stand above each other.
                let every = (estimates.len() / MARKS).max(1);
                let is_marked = |index| index % every == (place * every / 4) % every;
                panel.curve(&mut sheet.svg, &group.name, estimates, &group.style, is_marked);
            }
        }
    }
    let bottom = sheet.top + 2.0 * HEIGHT + 22.0 + BELOW;
    Ok(Some(sheet.finish(bottom)))
}

/// Gives the curves of one quantity, run by run; a run without it has none.
fn curves(group: &Group, measure: Measure, clock: Clock) -> Vec<Curve> {
    let of = |run: &Run| -> Curve {
        run.points.iter().filter_map(|point| measure.of(point).map(|y| (clock.of(point), y))).collect()
    };
    group.runs.iter().map(of).filter(|curve| !curve.is_empty()).collect()
}

/// Makes the axis of steps, in millions or thousands, or of seconds, in hours or minutes, where that is shorter. Where
/// one group takes several times as long as another, ratios are equally long: else the faster one would be a stroke at
/// the edge.
fn clock_axis(clock: Clock, groups: &[&Group], area: Rect) -> Axis {
    let ends = |group: &&Group| {
        let last = group.runs.iter().filter_map(|run| run.points.last()).map(|point| clock.of(point));
        let least = last.fold(f64::INFINITY, f64::min);
        least.is_finite().then_some(least)
    };
    let (least, longest) =
        groups.iter().filter_map(ends).fold((f64::INFINITY, 0.0_f64), |(a, b), x| (a.min(x), b.max(x)));
    let begins = |group: &&Group| {
        let first = group.runs.iter().filter_map(|run| run.points.first()).map(|point| clock.of(point));
        first.fold(0.0, f64::max)
    };
    let first = groups.iter().map(begins).fold(f64::INFINITY, f64::min);
    let (unit, name) = match clock {
        Clock::Steps if longest >= 2e6 => (1e6, "environment steps (millions)"),
        Clock::Steps if longest >= 2e3 => (1e3, "environment steps (thousands)"),
        Clock::Steps => (1.0, "environment steps"),
        Clock::Seconds if longest >= 7_200.0 => (3_600.0, "hours"),
        Clock::Seconds if longest >= 600.0 => (60.0, "minutes"),
        Clock::Seconds => (1.0, "seconds"),
    };
    let pixels = (area.x, area.right());
    let mut axis = if longest > UNEVEN * least && first > 0.0 {
        Axis::log(name, (first / unit, 1.02 * longest / unit), pixels)
    } else {
        let longest = if longest > 0.0 { longest } else { unit };
        Axis::linear(name, (0.0, 1.02 * longest / unit), pixels, 6)
    };
    axis.scale(unit);
    axis
}
