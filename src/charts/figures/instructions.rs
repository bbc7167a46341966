//! The axis of T, and the rows of an evaluation along it.

use gridworld_figures::axis::{Axis, Tick, name};
use gridworld_figures::font::{Weight, width};
use gridworld_figures::panel::TICK_SIZE;
use gridworld_statistics::curves::{Estimates, over_seeds};
use gridworld_statistics::{Estimate, StatisticsError};

use super::missing::Missing;
use crate::charts::material::{Group, Material};
use crate::charts::runs::RunData;
use crate::program::shell;
use crate::run::evaluation::{self, Row};
use crate::run::evaluations::{episodes, fewest_and_most};

/// Pixels between the two stretches of an interrupted axis.
const GAP: f64 = 16.0;
/// The share of an interrupted axis that is for what lies near.
const NEAR: f64 = 0.66;

/// Where the values of T leave the stretch in which they lie close together: the last one before it.
///
/// A few far ones would press the others into a corner, or stretch an axis of ratios over decades in
/// which nothing was played.
pub fn last_near(values: &[u32]) -> Option<u32> {
    let greatest = *values.last()?;
    let leap = values.windows(2).find(|pair| pair[0] >= 10 && 2 * pair[1] > 3 * pair[0])?;
    (2 * greatest > 5 * leap[0]).then_some(leap[0])
}

/// An axis for these values, which ascend: interrupted where they leap away.
pub fn axis(values: &[u32], (left, right): (f64, f64)) -> Axis {
    const TITLE: &str = "T, in steps";
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

/// Of ticks that stand too close, the earlier ones.
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

/// The values of T that any run was evaluated at.
pub fn evaluated(material: &Material) -> Vec<u32> {
    material.floor.iter().map(|row| row.instruction).collect()
}

/// The runs that were evaluated.
pub fn with_any_rows(material: &Material) -> Vec<&RunData> {
    material.runs().filter(|run| !run.rows().is_empty()).collect()
}

/// The runs of a group that were evaluated.
pub fn with_rows(group: &Group) -> Vec<&RunData> {
    group.runs.iter().filter(|run| !run.rows().is_empty()).collect()
}

/// An estimate over the group's evaluated runs at each T at which all of them have a number.
pub fn estimates(group: &Group, of: impl Fn(&Row) -> f64) -> Result<Estimates, StatisticsError> {
    let runs = with_rows(group);
    let Some(first) = runs.first() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    for row in first.rows() {
        let at = |run: &&RunData| run.rows().iter().find(|other| other.instruction == row.instruction).map(&of);
        let values: Vec<f64> = runs.iter().filter_map(at).collect();
        if values.len() == runs.len() {
            found.push((f64::from(row.instruction), over_seeds(&values)?));
        }
    }
    Ok(found)
}

/// The numbers of one run, with an interval for each.
pub fn of_one(run: &RunData, of: impl Fn(&Row) -> (f64, (f64, f64))) -> Estimates {
    let estimate = |row: &Row| {
        let (point, interval) = of(row);
        (f64::from(row.instruction), Estimate { point, interval })
    };
    run.rows().iter().map(estimate).collect()
}

/// How many episodes the shown rows are of, and who played them: the best checkpoints, greedy, but for the runs that are
/// named.
pub fn provenance(shown: &[&RunData]) -> String {
    let number = episodes(fewest_and_most(shown.iter().flat_map(|run| run.rows()).map(|row| row.episodes)));
    let otherwise: Vec<String> = shown
        .iter()
        .filter_map(|run| Some(format!("{} ({})", run.path.display(), run.evaluation.as_ref()?.otherwise.as_ref()?)))
        .collect();
    let who = if otherwise.len() < shown.len() { ", greedy, by the best checkpoint" } else { "" };
    let more = otherwise.len().saturating_sub(MOST_NAMED);
    let named = otherwise.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("; ");
    match (otherwise.len(), more) {
        (0, _) => format!("{number} for each T{who}."),
        (_, 0) => format!("{number} for each T{who}. Evaluated otherwise: {named}."),
        (_, more) => format!("{number} for each T{who}. Evaluated otherwise: {named}; and {more} more."),
    }
}

/// Runs that are named at most because they were evaluated otherwise.
const MOST_NAMED: usize = 3;

/// Tells of the runs that were not evaluated; whether any was.
pub fn any_evaluated(material: &Material, figure: &'static str, missing: &mut Vec<Missing>) -> bool {
    let without: Vec<&RunData> = material.runs().filter(|run| run.rows().is_empty()).collect();
    let all = without.len() == material.runs().count();
    let Some(first) = without.first() else { return true };
    let help = |run: &RunData| {
        shell::command_on("evaluate", &run.path, &format!("--T {}", evaluation::evaluated(run.instructions())))
    };
    if all {
        let reason = format!("no run has an evaluation of its own; `{}` gives one", help(first));
        missing.push(Missing { figure, run: None, reason });
    } else {
        missing.extend(without.iter().map(|run| {
            let reason = format!("it has no evaluation of its own; `{}` gives one", help(run));
            Missing { figure, run: Some(run.path.display().to_string()), reason }
        }));
    }
    !all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<u32> {
        text.parse::<gridworld_envs::Instructions>().expect("a list").values().to_vec()
    }

    #[test]
    fn the_axis_is_interrupted_where_t_leaps_away() {
        for (list, near) in [
            ("5..30", None),
            ("5..30,50", None),
            ("5..30,50,100", Some(30)),
            ("5..30,50,100,300,1000,10000", Some(30)),
            ("1..16,18,20,25,30,40,50,100", None),
            ("5..12,1000", Some(12)),
            ("7", None),
        ] {
            assert_eq!(last_near(&values(list)), near, "{list}");
        }
    }

    #[test]
    fn every_value_has_a_place_and_every_far_one_a_name() {
        let all = values("5..30,50,100,300,1000,10000");
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
