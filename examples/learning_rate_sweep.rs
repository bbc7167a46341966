//! A sweep over learning rates, with several seeds of each: interquartile means of the success over seeds, with bootstrap
//! intervals, and how far each seed counts. The default is a short training; a million steps tell more.
//!
//! `cargo run --release --example learning_rate_sweep [STEPS]`

use std::path::Path;
use std::sync::atomic::AtomicBool;

use gridworld::Device;
use gridworld::run::{Episodes, Player, PolicyChoice, Trained, evaluate};
use gridworld::training::Session;
use gridworld_agents::{AgentName, Config};
use gridworld_envs::{Configured, Registry, TimedArrivalConfig};
use gridworld_records::Nobody;
use gridworld_statistics::curves::over_seeds;
use gridworld_statistics::largest_t;

const TRAINED: [u32; 2] = [5, 6];
const EVALUATED: [u32; 5] = [5, 6, 7, 8, 9];
/// Share of the feasible with which a short training has learned a T.
const LEARNED: f64 = 0.9;

/// Trains one agent, and returns its success on the T of the training, and the largest T.
fn score(runs: &Path, config: Config) -> Result<(f64, Option<u32>), Box<dyn std::error::Error>> {
    let environment = Configured::new(TimedArrivalConfig { instructions: TRAINED.to_vec(), ..Default::default() })?;
    let session = Session::create(runs, None, environment, config, Device::Cpu)?;
    session.run(Nobody, &AtomicBool::new(false))?;
    let trained = Trained::load(session.folder().path(), Path::new("last"), &Registry::standard())?;
    let rows =
        evaluate(&Player::trained(trained, PolicyChoice::Greedy, 0, Device::Cpu), &EVALUATED, Episodes::EachStart)?;
    let shares: Vec<(u32, f64)> = rows.iter().map(|row| (row.instruction, row.success_of_feasible)).collect();
    let success = shares[..TRAINED.len()].iter().map(|(_, share)| share).sum::<f64>() / TRAINED.len() as f64;
    Ok((success, largest_t(&shares, &TRAINED, LEARNED)?))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let steps = std::env::args().nth(1).map_or(Ok(400_000), |steps| steps.parse())?;
    let runs = tempfile::tempdir()?;
    println!("learning rate   success (95 % interval)   largest T of each seed");
    for learning_rate in [4e-3, 12e-3] {
        let (mut successes, mut reached) = (Vec::new(), Vec::new());
        for seed in 1..=3 {
            let mut config = Config::of(AgentName::LstmNac);
            let training = &mut config.training;
            (training.learning_rate, training.seed, training.steps) = (learning_rate, seed, steps);
            training.envs = 32;
            let (success, largest_t) = score(runs.path(), config)?;
            successes.push(success);
            reached.push(largest_t.map_or("none".to_owned(), |t| t.to_string()));
        }
        let estimate = over_seeds(&successes)?;
        let (low, high) = estimate.interval;
        println!("{learning_rate:<15} {:.2} ({low:.2} to {high:.2})       {}", estimate.point, reached.join(", "));
    }
    Ok(())
}
