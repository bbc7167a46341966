//! Agents that play: those of runs, and those that need no training.

use std::ops::Range;

use gridworld_agents::AgentName;
use gridworld_agents::evaluation::{Actor, AgentActor, Choice, EpisodeRecord, PolicyActor, record_episodes};
use gridworld_envs::{Configured, Domain, RandomPolicy, StreamId, Task};
use gridworld_terminal::output::numbers::grouped;
use gridworld_terminal::program::CliError;
use gridworld_terminal::program::message::shown;
use serde::{Deserialize, Serialize};
use tch::{Device, Tensor};

use crate::run::trained_agent::Trained;

/// Most episodes at a T that can be chosen among: those that are drawn begin in as many lanes.
pub const MOST_LANES: usize = 256;

/// Choice of the actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum PolicyChoice {
    /// Most probable action
    Greedy,
    /// Sampled from the probabilities
    Sample,
}

impl PolicyChoice {
    /// Gives the choice of the actions as a word in a sentence.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PolicyChoice::Greedy => "greedy",
            PolicyChoice::Sample => "sampled",
        }
    }
}

/// Player, environment and seed of episodes.
pub struct Player {
    /// Name of the agent.
    pub agent: AgentName,
    /// The environment.
    pub environment: Configured,
    /// Network of the agent, and its run; nothing for agents that need no training.
    pub trained: Option<Trained>,
    /// Choice of the actions.
    pub policy: PolicyChoice,
    /// Seed of the episodes.
    pub seed: u64,
    /// Device of the network.
    pub device: Device,
}

impl Player {
    /// The agent of a run, as one of its checkpoints has it.
    #[must_use]
    pub fn trained(trained: Trained, policy: PolicyChoice, seed: u64, device: Device) -> Player {
        let (agent, environment) = (trained.config.config.agent, trained.config.environment.clone());
        Player { agent, environment, trained: Some(trained), policy, seed, device }
    }

    /// The agents that need no training and can play in `environment`, greedy: the oracle, where the best policy is known,
    /// and the random agent.
    #[must_use]
    pub fn bounds(environment: &Configured, seed: u64) -> Vec<Player> {
        let agents = AgentName::ALL.into_iter().filter(|agent| !agent.learns());
        agents.filter_map(|agent| Player::untrained(agent, environment, seed)).collect()
    }

    /// An agent that needs no training, the oracle or the random one, in `environment`; nothing for the oracle where the
    /// best policy is not known.
    #[must_use]
    pub fn untrained(agent: AgentName, environment: &Configured, seed: u64) -> Option<Player> {
        let is_known = agent != AgentName::Oracle || environment.task().oracle(1).is_some();
        let (environment, policy) = (environment.clone(), PolicyChoice::Greedy);
        is_known.then_some(Player { agent, environment, trained: None, policy, seed, device: Device::Cpu })
    }

    /// Tells if its actions are drawn, so that two episodes from one start can differ.
    #[must_use]
    pub fn draws(&self) -> bool {
        self.agent == AgentName::Random || self.policy == PolicyChoice::Sample
    }

    /// Gives the agent's name, and the names of its run and checkpoint.
    #[must_use]
    pub fn name(&self) -> String {
        self.trained.as_ref().map_or(self.agent.to_string(), |trained| {
            let (folder, checkpoint, steps) = (shown(trained.folder.name()), shown(&trained.checkpoint), trained.steps);
            format!("{} ({folder}, checkpoint {checkpoint} at step {})", self.agent, grouped(steps))
        })
    }

    /// Gives agent, environment and choice of the actions, as headings have them.
    #[must_use]
    pub fn introduction(&self) -> String {
        let (agent, id) = (self.agent, self.environment.id());
        match &self.trained {
            Some(_) => format!("{} on {id}, {}", self.name(), self.policy.word()),
            None if agent == AgentName::Random => format!("{agent} (uniformly random actions) on {id}"),
            None => format!("{agent} (needs no training) on {id}"),
        }
    }

    /// The stream of the episodes with T = `instruction`: they depend on nothing but the seed and T.
    #[must_use]
    pub fn episodes(&self, instruction: u32) -> StreamId {
        StreamId { seed: self.seed, domain: Domain::Evaluation, index: instruction }
    }

    /// Makes the actor in `lanes` lanes of `posed`, a task with T = `instruction`.
    pub fn actor(&self, fixed: &dyn Task, lanes: usize, instruction: u32) -> Box<dyn Actor> {
        let draws = StreamId { domain: Domain::Actions, ..self.episodes(instruction) };
        let choice = match self.policy {
            PolicyChoice::Greedy => Choice::Greedy,
            PolicyChoice::Sample => Choice::Sample(draws),
        };
        match (&self.trained, fixed.oracle(lanes)) {
            (Some(trained), _) => {
                let parameters = Tensor::from_slice(&trained.parameters);
                Box::new(AgentActor::new(&trained.model, &parameters, lanes, self.device, choice))
            }
            (None, Some(policy)) if self.agent == AgentName::Oracle => Box::new(PolicyActor { policy, lanes }),
            (None, _) => {
                let policy = Box::new(RandomPolicy::new(fixed.spec().actions.len(), draws));
                Box::new(PolicyActor { policy, lanes })
            }
        }
    }

    /// Records the first episode of each of `lanes` with T = `instruction`; `evaluate` plays the same where it draws them.
    ///
    /// # Errors
    /// If the environment or the agent breaks its contract.
    pub fn record_episodes(&self, instruction: u32, lanes: Range<usize>) -> Result<Vec<EpisodeRecord>, CliError> {
        let fixed = self.environment.task().with_instruction(instruction);
        let mut actor = self.actor(&*fixed, lanes.end, instruction);
        record_episodes(&*fixed, &mut *actor, lanes, self.episodes(instruction)).map_err(CliError::failed)
    }
}
