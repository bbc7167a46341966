//! Interquartile means with their intervals, as tables and figures show them.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::{Bootstrap, Estimate, Scores, StatisticsError, iqm};

/// Number of bootstrap resamples behind an interval, by use. The committed pages and figures were made with these
/// numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resamples {
    /// A number in a table, of one task: 10,000 resamples.
    Table,
    /// A number over many tasks: 1,000 resamples.
    Summary,
    /// A point of a curve: 2,000 resamples.
    Curve,
}

impl Resamples {
    fn count(self) -> usize {
        match self {
            Resamples::Table => 10_000,
            Resamples::Summary => 1_000,
            Resamples::Curve => 2_000,
        }
    }
}

/// Gives interquartile means with 95 % intervals, the same ones each time that it is asked for the same numbers in the same
/// order.
#[derive(Debug)]
pub struct Estimator {
    bootstrap: Bootstrap,
    rng: ChaCha8Rng,
}

/// The seed that all resamples are drawn with.
const SEED: u64 = 2021;

impl Estimator {
    /// Makes an estimator, which has drawn nothing yet.
    #[must_use]
    pub fn new(resamples: Resamples) -> Estimator {
        Estimator { bootstrap: Bootstrap::of(resamples.count()), rng: ChaCha8Rng::seed_from_u64(SEED) }
    }

    /// Returns the interquartile mean of all scores with its interval.
    pub fn iqm(&mut self, scores: &Scores) -> Estimate {
        self.bootstrap.estimate(scores, iqm, &mut self.rng)
    }

    /// Returns the interquartile mean over seeds, of one number each, with its interval; with one seed both are its number,
    /// and nothing is drawn.
    ///
    /// # Errors
    /// Without seeds, or if a number is not finite.
    pub fn over_seeds(&mut self, values: &[f64]) -> Result<Estimate, StatisticsError> {
        let scores = Scores::of_runs(values)?;
        match *values {
            [value] => Ok(Estimate { point: value, interval: (value, value) }),
            _ => Ok(self.iqm(&scores)),
        }
    }
}
