//! The axis of T, and the rows of an evaluation along it.

use std::collections::BTreeSet;

use gridworld_statistics::StatisticsError;
use gridworld_statistics::curves::{Estimates, over_seeds};

use super::data::{Group, Row, Trainings};
use super::words::entry;
use crate::axis::{Axis, Tick, name};
use crate::figure_frame::Entry;
use crate::font::{Weight, width};
use crate::panel::TICK_SIZE;

/// Pixels between the two stretches of an interrupted axis.
const GAP: f64 = 16.0;
/// Share of an interrupted axis that its first stretch has.
const NEAR: f64 = 0.66;

/// Gives the last T of the stretch in which the values lie close together; nothing if none lies far beyond it.
///
/// A few far ones would press the others into a corner, or stretch an axis of ratios over decades in
/// which nothing was played.
pub fn last_near(values: &[u32]) -> Option<u32> {
    let greatest = *values.last()?;
    let leap = values.windows(2).find(|pair| pair[0] >= 10 && 2 * pair[1] > 3 * pair[0])?;
    (2 * greatest > 5 * leap[0]).then_some(leap[0])
}

/// Makes an axis for these values, which ascend: interrupted where they leap away.
pub fn axis(values: &[u32], (left, right): (f64, f64)) -> Axis {
    const TITLE: &str = "T (steps)";
    let ends = |values: &[u32]| {
        let (first, last) = (f64::from(values[0]), f64::from(values[values.len() - 1]));
        if first < last { (first, last) } else { (first - 1.0, last + 1.0) }
    };
    // Room for the marks at the ends.
    let pad = |(low, high): (f64, f64)| (low - 0.02 * (high - low), high + 0.02 * (high - low));
    let Some(last) = last_near(values) else {
        return Axis::linear(TITLE, pad(ends(values)), (left, right), 8).only_whole();
    };
    let (near, far) = values.split_at(values.partition_point(|&value| value <= last));
    let middle = left + NEAR * (right - left - GAP);
    let near = Axis::linear(TITLE, pad(ends(near)), (left, middle), 6).only_whole();
    let far_ends = (f64::from(far[0]) / 1.25, f64::from(far[far.len() - 1]) * 1.25);
    let far_axis = Axis::log(TITLE, far_ends, (middle + GAP, right));
    let named = far.iter().map(|&value| Tick { value: f64::from(value), name: name(f64::from(value)) });
    let thinned = thinned(named.collect(), &far_axis);
    Axis::joined(near, far_axis.with_ticks(thinned))
}

/// Keeps the earlier ones of ticks that stand too close.
fn thinned(ticks: Vec<Tick>, axis: &Axis) -> Vec<Tick> {
    let mut end = f64::NEG_INFINITY;
    let fits = |tick: &Tick| {
        let Some((_, x)) = axis.place(tick.value) else { return false };
        let half = width(&tick.name, TICK_SIZE, Weight::Regular) / 2.0;
        let fits = x - half > end + 4.0;
        if fits {
            end = x + half;
        }
        fits
    };
    ticks.into_iter().filter(fits).collect()
}

/// Gives the values of T at which any run was evaluated.
pub fn evaluated(trainings: &Trainings) -> Vec<u32> {
    trainings.floor.iter().map(|row| row.instruction).collect()
}

/// Gives an estimate over the group's evaluated runs at each T at which at least `least` of them have a number.
pub fn estimates(group: &Group, least: usize, of: impl Fn(&Row) -> Option<f64>) -> Result<Estimates, StatisticsError> {
    let runs = group.evaluated();
    let instructions: BTreeSet<u32> = runs.iter().flat_map(|run| &run.rows).map(|row| row.instruction).collect();
    let values = |instruction| -> Vec<f64> {
        let rows = runs.iter().filter_map(|run| run.rows.iter().find(|row| row.instruction == instruction));
        rows.filter_map(&of).collect()
    };
    let found = instructions.into_iter().map(|instruction| (f64::from(instruction), values(instruction)));
    let enough = found.filter(|(_, values)| values.len() >= least);
    enough.map(|(x, values)| Ok((x, over_seeds(&values)?))).collect()
}

/// Gives the groups in the order in which they are drawn, each with an estimate at each T at which at least half of its
/// evaluated runs have a number; those without any are left out.
pub fn curves(
    trainings: &Trainings,
    of: impl Fn(&Row) -> Option<f64>,
) -> Result<Vec<(&Group, Estimates)>, StatisticsError> {
    let mut shown = Vec::new();
    for group in trainings.in_drawing_order() {
        let found = estimates(group, group.evaluated().len().div_ceil(2), &of)?;
        if !found.is_empty() {
            shown.push((group, found));
        }
    }
    Ok(shown)
}

/// Gives the lines of the legend for the groups that are shown, in the order of the trainings.
pub fn legend(trainings: &Trainings, shown: &[(&Group, Estimates)]) -> Vec<Entry> {
    let listed = trainings.groups.iter().filter(|group| shown.iter().any(|(other, _)| other.name == group.name));
    listed.map(|group| entry(group, group.evaluated().len())).collect()
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use super::*;

    /// Lists the whole numbers from one to another, and then others.
    fn values(ends: RangeInclusive<u32>, others: &[u32]) -> Vec<u32> {
        ends.chain(others.iter().copied()).collect()
    }

    #[test]
    fn the_axis_is_interrupted_where_t_leaps_away() {
        for (values, near) in [
            (values(5..=30, &[]), None),
            (values(5..=30, &[50]), None),
            (values(5..=30, &[50, 100]), Some(30)),
            (values(5..=30, &[50, 100, 300, 1000, 10_000]), Some(30)),
            (values(1..=16, &[18, 20, 25, 30, 40, 50, 100]), None),
            (values(5..=12, &[1000]), Some(12)),
            (values(7..=7, &[]), None),
        ] {
            assert_eq!(last_near(&values), near, "{values:?}");
        }
    }

    #[test]
    fn every_value_has_a_place_and_every_far_one_a_name() {
        let all = values(5..=30, &[50, 100, 300, 1000, 10_000]);
        let axis = axis(&all, (60.0, 740.0));
        let places: Vec<f64> = all.iter().map(|&value| axis.place(f64::from(value)).expect("a place").1).collect();
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]), "{places:?}");
        assert!(places[0] > 60.0 && places[places.len() - 1] < 740.0);
        let names: Vec<&str> = axis.ticks.iter().map(|tick| tick.name.as_str()).collect();
        assert_eq!(names, ["5", "10", "15", "20", "25", "30", "50", "100", "300", "1,000", "10,000"]);
    }

    #[test]
    fn a_single_value_stands_in_the_middle() {
        let axis = axis(&[7], (0.0, 100.0));
        assert!((axis.place(7.0).expect("a place").1 - 50.0).abs() < 1e-9);
    }
}
