//! What is drawn of a run: plain numbers.

use super::identity::IdentityCurve;
use super::outcome::Outcome;

/// What is drawn of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// Errors at each number of identity.
    Identity(Vec<IdentityCurve>),
    /// Seeds that are solved, by updates.
    Solved(Vec<Series<Solved>>),
    /// Errors by length or the like.
    Errors(Vec<Series<Errors>>),
}

/// One curve in one panel.
#[derive(Clone, Debug, PartialEq)]
pub struct Series<T> {
    /// The panel.
    pub panel: String,
    /// Its name in the legend.
    pub name: String,
    /// Seeds that are done.
    pub seeds: usize,
    /// What is drawn.
    pub data: T,
}

/// When seeds were solved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// The updates after which those that are solved were, ascending.
    pub at: Vec<u64>,
    /// Updates of a seed at most.
    pub until: u64,
}

/// Errors of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Errors {
    /// What they are measured at.
    pub by: By,
    /// Which errors they are.
    pub measure: &'static str,
    /// At each place that of every seed; one that is not finite counts as infinite.
    pub points: Vec<(f64, Vec<f64>)>,
}

/// What errors are measured at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Lengths of sequences.
    Length,
    /// Digits of numbers.
    Digits,
    /// Updates before.
    Updates,
}

/// Returns when these seeds were solved; nothing without seeds.
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

/// Returns the errors of all seeds, given place by place for each; nothing without seeds.
pub fn errors<P: Iterator<Item = (f64, Option<f64>)>>(
    (panel, name): (String, String),
    (by, measure): (By, &'static str),
    outcomes: impl ExactSizeIterator<Item = P>,
) -> Drawing {
    let seeds = outcomes.len();
    let data = Errors { by, measure, points: gathered(outcomes) };
    Drawing::Errors(Some(Series { panel, name, seeds, data }).filter(|_| seeds > 0).into_iter().collect())
}

/// The errors of all seeds at each place, as far as every one of them goes.
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
