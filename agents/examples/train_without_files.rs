//! A training that writes no file: an observer of one's own prints what is measured, and the trained agent is evaluated
//! afterwards.
//!
//! `cargo run --release -p gridworld-agents --example train_without_files [STEPS]`

use std::error::Error;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use gridworld_agents::evaluation::{Choice, evaluate};
use gridworld_agents::training::{CheckpointKind, Observer, Record, Tag, Trainer};
use gridworld_agents::{AgentName, Config};
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::{Domain, StreamId, Task, TimedArrivalConfig, TimedArrivalTask};

/// Prints the evaluations, and keeps no checkpoint.
struct Printer(Instant);

impl Observer for Printer {
    fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
    fn advance(&mut self, _steps: u64) {}
    fn record(&mut self, record: &Record) -> Result<(), Box<dyn Error + Send + Sync>> {
        if let Some(success) = record.get(Tag::EvalSuccessTrain) {
            println!("step {}, {:.1} s: success {:.0} %", record.step, record.seconds, 100.0 * success);
        }
        Ok(())
    }
    fn save(&mut self, _which: CheckpointKind, _checkpoint: &Checkpoint) -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let task = TimedArrivalTask::new(TimedArrivalConfig { instructions: (5..=8).collect(), ..Default::default() })?;
    let mut config = Config::of(AgentName::LstmNac);
    config.training.steps = std::env::args().nth(1).map_or(Ok(1_000_000), |steps| steps.parse())?;
    // Fewer environments and larger steps than the defaults, for a short training.
    (config.training.envs, config.training.learning_rate) = (32, 0.012);
    config.training.eval_interval = (config.training.steps / 4).max(1);

    let mut trainer = Trainer::new(&task, &config, tch::Device::Cpu)?;
    let summary = trainer.run(&mut Printer(Instant::now()), &AtomicBool::new(false))?;
    println!("trained for {} steps", summary.steps);

    let mut actor = trainer.actor(50, Choice::Greedy);
    for instruction in [5, 8, 12] {
        let stream = StreamId { seed: 0, domain: Domain::Evaluation, index: instruction };
        let tally = evaluate(&*task.with_instruction(instruction), &mut actor, 100, stream)?;
        println!("T = {instruction}: on time in {} of {} episodes", tally.successes, tally.episodes);
    }
    Ok(())
}
