//! Who plays, and what: as several commands take it from their flags.

use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use gridworld_agents::config::AgentName;
use gridworld_agents::evaluation::{Actor, AgentActor, Choice, Film, PolicyActor, films};
use gridworld_envs::timed_arrival::Reward;
use gridworld_envs::{Domain, RandomPolicy, StreamId, Task};
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use crate::options::arguments::{environments, rewards, seed, tolerance};
use crate::options::device::DeviceChoice;
use crate::options::environment::{EnvironmentConfig, EnvironmentName, Settings};
use crate::program::failure::Failure;
use crate::program::message::shown;
use crate::run::argument;
use crate::run::trained::Trained;

/// Most environments side by side: beyond this many, more of them are no faster.
pub const MOST_LANES: usize = 256;

/// The flags that say who plays, and what.
#[derive(Args, Clone, Debug)]
pub struct SubjectArguments {
    /// A run's folder, or an agent that needs no training: oracle, random
    #[arg(value_hint = ValueHint::DirPath)]
    pub run: PathBuf,
    /// The most probable action, or a draw from the probabilities
    #[arg(long, value_enum, default_value_t = PolicyChoice::Greedy)]
    pub policy: PolicyChoice,
    /// Which checkpoint: last, best, or a file
    #[arg(long, value_name = "last|best|FILE", default_value = "best")]
    pub checkpoint: PathBuf,
    /// Seed of the episodes; they are never those of a training, whatever the seeds
    #[arg(long, value_name = "N", value_parser = seed, default_value_t = 0)]
    pub seed: u64,
    /// The environment, for agents without a run [default: TimedArrival-v1]
    #[arg(long, value_parser = environments())]
    pub env: Option<EnvironmentName>,
    /// What arriving is worth, for agents without a run
    #[arg(long, value_parser = rewards(), default_value = "graded")]
    pub reward: Reward,
    /// Steps by which a success may be early or late, in IntervalReproduction-v1 without a run [default: 1]
    #[arg(long, value_name = "STEPS", value_parser = tolerance)]
    pub tolerance: Option<u32>,
    /// Where to compute: cpu, cuda, cuda:N or auto
    #[arg(long, value_name = "DEVICE", default_value_t = DeviceChoice::Cpu)]
    pub device: DeviceChoice,
}

impl SubjectArguments {
    /// Those that a run and a checkpoint of it alone stand for.
    pub fn of(run: &Path, checkpoint: &str) -> SubjectArguments {
        SubjectArguments {
            run: run.to_owned(),
            policy: PolicyChoice::Greedy,
            checkpoint: checkpoint.into(),
            seed: 0,
            env: None,
            reward: Reward::Graded,
            tolerance: None,
            device: DeviceChoice::Cpu,
        }
    }
}

/// How actions are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum PolicyChoice {
    /// The most probable action
    Greedy,
    /// A draw from the probabilities
    Sample,
}

impl PolicyChoice {
    /// How the actions were chosen, in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            PolicyChoice::Greedy => "greedy",
            PolicyChoice::Sample => "sampled",
        }
    }
}

/// Who plays, and what.
pub struct Subject {
    /// The agent.
    pub agent: AgentName,
    /// The environment.
    pub environment: EnvironmentConfig,
    /// Its network, and the run that this is from; nothing for agents that need no training.
    pub trained: Option<Trained>,
    /// How actions are chosen.
    pub policy: PolicyChoice,
    /// The seed of the episodes.
    pub seed: u64,
    /// Where the network computes.
    pub device: Device,
}

impl Subject {
    /// Finds out who is meant, and reads the network if it has one.
    pub fn find(arguments: &SubjectArguments) -> Result<Subject, Failure> {
        let device = arguments.device.resolve()?;
        let SubjectArguments { policy, seed, reward, tolerance, .. } = *arguments;
        let untrained =
            AgentName::ALL.into_iter().find(|agent| !agent.learns() && arguments.run == Path::new(agent.as_str()));
        if let Some(agent) = untrained {
            let name = arguments.env.unwrap_or(EnvironmentName::TimedArrival);
            let environment = usual(name, reward, tolerance)?;
            return Ok(Subject { agent, environment, trained: None, policy, seed, device });
        }
        let trained = Trained::load(&arguments.run, &arguments.checkpoint)
            .map_err(|failure| argument::or_untrained(&arguments.run, failure))?;
        let (agent, environment) = (trained.config.config.agent, trained.config.environment.clone());
        if let Some(other) = arguments.env.filter(|&env| env != environment.name()) {
            let (other, own) = (other.as_str(), environment.id());
            return Err(Failure::usage(format!("--env {other}: the run is one of {own}; leave it out")));
        }
        Ok(Subject { agent, environment, trained: Some(trained), policy, seed, device })
    }

    /// An agent in training, as it is at this moment, greedy.
    pub fn in_training(trained: Trained) -> Subject {
        let (agent, environment) = (trained.config.config.agent, trained.config.environment.clone());
        let policy = PolicyChoice::Greedy;
        Subject { agent, environment, trained: Some(trained), policy, seed: 0, device: Device::Cpu }
    }

    /// An agent that needs no training, the oracle or the random one, in `environment`.
    pub fn untrained(agent: AgentName, environment: &EnvironmentConfig, seed: u64) -> Subject {
        let (environment, policy) = (environment.clone(), PolicyChoice::Greedy);
        Subject { agent, environment, trained: None, policy, seed, device: Device::Cpu }
    }

    /// Its name, and that of its run and checkpoint.
    pub fn name(&self) -> String {
        self.trained.as_ref().map_or(self.agent.to_string(), |trained| {
            let (folder, checkpoint, steps) = (shown(trained.folder.name()), shown(&trained.checkpoint), trained.steps);
            format!("{} ({folder}, checkpoint {checkpoint} at step {steps})", self.agent)
        })
    }

    /// The stream of the episodes with T = `instruction`: they depend on nothing but the seed and T.
    pub fn episodes(&self, instruction: u32) -> StreamId {
        StreamId { seed: self.seed, domain: Domain::Evaluation, index: instruction }
    }

    /// Whoever chooses the actions in `lanes` lanes of `posed`, a task with T = `instruction`.
    pub fn actor(&self, posed: &dyn Task, lanes: usize, instruction: u32) -> Box<dyn Actor> {
        let draws = StreamId { domain: Domain::Actions, ..self.episodes(instruction) };
        let choice = match self.policy {
            PolicyChoice::Greedy => Choice::Greedy,
            PolicyChoice::Sample => Choice::Sample(draws),
        };
        match (&self.trained, posed.oracle(lanes)) {
            (Some(trained), _) => {
                let parameters = Tensor::from_slice(&trained.parameters).to_device(self.device);
                Box::new(AgentActor::new(&trained.model, &parameters, lanes, self.device, choice))
            }
            (None, Some(policy)) if self.agent == AgentName::Oracle => Box::new(PolicyActor { policy, lanes }),
            (None, _) => {
                let policy = Box::new(RandomPolicy::new(posed.spec().actions.len(), draws));
                Box::new(PolicyActor { policy, lanes })
            }
        }
    }

    /// Films of the first episode of each of `lanes` with T = `instruction`; `evaluate` plays the same.
    pub fn films(&self, task: &dyn Task, instruction: u32, lanes: Range<usize>) -> Result<Vec<Film>, Failure> {
        let posed = task.posed(instruction);
        let mut actor = self.actor(&*posed, lanes.end, instruction);
        films(&*posed, &mut *actor, lanes, self.episodes(instruction)).map_err(Failure::failed)
    }
}

/// The environment `name` as it is trained on by default, for whoever brings no run: the paper's range
/// of T, so that a table marks the same rows for every agent.
pub fn usual(name: EnvironmentName, reward: Reward, tolerance: Option<u32>) -> Result<EnvironmentConfig, Failure> {
    let instructions = "5..12".parse().map_err(Failure::usage)?;
    EnvironmentConfig::new(name, Settings { instructions: &instructions, time_limit: None, reward, tolerance })
}
