//! The library behind the command line `gridworld`: trains agents into run folders, loads, plays and evaluates them.
//!
//! The crates below this one have the parts: environments in `gridworld_envs`, agents in `gridworld_agents`, run
//! folders and TensorBoard in `gridworld_records`. This one puts them together: [`training`] trains an agent into a run
//! folder, [`run`] loads, plays and evaluates it, and [`cli`] is the whole command line.
//!
//! # Train an agent, then use it
//!
//! ```
//! use std::path::Path;
//! use std::sync::atomic::AtomicBool;
//!
//! use gridworld::run::{Episodes, Player, PolicyChoice, Trained, Walk, evaluate};
//! use gridworld::Device;
//! use gridworld::training::Session;
//! use gridworld_agents::{AgentName, Config};
//! use gridworld_envs::{Configured, Registry, TimedArrivalConfig};
//! use gridworld_records::Nobody;
//!
//! let runs = tempfile::tempdir()?;
//! let environment = Configured::new(TimedArrivalConfig { instructions: vec![5, 6], ..Default::default() })?;
//! let mut config = Config::of(AgentName::LstmNac);
//! (config.model.hidden, config.training.steps, config.training.eval_episodes) = (8, 2_000, Some(10));
//! let session = Session::create(runs.path(), Some("mine"), environment, config, Device::Cpu)?;
//! let finished = session.run(Nobody, &AtomicBool::new(false))?;
//! assert!(finished.summary.steps >= 2_000);
//!
//! let trained = Trained::load(&runs.path().join("mine"), Path::new("last"), &Registry::standard())?;
//! let player = Player::trained(trained, PolicyChoice::Greedy, 0, Device::Cpu);
//! let rows = evaluate(&player, &[5, 6, 30], Episodes::Drawn(20))?;
//! assert!(rows.iter().all(|row| row.episodes == 20));
//! for step in Walk::new(&player, 5, 0) {
//!     println!("action {}, reward {}", step.action, step.reward);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The command line with an environment of one's own
//!
//! Environments come from a [`Registry`](gridworld_envs::Registry). A program of two lines has all commands for them:
//!
//! ```no_run
//! # use gridworld_envs::{Registry, TimedArrivalConfig as MyConfig};
//! fn main() -> std::process::ExitCode {
//!     gridworld::cli(&Registry::standard().with::<MyConfig>())
//! }
//! ```

mod commands;
mod figure_data;
mod options;
mod replay;
pub mod run;
pub mod training;

pub use commands::cli;
pub use gridworld_terminal::program::CliError;
pub use gridworld_terminal::{Progress, Reporter};
pub use tch::Device;
