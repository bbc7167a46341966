//! Contents of a run's figure, as plain numbers.

use super::identity::IdentityCurve;
use super::outcome::Outcome;

/// Contents of a run's figure.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// Errors at each test number of the identity task.
    Identity(Vec<IdentityCurve>),
    /// Numbers of solved seeds, by updates.
    Solved(Vec<Series<Solved>>),
    /// Errors by length or another measure of size.
    Errors(Vec<Series<Errors>>),
}

/// One curve in one panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Series<T> {
    /// Name of the panel.
    pub panel: String,
    /// Name of the curve in the legend.
    pub name: String,
    /// Number of seeds that are done.
    pub seeds: usize,
    /// Data of the curve.
    pub data: T,
}

/// Updates after which seeds were solved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// Updates after which the solved seeds were solved, ascending.
    pub at: Vec<u64>,
    /// Greatest number of updates of a seed.
    pub until: u64,
}

/// Errors of a run's seeds at several places.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors {
    /// Quantity of the horizontal axis.
    pub by: By,
    /// Name of the error measure.
    pub measure: &'static str,
    /// Places, each with the errors of every seed; one that is not finite counts as infinite.
    pub points: Vec<(f64, Vec<f64>)>,
}

/// Quantity of the horizontal axis under errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Lengths of sequences, in steps.
    Length,
    /// Numbers of digits.
    Digits,
    /// Numbers of updates.
    Updates,
}

/// Gives the curve of when these seeds were solved; nothing without seeds.
pub fn solved<'a>(
    panel: String,
    name: String,
    until: u64,
    outcomes: impl Iterator<Item = &'a Outcome>,
) -> Option<Series<Solved>> {
    let (mut at, mut seeds) = (Vec::new(), 0);
    for outcome in outcomes {
        at.extend(outcome.solved_at);
        seeds += 1;
    }
    at.sort_unstable();
    (seeds > 0).then_some(Series { panel, name, seeds, data: Solved { at, until } })
}

/// Gives the curve of the errors of all seeds, which come place by place for each; nothing without seeds.
pub fn errors<P: Iterator<Item = (f64, Option<f64>)>>(
    (panel, name): (String, String),
    (by, measure): (By, &'static str),
    outcomes: impl ExactSizeIterator<Item = P>,
) -> Drawing {
    let seeds = outcomes.len();
    let data = Errors { by, measure, points: gathered(outcomes) };
    Drawing::Errors(Some(Series { panel, name, seeds, data }).filter(|_| seeds > 0).into_iter().collect())
}

/// Gathers the errors of all seeds at each place, as far as every one of them goes.
fn gathered(seeds: impl Iterator<Item = impl Iterator<Item = (f64, Option<f64>)>>) -> Vec<(f64, Vec<f64>)> {
    let mut points: Vec<(f64, Vec<f64>)> = Vec::new();
    for seed in seeds {
        for (index, (x, error)) in seed.enumerate() {
            if index == points.len() {
                points.push((x, Vec::new()));
            }
            let finite = error.filter(|error| error.is_finite());
            points[index].1.push(finite.unwrap_or(f64::INFINITY));
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::Check;

    #[test]
    fn solved_seeds_are_in_the_order_of_their_updates() {
        let outcome = |solved_at| Outcome {
            solved: false,
            solved_at,
            iterations: 9000,
            chosen: Check { iteration: 9000, interpolation: None, extrapolation: None, sparsity: 0.0 },
            curve: Vec::new(),
        };
        let outcomes = [Some(7000), None, Some(2000)].map(outcome);
        let series = solved("add".into(), "nau".into(), 9000, outcomes.iter()).expect("three seeds");
        assert_eq!((series.seeds, series.data), (3, Solved { at: vec![2000, 7000], until: 9000 }));
        assert_eq!(solved("add".into(), "nau".into(), 9000, [].iter()), None);
    }

    #[test]
    fn errors_are_gathered_place_by_place() {
        let seeds = [vec![(10.0, Some(0.5)), (100.0, None)], vec![(10.0, Some(f64::NAN)), (100.0, Some(2.0))]];
        let drawing =
            errors(("add".into(), "lstm".into()), (By::Length, "error"), seeds.iter().map(|seed| seed.iter().copied()));
        let Drawing::Errors(series) = drawing else { panic!("errors") };
        assert_eq!(series[0].seeds, 2);
        assert_eq!(series[0].data.points, [(10.0, vec![0.5, f64::INFINITY]), (100.0, vec![f64::INFINITY, 2.0])]);
        let none: [std::iter::Empty<(f64, Option<f64>)>; 0] = [];
        let nothing = errors(("add".into(), "lstm".into()), (By::Length, "error"), none.into_iter());
        assert_eq!(nothing, Drawing::Errors(Vec::new()));
    }
}
