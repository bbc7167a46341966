//! The statistics: values worked out by hand, what they reduce to, how they resample, and what
//! rliable finds in the same scores.

mod aggregates;
mod bad_input;
mod bootstrap;
mod largest_t;
mod rliable;
mod wilson;

use gridworld_statistics::Scores;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// Makes a matrix of valid scores.
fn scores<R: AsRef<[f64]>>(rows: &[R]) -> Scores {
    Scores::new(rows).expect("scores")
}

fn seeded(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// Draws random scores `[run, task]`. Tasks lie 0.4 apart and a good run is good at all of them, so that it shows
/// where strata are mixed, and where runs are drawn whole.
fn random(runs: usize, tasks: usize, rng: &mut ChaCha8Rng) -> Vec<Vec<f64>> {
    let run = |rng: &mut ChaCha8Rng| {
        let skill = rng.random::<f64>();
        (0..tasks).map(|task| 0.4 * task as f64 + skill + 0.2 * rng.random::<f64>()).collect()
    };
    (0..runs).map(|_| run(rng)).collect()
}
