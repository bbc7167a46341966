//! Intervals by resampling.

use rand::{Rng, RngExt};

use super::ordered::{ascending, quantile};
use super::{Interval, Scores, StatisticsError};

/// A number, and the interval that the bootstrap gives it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Statistic of the scores as they are.
    pub point: f64,
    /// Interval of the statistic, from percentile to percentile of the resamples.
    pub interval: Interval,
}

/// The stratified bootstrap with percentile intervals (Agarwal et al. 2021, §4.1).
///
/// A resample has as many runs as the scores. Each of its entries is the score of a run drawn with
/// replacement on the same task, independently for each entry: tasks are strata and never mix. The
/// interval of a statistic goes from the `(1 − c)/2` to the `(1 + c)/2` quantile of its values on
/// the resamples, c the confidence. With one run all resamples are that run, and the interval is
/// the point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    repetitions: usize,
    confidence: f64,
}

impl Default for Bootstrap {
    /// Makes a bootstrap of 50,000 resamples with intervals of 95 %.
    fn default() -> Bootstrap {
        Bootstrap::of(50_000)
    }
}

impl Bootstrap {
    /// Makes a bootstrap of so many resamples, at least one, with intervals of 95 %.
    pub(super) fn of(repetitions: usize) -> Bootstrap {
        Bootstrap { repetitions, confidence: 0.95 }
    }

    /// Makes a bootstrap of `repetitions` resamples, with intervals that cover the share `confidence` of them.
    ///
    /// # Errors
    ///
    /// Without repetitions, or if the confidence is not between 0 and 1.
    pub fn new(repetitions: usize, confidence: f64) -> Result<Bootstrap, StatisticsError> {
        if repetitions == 0 {
            return Err(StatisticsError::NoRepetitions);
        }
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(StatisticsError::Confidence { confidence });
        }
        Ok(Bootstrap { repetitions, confidence })
    }

    /// Number of resamples.
    #[must_use]
    pub fn repetitions(&self) -> usize {
        self.repetitions
    }

    /// The share of resamples within an interval.
    #[must_use]
    pub fn confidence(&self) -> f64 {
        self.confidence
    }

    /// A statistic of the scores, such as [`iqm`](super::iqm), with its interval.
    pub fn estimate(&self, scores: &Scores, statistic: impl Fn(&Scores) -> f64, rng: &mut impl Rng) -> Estimate {
        self.estimates([scores], |[scores]| vec![statistic(scores)], rng)[0]
    }

    /// Estimates of all that `statistics` gives, which must be as many numbers each time. Each matrix
    /// is resampled by itself.
    pub(super) fn estimates<const N: usize>(
        &self,
        scores: [&Scores; N],
        statistics: impl Fn(&[Scores; N]) -> Vec<f64>,
        rng: &mut impl Rng,
    ) -> Vec<Estimate> {
        let mut resamples = scores.map(Scores::clone);
        let points = statistics(&resamples);
        let mut values = vec![Vec::new(); points.len()];
        for _ in 0..self.repetitions {
            for (resample, scores) in resamples.iter_mut().zip(scores) {
                resample.redraw(scores, || rng.random_range(0..scores.runs()));
            }
            for (values, value) in values.iter_mut().zip(statistics(&resamples)) {
                values.push(value);
            }
        }
        points
            .into_iter()
            .zip(values)
            .map(|(point, values)| Estimate { point, interval: self.interval(values) })
            .collect()
    }

    /// Gives the interval from the lower to the upper quantile of the values.
    fn interval(&self, values: Vec<f64>) -> Interval {
        let values = ascending(values);
        let tail = (1.0 - self.confidence) / 2.0;
        (quantile(&values, tail), quantile(&values, 1.0 - tail))
    }
}
