//! The environments that there are, by name.

use gridworld_envs::timed_arrival::Reward;
use gridworld_envs::{Task, TimedArrivalConfig, TimedArrivalTask};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::instructions::Instructions;

/// An environment's settings, as `config.json` keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "id")]
pub enum EnvironmentConfig {
    /// Step onto the target for the first time exactly at step T.
    #[serde(rename = "TimedArrival-v1")]
    TimedArrival {
        /// The values of T, as `--T` takes them.
        #[serde(rename = "T")]
        instructions: String,
        /// Steps after which an episode is truncated.
        time_limit: u32,
        /// What arriving is worth.
        #[serde(with = "reward_name")]
        reward: Reward,
    },
}

/// The names of the environments with a line about each.
pub const ENVIRONMENTS: &[(&str, &str)] =
    &[("TimedArrival-v1", "reach the target for the first time exactly at step T (5×5 cells, 56×56 pixels)")];

impl EnvironmentConfig {
    /// Timed arrival, with what the flags said, checked.
    pub fn timed_arrival(
        instructions: &Instructions,
        time_limit: Option<u32>,
        reward: Reward,
    ) -> Result<EnvironmentConfig, Failure> {
        let config = TimedArrivalConfig { instructions: instructions.values().to_vec(), time_limit, reward };
        let task = TimedArrivalTask::new(config).map_err(|error| Failure::usage(format!("--T: {error}")))?;
        let time_limit = task.time_limit();
        Ok(EnvironmentConfig::TimedArrival { instructions: instructions.to_string(), time_limit, reward })
    }

    /// The task itself.
    pub fn task(&self) -> Result<Box<dyn Task>, Failure> {
        let EnvironmentConfig::TimedArrival { time_limit, reward, .. } = self;
        let config = TimedArrivalConfig {
            instructions: self.instructions()?.values().to_vec(),
            time_limit: Some(*time_limit),
            reward: *reward,
        };
        Ok(Box::new(TimedArrivalTask::new(config).map_err(Failure::usage)?))
    }

    /// The values of T that it was made with.
    pub fn instructions(&self) -> Result<Instructions, Failure> {
        let EnvironmentConfig::TimedArrival { instructions, .. } = self;
        instructions.parse().map_err(Failure::usage)
    }

    /// Steps after which an episode is truncated.
    pub fn time_limit(&self) -> u32 {
        let EnvironmentConfig::TimedArrival { time_limit, .. } = self;
        *time_limit
    }

    /// The environment's name.
    pub fn id(&self) -> &'static str {
        let EnvironmentConfig::TimedArrival { .. } = self;
        ENVIRONMENTS[0].0
    }
}

/// Rewards by the names of `--reward`.
mod reward_name {
    use gridworld_envs::timed_arrival::Reward;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    use crate::arguments::REWARDS;

    pub fn serialize<S: Serializer>(reward: &Reward, serializer: S) -> Result<S::Ok, S::Error> {
        let named = REWARDS.iter().find(|(other, _)| other == reward);
        serializer.serialize_str(named.map_or("", |(_, name)| name))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Reward, D::Error> {
        let written = String::deserialize(deserializer)?;
        let named = REWARDS.iter().find(|(_, name)| *name == written);
        named.map(|&(reward, _)| reward).ok_or_else(|| D::Error::custom(format!("no reward is called `{written}`")))
    }
}
