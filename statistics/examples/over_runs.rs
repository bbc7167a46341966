//! Statistics of two agents over five seeds: interquartile means with bootstrap intervals, the probability of improvement,
//! Wilson's interval of one evaluation, and the largest T.
//!
//! `cargo run --release -p gridworld-statistics --example over_runs [RESAMPLES]`

use gridworld_statistics::{Bootstrap, MASTERY, Scores, StatisticsError, iqm, largest_t, wilson95};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// T of the columns below; the agents were trained on the first two.
const T: [u32; 4] = [5, 12, 19, 30];

/// Shares of success: a row a seed, a column a T.
const LSTM: [[f64; 4]; 5] = [
    [1.00, 0.99, 0.12, 0.00],
    [1.00, 1.00, 0.20, 0.00],
    [0.99, 0.97, 0.05, 0.00],
    [1.00, 0.99, 0.31, 0.01],
    [1.00, 1.00, 0.08, 0.00],
];
const LSTM_NAC: [[f64; 4]; 5] = [
    [1.00, 1.00, 0.99, 0.40],
    [1.00, 0.99, 0.93, 0.21],
    [1.00, 1.00, 1.00, 0.66],
    [0.99, 1.00, 0.88, 0.17],
    [1.00, 1.00, 0.99, 0.52],
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let resamples = std::env::args().nth(1).map_or(Ok(20_000), |number| number.parse())?;
    let bootstrap = Bootstrap::new(resamples, 0.95)?;
    let mut rng = ChaCha8Rng::seed_from_u64(1);

    for (name, rows) in [("lstm", LSTM), ("lstm-nac", LSTM_NAC)] {
        let estimate = bootstrap.estimate(&Scores::new(&rows)?, iqm, &mut rng);
        let (low, high) = estimate.interval;
        println!("{name}: interquartile mean {:.3}, 95 % interval {low:.3} to {high:.3}", estimate.point);
        let reached = |row: &[f64; 4]| largest_t(&T.into_iter().zip(*row).collect::<Vec<_>>(), &T[..2], MASTERY);
        let reached: Vec<Option<u32>> = rows.iter().map(reached).collect::<Result<_, StatisticsError>>()?;
        let words: Vec<String> = reached.iter().map(|t| t.map_or("none".to_owned(), |t| t.to_string())).collect();
        println!("{name}: largest T of each seed: {}", words.join(", "));
    }

    let better = bootstrap.improvement(&Scores::new(&LSTM_NAC)?, &Scores::new(&LSTM)?, &mut rng)?;
    let (low, high) = better.interval;
    println!("lstm-nac scores more than lstm with probability {:.2} ({low:.2} to {high:.2})", better.point);

    let (low, high) = wilson95(99, 100);
    println!("99 successes in 100 episodes: a share from {low:.3} to {high:.3}");
    Ok(())
}
