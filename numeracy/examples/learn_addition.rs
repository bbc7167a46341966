//! Static arithmetic with one seed: two neural addition units learn to add the sums of two subsets of a hundred inputs, and
//! are judged on inputs beyond those they were trained on.
//!
//! `cargo run --release -p gridworld-numeracy --example learn_addition [UPDATES]`

use std::convert::Infallible;
use std::sync::atomic::AtomicBool;

use gridworld_numeracy::cells::CellName;
use gridworld_numeracy::runner::{Event, work};
use gridworld_numeracy::tasks::Operation;
use gridworld_numeracy::tasks::static_arithmetic::{StaticArithmetic, StaticConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let updates = std::env::args().nth(1).map_or(Ok(200_000), |updates| updates.parse())?;
    let experiment = StaticArithmetic::new(StaticConfig::published(Operation::Add, CellName::Nau, updates));
    let (seeds, workers) = ([1], 1);
    work(&experiment, &seeds, workers, &AtomicBool::new(false), |news| {
        let Event::Finished { seed, outcome } = news else { return Ok::<(), Infallible>(()) };
        let error = |error: Option<f64>| error.map_or("not finite".to_owned(), |error| format!("{error:.1e}"));
        for check in outcome.curve.iter().step_by(outcome.curve.len().div_ceil(8)) {
            let (inside, beyond) = (error(check.interpolation), error(check.extrapolation));
            println!("update {:>7}: squared error {inside} within the range, {beyond} beyond it", check.iteration);
        }
        match outcome.solved_at {
            Some(update) => println!("seed {seed} is solved after {update} updates"),
            None => println!("seed {seed} is not solved in {} updates", outcome.iterations),
        }
        println!("solved means an error below {:.1e} beyond the range", experiment.threshold());
        Ok(())
    })?;
    Ok(())
}
