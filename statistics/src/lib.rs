//! Statistics of runs over seeds: point estimates with their intervals.
//!
//! This crate compares trainings that differ by chance: a few seeds of each, with a score on each of several tasks. Its
//! functions take and return numbers; randomness is passed in.
//!
//! A proportion has Wilson's interval ([`wilson95`]). [`Scores`] of several runs on several tasks have the aggregates
//! of Agarwal et al. 2021 (arXiv:2108.13264): [`iqm`], [`mean`], [`median`], [`optimality_gap`], [`improvement`] and
//! [`profile`]. A [`Bootstrap`] gives each of them with its interval. [`largest_t`] gives the largest T up to which an
//! agent succeeds.
//!
//! ```
//! use gridworld_statistics::{Bootstrap, Scores, iqm};
//! use rand::SeedableRng;
//! use rand::rngs::ChaCha8Rng;
//!
//! // Three runs of two tasks.
//! let scores = Scores::new(&[[0.9, 0.7], [1.0, 0.6], [0.8, 0.8]])?;
//! let estimate = Bootstrap::default().estimate(&scores, iqm, &mut ChaCha8Rng::seed_from_u64(1));
//! assert!(estimate.interval.0 <= estimate.point && estimate.point <= estimate.interval.1);
//! # Ok::<(), gridworld_statistics::StatisticsError>(())
//! ```

mod aggregates;
mod bootstrap;
pub mod curves;
mod error;
mod estimator;
mod improvement;
mod largest_t;
pub mod ordered;
mod profile;
mod scores;
pub mod student;
mod wilson;

pub use aggregates::{iqm, mean, median, optimality_gap};
pub use bootstrap::{Bootstrap, Estimate};
pub use error::StatisticsError;
pub use estimator::{Estimator, Resamples};
pub use improvement::improvement;
pub use largest_t::{MASTERY, largest_t};
pub use profile::profile;
pub use scores::Scores;
pub use wilson::wilson95;

/// Lower and upper end of an interval.
pub type Interval = (f64, f64);
