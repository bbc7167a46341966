//! A training into a run's folder, with TensorBoard, a metric of one's own and progress on standard error; it is then
//! resumed for as many steps again.
//!
//! `cargo run --release --example train_with_tensorboard [STEPS] [RUNS]`

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use gridworld::training::{Changes, Resumption, Session};
use gridworld::{Device, Progress};
use gridworld_agents::training::Tag;
use gridworld_agents::{AgentName, Config};
use gridworld_envs::{Configured, Registry, TimedArrivalConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let steps = std::env::args().nth(1).map_or(Ok(500_000), |steps| steps.parse())?;
    let runs = match std::env::args_os().nth(2) {
        Some(path) => PathBuf::from(path),
        None => tempfile::tempdir()?.keep(),
    };
    let stop = AtomicBool::new(false);

    let environment = Configured::new(TimedArrivalConfig { instructions: (5..=8).collect(), ..Default::default() })?;
    let mut config = Config::of(AgentName::LstmNac);
    // Fewer environments and larger steps than the defaults, for a short training.
    (config.training.envs, config.training.learning_rate) = (32, 0.012);
    (config.training.steps, config.training.eval_interval) = (steps, (steps / 4).max(1));
    let session = Session::create(&runs, None, environment, config, Device::Cpu)?.with_metrics(|record| {
        let failure = record.get(Tag::EvalSuccessTrain).map(|success| ("own/failure".to_owned(), 1.0 - success));
        failure.into_iter().collect()
    });
    let run = session.folder().path().to_owned();
    let finished = session.run(session.reporter(Progress::detect()), &stop)?;
    println!("success after {} steps: {:.0} %", finished.summary.steps, 100.0 * finished.summary.progress.success);
    // Its lock goes with it: nobody else can train in the folder before.
    drop(session);

    let changes = Changes { steps: Some(2 * finished.summary.steps), ..Changes::default() };
    let session = Resumption::open(&run, &Registry::standard())?.resume(&changes, Device::Cpu)?;
    let finished = session.run(session.reporter(Progress::detect()), &stop)?;
    println!("success after {} steps: {:.0} %", finished.summary.steps, 100.0 * finished.summary.progress.success);
    println!("curves: tensorboard --logdir {}", runs.display());
    Ok(())
}
