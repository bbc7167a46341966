//! The environments that there are, by name.

use gridworld_envs::Instructions;
use gridworld_envs::settings::{Description, Settings as _};
use gridworld_envs::timed_arrival::Reward;
use gridworld_envs::{
    IntervalReproductionConfig, IntervalReproductionTask, Task, TimedArrivalConfig, TimedArrivalTask,
};
use serde::{Deserialize, Serialize};

use crate::program::failure::Failure;

/// An environment's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvironmentName {
    /// Step onto the target for the first time exactly at step T.
    TimedArrival,
    /// See an interval of T steps, and reproduce it.
    IntervalReproduction,
}

impl EnvironmentName {
    /// Every environment; the first is the default.
    pub const ALL: [EnvironmentName; 2] = [EnvironmentName::TimedArrival, EnvironmentName::IntervalReproduction];

    /// Words about it, as its crate has them.
    fn description(self) -> Description {
        match self {
            EnvironmentName::TimedArrival => TimedArrivalConfig::DESCRIPTION,
            EnvironmentName::IntervalReproduction => IntervalReproductionConfig::DESCRIPTION,
        }
    }

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        self.description().id
    }

    /// A line about it.
    pub fn summary(self) -> &'static str {
        self.description().summary
    }

    /// Whether the agent is told T; what it is shown in its place is 0.
    pub fn tells_instruction(self) -> bool {
        self.description().tells_instruction
    }
}

/// What the flags say of a task.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The values of T.
    pub instructions: &'a Instructions,
    /// Steps after which an episode is truncated; none stands for the environment's default.
    pub time_limit: Option<u32>,
    /// What arriving is worth.
    pub reward: Reward,
    /// Steps by which a success may be early or late; none stands for the environment's default.
    pub tolerance: Option<u32>,
}

/// An environment's settings, as `config.json` keeps them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "id")]
pub enum EnvironmentConfig {
    /// [`EnvironmentName::TimedArrival`].
    #[serde(rename = "TimedArrival-v1")]
    TimedArrival {
        /// The values of T, as `--T` takes them.
        #[serde(rename = "T")]
        instructions: String,
        /// Steps after which an episode is truncated.
        time_limit: u32,
        /// What arriving is worth.
        reward: Reward,
    },
    /// [`EnvironmentName::IntervalReproduction`].
    #[serde(rename = "IntervalReproduction-v1")]
    IntervalReproduction {
        /// The intervals T, as `--T` takes them.
        #[serde(rename = "T")]
        instructions: String,
        /// Steps after which an episode is truncated.
        time_limit: u32,
        /// What arriving is worth.
        reward: Reward,
        /// Steps by which a response may differ from T and succeed.
        tolerance: u32,
    },
}

impl EnvironmentConfig {
    /// The environment `name`, with what the flags said, checked.
    pub fn new(name: EnvironmentName, settings: Settings<'_>) -> Result<EnvironmentConfig, Failure> {
        let Settings { instructions, time_limit, reward, tolerance } = settings;
        let (values, written) = (instructions.values().to_vec(), instructions.to_string());
        let refuse = |error: &dyn std::fmt::Display| {
            let unlimited = Settings { time_limit: None, ..settings };
            let to_blame = time_limit.filter(|_| EnvironmentConfig::new(name, unlimited).is_ok());
            let limit = to_blame.map_or(String::new(), |limit| format!("--time-limit {limit} with "));
            Failure::usage(format!("{limit}--T {written}: {error}"))
        };
        match name {
            EnvironmentName::TimedArrival if tolerance.is_some() => {
                Err(Failure::usage(format!("--tolerance: {} has none, it asks for exactly T", name.as_str())))
            }
            EnvironmentName::TimedArrival => {
                let config = TimedArrivalConfig { instructions: values, time_limit, reward };
                let task = TimedArrivalTask::new(config).map_err(|error| refuse(&error))?;
                let time_limit = task.time_limit();
                Ok(EnvironmentConfig::TimedArrival { instructions: written.clone(), time_limit, reward })
            }
            EnvironmentName::IntervalReproduction => {
                let tolerance = tolerance.unwrap_or(IntervalReproductionConfig::default().tolerance);
                let config = IntervalReproductionConfig { intervals: values, time_limit, reward, tolerance };
                let task = IntervalReproductionTask::new(config).map_err(|error| refuse(&error))?;
                let time_limit = task.time_limit();
                Ok(EnvironmentConfig::IntervalReproduction {
                    instructions: written.clone(),
                    time_limit,
                    reward,
                    tolerance,
                })
            }
        }
    }

    /// The task itself.
    pub fn task(&self) -> Result<Box<dyn Task>, Failure> {
        let values = self.instructions()?.values().to_vec();
        match *self {
            EnvironmentConfig::TimedArrival { time_limit, reward, .. } => {
                let config = TimedArrivalConfig { instructions: values, time_limit: Some(time_limit), reward };
                Ok(Box::new(TimedArrivalTask::new(config).map_err(Failure::usage)?))
            }
            EnvironmentConfig::IntervalReproduction { time_limit, reward, tolerance, .. } => {
                let time_limit = Some(time_limit);
                let config = IntervalReproductionConfig { intervals: values, time_limit, reward, tolerance };
                Ok(Box::new(IntervalReproductionTask::new(config).map_err(Failure::usage)?))
            }
        }
    }

    /// The values of T that it was made with.
    pub fn instructions(&self) -> Result<Instructions, Failure> {
        let (EnvironmentConfig::TimedArrival { instructions, .. }
        | EnvironmentConfig::IntervalReproduction { instructions, .. }) = self;
        instructions.parse().map_err(Failure::usage)
    }

    /// Steps after which an episode is truncated.
    pub fn time_limit(&self) -> u32 {
        let (EnvironmentConfig::TimedArrival { time_limit, .. }
        | EnvironmentConfig::IntervalReproduction { time_limit, .. }) = self;
        *time_limit
    }

    /// Steps by which a success may be early or late, where the environment lets that be chosen.
    pub fn tolerance(&self) -> Option<u32> {
        match self {
            EnvironmentConfig::TimedArrival { .. } => None,
            EnvironmentConfig::IntervalReproduction { tolerance, .. } => Some(*tolerance),
        }
    }

    /// The environment's name.
    pub fn name(&self) -> EnvironmentName {
        match self {
            EnvironmentConfig::TimedArrival { .. } => EnvironmentName::TimedArrival,
            EnvironmentConfig::IntervalReproduction { .. } => EnvironmentName::IntervalReproduction,
        }
    }

    /// The environment's name, as it is written.
    pub fn id(&self) -> &'static str {
        self.name().as_str()
    }

    /// What a table calls the time that the task judges.
    pub fn timing(&self) -> &'static str {
        self.name().description().timing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_environment_has_one_name_everywhere() {
        let instructions: Instructions = "5..7,19".parse().expect("a list");
        let settings =
            Settings { instructions: &instructions, time_limit: None, reward: Reward::Exact, tolerance: None };
        for name in EnvironmentName::ALL {
            let config = EnvironmentConfig::new(name, settings).expect("valid settings");
            assert_eq!((config.name(), config.id()), (name, name.as_str()));
            let task = config.task().expect("a task");
            assert_eq!((&*task.spec().id, task.instructions()), (name.as_str(), &[5, 6, 7, 19][..]));
            assert_eq!(task.time_limit(), Some(config.time_limit()));
            let document = serde_json::to_value(&config).expect("a document");
            assert_eq!((&document["id"], &document["T"]), (&name.as_str().into(), &"5..7,19".into()));
            assert_eq!(serde_json::from_value::<EnvironmentConfig>(document).expect("the same"), config);
        }
    }
}
