//! Trains an agent on it into a folder of runs/, reads it back, and evaluates it, on a T that it never saw, too.

use std::{error::Error, path::Path, sync::atomic::AtomicBool};

use gridworld::run::{Episodes, PolicyChoice, Player, Trained, evaluate};
use gridworld::{Device, Progress, training::Session};
use gridworld_agents::{AgentName, Config};
use gridworld_envs::{Configured, Registry};

fn main() -> Result<(), Box<dyn Error>> {
    let mut config = Config::of(AgentName::LstmNac);
    config.training.steps = std::env::args().nth(1).map_or(Ok(200_000), |steps| steps.parse())?;
    let environment = Configured::new(press::Press::default())?;
    let session = Session::create(Path::new("runs"), None, environment, config, Device::Cpu)?
        .with_metrics(|record| vec![("press/records".to_owned(), record.scalars.len() as f64)]);
    session.run(session.reporter(Progress::detect()), &AtomicBool::new(false))?;
    let (best, registry) = (Path::new("best"), Registry::empty().with::<press::Press>());
    let trained = Trained::load(session.folder().path(), best, &registry)?;
    for row in evaluate(&Player::trained(trained, PolicyChoice::Greedy, 0, Device::Cpu), &[2, 5, 8], Episodes::Drawn(100))? {
        println!("T = {}: {:.0} % of {} episodes", row.instruction, 100.0 * row.success, row.episodes);
    }
    Ok(())
}
