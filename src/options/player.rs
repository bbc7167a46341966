//! Flags that name the player and the environment.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use gridworld_agents::AgentName;
use gridworld_envs::{Configured, Registry, Reward};
use gridworld_terminal::program::CliError;
use serde_json::Value;

use super::arguments::{rewards, seed, tolerance};
use super::device::DeviceChoice;
use super::environment::{Given, configure, setting};
use crate::run::argument;
use crate::run::player::{Player, PolicyChoice};
use crate::run::trained_agent::Trained;

/// Flags that name the player and the environment.
#[derive(Args, Clone, Debug)]
pub struct PlayerArguments {
    /// Folder of a run, or an agent that needs no training: oracle or random
    #[arg(value_hint = ValueHint::DirPath)]
    pub run: PathBuf,
    /// Choice of the actions
    #[arg(long, value_enum, default_value_t = PolicyChoice::Greedy)]
    pub policy: PolicyChoice,
    /// Checkpoint of the run: last, best, or a file
    #[arg(long, value_name = "last|best|FILE", default_value = "best")]
    pub checkpoint: PathBuf,
    /// Random seed of the episodes, which are never those of a training
    #[arg(long, value_name = "N", value_parser = seed, default_value_t = 0)]
    pub seed: u64,
    /// The environment of agents without a run.
    #[command(flatten)]
    pub environment: EnvironmentArguments,
    /// Device: cpu, cuda, cuda:N or auto
    #[arg(long, value_name = "DEVICE", default_value_t = DeviceChoice::Cpu)]
    pub device: DeviceChoice,
}

/// The flags that describe the environment of agents without a run.
#[derive(Args, Clone, Debug, Default)]
pub struct EnvironmentArguments {
    /// Environment (a run has its own)
    #[arg(long)]
    pub env: Option<String>,
    /// Reward function (a run has its own) [default: graded]
    #[arg(long, value_parser = rewards())]
    pub reward: Option<Reward>,
    /// Steps early or late that still count as success in IntervalReproduction-v1 (a run has its own) [default: 1]
    #[arg(long, value_name = "STEPS", value_parser = tolerance)]
    pub tolerance: Option<u32>,
    /// Setting of the environment by name (`gridworld list`), for one that has no flag (a run has its own); may be given
    /// several times
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    pub set: Vec<(String, Value)>,
}

impl EnvironmentArguments {
    /// The environment that they describe, on the values of T that it has by default, so that a table marks the same rows
    /// for every agent.
    ///
    /// # Errors
    /// If it has no such setting.
    pub fn configure(&self, registry: &Registry) -> Result<Configured, CliError> {
        configure(registry, self.env.as_deref(), self.given())
    }

    fn given(&self) -> Given<'_> {
        Given { reward: self.reward, tolerance: self.tolerance, others: &self.set, ..Given::default() }
    }

    /// Refuses settings that are not those of a run's environment.
    fn agree_with(&self, environment: &Configured) -> Result<(), CliError> {
        let mut given = self.given().named().into_iter().chain(self.set.iter().cloned());
        match given.find(|(name, value)| environment.setting(name) != Some(value)) {
            None => Ok(()),
            Some((name, _)) => {
                let own = environment.setting(&name).map_or("none".to_owned(), Value::to_string);
                let is_set = self.set.iter().any(|(set, _)| *set == name);
                let flag = if is_set { format!("--set {name}") } else { format!("--{name}") };
                Err(CliError::usage(format!("{flag}: this run was trained with {own}; drop the flag")))
            }
        }
    }
}

impl PlayerArguments {
    /// Finds out who is meant, and reads the network if it has one.
    ///
    /// # Errors
    /// If there is no such agent, run or checkpoint.
    pub fn find(&self, registry: &Registry) -> Result<Player, CliError> {
        let device = self.device.resolve()?;
        let untrained =
            AgentName::ALL.into_iter().find(|agent| !agent.learns() && self.run == Path::new(agent.as_str()));
        if let Some(agent) = untrained {
            if self.checkpoint != Path::new("best") {
                let checkpoint = self.checkpoint.display();
                return Err(CliError::usage(format!(
                    "--checkpoint {checkpoint}: {agent} does not learn, so it has no checkpoints; drop the flag"
                )));
            }
            let environment = self.environment.configure(registry)?;
            let Some(player) = Player::untrained(agent, &environment, self.seed) else {
                let id = environment.id();
                return Err(CliError::usage(format!(
                    "{agent}: the best policy in {id} is not known; use random, or a run"
                )));
            };
            return Ok(Player { policy: self.policy, device, ..player });
        }
        let trained = Trained::load(&self.run, &self.checkpoint, registry)
            .map_err(|failure| argument::or_untrained(&self.run, failure))?;
        let own = trained.config.environment.id();
        if let Some(other) = self.environment.env.as_deref().filter(|&env| env != own) {
            return Err(CliError::usage(format!("this run was trained on {own}; drop --env {other}")));
        }
        self.environment.agree_with(&trained.config.environment)?;
        Ok(Player::trained(trained, self.policy, self.seed, device))
    }
}
