//! A cell of one's own in the feedback loop: an adder without constraints, trained, saved and trained further.
//!
//! `cargo run --release -p gridworld-agents --example own_cell [STEPS]`

use std::error::Error;
use std::sync::atomic::AtomicBool;

use gridworld_agents::cells::nac::Nac;
use gridworld_agents::cells::{About, Cell, Initial, LoopCell};
use gridworld_agents::training::{CheckpointKind, Observer, Record, Tag, Trainer};
use gridworld_agents::{AgentName, Config};
use gridworld_checkpoint::Checkpoint;
use gridworld_envs::{TimedArrivalConfig, TimedArrivalTask};
use tch::Tensor;

/// `W x` with any W. By hand, on the processor, it is the sum that cells have by default.
struct Adder;

impl LoopCell for Adder {
    const ABOUT: About = About {
        name: "adder",
        agent: "lstm-adder",
        title: "adder",
        summary: "LSTM and a sum with weights of any size",
        equation: "W x",
        parameters: &[Initial { name: "weight", centre: 0.0, range: |_, _| 0.5 }],
        // Accumulators, steps and rates are those that suit a NAC.
        ..Nac::ABOUT
    };

    fn weights(parameters: &[&Tensor]) -> Vec<Tensor> {
        vec![parameters[0].shallow_clone()]
    }

    fn output(x: &Tensor, weights: &[Tensor]) -> Tensor {
        x.matmul(&weights[0].tr())
    }
}

/// Prints the evaluations, and keeps the last checkpoint.
struct Keeper(Option<Checkpoint>);

impl Observer for Keeper {
    fn seconds(&self) -> f64 {
        0.0
    }
    fn advance(&mut self, _steps: u64) {}
    fn record(&mut self, record: &Record) -> Result<(), Box<dyn Error + Send + Sync>> {
        if let Some(success) = record.get(Tag::EvalSuccessTrain) {
            println!("step {}: success {:.0} %", record.step, 100.0 * success);
        }
        Ok(())
    }
    fn save(&mut self, _which: CheckpointKind, checkpoint: &Checkpoint) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.0 = Some(checkpoint.clone());
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let task = TimedArrivalTask::new(TimedArrivalConfig::default())?;
    let mut config = Config::of(AgentName::LstmWith(Cell::register::<Adder>()));
    config.training.steps = std::env::args().nth(1).map_or(Ok(1_000_000), |steps| steps.parse())?;
    config.training.eval_interval = config.training.steps;
    let (mut keeper, interrupt) = (Keeper(None), AtomicBool::new(false));
    Trainer::new(&task, &config, tch::Device::Cpu)?.run(&mut keeper, &interrupt)?;

    let bytes = keeper.0.take().ok_or("no checkpoint")?.to_bytes()?;
    let checkpoint = Checkpoint::from_bytes(&bytes, "memory".as_ref())?;
    config.training.steps *= 2;
    let mut trainer = Trainer::resume(&task, &config, tch::Device::Cpu, &checkpoint)?;
    let summary = trainer.run(&mut keeper, &interrupt)?;
    println!("went on with {} to {} steps", config.agent, summary.steps);
    Ok(())
}
