//! The agent of a run, played step by step and evaluated. Without a run one is trained before, into a temporary folder.
//!
//! `cargo run --release --example load_and_play [STEPS | RUN]`

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use gridworld::run::{Episodes, Player, PolicyChoice, Trained, Walk, evaluate};
use gridworld::training::Session;
use gridworld::{Device, Progress};
use gridworld_agents::{AgentName, Config};
use gridworld_envs::{Configured, Registry, TimedArrivalConfig};

/// Trains an agent for so many steps into a folder in `runs`, and returns that.
fn train(runs: &Path, steps: u64) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let environment = Configured::new(TimedArrivalConfig { instructions: (5..=8).collect(), ..Default::default() })?;
    let mut config = Config::of(AgentName::LstmNac);
    // Fewer environments and larger steps than the defaults, for a short training.
    (config.training.steps, config.training.envs, config.training.learning_rate) = (steps, 32, 0.012);
    let session = Session::create(runs, Some("short"), environment, config, Device::Cpu)?;
    session.run(session.reporter(Progress::detect()), &AtomicBool::new(false))?;
    Ok(session.folder().path().to_owned())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let temporary = tempfile::tempdir()?;
    let argument = std::env::args().nth(1).unwrap_or("1000000".to_owned());
    let run = match argument.parse() {
        Ok(steps) => train(temporary.path(), steps)?,
        Err(_) => PathBuf::from(argument),
    };
    let trained = Trained::load(&run, Path::new("best"), &Registry::standard())?;
    let player = Player::trained(trained, PolicyChoice::Greedy, 0, Device::Cpu);
    println!("{}", player.name());

    let task = player.environment.task();
    let (names, instructions) = (task.spec().actions, task.instructions());
    let (&least, &most) = (instructions.iter().min().ok_or("no T")?, instructions.iter().max().ok_or("no T")?);
    println!("an episode with T = {least}:");
    for (t, step) in (1..).zip(Walk::new(&player, least, 0)) {
        let value = step.activations.map_or(f32::NAN, |activations| activations.value);
        println!("  step {t}: {}, reward {}, value {value:.2}", names[usize::from(step.action)], step.reward);
    }

    for row in evaluate(&player, &[least, most, 2 * most], Episodes::EachStart)? {
        let seen = if row.trained { "trained on" } else { "never seen" };
        println!("T = {} ({seen}): success {:.3} over {} starts", row.instruction, row.success, row.episodes);
    }
    Ok(())
}
